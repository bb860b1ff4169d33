//! The Django Template Language: safe by default, without I/O.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("<p>Hello {{ name }}</p>")?;
//! let html = page.render(&context! { name: "<Ada>" }, &NoServices)?;
//! assert_eq!(html, "<p>Hello &lt;Ada&gt;</p>");
//! # Ok::<(), nuages_template::Error>(())
//! ```

mod context;
mod engine;
mod error;
mod escape;
mod library;
mod list;
mod loaders;
mod object;
mod repr;
mod safe;
mod services;
mod template;
mod to_value;
mod value;

pub use context::Context;
pub use engine::{Engine, EngineBuilder};
pub use error::{Error, ErrorKind};
pub use escape::{conditional_escape, escape, push_escaped};
pub use library::Library;
pub use list::List;
pub use loaders::{FileSystemLoader, Loader, MemoryLoader, Source, is_plain_name};
pub use object::{Entries, Items, Kind, Object};
pub use safe::SafeString;
pub use services::{NoServices, Services, UrlRequest};
pub use template::Template;
pub use to_value::ToValue;
pub use value::Value;
