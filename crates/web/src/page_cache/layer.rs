//! The layers: one answers from the cache, one keeps what comes back.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{AGE, CONTENT_LENGTH, EXPIRES, HeaderMap, HeaderValue};
use http::{Extensions, Method, Request, StatusCode};
use http_body::Body as _;
use http_body_util::BodyExt;
use nuages_base::Clock;
use nuages_cache::{Cache, Caches, Turn};
use nuages_security::csp::Nonce;
use nuages_security::csrf::{CsrfToken, SessionSecret};
use nuages_security::date::parse_http_date;
use nuages_security::vary::patch_vary_headers;
use nuages_security::{Enter, Entered, Leave, Middleware, Wrapped, tower_layer};

use super::key::PageRequest;
use super::learn::{get_list, learn_cache_key};
use super::options::{CachePage, NoPageCache};
use super::settings::PageCacheSettings;
use super::stored::StoredPage;
use super::verify::{Timeouts, needs_authorization, verify};
use crate::cache_headers::{get_max_age, patch_response_headers};
use crate::conditional::clock_of;
use crate::error::Error;
use crate::layers::Nowhere;

/// How often a request waits for others that work out its page.
const WAITS: usize = 3;

/// Keeps the pages of the routes inside, in a plain axum app too.
///
/// ```
/// use std::time::Duration;
/// use axum::{Router, routing::get};
/// use nuages_base::Clock;
/// use nuages_cache::{Cache, MemoryCache};
/// use nuages_web::page_cache::PageCacheLayer;
///
/// let cache = Cache::new(MemoryCache::new(Clock::system()));
/// let app: Router = Router::new()
///     .route("/news", get(async || "news"))
///     .layer(PageCacheLayer::new(cache, Duration::from_mins(15)));
/// ```
///
/// Put a [`HostsLayer`](nuages_security::hosts::HostsLayer) outside of it. Inside of a session layer it keeps nothing
/// for which the session was looked at; outside, it keeps such pages for each `Cookie` header.
///
/// # Security
/// It must stand outside of a `SessionLayer` that was told `with_csrf_secrets(false)`, and of session layers that are not
/// ours: whether a view looked at those, it cannot see from within.
///
/// # Django
/// `cache_page` around all routes, `CacheMiddleware`.
#[derive(Debug, Clone)]
pub struct PageCacheLayer {
    fetch: FetchFromCacheLayer,
}

tower_layer!(PageCacheLayer);

/// The service of [`PageCacheLayer`].
pub type PageCache<S> = Wrapped<PageCacheLayer, S>;

/// Answers from the cache; it stands inside of all that a page depends on.
///
/// # Django
/// `FetchFromCacheMiddleware`.
#[derive(Debug, Clone)]
pub struct FetchFromCacheLayer {
    config: Arc<Config>,
}

tower_layer!(FetchFromCacheLayer);

/// The service of [`FetchFromCacheLayer`].
pub type FetchFromCache<S> = Wrapped<FetchFromCacheLayer, S>;

/// Keeps the response to a request that [`FetchFromCacheLayer`] found nothing for; it stands outside of all layers that
/// may make a response one visitor's own.
///
/// # Django
/// `UpdateCacheMiddleware`.
#[derive(Debug, Clone, Copy, Default)]
pub struct UpdateCacheLayer(());

tower_layer!(UpdateCacheLayer);

/// The service of [`UpdateCacheLayer`].
pub type UpdateCache<S> = Wrapped<UpdateCacheLayer, S>;

#[derive(Debug)]
struct Config {
    caches: Caches,
    settings: PageCacheSettings,
    /// How pages of routes that say nothing are kept.
    usual: Option<CachePage>,
    clock: Option<Clock>,
}

