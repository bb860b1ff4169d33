//! The composition root: [`Site`], [`Settings`], the onion, start-up checks, serving.
//!
//! ```
//! use nuages_app::{App, Settings, Site};
//! use nuages_web::{Urls, get};
//!
//! let site = Site::new()
//!     .with_settings(Settings::from_toml("nuages.toml", "secret_key = 'only for this example'")?)
//!     .install(App::new("blog"))
//!     .urls(Urls::new().path("", get(async || "hello"), "home"))
//!     .build()?;
//! assert_eq!(site.urls().reverse("home", &[], &[])?, "/");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.

mod app;
mod broken_links;
mod built;
mod checks;
mod csrf_failure;
mod error;
mod layers;
pub mod rooms;
mod serve;
mod service;
mod session_store;
mod settings;
mod site;
mod stack;

pub use app::App;
pub use built::BuiltSite;
pub use error::BuildError;
pub use serve::{ServerSettings, serve};
pub use settings::{Origin, Settings, SettingsError, SiteSettings};
pub use site::Site;
pub use stack::{Onion, STACK};
