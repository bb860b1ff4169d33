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
        let mut chance = Chance::new();
        if self.method == Method::Words {
            renderer.write_html(&words(count, self.common, &mut chance).join(" "));
            return Ok(());
        }
        let mut paragraphs = Vec::with_capacity(count);
        for index in 0..count {
            let text = if index == 0 && self.common {
                COMMON.to_owned()
            } else {
                paragraph(&mut chance)
            };
            paragraphs.push(if self.method == Method::Paragraphs {
                format!("<p>{text}</p>")
            } else {
                text
            });
        }
        renderer.write_html(&paragraphs.join("\n\n"));
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

fn words(count: usize, common: bool, chance: &mut Chance) -> Vec<String> {
    let all = vocabulary();
    (0..count)
        .map(|index| {
            let at = if common && index < COMMON_WORDS {
                index
            } else {
                chance.below(all.len())
            };
            all[at].clone()
        })
        .collect()
}

fn paragraph(chance: &mut Chance) -> String {
    let sentences: Vec<String> = (0..=chance.below(4)).map(|_| sentence(chance)).collect();
    sentences.join(" ")
}

fn sentence(chance: &mut Chance) -> String {
    let length = 3 + chance.below(10);
    let mut text = words(length, false, chance).join(" ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text.push(if chance.below(4) == 0 { '?' } else { '.' });
    text
}
