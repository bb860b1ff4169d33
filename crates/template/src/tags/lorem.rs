//! `{% lorem [count] [w|p|b] [random] %}`: words, HTML paragraphs or plain paragraphs of filler text.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% lorem 3 w %}")?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "lorem ipsum dolor");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::chance::Chance;
use crate::error::Error;
use crate::nodes::Tag;
use crate::render::Renderer;
use crate::syntax::{Expression, Parser, TagToken};

/// The paragraph that everybody knows; it is the first one unless the text shall be random.
const COMMON: &str = "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod \
    tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim \
    veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea \
    commodo consequat. Duis aute irure dolor in reprehenderit in voluptate \
    velit esse cillum dolore eu fugiat nulla pariatur. Excepteur sint \
    occaecat cupidatat non proident, sunt in culpa qui officia deserunt \
    mollit anim id est laborum.";

/// As many words of [`COMMON`] begin a text of words.
const COMMON_WORDS: usize = 19;

/// More than this is no filler text but an attack on the server's memory.
const MOST: i64 = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Words,
    Paragraphs,
    Blocks,
}

#[derive(Debug)]
struct Lorem {
    count: Expression,
    method: Method,
    common: bool,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.arguments();
    let common = words.last() != Some(&"random");
    if !common {
        words.pop();
    }
    let method = match words.last() {
        Some(&"w") => Some(Method::Words),
        Some(&"p") => Some(Method::Paragraphs),
        Some(&"b") => Some(Method::Blocks),
        _ => None,
    };
    if method.is_some() {
        words.pop();
    }
    let count = parser.expression(words.pop().unwrap_or("1"))?;
    if !words.is_empty() {
        return Err(Error::syntax("Incorrect format for 'lorem' tag"));
    }
    Ok(Box::new(Lorem {
        count,
        method: method.unwrap_or(Method::Blocks),
        common,
    }))
}

impl Tag for Lorem {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let count = renderer
            .eval(&self.count)?
            .to_int()
            .unwrap_or(1)
            .clamp(0, MOST);
        let count = usize::try_from(count).unwrap_or(0);
        let all: Vec<String> = vocabulary();
        let mut source = Source {
            all: &all,
            chance: Chance::new(),
        };
        // Written piece by piece, so that a huge number ends at the engine's limit and not in memory.
        for index in 0..count {
            let text = match self.method {
                Method::Words if self.common && index < COMMON_WORDS => {
                    all.get(index).cloned().unwrap_or_default()
                }
                Method::Words => source.word().to_owned(),
                _ if index == 0 && self.common => COMMON.to_owned(),
                _ => source.paragraph(),
            };
            if index > 0 {
                renderer.write_html(if self.method == Method::Words {
                    " "
                } else {
                    "\n\n"
                });
            }
            if self.method == Method::Paragraphs {
                renderer.write_html("<p>");
                renderer.write_html(&text);
                renderer.write_html("</p>");
            } else {
                renderer.write_html(&text);
            }
            renderer.check_output()?;
        }
        Ok(())
    }
}

fn vocabulary() -> Vec<String> {
    COMMON
        .split([' ', ',', '.'])
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Where the words come from.
struct Source<'w> {
    all: &'w [String],
    chance: Chance,
}

impl<'w> Source<'w> {
    fn word(&mut self) -> &'w str {
        &self.all[self.chance.below(self.all.len())]
    }

    fn paragraph(&mut self) -> String {
        let sentences: Vec<String> = (0..=self.chance.below(4))
            .map(|_| self.sentence())
            .collect();
        sentences.join(" ")
    }

    fn sentence(&mut self) -> String {
        let words: Vec<&str> = (0..3 + self.chance.below(10))
            .map(|_| self.word())
            .collect();
        let mut text = words.join(" ");
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text.push(if self.chance.below(4) == 0 { '?' } else { '.' });
        text
    }
}
