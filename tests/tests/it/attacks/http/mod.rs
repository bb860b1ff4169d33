//! H over real sockets: hosts, proxies, redirects, header injection, reversed URLs; and the CVEs of this area.

mod cves;
mod hosts;
mod injection;
pub(crate) mod log;
mod redirects;
mod reversing;
