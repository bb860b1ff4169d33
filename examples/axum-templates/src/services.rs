//! What the templates ask of this app: the paths of its routes, and the time.

use jiff::Timestamp;
use nuages_template::UrlRequest;

pub(crate) struct Services;

impl nuages_template::Services for Services {
    fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
        match (request.name, request.args) {
            ("list", []) => Ok("/".to_owned()),
            ("book", [id]) => Ok(format!("/books/{id}/")),
            (name, _) => Err(format!("there is no route '{name}' with these arguments")),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "an app without the rest of Nuages has no clock of it"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
