//! `{% url "name" arg key=value [as variable] %}`: the path of a named route.
//!
//! ```
//! use nuages_template::{context, Engine, Services, UrlRequest};
//! struct Site;
//! impl Services for Site {
//!     fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
//!         Ok(format!("/{}/{}/", request.name, request.args[0]))
//!     }
//! }
//! let page = Engine::default().from_str("{% url 'post' id %}")?;
//! assert_eq!(page.render(&context! { id: 3 }, &Site)?, "/post/3/");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::context::{Key, hash_name};
use crate::error::{Error, ErrorKind};
use crate::nodes::Tag;
use crate::object::Kind;
use crate::render::{Name, Renderer};
use crate::services::UrlRequest;
use crate::syntax::{Expression, NamedExpression, Parser, TagToken, split_named};
use crate::value::Value;

#[derive(Debug)]
struct Url {
    route: Expression,
    args: Vec<Expression>,
    kwargs: Vec<NamedExpression>,
    target: Option<Name>,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.arguments();
    if words.is_empty() {
        return Err(Error::syntax(
            "'url' takes at least one argument, a URL pattern name.",
        ));
    }
    let route = parser.expression(words.remove(0))?;
    let target = super::take_target(&mut words);
    let (mut args, mut kwargs) = (Vec::new(), Vec::new());
    for word in &words {
        if let Some((name, value)) = split_named(word) {
            kwargs.push(NamedExpression {
                name: parser.name(name),
                value: parser.expression(value)?,
            });
            continue;
        }
        if args.is_empty() {
            args.reserve_exact(words.len());
        }
        args.push(parser.expression(word)?);
    }
    Ok(Box::new(Url {
        route,
        args,
        kwargs,
        target,
    }))
}

impl Tag for Url {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        // One argument is the common case, and needs no list on the heap.
        let (one, many);
        let args: &[Value<'r>] = match self.args.as_slice() {
            [] => &[],
            [only] => {
                one = [renderer.eval(only)?];
                &one
            }
            all => {
                many = evaluate(all, renderer)?;
                &many
            }
        };
        let mut kwargs = Vec::with_capacity(self.kwargs.len());
        for NamedExpression { name, value } in &self.kwargs {
            kwargs.push((name.as_str(), renderer.eval(value)?));
        }
        let named;
        let route = if let Some(name) = self.route.constant() {
            name
        } else {
            named = renderer.eval(&self.route)?;
            &named
        };
        if is_unhashable(route) {
            return Err(Error::wrong_type("the name of a URL is a text"));
        }
        let app = current_app(renderer);
        let app = app.as_ref().map(Value::to_text);
        let locale = renderer.locale();
        let request = UrlRequest {
            name: &route.to_text(),
            args,
            kwargs: &kwargs,
            current_app: app.as_deref(),
            language: locale.language(),
        };
        if !args.is_empty() && !kwargs.is_empty() {
            return Err(Error::value(
                "a URL takes arguments by position or by name, not both",
            ));
        }
        let url = renderer.services().url(&request);
        match (&self.target, url) {
            (None, Ok(url)) => renderer.write_text(&url),
            (None, Err(message)) => return Err(Error::new(ErrorKind::Url, message)),
            (Some(name), url) => {
                renderer.set(name, Value::Str(Cow::Owned(url.unwrap_or_default())));
            }
        }
        Ok(())
    }
}

/// Is it a list or a dictionary, which nothing is named by?
fn is_unhashable(name: &Value<'_>) -> bool {
    match name {
        Value::List(items) => !items.is_tuple(),
        _ => name
            .as_object()
            .is_some_and(|object| matches!(object.kind(), Kind::List | Kind::Map | Kind::Set)),
    }
}

fn evaluate<'r>(
    expressions: &'r [Expression],
    renderer: &mut Renderer<'r>,
) -> Result<Vec<Value<'r>>, Error> {
    expressions
        .iter()
        .map(|expression| renderer.eval(expression))
        .collect()
}

const REQUEST: Key<'static> = Key::new("request", hash_name("request"));

/// `request.current_app`, else the namespace of the matched route, when the context has a request.
fn current_app<'r>(renderer: &Renderer<'r>) -> Option<Value<'r>> {
    let request = renderer.lookup(REQUEST)?;
    let env = renderer.env;
    let app = match env.attr(&request, "current_app") {
        Some(app) => app,
        None => env.attr(&env.attr(&request, "resolver_match")?, "namespace")?,
    };
    (!app.is_none()).then_some(app)
}
