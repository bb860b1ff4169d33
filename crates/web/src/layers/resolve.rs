//! The layer that resolves the path before any other layer runs.

use std::sync::Arc;

use axum::body::Body;
use http::{Extensions, Request};
use nuages_security::csrf::CsrfMode;
use nuages_security::{Enter, LoggedPath, Middleware, Wrapped, tower_layer};

use crate::site_context::SiteContext;
use crate::urls::{ResolverMatch, RouteFlags, decode_path};

/// Resolves the path and tells the layers inside what the route asks of them.
///
/// Puts into the extensions: the [`SiteContext`] unless it is provided, the [`ResolverMatch`], and, where they are not the
/// default, the [`RouteFlags`], the CSRF mode, the frame options, the policy and how its pages are cached. It goes around all other
/// layers.
#[derive(Debug, Clone)]
pub struct ResolveLayer {
    site: Arc<SiteContext>,
}

impl ResolveLayer {
    /// A layer that resolves in the URLs of this site.
    pub fn new(site: Arc<SiteContext>) -> Self {
        Self { site }
    }
}

tower_layer!(ResolveLayer);

/// The service of [`ResolveLayer`].
pub type Resolve<S> = Wrapped<ResolveLayer, S>;

impl Middleware for ResolveLayer {
    type Kept = ();

    fn enter(&self, req: &mut Request<Body>) -> Enter<()> {
        let path = decode_path(req.uri().path());
        // Static files are nobody's route: no view behind a catch-all guards or takes them.
        let found = match self.site.static_name(&path) {
            Some(_) => None,
            None => self.site.urls.resolve(&path),
        };
        let extensions = req.extensions_mut();
        if SiteContext::of(extensions).is_none() {
            extensions.insert(Arc::clone(&self.site));
        }
        if let Some(found) = found {
            announce(found, extensions);
        } else {
            // There is no view to protect: 404, or the redirect to the path with a slash, as in Django.
            extensions.insert(Nowhere);
            extensions.insert(CsrfMode::Exempt);
        }
        Enter::Skip
    }
}

/// The path led to no view when it was resolved, and the layers acted on that: it is not resolved again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nowhere;

/// Tells the layers what the route asks of them; what is default is not said.
pub(super) fn announce(found: ResolverMatch, extensions: &mut Extensions) {
    let flags = found.flags();
    if *flags != RouteFlags::default() {
        extensions.insert(flags.clone());
        if flags.private_path {
            extensions.insert(LoggedPath::new(found.route()));
        }
        if let Some(csrf) = flags.csrf {
            extensions.insert(csrf);
        }
        if let Some(frame) = flags.frame {
            extensions.insert(frame);
        }
        if let Some(csp) = &flags.csp {
            extensions.insert(csp.clone());
        }
        if let Some(cached) = &flags.cache_page {
            extensions.insert(cached.clone());
        }
    }
    extensions.insert(found);
}
