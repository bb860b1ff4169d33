//! `Machine`: where in HTML one is, as far as an author's own markup tells. It forgives like a browser.

use super::script::Script;

/// A place where escaping is not enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Between the attributes of a tag.
    Tag,
    /// In a value without quotes.
    Unquoted(String),
    /// Between `<script>` and `</script>`; in a string that quotes begin and end, or not.
    Script { quoted: bool },
    /// In `onclick` or its like.
    Handler { name: String, quoted: bool },
    /// In `<style>`, or in the attribute.
    Style,
    /// At the beginning of a URL that is followed or loaded.
    Url(String),
    /// In a URL that begins with `javascript:`.
    ScriptUrl(String),
    /// In HTML that is a value.
    Srcdoc,
}

/// As much of a name or value as is looked at.
const LONGEST: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Text, where escaping is all that it takes.
    Text,
    /// Behind `<`.
    Open,
    /// In the name of a start tag.
    TagName,
    /// Between attributes.
    Tag,
    /// In the name of an attribute.
    Name,
    /// Behind the name.
    AfterName,
    /// Behind `=`.
    Equals,
    Unquoted,
    Quoted(u8),
    /// In `<!-- -->`, with the number of hyphens that were just read.
    Comment(u8),
    /// In `</…>`, `<!…>` or `<?…>`.
    Skipped,
    /// In the contents of an element whose tags do not count: `script`, `style`, `textarea`, `title`.
    Raw,
}

/// What the contents of `<script>` are, by its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Contents {
    Script,
    /// A template for a script to read.
    Inert,
}

#[derive(Clone, Debug)]
pub(super) struct Machine {
    state: State,
    /// The name of the element, in small letters.
    tag: String,
    /// The name of the attribute, in small letters.
    attr: String,
    /// How the value of the attribute begins, in small letters and without spaces.
    value: String,
    contents: Contents,
    script: Script,
}

impl Machine {
    /// At the beginning of a template of this name; nothing when it is neither HTML nor a script.
    pub(super) fn of(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.').map_or("html", |(_, ending)| ending);
        let (state, tag) = match ending.to_ascii_lowercase().as_str() {
            "html" | "htm" | "djhtml" | "svg" | "xhtml" => (State::Text, ""),
            "js" | "mjs" => (State::Raw, "script"),
            _ => return None,
        };
        Some(Self {
            state,
            tag: tag.to_owned(),
            attr: String::new(),
            value: String::new(),
            contents: Contents::Script,
            script: Script::default(),
        })
    }

