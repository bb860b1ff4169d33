//! What `{% load tz %}` loads: time zones.
//!
//! | Tag or filter | What it does |
//! |---|---|
//! | `{% localtime on %}…{% endlocaltime %}` | moves points in time to the current time zone, or leaves them in their own |
//! | `{% timezone "Europe/Paris" %}…{% endtimezone %}` | another current time zone; `None` is the site's |
//! | `{% get_current_timezone as name %}` | its name |
//! | `localtime`, `utc`, `timezone:"Europe/Paris"` | a point in time in the current zone, in UTC, in another one |
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str(
//!     "{% load tz %}{% timezone 'Asia/Tokyo' %}{{ at|date:'H:i e' }} {{ at|utc|date:'H:i' }}{% endtimezone %} \
//!      {{ at|timezone:'Europe/Paris'|date:'H:i' }}",
//! )?;
//! let at: jiff::Timestamp = "2026-01-01T12:00:00Z".parse()?;
//! assert_eq!(page.render(&context! { at }, &NoServices)?, "21:00 JST 12:00 13:00");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::i18n::only_target;
use super::l10n::switch;
use crate::dates::{named_zone, zone_name};
use crate::error::Error;
use crate::library::{Filter, FilterCall, Library};
use crate::nodes::{NodeList, Tag};
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

/// What `{% load tz %}` loads.
pub(crate) fn library() -> Library {
    Library::new()
        .tag("get_current_timezone", compile_current)
        .tag("localtime", compile_localtime)
        .tag("timezone", compile_timezone)
        .filter(Filter::new("localtime", |value, call| {
            Ok(moved(&value, Some(call.time_zone()), call))
        }))
        .filter(Filter::new("utc", |value, call| {
            Ok(moved(&value, Some(TimeZone::UTC), call))
        }))
        .filter(
            Filter::new("timezone", |value, call| {
                Ok(moved(&value, call.argument().and_then(named_zone), call))
            })
            .required(),
        )
}

/// The point in time, to be shown in this zone; an empty text where there is no such time or zone.
fn moved<'r>(value: &Value<'r>, zone: Option<TimeZone>, call: &FilterCall<'r>) -> Value<'r> {
    let at = match value {
        Value::Timestamp(at) => Some(*at),
        Value::Zoned(at) | Value::Local(at) => Some(at.timestamp()),
        Value::DateTime(at) => call.locale().default_time_zone().to_timestamp(*at).ok(),
        _ => None,
    };
    match (at, zone) {
        (Some(at), Some(zone)) => Value::Local(Arc::new(at.to_zoned_datetime(zone))),
        _ => Value::from(""),
    }
}

#[derive(Debug)]
struct LocalTime {
    on: bool,
    contents: NodeList,
}

fn compile_localtime(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let on = switch(token)?;
    let (contents, _) = parser.parse_until(&["endlocaltime"])?;
    Ok(Box::new(LocalTime { on, contents }))
}

impl Tag for LocalTime {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        renderer.with_locale(
            |state| state.use_tz = Some(self.on),
            |renderer| self.contents.render(renderer),
        )
    }
}

#[derive(Debug)]
struct Zone {
    zone: Expression,
    contents: NodeList,
}

fn compile_timezone(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let words = token.arguments();
    let [zone] = words.as_slice() else {
        return Err(Error::syntax(format!(
            "'{}' takes one argument (timezone)",
            token.name()
        )));
    };
    let zone = parser.expression(zone)?;
    let (contents, _) = parser.parse_until(&["endtimezone"])?;
    Ok(Box::new(Zone { zone, contents }))
}

impl Tag for Zone {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let value = renderer.eval(&self.zone)?;
        let zone = if value.is_none() {
            renderer.services().default_time_zone()
        } else {
            named_zone(&value)
                .ok_or_else(|| Error::value(format!("Invalid timezone: {value:?}")))?
        };
        renderer.with_locale(
            |state| state.time_zone = Some(zone),
            |renderer| self.contents.render(renderer),
        )
    }
}

#[derive(Debug)]
struct CurrentZone {
    target: Name,
}

fn compile_current(_: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let target = only_target(token)?;
    Ok(Box::new(CurrentZone { target }))
}

impl Tag for CurrentZone {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let name = zone_name(&renderer.locale().time_zone()).into_owned();
        renderer.set(&self.target, name);
        Ok(())
    }
}
