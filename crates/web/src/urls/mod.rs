//! Named URLs: routes in, matches and URLs out.

mod builder;
mod checks;
mod converter;
mod error;
mod flags;
mod level;
mod listing;
mod matched;
mod normalize;
mod pattern;
mod quote;
mod regex_route;
mod reverse;
mod route;
mod table;
mod value;
mod view;

pub use builder::Urls;
pub use converter::Converter;
pub use error::{ReverseError, UrlsError};
pub use flags::{Access, RouteFlags};
pub use listing::RouteListing;
pub use matched::ResolverMatch;
pub use normalize::regex_normalize;
pub use reverse::ReverseOptions;
pub use table::{TriedRoute, UrlTable};
pub use value::UrlValue;
pub use view::{View, any, delete, get, head, options, patch, post, put};

pub(crate) use matched::{Argument, RouteTarget};
pub(crate) use quote::{decode_path, escape_leading_slashes, quote_path};
