//! The error pages of the site itself.

use nuages_template::{Engine, Template};

/// The templates `400.html`, `403.html`, `404.html` and `500.html`, as far as the site has them.
#[derive(Clone, Default)]
pub(crate) struct SiteErrorPages {
    pub(super) has: [bool; 4],
}

pub(super) const STATUSES: [u16; 4] = [400, 403, 404, 500];

impl SiteErrorPages {
    pub(crate) fn of(engine: &Engine) -> Self {
        // A broken one is found when it is used; only a missing one is none.
        let exists = |status: u16| {
            let found: Result<Template, _> = engine.get_template(&format!("{status}.html"));
            !found.is_err_and(|error| error.is_not_found())
        };
        Self {
            has: STATUSES.map(exists),
        }
    }

    /// True when a page of the site is rendered with what the request carries.
    pub(crate) fn want_request(&self) -> bool {
        self.has[1] || self.has[2]
    }

    pub(super) fn has(&self, status: u16) -> bool {
        STATUSES
            .iter()
            .position(|known| *known == status)
            .is_some_and(|at| self.has[at])
    }
}
