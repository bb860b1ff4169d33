//! The Django Template Language: safe by default, without I/O.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("<p>Hello {{ name }}</p>")?;
//! let html = page.render(&context! { name: "<Ada>" }, &NoServices)?;
//! assert_eq!(html, "<p>Hello &lt;Ada&gt;</p>");
//! # Ok::<(), nuages_template::Error>(())
//! ```

mod attributes;
mod chance;
mod compare;
mod context;
mod dates;
mod decimal;
mod engine;
mod error;
mod escape;
mod filters;
mod html;
mod library;
mod list;
mod loaders;
mod nodes;
mod object;
mod render;
mod repr;
mod safe;
mod services;
mod suggest;
mod syntax;
mod tags;
mod template;
mod to_value;
mod value;

pub use context::Context;
pub use engine::{Engine, EngineBuilder};
pub use error::{Error, ErrorKind};
pub use escape::{conditional_escape, escape, push_escaped};
pub use library::{Arguments, Arity, Filter, FilterCall, Library, Variables};
pub use list::List;
pub use loaders::{FileSystemLoader, Loader, MemoryLoader, Source, is_plain_name};
pub use nodes::{NodeList, Tag};
pub use object::{Entries, Items, Kind, Object};
pub use render::{Name, Renderer};
pub use safe::SafeString;
pub use services::{NoServices, Services, UrlRequest};
pub use syntax::{Expression, NamedExpression, Parser, TagToken};
pub use template::Template;
pub use to_value::ToValue;
pub use value::Value;
