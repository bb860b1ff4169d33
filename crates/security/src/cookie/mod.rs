//! Cookies: reading them as Django does, and setting them safely.
//!
//! ```
//! use jiff::Timestamp;
//! use nuages_security::cookie::{SameSite, SetCookie, parse_cookie};
//!
//! assert_eq!(parse_cookie("a=1; b=\"x y\"")[1].1, "x y");
//!
//! let cookie = SetCookie::new("theme", "dark").max_age(60).same_site(SameSite::Lax);
//! let header = cookie.to_header_value(Timestamp::UNIX_EPOCH)?;
//! assert_eq!(header, "theme=dark; expires=Thu, 01 Jan 1970 00:01:00 GMT; Max-Age=60; Path=/; SameSite=Lax");
//! // A line break cannot smuggle in another header.
//! assert!(SetCookie::new("theme", "dark\r\nX: y").to_header_value(Timestamp::UNIX_EPOCH).is_err());
//! # Ok::<(), nuages_security::cookie::CookieError>(())
//! ```
//!
//! # Django
//! `HttpRequest.COOKIES` and `HttpResponse.set_cookie()`. The flags of `SetCookie` start as Django's:
//! all off, path `/`. The rooms' own cookies are `SameSite=Lax` and, on HTTPS sites, `Secure`.

mod parse;
mod quote;
mod same_site;
mod set;

pub use parse::{get, parse_cookie};
pub use same_site::SameSite;
pub use set::{CookieError, SetCookie};
