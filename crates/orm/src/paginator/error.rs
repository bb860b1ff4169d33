//! A page that is not there.

use std::borrow::Cow;

/// Why there is no page of a number.
///
/// # Django
/// `PageNotAnInteger` and `EmptyPage`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPage {
    /// The number is none.
    #[error("{0}")]
    NotAnInteger(Cow<'static, str>),
    /// There is no such page.
    #[error("{0}")]
    Empty(Cow<'static, str>),
}