impl PageCacheLayer {
    /// A layer that keeps pages in this cache, for so long or as [`CachePage`] says.
    pub fn new(cache: Cache, how: impl Into<CachePage>) -> Self {
        let mut how = how.into();
        let alias = how.alias().to_owned();
        how = how.cache(alias.as_str());
        Self {
            fetch: FetchFromCacheLayer {
                config: Arc::new(Config {
                    caches: Caches::of([(alias, cache)]),
                    settings: PageCacheSettings::default(),
                    usual: Some(how),
                    clock: None,
                }),
            },
        }
    }

    /// A layer for the caches of a site: it keeps what routes ask for, or, where the settings say so, all pages.
    pub fn of(caches: Caches, settings: &PageCacheSettings) -> Self {
        let usual = settings.cache_middleware.then(|| {
            CachePage::new(None)
                .cache(settings.cache_middleware_alias.as_str())
                .key_prefix(settings.cache_middleware_key_prefix.as_str())
                .without_lock()
        });
        Self {
            fetch: FetchFromCacheLayer {
                config: Arc::new(Config {
                    caches,
                    settings: settings.clone(),
                    usual,
                    clock: None,
                }),
            },
        }
    }

    /// Asks this clock; else that of the site, or of the machine.
    pub fn with_clock(self, clock: Clock) -> Self {
        let Config {
            caches,
            settings,
            usual,
            ..
        } = &*self.fetch.config;
        let config = Config {
            caches: caches.clone(),
            settings: settings.clone(),
            usual: usual.clone(),
            clock: Some(clock),
        };
        Self {
            fetch: FetchFromCacheLayer {
                config: Arc::new(config),
            },
        }
    }

    /// The two halves, for stacks that have other layers between them: what is outside, and what is inside.
    pub fn split(self) -> (UpdateCacheLayer, FetchFromCacheLayer) {
        (UpdateCacheLayer::default(), self.fetch)
    }
}

impl Middleware for PageCacheLayer {
    /// In a box: it is large, and most requests have none.
    type Kept = Box<Asked>;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept> {
        self.fetch.enter(req)
    }

    fn leave(&self, asked: Box<Asked>, res: &mut Response) -> Leave {
        let was_session_used = asked.personal.is_session_used();
        let mut landed = asked.landed();
        landed.is_personal |= was_session_used;
        update(landed, res)
    }
}

impl Middleware for FetchFromCacheLayer {
    /// In a box: it is large, and most requests have none.
    type Kept = Box<Asked>;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept> {
        let Some(asked) = self.config.ask(req) else {
            return Enter::Skip;
        };
        Enter::wait(req, async move |req| match asked.look().await {
            Ok(res) => Entered::Answer(res),
            Err(asked) => Entered::Pass(req, Box::new(asked)),
        })
    }

    fn leave(&self, asked: Box<Asked>, res: &mut Response) -> Leave {
        let ticket = Ticket(Arc::new(asked.landed()));
        res.extensions_mut().insert(ticket);
        Leave::Done
    }
}

impl Middleware for UpdateCacheLayer {
    type Kept = ();

    fn enter(&self, _: &mut Request<Body>) -> Enter<()> {
        Enter::Pass(())
    }

    fn leave(&self, (): (), res: &mut Response) -> Leave {
        let ticket = res.extensions_mut().remove::<Ticket>();
        // Nobody else has it: extensions are handed on, not copied.
        match ticket.and_then(|ticket| Arc::into_inner(ticket.0)) {
            Some(landed) => update(landed, res),
            None => Leave::Done,
        }
    }
}

/// What goes from the inner half to the outer one, in the extensions of the response.
#[derive(Debug, Clone)]
struct Ticket(Arc<Landed>);

/// A request whose page may come from the cache, or go there.
#[derive(Debug)]
pub struct Asked {
    cache: Cache,
    prefix: String,
    timeouts: Timeouts,
    page: PageRequest,
    headers: HeaderMap,
    clock: Clock,
    locks: bool,
    personal: Personal,
    turn: Option<Turn>,
}

