//! The layer that knows the user and keeps others out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum_core::body::Body;
use axum_core::response::IntoResponse as _;
use http::request::Parts;
use http::{Request, Response};
use nuages_security::csrf::CsrfToken;
use nuages_security::hosts::{HostsSettings, client_address};
use nuages_security::{Enter, Entered, Middleware, Wrapped, tower_layer};
use nuages_sessions::Session;
use nuages_web::page_cache::NoPageCache;
use nuages_web::{Access, Redirect, RouteFlags, SiteContext};

use crate::redirect::{NEXT, login_redirect, resolve_url};
use crate::verify::{Decision, verify};
use crate::{Auth, AuthRequest, Permissions, RemoteUser};

/// Puts an [`AuthRequest`] into each request, and keeps out of a route whom it is not for.
///
/// It stands inside of the session layer and, so that login can replace the CSRF secret, of the CSRF layer.
/// A route without flags is for everybody, and costs no query unless it asks for the user.
///
/// # Django
/// `AuthenticationMiddleware`, and what `login_required` and `permission_required` do.
#[derive(Debug, Clone)]
pub struct CurrentUserLayer {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    auth: Auth,
    hosts: HostsSettings,
    remote: Option<RemoteUser>,
}

impl CurrentUserLayer {
    /// The users of this site.
    pub fn new(auth: Auth) -> Self {
        Self::with_hosts(auth, &HostsSettings::default())
    }

    /// The users of a site behind proxies: `num_proxies` says where the address of a client stands, which the [`LoginThrottle`](crate::LoginThrottle) counts by.
    pub fn with_hosts(auth: Auth, hosts: &HostsSettings) -> Self {
        let shared = Shared {
            remote: auth.remote_user().cloned(),
            hosts: hosts.clone(),
            auth,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Takes the word of proxies for who the user is, besides what the settings of the [`Auth`] say.
    pub fn with_remote_user(self, remote: RemoteUser) -> Self {
        let Shared { auth, hosts, .. } = &*self.shared;
        let shared = Shared {
            auth: auth.clone(),
            hosts: hosts.clone(),
            remote: Some(remote),
        };
        Self {
            shared: Arc::new(shared),
        }
    }
}

tower_layer!(CurrentUserLayer);

/// The service of a [`CurrentUserLayer`].
pub type CurrentUserService<S> = Wrapped<CurrentUserLayer, S>;

impl Middleware for CurrentUserLayer {
    type Kept = ();

    fn enter(&self, req: &mut Request<Body>) -> Enter<()> {
        let extensions = req.extensions();
        let flags = extensions.get::<RouteFlags>();
        let access = flags.map_or(Access::Public, |flags| flags.access.clone());
        let recent = flags.and_then(|flags| flags.recent_login);
        let Some(session) = extensions.get::<Session>().cloned() else {
            return match access {
                // Whoever asks for the user is told what is missing.
                Access::Public => Enter::Skip,
                _ => Enter::Answer(no_sessions()),
            };
        };
        let csrf = extensions.get::<CsrfToken>().cloned();
        let Shared { auth, hosts, .. } = &*self.shared;
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|peer| peer.0.ip());
        let client = client_address(hosts, peer, req.headers());
        let auth_request = AuthRequest::new(auth.clone(), session, csrf, client);
        if access == Access::Public && self.shared.remote.is_none() {
            req.extensions_mut().insert(auth_request);
            return Enter::Skip;
        }
        req.extensions_mut().insert(auth_request.clone());
        let shared = self.shared.clone();
        Enter::wait(req, async move |req| {
            let (mut parts, body) = req.into_parts();
            if let Some(remote) = &shared.remote {
                match remote.apply(&auth_request, &parts.headers, peer).await {
                    Ok(false) => {}
                    Ok(true) => drop(parts.extensions.insert(NoPageCache)),
                    Err(error) => {
                        return Entered::Answer(nuages_web::Error::from(error).into_response());
                    }
                }
            }
            match refuse(&access, recent, &auth_request, &parts).await {
                Some(refusal) => Entered::Answer(refusal),
                None => Entered::Pass(Request::from_parts(parts, body), ()),
            }
        })
    }
}

/// The response to a visitor for whom the route is not.
async fn refuse(
    access: &Access,
    recent: Option<Duration>,
    req: &AuthRequest,
    parts: &Parts,
) -> Option<Response<Body>> {
    match decide(access, recent, req).await {
        Ok(Decision::Pass) => None,
        Ok(Decision::LoginAgain) => Some(match req.ask_again().await {
            Ok(()) => to_login(req, parts),
            Err(error) => nuages_web::Error::from(error).into_response(),
        }),
        Ok(Decision::Login) => Some(to_login(req, parts)),
        Ok(Decision::Forbidden) => {
            let error =
                nuages_web::Error::permission_denied("the user lacks a permission of the route");
            Some(error.into_response())
        }
        Err(error) => Some(nuages_web::Error::from(error).into_response()),
    }
}

async fn decide(
    access: &Access,
    recent: Option<Duration>,
    req: &AuthRequest,
) -> Result<Decision, crate::Error> {
    let user = req.user().await?;
    let none = Permissions::none();
    let permissions = match (&user, access) {
        (Some(user), Access::Permission { .. }) => Some(user.permissions().await?),
        (Some(_), _) => Some(&none),
        (None, _) => None,
    };
    let decision = verify(access, permissions);
    Ok(match (decision, recent, &user) {
        (Decision::Pass, Some(age), Some(_)) if !req.logged_in_within(age).await? => {
            Decision::LoginAgain
        }
        // The permissions of nobody may be enough for a route, but nobody has logged in.
        (Decision::Pass, Some(_), None) => Decision::Login,
        (decision, _, _) => decision,
    })
}

/// Sends the visitor to the login page, from where the way leads back here.
pub(crate) fn to_login(req: &AuthRequest, parts: &Parts) -> Response<Body> {
    let site = SiteContext::of(&parts.extensions);
    let flags = parts.extensions.get::<RouteFlags>();
    let own = flags.and_then(|flags| flags.login_url.as_deref());
    let login_url = own.unwrap_or(&req.auth().settings().login_url);
    let field = flags.and_then(|flags| flags.redirect_field_name.as_deref());
    let field = field.unwrap_or(NEXT);
    resolve_url(site.map(|site| &**site), login_url)
        .and_then(|login_url| Redirect::to(&login_redirect(parts, &login_url, field)))
        .unwrap_or_else(nuages_web::Error::into_response)
}

/// A protected route without sessions around it lets nobody in.
#[cold]
fn no_sessions() -> Response<Body> {
    nuages_web::Error::server("a route is for users only, but there is no session")
        .with_hint("put `SessionLayer` around `CurrentUserLayer`")
        .into_response()
}
