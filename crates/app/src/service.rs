//! The whole site as a service: the path is resolved, the onion passed, the view called.

use axum::body::Body;
use http::Request;
use nuages_auth::CurrentUserLayer;
use nuages_base::Provided;
use nuages_db::Db;
use nuages_security::{Enter, Middleware};
use nuages_sessions::Sessions;
use nuages_web::{Dispatch, LayerStack, ResolveLayer, SharedService};

use crate::built::BuiltSite;
use crate::error::BuildError;
use crate::layers::Layers;
use crate::stack::{Onion, lay};

/// The views of `site` inside the layers of `order`, on the database `db`.
pub(crate) fn build(
    site: &BuiltSite,
    db: &Db,
    order: &[Onion],
) -> Result<SharedService, BuildError> {
    let caches = site.caches(db)?;
    let sessions = Sessions::new(
        site.session_store(db, &caches)?,
        site.settings().sessions.clone(),
        site.clock().clone(),
    );
    let users = CurrentUserLayer::with_hosts(site.auth(db)?, &site.settings().hosts);
    let layers = Layers::new(site, &caches, &sessions, users);
    let views = Dispatch::views(site.context().clone());
    let provided = Provided::new()
        .with(site.context().clone())
        .with(db.clone())
        .with(site.signals().clone())
        .with(site.tasks(db))
        .with(site.mail().clone())
        .with(caches);
    let mut onion = lay(order, &layers, asks_by_hand(site));
    onion.push(ResolveLayer::new(site.context().clone()).into());
    onion.push(Given { provided }.into());
    Ok(LayerStack::of(views, onion).into_service())
}

/// Whether a route asks for what a layer gives, so that it must have it without the layer as well.
fn asks_by_hand(site: &BuiltSite) -> bool {
    let routes = site.urls().routes();
    routes
        .iter()
        .any(|route| route.flags.csrf.is_some() || route.flags.frame.is_some())
}

/// Gives each request what its view may ask for by an extractor.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    provided: Provided,
}

impl Middleware for Given {
    type Kept = ();

    fn enter(&self, req: &mut Request<Body>) -> Enter<()> {
        req.extensions_mut().insert(self.provided.clone());
        Enter::Skip
    }
}
