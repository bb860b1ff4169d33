//! `{% load cache %}{% cache 500 sidebar user.id [using="name"] %}`: keeps what its contents rendered, for so many seconds.
//!
//! ```
//! use nuages_template::{context, Engine, FragmentStore, MemoryFragments, Services};
//! struct Site(MemoryFragments);
//! impl Services for Site {
//!     fn fragments(&self, name: Option<&str>) -> Option<&dyn FragmentStore> {
//!         name.is_none().then_some(&self.0 as &dyn FragmentStore)
//!     }
//! }
//! let site = Site(MemoryFragments::new(100));
//! let page = Engine::default().from_str("{% load cache %}{% cache 60 greeting user %}{{ n }}{% endcache %}")?;
//! assert_eq!(page.render(&context! { user: "ada", n: 1 }, &site)?, "1");
//! assert_eq!(page.render(&context! { user: "ada", n: 2 }, &site)?, "1");
//! assert_eq!(page.render(&context! { user: "bob", n: 2 }, &site)?, "2");
//! # Ok::<(), nuages_template::Error>(())
//! ```
//!
//! # Security
//! A fragment is shown to everybody whose values are the same: name all that its contents depend on.
//! One in which a CSRF token or a nonce was printed is not kept
//! ([`Services::private_values_printed`](crate::Services::private_values_printed)).

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, ErrorKind};
use crate::fragments::{FragmentStore, make_template_fragment_key};
use crate::library::Library;
use crate::nodes::{NodeList, Tag};
use crate::render::Renderer;
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct Cache {
    seconds: Expression,
    name: Box<str>,
    vary_on: Vec<Expression>,
    using: Option<Expression>,
    contents: NodeList,
}

/// What `{% load cache %}` brings.
pub(crate) fn library() -> Library {
    Library::new().tag("cache", compile)
}

fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let (contents, _) = parser.parse_until(&["endcache"])?;
    let mut words = token.arguments();
    let mut using = None;
    if let [_, _, .., last] = words.as_slice()
        && let Some(name) = last.strip_prefix("using=")
    {
        using = Some(parser.expression(name)?);
        words.pop();
    }
    let [seconds, name, vary_on @ ..] = words.as_slice() else {
        return Err(Error::syntax(
            "'cache' tag requires at least 2 arguments: the seconds and a name",
        ));
    };
    Ok(Box::new(Cache {
        seconds: parser.expression(seconds)?,
        name: (*name).into(),
        vary_on: parser.expressions(vary_on)?,
        using,
        contents,
    }))
}

/// How long a fragment is kept.
enum Kept {
    /// It is not.
    Never,
    Until(Timestamp),
    Always,
}

impl Tag for Cache {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let kept = self.kept(renderer)?;
        let store = self.store(renderer)?;
        let mut vary_on = Vec::with_capacity(self.vary_on.len());
        for expression in &self.vary_on {
            vary_on.push(renderer.eval(expression)?);
        }
        let Some(store) = store else {
            return self.contents.render(renderer);
        };
        let key = make_template_fragment_key(&self.name, &vary_on);
        if let Some(html) = store.get(&key, renderer.services().now()) {
            renderer.write_html(&html);
            return Ok(());
        }
        let services = renderer.services();
        let private = services.private_values_printed();
        let html = renderer.capture(|renderer| self.contents.render(renderer))?;
        match kept {
            Kept::Never => {}
            _ if services.private_values_printed() != private => {
                services.fragment_not_kept(&self.name);
            }
            Kept::Until(expires) => store.set(&key, &html, Some(expires)),
            Kept::Always => store.set(&key, &html, None),
        }
        renderer.write_html(&html);
        Ok(())
    }
}

impl Cache {
    fn kept<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<Kept, Error> {
        let value = known(renderer.eval(&self.seconds), &self.seconds)?;
        if value.is_none() {
            return Ok(Kept::Always);
        }
        let seconds = value.to_wide().ok_or_else(|| {
            Error::syntax(format!(
                "\"cache\" tag got a non-integer timeout value: '{}'",
                self.seconds.source()
            ))
        })?;
        if seconds <= 0 {
            return Ok(Kept::Never);
        }
        let now = renderer.services().now();
        let expires = i64::try_from(seconds)
            .ok()
            .and_then(|seconds| now.checked_add(SignedDuration::from_secs(seconds)).ok());
        Ok(expires.map_or(Kept::Always, Kept::Until))
    }

    fn store<'r>(
        &'r self,
        renderer: &mut Renderer<'r>,
    ) -> Result<Option<&'r dyn FragmentStore>, Error> {
        let services = renderer.services();
        let Some(using) = &self.using else {
            return Ok(services.fragments(None));
        };
        let name = known(renderer.eval(using), using)?;
        let store = services.fragments(Some(&name.to_text()));
        store.map(Some).ok_or_else(|| {
            Error::syntax(format!(
                "Invalid cache name specified for cache tag: '{}'",
                using.source()
            ))
        })
    }
}

/// A variable that does not exist is a mistake in the tag.
fn known<'r>(value: Result<Value<'r>, Error>, of: &Expression) -> Result<Value<'r>, Error> {
    value.map_err(|error| match error.kind() {
        ErrorKind::Variable => Error::syntax(format!(
            "\"cache\" tag got an unknown variable: '{}'",
            of.source()
        )),
        _ => error,
    })
}
