//! The axum glue: named URLs, extractors, pages, responses, error pages.
#![forbid(unsafe_code)]

mod shared_service;
mod urls;

pub use shared_service::{ResponseFuture, SharedService};
pub use urls::{
    Access, Converter, ResolverMatch, ReverseError, ReverseOptions, RouteFlags, TriedRoute,
    UrlTable, UrlValue, Urls, UrlsError, View, any, delete, get, head, options, patch, post, put,
};
