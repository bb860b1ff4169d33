//! Every layer of a site, made once from its settings.

use nuages_auth::CurrentUserLayer;
use nuages_cache::Caches;
use nuages_security::csp::CspLayer;
use nuages_security::csrf::CsrfLayer;
use nuages_security::frame::FrameOptionsLayer;
use nuages_security::gzip::GzipLayer;
use nuages_security::headers::SecurityHeadersLayer;
use nuages_security::hosts::HostsLayer;
use nuages_sessions::{MessagesLayer, SessionLayer, Sessions};
use nuages_web::conditional::ConditionalGetLayer;
use nuages_web::page_cache::{FetchFromCacheLayer, PageCacheLayer, UpdateCacheLayer};
use nuages_web::{Charset, CommonLayer, ErrorPages, LocaleLayer, TraceLayer};

use crate::broken_links::BrokenLinksLayer;
use crate::built::BuiltSite;
use crate::csrf_failure;

/// Every layer of a site, made once from its settings.
pub(crate) struct Layers {
    pub(crate) trace: TraceLayer,
    pub(crate) gzip: GzipLayer,
    pub(crate) hosts: HostsLayer,
    pub(crate) security_headers: SecurityHeadersLayer,
    pub(crate) frame_options: FrameOptionsLayer,
    pub(crate) csp: CspLayer,
    pub(crate) conditional_get: ConditionalGetLayer,
    pub(crate) broken_links: BrokenLinksLayer,
    pub(crate) locale: LocaleLayer,
    pub(crate) common: CommonLayer,
    pub(crate) update_cache: UpdateCacheLayer,
    pub(crate) sessions: SessionLayer,
    pub(crate) csrf: CsrfLayer,
    pub(crate) messages: MessagesLayer,
    pub(crate) current_user: CurrentUserLayer,
    pub(crate) fetch_from_cache: FetchFromCacheLayer,
    pub(crate) error_pages: ErrorPages,
}

impl Layers {
    pub(crate) fn new(
        site: &BuiltSite,
        caches: &Caches,
        sessions: &Sessions,
        current_user: CurrentUserLayer,
    ) -> Self {
        let settings = site.settings();
        let debug = settings.site.debug;
        let clock = site.clock().clone();
        let (update_cache, fetch_from_cache) =
            PageCacheLayer::of(caches.clone(), &settings.page_cache).split();
        Self {
            trace: TraceLayer::new(site.context().clone()),
            gzip: GzipLayer::with(&settings.gzip),
            hosts: HostsLayer::with_debug(&settings.hosts, debug),
            security_headers: SecurityHeadersLayer::new(&settings.headers),
            frame_options: FrameOptionsLayer::new(&settings.headers.x_frame_options),
            csp: CspLayer::new(&settings.csp),
            conditional_get: ConditionalGetLayer::new(),
            broken_links: BrokenLinksLayer::new(
                &settings.web,
                &settings.hosts,
                site.mail().clone(),
            ),
            locale: LocaleLayer::new(site.context().clone()),
            common: CommonLayer::new(site.context().clone()),
            update_cache,
            sessions: SessionLayer::of(sessions.clone())
                .with_csrf_secrets(settings.csrf.csrf_use_sessions),
            csrf: csrf_layer(site),
            messages: MessagesLayer::new(
                site.keys(),
                settings.messages.clone(),
                settings.sessions.clone(),
                clock,
            )
            .with_debug(debug),
            current_user,
            fetch_from_cache,
            error_pages: ErrorPages::new(site.context().clone()),
        }
    }
}

fn csrf_layer(site: &BuiltSite) -> CsrfLayer {
    let settings = site.settings();
    let layer = CsrfLayer::new(&settings.csrf)
        .with_debug(settings.site.debug)
        .with_clock(site.clock().clone())
        .with_hosts(&settings.hosts)
        .with_body_limit(settings.web.data_upload_max_memory_size)
        .with_charsets(|label| Charset::of_label(label).is_some())
        .with_session_cookie_domain(settings.sessions.session_cookie_domain.as_deref());
    match csrf_failure::handler(site) {
        Some(handler) => layer.with_failure_handler(handler),
        None => layer,
    }
}
