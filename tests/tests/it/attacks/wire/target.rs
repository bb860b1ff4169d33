//! The site on the wire: what it serves, and what it has seen.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nuages::ServerSettings;
use nuages::prelude::*;
use nuages::testing::{LiveServer, TestSite};

/// The large response: more than any socket buffer.
pub(super) const LARGE: usize = 32 * 1024 * 1024;

/// A site at a real address, and how often its views have run.
pub(super) struct Target {
    pub(super) server: LiveServer,
    /// Kept for its database.
    _site: TestSite,
    seen: Seen,
}

/// What the views count.
#[derive(Clone, Default)]
struct Seen {
    admin: Arc<AtomicUsize>,
    begun: Arc<AtomicUsize>,
    running: Arc<AtomicUsize>,
    finished: Arc<AtomicUsize>,
}

/// A view that is running; the count goes down also when it is cancelled.
struct Running(Arc<AtomicUsize>);

impl Running {
    fn new(seen: &Seen) -> Self {
        seen.begun.fetch_add(1, Ordering::SeqCst);
        seen.running.fetch_add(1, Ordering::SeqCst);
        Self(seen.running.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Target {
    /// With the limits that a site has when it sets nothing.
    pub(super) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// With other limits.
    pub(super) async fn with(change: impl FnOnce(&mut ServerSettings)) -> Self {
        let seen = Seen::default();
        let site = Site::new().urls(urls(&seen));
        let mut settings = ServerSettings::default();
        change(&mut settings);
        let site = TestSite::new(site).await;
        let server = LiveServer::with(site.service(), settings).await.unwrap();
        Self {
            server,
            _site: site,
            seen,
        }
    }

    /// How often the view has run that a smuggled request would reach.
    pub(super) fn admin(&self) -> usize {
        self.seen.admin.load(Ordering::SeqCst)
    }

    /// How many slow views have begun.
    pub(super) fn begun(&self) -> usize {
        self.seen.begun.load(Ordering::SeqCst)
    }

    /// How many slow views are running.
    pub(super) fn running(&self) -> usize {
        self.seen.running.load(Ordering::SeqCst)
    }

    /// How many slow views ran to their end.
    pub(super) fn finished(&self) -> usize {
        self.seen.finished.load(Ordering::SeqCst)
    }

    /// Waits until `holds`, for at most five seconds.
    pub(super) async fn until(&self, holds: impl Fn(&Self) -> bool) -> bool {
        for _ in 0..250 {
            if holds(self) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }
}

fn urls(seen: &Seen) -> Urls {
    let (admin, slow) = (seen.clone(), seen.clone());
    let admin = move || {
        admin.admin.fetch_add(1, Ordering::SeqCst);
        async { "admin" }
    };
    let slow = move || {
        let seen = slow.clone();
        async move {
            let running = Running::new(&seen);
            tokio::time::sleep(Duration::from_millis(500)).await;
            seen.finished.fetch_add(1, Ordering::SeqCst);
            drop(running);
            "slow"
        }
    };
    Urls::new()
        .path("ok/", any(async || "ok").csrf_exempt(), "ok")
        .path("admin/", get(admin), "admin")
        .path("slow/", get(slow), "slow")
        .path("form/", post(form).csrf_exempt(), "form")
        .path("large/", get(async || vec![b'x'; LARGE]), "large")
        .path("user/", get(user), "user")
}

async fn form(data: PostData) -> String {
    format!("{} fields", data.fields().len())
}

/// What a site sees that lets its proxy say who the user is.
async fn user(req: nuages::web::RequestInfo) -> String {
    let names = ["remote-user", "remote_user"];
    let found = names.iter().find_map(|name| req.header(*name));
    found.unwrap_or("nobody").to_owned()
}
