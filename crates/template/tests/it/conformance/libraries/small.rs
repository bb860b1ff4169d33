//! The libraries `bad_tag`, `tag_27584`, `testtags` and `subpackage.echo`.

use nuages_template::{Error, ErrorKind, Filter, Library, Renderer, Signature, Tag, Value};

use super::super::errors::Raised;

/// A tag that does not compile, and one that does not render.
pub(super) fn bad_tag() -> Library {
    let fail = || Error::other(Raised("RuntimeError".to_owned()));
    Library::new()
        .tag("badtag", move |_, _| Err(fail()))
        .simple_tag(Signature::new("badsimpletag"), move |_, _| Err(fail()))
}

/// A block tag that is wrong once it renders.
pub(super) fn tag_27584() -> Library {
    Library::new().tag("badtag", |parser, _| {
        parser.parse_until(&["endbadtag"])?;
        Ok(Box::new(Bad))
    })
}

#[derive(Debug)]
struct Bad;

impl Tag for Bad {
    fn render<'r>(&'r self, _: &mut Renderer<'r>) -> Result<(), Error> {
        Err(Error::new(ErrorKind::Syntax, "error"))
    }
}

/// A tag under two names, and a filter.
pub(super) fn testtags() -> Library {
    let mut library = Library::new().filter(
        Filter::new("upper", |value, _| {
            Ok(Value::from(value.to_text().to_uppercase()))
        })
        .text(),
    );
    for name in ["echo", "other_echo"] {
        library = library.tag(name, |_, token| {
            let words: Vec<&str> = token.contents().split_whitespace().skip(1).collect();
            Ok(Box::new(Echo(words.join(" "))))
        });
    }
    library
}

/// Writes its own words.
#[derive(Debug)]
struct Echo(String);

impl Tag for Echo {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        renderer.write_html(&self.0);
        Ok(())
    }
}

/// A tag that gives its argument.
pub(super) fn echo() -> Library {
    Library::new().simple_tag(Signature::new("echo2").required("arg"), |arguments, _| {
        Ok(arguments.value("arg").unwrap_or_default())
    })
}
