//! What the log calls the path of a request.

use std::sync::Arc;

use http::{Extensions, Uri};

/// What the log is to say instead of the path: put into the extensions of a request whose path holds a secret.
///
/// ```
/// use http::{Extensions, Uri};
/// use nuages_security::LoggedPath;
///
/// let uri = Uri::from_static("/reset/MQ/secret/");
/// let mut extensions = Extensions::new();
/// assert_eq!(LoggedPath::of(&extensions, &uri), "/reset/MQ/secret/");
/// extensions.insert(LoggedPath::new("reset/<uidb64>/<token>/"));
/// assert_eq!(LoggedPath::of(&extensions, &uri), "reset/<uidb64>/<token>/");
/// ```
#[derive(Debug, Clone)]
pub struct LoggedPath(Arc<str>);

impl LoggedPath {
    /// This, usually the route.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// What to say of a request with these extensions and this target.
    pub fn of<'r>(extensions: &'r Extensions, uri: &'r Uri) -> &'r str {
        let instead = extensions.get::<Self>();
        instead.map_or_else(|| uri.path(), |instead| &instead.0)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