/// A request whose response has come: whoever waits for it need not wait any longer.
#[derive(Debug)]
struct Landed {
    asked: Asked,
    is_personal: bool,
}

impl Drop for Landed {
    fn drop(&mut self) {
        if let Some(turn) = &self.asked.turn {
            turn.open();
        }
    }
}

/// What tells whether a response was made for one visitor alone.
#[derive(Debug, Default)]
struct Personal {
    /// The view may read a body, which is no part of the key.
    has_body: bool,
    token: Option<CsrfToken>,
    nonce: Option<Nonce>,
    session: Option<SessionSecret>,
}

impl Personal {
    fn of(req: &Request<Body>) -> Self {
        let extensions = req.extensions();
        Self {
            has_body: !req.body().is_end_stream(),
            token: extensions.get().cloned(),
            nonce: extensions.get().cloned(),
            session: extensions.get().cloned(),
        }
    }

    fn is_touched(&self) -> bool {
        self.has_body
            || self.token.as_ref().is_some_and(CsrfToken::is_used)
            || self.nonce.as_ref().is_some_and(Nonce::is_used)
    }

    /// Where the layer of sessions is further out, so that the response does not say it yet.
    fn is_session_used(&self) -> bool {
        let session = self.session.as_ref();
        session.is_some_and(|session| session.0.is_accessed())
    }
}

impl Config {
    /// What the cache is asked for a request; nothing for most.
    fn ask(&self, req: &Request<Body>) -> Option<Asked> {
        let extensions = req.extensions();
        let how = extensions.get::<CachePage>().or(self.usual.as_ref())?;
        let is_read = [Method::GET, Method::HEAD].contains(req.method());
        let is_own = extensions.get::<NoPageCache>().is_some();
        if !is_read || is_own || extensions.get::<Nowhere>().is_some() {
            return None;
        }
        let cache = match self.caches.get(how.alias()) {
            Ok(cache) => cache,
            Err(error) => {
                tracing::error!(target: "nuages.cache", "no page is kept: {error}");
                return None;
            }
        };
        Some(Asked {
            cache,
            prefix: how.prefix().to_owned(),
            timeouts: Timeouts {
                page: how.seconds(),
                default: self.settings.cache_middleware_seconds,
            },
            page: PageRequest::of(req),
            headers: req.headers().clone(),
            clock: self.clock(extensions),
            locks: how.has_lock(),
            personal: Personal::of(req),
            turn: None,
        })
    }

    fn clock(&self, extensions: &Extensions) -> Clock {
        self.clock.clone().unwrap_or_else(|| clock_of(extensions))
    }
}

impl Asked {
    /// The page from the cache, or what is to be done with the one that the view makes.
    async fn look(mut self) -> Result<Response, Self> {
        let mut turn: Option<(String, Turn)> = None;
        for _ in 0..=WAITS {
            let key = match self.find().await {
                Ok(Found::Page(page)) => return Ok(self.answer(*page)),
                Ok(Found::Nothing(key)) => key,
                Err(error) => {
                    tracing::warn!(target: "nuages.cache", error = &error as &dyn std::error::Error, "the page cache cannot be read");
                    break;
                }
            };
            if !self.locks || self.personal.has_body {
                break;
            }
            match turn.take() {
                // It is our turn, and there is still no page.
                Some((known, turn)) if known == key => {
                    self.turn = Some(turn).filter(|turn| !turn.is_open());
                    break;
                }
                _ => turn = Some((key.clone(), self.cache.turn(&key).await)),
            }
        }
        Err(self)
    }

