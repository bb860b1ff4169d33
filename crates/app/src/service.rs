//! The whole site as a service: the path is resolved, the onion passed, the view called.

use axum::body::Body;
use http::{Extensions, Request};
use nuages_auth::CurrentUserLayer;
use nuages_db::Db;
use nuages_security::{Enter, Middleware};
use nuages_sessions::Sessions;
use nuages_web::{Dispatch, ResolveLayer, SharedService};

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
    let users = CurrentUserLayer::with_hosts(site.auth(db)?, &site.settings().hosts);
    let layers = Layers::new(site, &caches, &sessions, users);
    let views = Dispatch::stack(site.context().clone());
    let mut things = roomy();
    things.insert(db.clone());
    things.insert(site.signals().clone());
    things.insert(site.tasks(db));
    things.insert(site.mail().clone());
    things.insert(caches);
    let onion = wrap(views, order, &layers, asks_by_hand(site))
        .around(ResolveLayer::new(site.context().clone()))
        .around(Given { things });
    Ok(onion.into_service())
}

/// Whether a route asks for what a layer gives, so that it must have it without the layer as well.
fn asks_by_hand(site: &BuiltSite) -> bool {
    let routes = site.urls().routes();
    routes
        .iter()
        .any(|route| route.flags.csrf.is_some() || route.flags.frame.is_some())
}

/// Gives each request what its view may ask for by an extractor.
struct Given {
    things: Extensions,
}

/// Takes room in the extensions of a request, so that they do not grow step by step as layers add to them.
struct Room<const N: usize>;

impl<const N: usize> Clone for Room<N> {
    fn clone(&self) -> Self {
        Self
    }
}

/// Empty extensions with room for what a usual request gets; a clone has the same room.
///
/// With one thing more the table would be of a size that the allocator is slow with.
fn roomy() -> Extensions {
    let mut extensions = Extensions::new();
    macro_rules! take {
        ($($number:literal)*) => { $( extensions.insert(Room::<$number>); )* };
    }
    take!(0 1 2 3 4 5 6 7 8 9 10 11 12 13);
    extensions.clear();
    extensions
}

impl Middleware for Given {
    type Kept = ();

    fn enter(&self, req: &mut Request<Body>) -> Enter<()> {
        let known = std::mem::replace(req.extensions_mut(), Extensions::clone(&self.things));
        req.extensions_mut().extend(known);
        Enter::Skip
    }
}
