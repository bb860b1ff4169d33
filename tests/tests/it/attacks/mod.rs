//! Attacks, each in a pair: refused with the protection, succeeding without it, so that the test can fail.
//!
//! The names begin with the id in the catalogue of attacks (`C1`: areas of `spec/attacks.md`).

mod csrf;
mod deploy;
mod devices;
mod error_pages;
mod fragments;
mod gzip;
mod hosts;
mod http;
mod input;
mod languages;
mod linear;
mod login_page;
mod over;
mod page_cache;
mod passwords;
mod redirect_cves;
mod redirects;
mod redis_loss;
mod remote_user;
mod reports;
mod reset;
mod response_headers;
mod routing;
mod session_cookies;
mod session_engines;
mod sessions;
mod templates;
mod throttle;
mod uploads;
mod victim;
mod wire;
