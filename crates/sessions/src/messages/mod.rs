//! Flash messages: said in one request, shown in the next page.
//!
//! A view says `messages.success("Saved.")`, redirects, and the next page shows it once.
//! Messages wait in a signed cookie; what does not fit there waits in the session.
//!
//! # Django
//! `django.contrib.messages` with its three storages; cookie and session values are interchangeable.

mod codec;
mod context;
mod handle;
mod layer;
mod message;

pub use codec::MessageCodec;
pub use context::MessagesContext;
pub use handle::Messages;
pub use layer::{MessagesLayer, MessagesService};
pub use message::{Level, Message};
