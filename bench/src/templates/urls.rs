//! The named URLs of the pages: ours out of a real table of routes, the other engines' out of a match.

use std::fmt::Display;

use nuages_template::{Services, UrlRequest, Value};
use nuages_web::{UrlTable, UrlValue, Urls, UrlsError, get};

/// The site around a page: it knows the routes.
#[derive(Debug)]
pub struct Routes(UrlTable);

impl Routes {
    /// Routes by name.
    ///
    /// # Errors
    /// When one is malformed.
    pub fn new<'r>(
        routes: impl IntoIterator<Item = (&'r str, &'r str)>,
    ) -> Result<Self, UrlsError> {
        let mut urls = Urls::new();
        for (name, route) in routes {
            urls = urls.path(route.trim_start_matches('/'), get(async || ""), name);
        }
        urls.freeze().map(Self)
    }

    /// The three routes of the pages here.
    ///
    /// # Errors
    /// Never; a route would have to be malformed.
    pub fn sample() -> Result<Self, UrlsError> {
        Self::new([
            ("home", "/"),
            ("section", "/section/<slug:slug>/"),
            ("item", "/item/<int:pk>/"),
        ])
    }
}

fn url_value<'v>(value: &'v Value<'_>) -> UrlValue<'v> {
    match value {
        Value::Int(number) => UrlValue::Int(*number),
        value => UrlValue::Text(value.to_text()),
    }
}

impl Services for Routes {
    fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
        let args: Vec<UrlValue<'_>> = request.args.iter().map(url_value).collect();
        self.0
            .reverse(request.name, &args, &[])
            .map_err(|error| error.to_string())
    }
}

/// What the other engines call: no converters, no quoting, only the path.
pub(crate) fn path_of(name: &str, argument: impl Display) -> String {
    match name {
        "section" => format!("/section/{argument}/"),
        "item" => format!("/item/{argument}/"),
        _ => "/".to_owned(),
    }
}
