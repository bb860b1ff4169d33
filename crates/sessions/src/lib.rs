//! Sessions and flash messages.
//!
//! A session is what the site remembers of a visitor between requests: names and JSON values, kept on the server, found again by the key in a cookie.
//!
//! ```
//! use std::sync::Arc;
//! use nuages_base::Clock;
//! use nuages_sessions::{MemoryStore, SessionSettings, Sessions};
//!
//! # futures_util::FutureExt::now_or_never(async {
//! let sessions = Sessions::new(Arc::new(MemoryStore::new()), SessionSettings::default(), Clock::system());
//! let session = sessions.open(None);
//! session.set("visits", 1).await?;
//! session.save().await?;
//!
//! // The next request brings the key, and finds the value again.
//! let key = session.session_key().unwrap();
//! let again = sessions.open(Some(&key));
//! assert_eq!(again.get::<i64>("visits").await?, Some(1));
//!
//! // A key that was made up finds nothing, and is not taken over.
//! let forged = sessions.open(Some("0123456789abcdefghijklmnopqrstuv"));
//! assert_eq!(forged.get::<i64>("visits").await?, None);
//! forged.set("visits", 1).await?;
//! forged.save().await?;
//! assert_ne!(&*forged.session_key().unwrap(), "0123456789abcdefghijklmnopqrstuv");
//! # Ok::<(), nuages_sessions::Error>(())
//! # }).unwrap().unwrap();
//! ```
//!
//! How it works, in reading order: [`SessionLayer`] opens the [`Session`] of each request, which asks its [`SessionStore`] at the first use; [`SessionCodec`] signs what goes into the database.
//! [`Messages`] say something on the next page.
//!
//! # Deployment
//! Turn `session_cookie_secure` on where the site has HTTPS, and run the `clearsessions` command from time to time.
//!
//! # Django
//! `django.contrib.sessions` and `django.contrib.messages`.
//! Rows and cookies are interchangeable with Django's, in both directions.
//! Keys longer than the table's 40 characters are not looked up.
//! A page that shows or leaves messages says `Vary: Cookie`.

mod checks;
mod codec;
mod cookie;
mod error;
mod expiry;
mod extract;
mod info;
mod key;
mod layer;
mod lifetime;
mod merge;
mod messages;
mod migrations;
pub mod models;
mod session;
mod sessions;
mod settings;
mod state;
mod store;
mod stores;
mod verified;

pub use checks::checks;
pub use codec::SessionCodec;
pub use error::{Error, ErrorKind};
pub use expiry::Expiry;
pub use info::SessionInfo;
pub use layer::{SessionLayer, SessionService};
pub use messages::{
    Level, Message, MessageCodec, Messages, MessagesContext, MessagesLayer, MessagesService,
};
pub use migrations::{app_migrations, user_index_migrations};
pub use models::models;
pub use nuages_security::MissingLayer;
pub use session::Session;
pub use sessions::Sessions;
pub use settings::{
    MessageSettings, MessageStorage, SessionEngine, SessionSerializer, SessionSettings,
};
pub use store::{Listed, Replaced, Revision, SessionData, SessionStore, Stored};
pub use stores::{CacheStore, CachedDbStore, CookieStore, DbStore, FileStore, MemoryStore};
