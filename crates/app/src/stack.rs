//! The onion: every layer of a site in one readable list, outermost first.
//!
//! A request passes the list from top to bottom, its response from bottom to top.
//! The order is part of the protection, so it is decided here and nowhere else, and a test permutes it.

use std::fmt;

use axum::body::Body;
use http::{Request, Response};
use nuages_auth::CurrentUserLayer;
use nuages_security::csp::CspLayer;
use nuages_security::csrf::CsrfLayer;
use nuages_security::frame::FrameOptionsLayer;
use nuages_security::gzip::GzipLayer;
use nuages_security::headers::SecurityHeadersLayer;
use nuages_security::hosts::HostsLayer;
use nuages_security::{Enter, Leave, Middleware};
use nuages_sessions::{MessagesLayer, SessionLayer};
use nuages_web::conditional::ConditionalGetLayer;
use nuages_web::page_cache::{FetchFromCacheLayer, UpdateCacheLayer};
use nuages_web::{CommonLayer, ErrorPages, LocaleLayer, ResolveLayer, TraceLayer};

use crate::broken_links::BrokenLinksLayer;
use crate::layers::Layers;
use crate::service::Given;

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
    /// Mails to the managers about broken links, where `broken_link_emails` is set.
    BrokenLinks,
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
    Onion::BrokenLinks, // knows the host; outside of the slashes, which mend what looks like a broken link
    Onion::Locale,      // before error pages are written, so that they speak the language
    Onion::Common,      // cheap refusals and redirects before sessions are touched
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
            Self::BrokenLinks => "broken links",
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

macro_rules! one_layer {
    ($($variant:ident($layer:ty))*) => {
        /// A layer of the onion. What such layers keep of a request lies side by side, not in a box each.
        #[derive(Debug, Clone)]
        pub(crate) enum OneLayer {
            $($variant($layer)),*
        }

        /// What one of them keeps.
        pub(crate) enum Kept {
            $($variant(<$layer as Middleware>::Kept)),*
        }

        impl Middleware for OneLayer {
            type Kept = Kept;

            fn enter(&self, req: &mut Request<Body>) -> Enter<Kept> {
                match self {
                    $(Self::$variant(layer) => layer.enter(req).map(Kept::$variant)),*
                }
            }

            fn leave(&self, kept: Kept, res: &mut Response<Body>) -> Leave {
                match (self, kept) {
                    $((Self::$variant(layer), Kept::$variant(kept)) => layer.leave(kept, res),)*
                    _ => Leave::mixed_up(res),
                }
            }
        }

        $(
            impl From<$layer> for OneLayer {
                fn from(layer: $layer) -> Self {
                    Self::$variant(layer)
                }
            }
        )*
    };
}

one_layer! {
    Given(Given)
    Resolve(ResolveLayer)
    Trace(TraceLayer)
    Gzip(GzipLayer)
    Hosts(HostsLayer)
    SecurityHeaders(SecurityHeadersLayer)
    FrameOptions(FrameOptionsLayer)
    Csp(CspLayer)
    ConditionalGet(ConditionalGetLayer)
    BrokenLinks(BrokenLinksLayer)
    Locale(LocaleLayer)
    Common(CommonLayer)
    UpdateCache(UpdateCacheLayer)
    Sessions(SessionLayer)
    Csrf(CsrfLayer)
    CurrentUser(CurrentUserLayer)
    Messages(MessagesLayer)
    FetchFromCache(FetchFromCacheLayer)
    ErrorPages(ErrorPages)
}

/// The layers of `order`, whose first becomes the outermost; the innermost first.
///
/// With `by_hand` routes ask for what a layer gives, and have it also where `order` goes without the layer.
pub(crate) fn lay(order: &[Onion], layers: &Layers, by_hand: bool) -> Vec<OneLayer> {
    let mut laid = vec![layers.error_pages.clone().into()];
    if by_hand && !order.contains(&Onion::Csrf) {
        laid.push(layers.csrf.clone().only_where_asked().into());
    }
    if by_hand && !order.contains(&Onion::FrameOptions) {
        laid.push(FrameOptionsLayer::only_where_asked().into());
    }
    laid.extend(order.iter().rev().map(|layer| match layer {
        Onion::Trace => layers.trace.clone().into(),
        Onion::Gzip => layers.gzip.clone().into(),
        Onion::Hosts => layers.hosts.clone().into(),
        Onion::SecurityHeaders => layers.security_headers.clone().into(),
        Onion::FrameOptions => layers.frame_options.clone().into(),
        Onion::Csp => layers.csp.clone().into(),
        Onion::ConditionalGet => layers.conditional_get.into(),
        Onion::BrokenLinks => layers.broken_links.clone().into(),
        Onion::Locale => layers.locale.clone().into(),
        Onion::Common => layers.common.clone().into(),
        Onion::UpdateCache => layers.update_cache.into(),
        Onion::Sessions => layers.sessions.clone().into(),
        Onion::Csrf => layers.csrf.clone().into(),
        Onion::Messages => layers.messages.clone().into(),
        Onion::FetchFromCache => layers.fetch_from_cache.clone().into(),
        Onion::CurrentUser => layers.current_user.clone().into(),
    }));
    laid
}
