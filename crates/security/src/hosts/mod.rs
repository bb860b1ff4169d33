//! Which hosts the site answers for, and what is known about the connection.
//!
//! The `Host` header is written by whoever sends the request. A page that builds links from it, such
//! as the mail of a password reset, would link to an attacker's site. So the layer refuses every host
//! that is not in `allowed_hosts` before anything else runs, and leaves [`Host`] and [`IsSecure`] in
//! the request for the rest of the site.
//!
//! # Deployment
//! Behind a proxy that ends TLS, set `secure_proxy_ssl_header`, and make sure that the proxy removes
//! that header from what clients send. The same goes for `use_x_forwarded_host` and `_port`.
//! Say with `num_proxies` how many there are: whatever counts by address ([`client_address`]) would
//! else take all visitors for one, the proxy.
//!
//! # Django
//! `ALLOWED_HOSTS` and `HttpRequest.get_host()`. There a host is checked when somebody asks for it;
//! here every request is. A second `Host` header, or one that contradicts the request's target, is
//! refused, too.

mod client;
mod domain;
mod layer;
mod settings;
mod verify;

pub use client::client_address;
pub use domain::{is_same_domain, split_domain_port, validate_host};
pub use layer::{Hosts, HostsLayer};
pub use settings::HostsSettings;
pub(crate) use verify::header_name;
pub use verify::{Connection, Host, HostError, IsSecure, Port, get_host, get_port, is_secure};
