//! The routes of a table, for people.

use http::Method;

use super::flags::RouteFlags;
use super::matched::RouteTarget;
use super::table::UrlTable;

/// One line of the `routes` command.
///
/// ```
/// use nuages_web::{Urls, get};
///
/// let urls = Urls::new()
///     .path("posts/<int:pk>/", get(async || "post").login_required(), "post-detail")
///     .freeze()?;
/// let route = &urls.routes()[0];
/// assert_eq!((route.pattern.as_str(), route.name.as_str()), ("/posts/<int:pk>/", "post-detail"));
/// assert_eq!(route.protections, "login");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteListing {
    /// The whole route with its leading slash.
    pub pattern: String,
    /// The name with its namespaces; empty without a name.
    pub name: String,
    /// The methods; empty when the view takes them all.
    pub methods: Vec<Method>,
    /// True when a whole service is mounted here.
    pub is_mount: bool,
    /// What the route asks of the layers, in words: `login, csrf_exempt`.
    pub protections: String,
    /// The same as data.
    pub flags: RouteFlags,
}

impl UrlTable {
    /// All routes in the order of matching.
    pub fn routes(&self) -> Vec<RouteListing> {
        let listing = self.all_routes().iter().map(|route| RouteListing {
            pattern: format!("/{}", route.text),
            name: route.view_name.clone(),
            methods: match &route.target {
                RouteTarget::View(view) => view.methods(),
                RouteTarget::Mount(_) => Vec::new(),
            },
            is_mount: matches!(route.target, RouteTarget::Mount(_)),
            protections: route.flags.describe(),
            flags: route.flags.clone(),
        });
        listing.collect()
    }
}
