//! Whom a signal comes from.

use std::any::TypeId;
use std::borrow::Cow;

/// Whom a signal comes from: a type, such as a model, or a name.
///
/// ```
/// use nuages_base::Sender;
///
/// struct Post;
///
/// assert_eq!(Sender::of::<Post>(), Sender::of::<Post>());
/// assert_ne!(Sender::of::<Post>(), Sender::from("Post"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Type(TypeId),
    Name(Cow<'static, str>),
}

impl Sender {
    /// The sender that a type is.
    pub fn of<T: ?Sized + 'static>() -> Self {
        Self(Kind::Type(TypeId::of::<T>()))
    }
}

impl From<&'static str> for Sender {
    fn from(name: &'static str) -> Self {
        Self(Kind::Name(name.into()))
    }
}

impl From<String> for Sender {
    fn from(name: String) -> Self {
        Self(Kind::Name(name.into()))
    }
}
