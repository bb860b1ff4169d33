//! The captured arguments of the path.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::path_value::{Arguments, PathError};
use crate::error::{Error, Result};
use crate::urls::ResolverMatch;

/// The captured arguments of the path, read into a number, a text, a tuple or a struct.
///
/// One argument is read as it is; several are read as a tuple in the order of the route, or as a
/// struct by name.
///
/// ```
/// use nuages_web::{Path, Urls, get};
///
/// async fn detail(Path((year, slug)): Path<(u16, String)>) -> String {
///     format!("{year}: {slug}")
/// }
/// let urls = Urls::new().path("<int:year>/<slug:slug>/", get(detail), "detail").freeze()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A value that does not fit the type, such as a number too big for it, is a 404. A type that does not
/// fit the route is a mistake of the site: a 500 that says what the route has.
///
/// # Django
/// The arguments of a view function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let Some(found) = parts.extensions.get::<ResolverMatch>() else {
            return Err(Error::server("The request carries no ResolverMatch.")
                .with_hint("Path of nuages reads what Urls captured; in a plain axum router use axum's own Path."));
        };
        T::deserialize(Arguments(found))
            .map(Self)
            .map_err(|error| match error {
                PathError::Value(message) => Error::not_found(message),
                PathError::Shape(message) => {
                    let names: Vec<&str> = found.arguments().map(|(name, _)| name).collect();
                    Error::server(format!(
                        "The route '{}' does not fit its view: {message}",
                        found.route()
                    ))
                    .with_hint(format!("The route has: {}.", names.join(", ")))
                }
            })
    }
}
