//! The Django Template Language: safe by default, without I/O, for any Rust program.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("<p>Hello {{ name|default:'you' }}</p>")?;
//! let html = page.render(&context! { name: "<Ada>" }, &NoServices)?;
//! assert_eq!(html, "<p>Hello &lt;Ada&gt;</p>");
//! assert!(Engine::default().from_str("{{ name.__class__ }}").is_err());
//! # Ok::<(), nuages_template::Error>(())
//! ```
//!
//! # How it works
//! 1. An [`Engine`] finds a source with its [`Loader`]s, and compiles it once.
//! 2. The lexer cuts the source into text and tags; the [`Parser`] asks the [`Library`] for each tag and filter.
//!    The result is a [`NodeList`]: text in one piece, expressions with their filters, and [`Tag`] objects.
//! 3. [`Template::render`] walks the nodes with a [`Renderer`] and writes into one buffer.
//!    Values are borrowed from the caller: a [`Context`] holds pointers, not copies.
//! 4. What a template needs from the outside (URLs, the clock, the time zone, translations) it asks its [`Services`] for.
//!
//! Your types become values in three ways: a borrowed struct with `#[derive(ToValue)]` (feature `derive`) or an own [`Object`],
//! made when it is asked for with [`Value::lazy`] and [`Value::callable`],
//! or copied out of anything that serde can serialize with `Value::from_serialize` (feature `serde`), the slower path.
//!
//! Built-in tags and filters come through the same [`Library`] as yours; there is no privileged path.
//!
//! # Safety
//! * Every `{{ variable }}` is escaped unless it is a [`SafeString`], goes through `safe`, or autoescaping is off.
//!   What weakens this says so: [`Value::assert_safe`], [`EngineBuilder::insecure_without_autoescape`].
//! * A template reaches only what an [`Object`] gives out. Names with an underscore in front are syntax errors.
//! * Nesting is limited while parsing and rendering: no template and no data overflows the stack.
//! * A loader never leaves its folders.
//!
//! # Guides
//! [Coming from Django](guides::coming_from_django), [using it without Nuages](guides::without_nuages),
//! and the [reference](mod@reference).
//!
//! # Django
//! All built-in tags and filters of Django 6.0 are here, and the libraries `cache`, `humanize`, `i18n`, `l10n`, `static`, `tz`. [`i18n`] and [`formats`] tell how pages are translated.
//! Differences:
//! * `urlize` links a bare `example.com` to `https://`, as Django will from 2028 on.
//! * `True`, `False` and `None` are words of the language, a context cannot replace them.
//! * A `request` in the context is asked for `current_app` by `{% url %}`; otherwise the services know it.
//! * Widths, places and nesting that only an attack asks for are capped.
//! * An [`Object`] that is called never takes arguments.

mod attributes;
mod chance;
mod chars;
mod check;
mod compare;
mod context;
mod dates;
mod decimal;
mod engine;
mod error;
mod escape;
mod filters;
pub mod formats;
mod fragments;
pub mod guides;
pub mod html;
mod humanize;
pub mod i18n;
mod lazy;
mod library;
mod lint;
mod list;
mod loaders;
mod nodes;
mod object;
pub mod reference;
mod render;
mod repr;
mod safe;
#[cfg(feature = "serde")]
mod serialized;
mod services;
mod suggest;
mod syntax;
mod tags;
mod template;
pub mod text;
mod to_value;
mod value;
mod warnings;

pub use check::FolderCheck;
pub use context::Context;
pub use engine::{Engine, EngineBuilder};
pub use error::{Error, ErrorKind};
pub use escape::{conditional_escape, escape, push_escaped};
pub use fragments::{FragmentStore, MemoryFragments, make_template_fragment_key};
pub use library::{Arguments, Arity, Filter, FilterCall, Library, Signature, Variables};
pub use list::List;
pub use loaders::{FileSystemLoader, Loader, MemoryLoader, Source, is_plain_name};
pub use nodes::{NodeList, Tag};
#[cfg(feature = "derive")]
pub use nuages_macros::ToValue;
pub use object::{Entries, Items, Kind, Object, QueryLists};
pub use render::{Name, Renderer};
pub use safe::SafeString;
pub use services::{NoServices, Services, UrlRequest};
pub use syntax::SingleVariable as Variable;
pub use syntax::{
    Condition, Expression, NamedExpression, Parser, TagToken, Token, TokenKind, split_contents,
    tokenize,
};
pub use template::Template;
pub use to_value::ToValue;
pub use value::Value;