    /// Goes over a piece of text.
    pub(super) fn read(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if self.state == State::Text {
                match memchr::memchr(b'<', &bytes[at..]) {
                    Some(found) => at += found,
                    None => return,
                }
            }
            self.byte(bytes[at], &bytes[at..]);
            at += 1;
        }
    }

    /// A tag or a variable of the language was here: some text.
    pub(super) fn printed(&mut self) {
        match self.state {
            State::Open => self.begin_tag(),
            State::Tag | State::AfterName => self.begin_name(),
            State::Equals => {
                self.begin_value(State::Unquoted);
                self.value.push('?');
            }
            State::Unquoted | State::Quoted(_) => push(&mut self.value, b'?'),
            State::Comment(_) => self.state = State::Comment(0),
            _ => {}
        }
    }

    /// Where a variable would be printed, if that is a place to be told of.
    pub(super) fn place(&self) -> Option<Place> {
        match self.state {
            State::Tag | State::Name | State::AfterName => Some(Place::Tag),
            State::Equals | State::Unquoted => Some(Place::Unquoted(self.attr.clone())),
            State::Quoted(_) => self.value_place(),
            State::Raw if self.tag == "style" => Some(Place::Style),
            State::Raw if self.tag == "script" && self.contents == Contents::Script => {
                Some(Place::Script {
                    quoted: self.script.is_quoted(),
                })
            }
            _ => None,
        }
    }

    fn value_place(&self) -> Option<Place> {
        let attr = self.attr.as_str();
        if attr.len() > 2 && attr.starts_with("on") && attr.bytes().all(|b| b.is_ascii_alphabetic())
        {
            return Some(Place::Handler {
                name: self.attr.clone(),
                quoted: self.script.is_quoted(),
            });
        }
        match attr {
            "style" => return Some(Place::Style),
            "srcdoc" => return Some(Place::Srcdoc),
            _ => {}
        }
        let runs = match attr {
            "href" => !matches!(self.tag.as_str(), "link" | "use" | "image"),
            "xlink:href" => self.tag == "a",
            "action" => self.tag == "form",
            "formaction" => true,
            "src" => matches!(self.tag.as_str(), "iframe" | "frame" | "embed" | "script"),
            "data" => self.tag == "object",
            _ => false,
        };
        if !runs {
            None
        } else if self.value.is_empty() {
            Some(Place::Url(self.attr.clone()))
        } else if self.value.starts_with("javascript:") {
            Some(Place::ScriptUrl(self.attr.clone()))
        } else {
            None
        }
    }

    fn begin_tag(&mut self) {
        self.state = State::TagName;
        self.tag.clear();
        self.contents = Contents::Script;
    }

    fn begin_name(&mut self) {
        self.state = State::Name;
        self.attr.clear();
    }

    fn begin_value(&mut self, state: State) {
        self.state = state;
        self.value.clear();
        self.script = Script::default();
    }

    /// One byte, and the rest of the text from it on.
    fn byte(&mut self, byte: u8, rest: &[u8]) {
        match self.state {
            State::Text if byte == b'<' => self.state = State::Open,
            State::Open => self.opened(byte, rest),
            State::TagName => match byte {
                b'>' => self.close_tag(),
                b'/' => self.state = State::Tag,
                _ if byte.is_ascii_whitespace() => self.state = State::Tag,
                _ => push(&mut self.tag, byte),
            },
            State::Tag => match byte {
                b'>' => self.close_tag(),
                b'/' => {}
                _ if byte.is_ascii_whitespace() => {}
                _ => {
                    self.begin_name();
                    push(&mut self.attr, byte);
                }
            },
            State::Name | State::AfterName => match byte {
                b'>' => self.close_tag(),
                b'=' => self.state = State::Equals,
                b'/' => self.state = State::Tag,
                _ if byte.is_ascii_whitespace() => self.state = State::AfterName,
                _ => {
                    if self.state == State::AfterName {
                        self.begin_name();
                    }
                    push(&mut self.attr, byte);
                }
            },
            State::Equals => match byte {
                b'>' => self.close_tag(),
                b'"' | b'\'' => self.begin_value(State::Quoted(byte)),
                _ if byte.is_ascii_whitespace() => {}
                _ => {
                    self.begin_value(State::Unquoted);
                    push(&mut self.value, byte);
                }
            },
            State::Unquoted => match byte {
                b'>' => {
                    self.end_value();
                    self.close_tag();
                }
                _ if byte.is_ascii_whitespace() => self.end_value(),
                _ => push(&mut self.value, byte),
            },
            State::Quoted(quote) if byte == quote => self.end_value(),
            State::Quoted(_) => {
                self.script.byte(byte);
                if !byte.is_ascii_whitespace() {
                    push(&mut self.value, byte);
                }
            }
            State::Comment(hyphens) => {
                self.state = match byte {
                    b'>' if hyphens >= 2 => State::Text,
                    b'-' => State::Comment(hyphens.saturating_add(1)),
                    _ => State::Comment(0),
                };
            }
            State::Skipped if byte == b'>' => self.state = State::Text,
            State::Text | State::Skipped => {}
            State::Raw => self.raw(byte, rest),
        }
    }

    fn opened(&mut self, byte: u8, rest: &[u8]) {
        self.state = match byte {
            b'!' if rest.starts_with(b"!--") => State::Comment(0),
            b'!' | b'?' | b'/' => State::Skipped,
            b'<' => State::Open,
            _ if byte.is_ascii_alphabetic() => {
                self.begin_tag();
                push(&mut self.tag, byte);
                State::TagName
            }
            _ => State::Text,
        };
    }

    fn end_value(&mut self) {
        self.state = State::Tag;
        if self.tag == "script" && self.attr == "type" {
            let value = self.value.as_str();
            let runs = ["", "module", "importmap", "speculationrules"].contains(&value)
                || ["javascript", "ecmascript", "json"]
                    .iter()
                    .any(|known| value.contains(known));
            self.contents = if runs {
                Contents::Script
            } else {
                Contents::Inert
            };
        }
    }

    fn close_tag(&mut self) {
        let raw = ["script", "style", "textarea", "title"].contains(&self.tag.as_str());
        self.state = if raw { State::Raw } else { State::Text };
        self.script = Script::default();
    }

    fn raw(&mut self, byte: u8, rest: &[u8]) {
        if byte == b'<'
            && let Some(name) = rest.strip_prefix(b"</")
            && let Some(name) = name.get(..self.tag.len())
            && name.eq_ignore_ascii_case(self.tag.as_bytes())
        {
            self.state = State::Skipped;
        } else {
            self.script.byte(byte);
        }
    }
}

fn push(to: &mut String, byte: u8) {
    if to.len() < LONGEST {
        let byte = if byte.is_ascii() { byte } else { b'?' };
        to.push(char::from(byte.to_ascii_lowercase()));
    }
}
