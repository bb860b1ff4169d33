//! `{% get_current_language as name %}`, `{% get_current_language_bidi as name %}`, `{% get_available_languages as name %}`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str(
//!     "{% load i18n %}{% language 'ar' %}{% get_current_language as code %}{% get_current_language_bidi as bidi %}\
//!      <html lang=\"{{ code }}\" dir=\"{{ bidi|yesno:'rtl,ltr' }}\">{% endlanguage %}",
//! )?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "<html lang=\"ar\" dir=\"rtl\">");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use super::only_target;
use crate::error::Error;
use crate::i18n::is_bidi;
use crate::list::List;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::syntax::{Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
enum Question {
    Language,
    Bidi,
    Available,
}

#[derive(Debug)]
struct Current {
    question: Question,
    target: Name,
}

fn current(token: TagToken<'_>, question: Question) -> Result<Box<dyn Tag>, Error> {
    let target = only_target(token)?;
    Ok(Box::new(Current { question, target }))
}

pub(super) fn compile_language(
    _: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    current(token, Question::Language)
}

pub(super) fn compile_bidi(_: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    current(token, Question::Bidi)
}

pub(super) fn compile_available(
    _: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    current(token, Question::Available)
}

impl Tag for Current {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let locale = renderer.locale();
        let value = match self.question {
            Question::Language => Value::from(locale.language().map(str::to_owned)),
            Question::Bidi => Value::Bool(locale.language().is_some_and(is_bidi)),
            Question::Available => {
                let known = locale.settings().languages.iter();
                let pairs = known.map(|(code, name)| {
                    let name = locale.gettext(name).into_owned();
                    Value::List(List::tuple(vec![(&**code).into(), name.into()]))
                });
                Value::list(pairs.collect())
            }
        };
        renderer.set(&self.target, value);
        Ok(())
    }
}
