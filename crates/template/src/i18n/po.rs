//! Reading `.po` files, which people write.

use super::catalog::{Catalog, CatalogError, SEPARATOR};

impl Catalog {
    /// Reads the text of a `.po` file. Fuzzy, obsolete and empty translations are left out, as `msgfmt` does.
    ///
    /// # Errors
    /// When a line is no part of a catalogue, or the header has a wrong rule of plurals.
    ///
    /// ```
    /// use nuages_template::i18n::{Catalog, Message};
    /// let text = "msgctxt \"month name\"\nmsgid \"May\"\nmsgstr \"Mai\"\n\n#, fuzzy\nmsgid \"Old\"\nmsgstr \"Alt\"\n";
    /// let catalog = Catalog::from_po(text)?;
    /// assert_eq!(catalog.get(&Message::new("May").with_context("month name")), Some("Mai"));
    /// assert_eq!(catalog.get(&Message::new("Old")), None);
    /// assert!(Catalog::from_po("msgid \"unfinished").is_err());
    /// # Ok::<(), nuages_template::i18n::CatalogError>(())
    /// ```
    pub fn from_po(text: &str) -> Result<Self, CatalogError> {
        let mut catalog = Self::default();
        let mut entry = Entry::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            let line = line.trim();
            let result = if let Some(comment) = line.strip_prefix('#') {
                comment_line(&mut catalog, &mut entry, comment)
            } else if line.is_empty() {
                entry.finish_into(&mut catalog)
            } else {
                entry_line(&mut catalog, &mut entry, line)
            };
            result.map_err(|message| CatalogError {
                message,
                line: number,
            })?;
        }
        let end = entry.finish_into(&mut catalog);
        end.map_err(|message| CatalogError { message, line: 0 })?;
        Ok(catalog)
    }
}

/// What stands between two blank lines.
#[derive(Default)]
struct Entry {
    fuzzy: bool,
    context: Option<String>,
    id: Option<String>,
    plural: Option<String>,
    texts: Vec<String>,
    /// What a line that begins with a quote goes on with.
    open: Open,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Open {
    #[default]
    Nothing,
    Context,
    Id,
    Plural,
    Text,
}

impl Entry {
    fn finish_into(&mut self, catalog: &mut Catalog) -> Result<(), String> {
        let entry = std::mem::take(self);
        let Some(id) = entry.id else {
            return if entry.context.is_some() || !entry.texts.is_empty() {
                Err("a msgctxt or msgstr without its msgid".to_owned())
            } else {
                // Comments on their own. A mark that an entry is fuzzy waits for that entry.
                self.fuzzy = entry.fuzzy;
                Ok(())
            };
        };
        let Some(first) = entry.texts.first() else {
            return Err(format!("'{id}' has no msgstr"));
        };
        if id.is_empty() && entry.context.is_none() {
            return catalog.read_header(first);
        }
        if entry.fuzzy || first.is_empty() {
            return Ok(());
        }
        let key = match entry.context {
            Some(context) => format!("{context}{SEPARATOR}{id}"),
            None => id,
        };
        if entry.plural.is_some() {
            catalog.add_forms(&key, &entry.texts);
        } else {
            catalog.add(&key, first);
        }
        Ok(())
    }
}

/// A comment. A new entry may begin with one, without a blank line before it.
fn comment_line(catalog: &mut Catalog, entry: &mut Entry, comment: &str) -> Result<(), String> {
    if comment.starts_with('~') || comment.starts_with('|') {
        return Ok(());
    }
    if !entry.texts.is_empty() {
        entry.finish_into(catalog)?;
    }
    if let Some(flags) = comment.strip_prefix(',') {
        entry.fuzzy |= flags.split(',').any(|flag| flag.trim() == "fuzzy");
    }
    Ok(())
}

fn entry_line(catalog: &mut Catalog, entry: &mut Entry, line: &str) -> Result<(), String> {
    let at = line
        .find(|c: char| c == '"' || c.is_whitespace())
        .unwrap_or(line.len());
    let (keyword, rest) = line.split_at(at);
    let text = unquote(rest.trim())?;
    // The texts come last: any other keyword begins the next entry.
    if matches!(keyword, "msgctxt" | "msgid") && !entry.texts.is_empty() {
        entry.finish_into(catalog)?;
    }
    let place = match keyword {
        "" => return entry.go_on(&text),
        "msgctxt" => (&mut entry.context, Open::Context),
        "msgid" => (&mut entry.id, Open::Id),
        "msgid_plural" => (&mut entry.plural, Open::Plural),
        other => {
            let index = match other.strip_prefix("msgstr") {
                Some("") => Some(0),
                Some(index) => index
                    .strip_prefix('[')
                    .and_then(|index| index.strip_suffix(']'))
                    .and_then(|index| index.parse().ok()),
                None => None,
            };
            if index != Some(entry.texts.len()) {
                return Err(format!("'{other}' is not expected here"));
            }
            entry.texts.push(text);
            entry.open = Open::Text;
            return Ok(());
        }
    };
    if place.0.is_some() {
        return Err(format!("a second '{keyword}'"));
    }
    *place.0 = Some(text);
    entry.open = place.1;
    Ok(())
}

impl Entry {
    fn go_on(&mut self, text: &str) -> Result<(), String> {
        let place = match self.open {
            Open::Nothing => None,
            Open::Context => self.context.as_mut(),
            Open::Id => self.id.as_mut(),
            Open::Plural => self.plural.as_mut(),
            Open::Text => self.texts.last_mut(),
        };
        place.ok_or("text that belongs to nothing")?.push_str(text);
        Ok(())
    }
}

/// The string between the quotes, with C's escapes.
fn unquote(quoted: &str) -> Result<String, String> {
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .ok_or("a string has to stand between quotes")?;
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        if c == '"' {
            return Err("a quote inside of a string has to be written \\\"".to_owned());
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match rest.next() {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('a') => '\u{7}',
            Some('b') => '\u{8}',
            Some('v') => '\u{b}',
            Some('f') => '\u{c}',
            Some(c @ ('\\' | '"' | '\'' | '?')) => c,
            Some('x') => code(&mut rest, 16, 0, 2)?,
            Some(c) if c.is_digit(8) => code(&mut rest, 8, c.to_digit(8).unwrap_or(0), 2)?,
            _ => return Err("an escape that is not known".to_owned()),
        });
    }
    Ok(out)
}

