//! The onion: every layer of a site in one readable list, outermost first.
//!
//! A request passes the list from top to bottom, its response from bottom to top.
//! The order is part of the protection, so it is decided here and nowhere else, and a test permutes it.

use std::fmt;

use nuages_security::frame::FrameOptionsLayer;
use nuages_web::LayerStack;

use crate::layers::Layers;

/// The layers of a site, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Onion {
    /// Logs each request, and turns a panic into a 500.
    Trace,
    /// Compresses responses, where `gzip_responses` is set.
    Gzip,
    /// Refuses a forged Host, and knows whether the request is secure.
    Hosts,
    /// Redirects to HTTPS; HSTS, nosniff, referrer policy, cross-origin opener policy.
    SecurityHeaders,
    /// X-Frame-Options.
    FrameOptions,
    /// Content-Security-Policy with a nonce a request.
    Csp,
    /// Tags pages, and answers 304 to who has the page already, where `conditional_get` is set.
    ConditionalGet,
    /// The language of the page, where visitors choose it.
    Locale,
    /// Slashes, disallowed user agents, body limits.
    Common,
    /// Keeps pages in a cache, where a route or the settings ask for it.
    UpdateCache,
    /// The session: loaded when it is first asked for, saved on the way out.
    Sessions,
    /// Refuses a forged request before any view is called.
    Csrf,
    /// The current user, and what routes demand of them.
    CurrentUser,
    /// Flash messages.
    Messages,
    /// Answers with a page from the cache.
    FetchFromCache,
}

/// The one right order, outermost first.
pub const STACK: &[Onion] = &[
    Onion::Trace, // first in, last out: sees everything, even what the others refuse
    Onion::Gzip,  // outside of all that compares bodies and their tags
    Onion::Hosts, // before anything builds a URL from the Host header
    Onion::SecurityHeaders, // before any work is done for a request that is sent to HTTPS; on every response
    Onion::FrameOptions,    // on every response, refusals included
    Onion::Csp,             // on every response; hands the nonce in
    Onion::ConditionalGet, // inside of gzip, whose bodies are never the same; a 304 still gets the headers of above
    Onion::Locale,         // before error pages are written, so that they speak the language
    Onion::Common,         // cheap refusals and redirects before sessions are touched
    Onion::UpdateCache, // outside of all that makes a page its visitor's own, which it must see; inside of what differs each time (nonce, gzip)
    Onion::Sessions,    // before CSRF, which may keep its secret there
    Onion::Csrf,        // before anybody acts on the request
    Onion::CurrentUser, // knows the session; turns away who may not enter
    Onion::Messages,    // kept in the session or a cookie; read only for those who may enter
    Onion::FetchFromCache, // innermost: a page from the cache is given to nobody whom the layers outside turn away
];

impl Onion {
    /// The layer as the `check` command and the log name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Gzip => "gzip",
            Self::Hosts => "hosts",
            Self::SecurityHeaders => "security headers",
            Self::FrameOptions => "frame options",
            Self::Csp => "content security policy",
            Self::ConditionalGet => "conditional get",
            Self::Locale => "locale",
            Self::Common => "common",
            Self::UpdateCache => "update cache",
            Self::Sessions => "sessions",
            Self::Csrf => "csrf",
            Self::Messages => "messages",
            Self::FetchFromCache => "fetch from cache",
            Self::CurrentUser => "current user",
        }
    }
}

impl fmt::Display for Onion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Wraps `core` in the layers of `order`, whose first becomes the outermost.
///
/// With `by_hand` routes ask for what a layer gives, and have it also where `order` goes without the layer.
pub(crate) fn wrap(
    mut core: LayerStack,
    order: &[Onion],
    layers: &Layers,
    by_hand: bool,
) -> LayerStack {
    if by_hand && !order.contains(&Onion::Csrf) {
        core = core.around(layers.csrf.clone().only_where_asked());
    }
    if by_hand && !order.contains(&Onion::FrameOptions) {
        core = core.around(FrameOptionsLayer::only_where_asked());
    }
    order.iter().rev().fold(core, |inner, layer| match layer {
        Onion::Trace => inner.around(layers.trace.clone()),
        Onion::Gzip => inner.around(layers.gzip.clone()),
        Onion::Hosts => inner.around(layers.hosts.clone()),
        Onion::SecurityHeaders => inner.around(layers.security_headers.clone()),
        Onion::FrameOptions => inner.around(layers.frame_options.clone()),
        Onion::Csp => inner.around(layers.csp.clone()),
        Onion::ConditionalGet => inner.around(layers.conditional_get),
        Onion::Locale => inner.around(layers.locale.clone()),
        Onion::Common => inner.around(layers.common.clone()),
        Onion::UpdateCache => inner.around(layers.update_cache),
        Onion::Sessions => inner.around(layers.sessions.clone()),
        Onion::Csrf => inner.around(layers.csrf.clone()),
        Onion::Messages => inner.around(layers.messages.clone()),
        Onion::FetchFromCache => inner.around(layers.fetch_from_cache.clone()),
        Onion::CurrentUser => inner.around(layers.current_user.clone()),
    })
}
