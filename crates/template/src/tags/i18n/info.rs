//! `{% get_language_info for code as name %}`, `{% get_language_info_list for codes as name %}`, and the filters of a code.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str(
//!     "{% load i18n %}{% get_language_info_list for codes as all %}{% for l in all %}{{ l.code }}: {{ l.name_local }}; {% endfor %}",
//! )?;
//! assert_eq!(page.render(&context! { codes: vec!["de", "he"] }, &NoServices)?, "de: Deutsch; he: עברית; ");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::formats::Locale;
use crate::i18n::LanguageInfo;
use crate::library::{Filter, Library};
use crate::nodes::Tag;
use crate::object::{Entries, Items, Kind, Object};
use crate::render::{Name, Renderer};
use crate::services::Services;
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct GetInfo {
    codes: Expression,
    list: bool,
    target: Name,
}

fn info(parser: &mut Parser<'_>, token: TagToken<'_>, list: bool) -> Result<Box<dyn Tag>, Error> {
    let words = token.arguments();
    let ["for", codes, "as", name] = words.as_slice() else {
        return Err(Error::syntax(format!(
            "'{}' requires 'for {} as variable' (got {words:?})",
            token.name(),
            if list { "sequence" } else { "string" }
        )));
    };
    Ok(Box::new(GetInfo {
        codes: parser.expression(codes)?,
        list,
        target: Name::new(name),
    }))
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    info(parser, token, false)
}

pub(super) fn compile_list(
    parser: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    info(parser, token, true)
}

impl Tag for GetInfo {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let codes = renderer.eval(&self.codes)?;
        let locale = renderer.locale();
        let value = if self.list {
            let items = renderer.env.items(&codes);
            let items = items.ok_or_else(|| Error::wrong_type("languages have to be a list"))?;
            let infos: Result<Vec<Value<'r>>, Error> = items
                .iter()
                .map(|item| {
                    // A pair of code and name, as the settings have it, or the code itself.
                    let code = match item.index(0) {
                        Some(first) if first.len().unwrap_or(0) > 1 => first.to_text().into_owned(),
                        _ => item.to_text().into_owned(),
                    };
                    Ok(Value::object(Info::find(&code, &locale)?))
                })
                .collect();
            Value::list(infos?)
        } else {
            Value::object(Info::find(&codes.to_text(), &locale)?)
        };
        renderer.set(&self.target, value);
        Ok(())
    }
}

/// What templates see of a language.
struct Info {
    entries: [(&'static str, Value<'static>); 5],
}

impl Info {
    fn find(code: &str, locale: &Locale<'_>) -> Result<Self, Error> {
        let info = known(locale.services(), code)?;
        let translated = locale.gettext(&info.name).into_owned();
        Ok(Self {
            entries: [
                ("bidi", info.is_bidi().into()),
                ("code", info.code.into_owned().into()),
                ("name", info.name.into_owned().into()),
                ("name_local", info.name_local.into_owned().into()),
                ("name_translated", translated.into()),
            ],
        })
    }
}

impl Object for Info {
    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let entry = self.entries.iter().find(|(known, _)| *known == name);
        entry.map(|(_, value)| value.reborrow())
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(
            self.entries.iter().map(|(name, _)| (*name).into()),
        ))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        let entries = self.entries.iter();
        Some(Box::new(
            entries.map(|(name, value)| ((*name).into(), value.reborrow())),
        ))
    }

    fn len(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

fn known<'a>(services: &'a dyn Services, code: &str) -> Result<LanguageInfo<'a>, Error> {
    let info = services.language_info(code);
    info.ok_or_else(|| Error::value(format!("Unknown language code {code}.")))
}

/// The filters of a language's code.
pub(super) fn filters(library: Library) -> Library {
    let name = |info: &LanguageInfo<'_>, _: &Locale<'_>| Value::from(info.name.to_string());
    let local = |info: &LanguageInfo<'_>, _: &Locale<'_>| Value::from(info.name_local.to_string());
    let bidi = |info: &LanguageInfo<'_>, _: &Locale<'_>| Value::Bool(info.is_bidi());
    let translated = |info: &LanguageInfo<'_>, locale: &Locale<'_>| {
        Value::from(locale.gettext(&info.name).into_owned())
    };
    library
        .filter(filter("language_name", name))
        .filter(filter("language_name_local", local))
        .filter(filter("language_name_translated", translated))
        .filter(filter("language_bidi", bidi))
}

fn filter(
    name: &'static str,
    part: fn(&LanguageInfo<'_>, &Locale<'_>) -> Value<'static>,
) -> Filter {
    Filter::new(name, move |value, call| {
        let info = known(call.services(), &value.to_text())?;
        Ok(part(&info, &call.locale()))
    })
}