/// A character by its number.
fn code(
    rest: &mut std::str::Chars<'_>,
    radix: u32,
    first: u32,
    most: usize,
) -> Result<char, String> {
    let mut number = first;
    for _ in 0..most {
        let Some(digit) = rest.as_str().chars().next().and_then(|c| c.to_digit(radix)) else {
            break;
        };
        number = number * radix + digit;
        rest.next();
    }
    char::from_u32(number)
        .filter(char::is_ascii)
        .ok_or_else(|| "an escape beyond ASCII".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Message;

    fn catalog(text: &str) -> Catalog {
        Catalog::from_po(text).unwrap()
    }

    #[test]
    fn entries_need_no_blank_line_between_them() {
        let catalog = catalog(
            "msgid \"a\"\nmsgstr \"1\"\nmsgid \"b\"\nmsgstr \"2\"\n# c\nmsgid \"c\"\nmsgstr \"3\"",
        );
        let found: Vec<_> = ["a", "b", "c"]
            .map(|id| catalog.get(&Message::new(id)))
            .into();
        assert_eq!(found, [Some("1"), Some("2"), Some("3")]);
    }

    #[test]
    fn strings_go_on_over_lines_and_know_escapes() {
        let catalog =
            catalog("msgid \"\"\n\"a\\n\"\n\"\\\"b\\\"\"\nmsgstr \"\"\n\"x\\ty\\x41\\101\"\n");
        assert_eq!(catalog.get(&Message::new("a\n\"b\"")), Some("x\tyAA"));
    }

    #[test]
    fn what_is_fuzzy_obsolete_or_empty_is_left_out() {
        let catalog = catalog(
            "#, python-format, fuzzy\nmsgid \"a\"\nmsgstr \"1\"\n\n#~ msgid \"b\"\n#~ msgstr \"2\"\n\n\
             msgid \"c\"\nmsgstr \"\"\n\n#, fuzzy\n\nmsgid \"d\"\nmsgstr \"4\"\n\nmsgid \"e\"\nmsgstr \"5\"\n",
        );
        assert_eq!(catalog.len(), 1);
        assert_eq!(catalog.get(&Message::new("e")), Some("5"));
    }

    #[test]
    fn errors_name_the_line() {
        let error = |text: &str| Catalog::from_po(text).unwrap_err().to_string();
        assert_eq!(
            error("msgid \"a\"\nmsgstr[1] \"1\"\n"),
            "line 2: 'msgstr[1]' is not expected here"
        );
        assert_eq!(
            error("nonsense"),
            "line 1: a string has to stand between quotes"
        );
        assert_eq!(error("\n\"lost\""), "line 2: text that belongs to nothing");
        assert!(
            error("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=latin-1\\n\"\n")
                .contains("UTF-8")
        );
    }
}
