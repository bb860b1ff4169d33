//! The whole site as a service: the path is resolved, the onion passed, the view called.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::body::Body;
use http::{Request, Response};
use nuages_auth::CurrentUserLayer;
use nuages_base::Signals;
use nuages_db::Db;
use nuages_sessions::Sessions;
use nuages_tasks::Tasks;
use nuages_web::{Dispatch, ResolveLayer, ResponseFuture, SharedService};
use tower::{Layer, Service};

use crate::built::BuiltSite;
use crate::error::BuildError;
use crate::layers::Layers;
use crate::stack::{Onion, wrap};

/// The views of `site` inside the layers of `order`, on the database `db`.
pub(crate) fn build(
    site: &BuiltSite,
    db: &Db,
    order: &[Onion],
) -> Result<SharedService, BuildError> {
    let sessions = Sessions::new(
        site.session_store(db),
        site.settings().sessions.clone(),
        site.clock().clone(),
    );
    let layers = Layers::new(site, &sessions, CurrentUserLayer::new(site.auth(db)?));
    let core = SharedService::from_boxed(Dispatch::new(site.context().clone()));
    let given = Given {
        inner: wrap(core, order, &layers),
        db: db.clone(),
        signals: site.signals().clone(),
        tasks: site.tasks(db),
    };
    Ok(SharedService::from_boxed(
        ResolveLayer::new(site.context().clone()).layer(given),
    ))
}

/// Gives each request what its view may ask for by an extractor.
#[derive(Clone)]
struct Given {
    inner: SharedService,
    db: Db,
    signals: Signals,
    tasks: Tasks,
}

impl Service<Request<Body>> for Given {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut req: Request<Body>) -> ResponseFuture {
        let extensions = req.extensions_mut();
        extensions.insert(self.db.clone());
        extensions.insert(self.signals.clone());
        extensions.insert(self.tasks.clone());
        self.inner.respond(req)
    }
}