    async fn find(&self) -> nuages_cache::Result<Found> {
        let header_key = self.page.header_key(&self.prefix);
        let Some(list) = get_list(&self.cache, &header_key).await? else {
            return Ok(Found::Nothing(header_key));
        };
        let mut key = self.page.page_key(&self.prefix, &Method::GET, &list);
        let mut found = self.cache.get_value(&key).await?;
        if found.is_none() && self.page.method() == Method::HEAD {
            key = self.page.page_key(&self.prefix, &Method::HEAD, &list);
            found = self.cache.get_value(&key).await?;
        }
        // A page that was kept under another list answers to other headers.
        let page = found
            .and_then(StoredPage::of_value)
            .filter(|page| page.list == list);
        Ok(page.map_or(Found::Nothing(key), |page| Found::Page(Box::new(page))))
    }

    fn answer(&self, page: StoredPage) -> Response {
        let length = page.body.len();
        let mut res = page.into_response();
        let now = self.clock.now();
        let headers = res.headers_mut();
        let expires = headers.get(EXPIRES).and_then(|text| text.to_str().ok());
        let expires = expires.and_then(|text| parse_http_date(text, now));
        if let (Some(age), Some(expires)) = (get_max_age(headers), expires) {
            let remaining = expires.as_second().saturating_sub(now.as_second());
            let age = age.saturating_sub(remaining).max(0);
            headers.insert(AGE, HeaderValue::from(age));
        }
        if self.page.method() == Method::HEAD {
            // One that was kept for HEAD says it itself.
            if length > 0 {
                let length = HeaderValue::from(length);
                headers.entry(CONTENT_LENGTH).or_insert(length);
            }
            *res.body_mut() = Body::empty();
        }
        res
    }

    fn landed(self) -> Landed {
        let is_personal = self.personal.is_touched();
        Landed {
            asked: self,
            is_personal,
        }
    }
}

enum Found {
    Page(Box<StoredPage>),
    /// Nothing under this key.
    Nothing(String),
}

/// Keeps a response, where that is right.
fn update(landed: Landed, res: &mut Response) -> Leave {
    let asked = &landed.asked;
    if landed.is_personal {
        return Leave::Done;
    }
    let Ok(timeout) = verify(res, asked.timeouts) else {
        return Leave::Done;
    };
    // Seen before our own directives join.
    let varies = needs_authorization(&asked.headers, res.headers());
    if let Err(error) = patch_response_headers(res.headers_mut(), timeout, asked.clock.now()) {
        // A response that says nonsense about its age is not sent: somebody may keep it for ever.
        *res = Error::from(error).into_response();
        return Leave::Done;
    }
    if varies {
        patch_vary_headers(res.headers_mut(), &["Authorization"]);
    }
    let seconds = u64::try_from(timeout).unwrap_or(0);
    if seconds == 0 || res.status() != StatusCode::OK {
        return Leave::Done;
    }
    Leave::wait(res, async move |res| keep(landed, res, seconds).await)
}

/// Puts a page into the cache, and sends it on.
async fn keep(mut landed: Landed, res: Response, seconds: u64) -> Response {
    let (parts, body) = res.into_parts();
    let body = match body.collect().await {
        Ok(whole) if whole.trailers().is_none() => whole.to_bytes(),
        Ok(whole) => return Response::from_parts(parts, Body::new(whole)),
        Err(error) => {
            return Error::server("The content of a response cannot be read.")
                .with_source(error)
                .into_response();
        }
    };
    let Asked {
        cache,
        prefix,
        page,
        ..
    } = &landed.asked;
    let stored = StoredPage {
        list: page.list_of(&parts.headers),
        headers: parts.headers.clone(),
        body: body.clone(),
    };
    let timeout = Some(Duration::from_secs(seconds));
    let kept = async {
        let key = learn_cache_key(cache, page, prefix, &parts.headers, timeout).await?;
        cache.set_value(&key, stored.into_value(), timeout).await
    };
    match kept.await {
        // Those who wait find the page.
        Ok(()) => landed.asked.turn = None,
        Err(error) => {
            tracing::warn!(target: "nuages.cache", error = &error as &dyn std::error::Error, "the page cache cannot be written");
        }
    }
    Response::from_parts(parts, Body::from(body))
}
