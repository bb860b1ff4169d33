//! The whole site as a service: the path is resolved, the onion passed, the view called.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use http::{Extensions, Request, Response};
use nuages_auth::CurrentUserLayer;
use nuages_db::Db;
use nuages_sessions::Sessions;
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
    let caches = site.caches(db)?;
    let sessions = Sessions::new(
        site.session_store(db, &caches)?,
        site.settings().sessions.clone(),
        site.clock().clone(),
    );
    let layers = Layers::new(site, &sessions, CurrentUserLayer::new(site.auth(db)?));
    let core = SharedService::from_boxed(Dispatch::new(site.context().clone()));
    let mut things = roomy();
    things.insert(db.clone());
    things.insert(site.signals().clone());
    things.insert(site.tasks(db));
    things.insert(caches);
    let given = Given {
        inner: wrap(core, order, &layers),
        things: Arc::new(things),
    };
    Ok(SharedService::from_boxed(
        ResolveLayer::new(site.context().clone()).layer(given),
    ))
}

/// Gives each request what its view may ask for by an extractor.
#[derive(Clone)]
struct Given {
    inner: SharedService,
    things: Arc<Extensions>,
}

/// Takes room in the extensions of a request, so that they do not grow step by step as layers add to them.
struct Room<const N: usize>;

impl<const N: usize> Clone for Room<N> {
    fn clone(&self) -> Self {
        Self
    }
}

/// Empty extensions with room for what all layers put in; a clone has the same room.
fn roomy() -> Extensions {
    let mut extensions = Extensions::new();
    macro_rules! take {
        ($($number:literal)*) => { $( extensions.insert(Room::<$number>); )* };
    }
    take!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
    extensions.clear();
    extensions
}

impl Service<Request<Body>> for Given {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut req: Request<Body>) -> ResponseFuture {
        let known = std::mem::replace(req.extensions_mut(), Extensions::clone(&self.things));
        req.extensions_mut().extend(known);
        self.inner.respond(req)
    }
}
