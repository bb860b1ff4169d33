//! Error pages: plain ones, the site's own, and those of debug mode.

mod plain;
mod site;

pub(crate) use plain::{HTML, html_page, plain_page};
pub(crate) use site::SiteErrorPages;
