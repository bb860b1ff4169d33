//! Error pages: plain ones, the site's own, and those of debug mode.

mod debug;
mod error_page;
mod plain;
mod site;

pub(crate) use error_page::{ErrorPage, WrittenPage, panic_error};
pub(crate) use plain::{HTML, html_page, plain_page};
pub(crate) use site::SiteErrorPages;
