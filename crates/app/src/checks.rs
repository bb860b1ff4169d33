//! What is wrong with the configuration of a site: every room's findings, and those of the whole.

use nuages_base::{Check, Tag};
use nuages_security::checks::{self as security, MissingLayer};
use nuages_security::csrf::CsrfMode;
use nuages_template::{Error, FolderCheck};
use nuages_web::Access;
use nuages_web::page_cache::CachePage;

use crate::built::BuiltSite;
use crate::stack::Onion;

pub(crate) fn run(site: &BuiltSite, deploy: bool) -> Vec<Check> {
    let settings = site.settings();
    let fallbacks = settings
        .site
        .secret_key_fallbacks
        .iter()
        .map(|key| key.expose().as_str());
    let mut found = [
        security::secret_keys(settings.site.secret_key.expose(), fallbacks),
        security::debug(settings.site.debug),
        security::hosts(&settings.hosts),
        security::headers(&settings.headers),
        security::frame(&settings.headers),
        security::csrf(&settings.csrf),
        security::csp(&settings.csp),
        nuages_web::checks(&settings.web),
        nuages_sessions::checks(&settings.sessions),
        nuages_auth::checks(&settings.auth),
        mail(site),
        crate::serve::checks(&settings.server),
        left_out(site),
        routes(site),
        page_cache(site),
    ]
    .concat();
    for check in site.apps.iter().flat_map(|app| &app.checks) {
        found.extend(check(settings));
    }
    if deploy {
        found.extend(templates(site));
    }
    found.retain(|check| deploy || check.tag == Tag::Always);
    found
}

/// What is wrong with mail; that there is none matters to sites that reset passwords.
fn mail(site: &BuiltSite) -> Vec<Check> {
    let settings = site.settings();
    let mut found = nuages_mail::checks(&settings.mail, settings.site.debug);
    let resets = site.urls().reverse("password_reset", &[], &[]).is_ok();
    found.retain(|check| check.id != "mail.W100" || (resets && !site.own_mail));
    found
}

/// Layers that the site goes without.
fn left_out(site: &BuiltSite) -> Vec<Check> {
    let name = |layer: &Onion| match layer {
        Onion::SecurityHeaders => security::missing(MissingLayer::SecurityHeaders),
        Onion::FrameOptions => security::missing(MissingLayer::FrameOptions),
        Onion::Csrf => security::missing(MissingLayer::Csrf),
        other => Check::warning(
            "nuages.W001",
            format!("The layer `{other}` is left out of the onion."),
        )
        .hint("Take `insecure_without` away, or know why it is there.")
        .deploy(),
    };
    site.without.iter().map(name).collect()
}

/// How many places one finding names.
const NAMED: usize = 5;

/// Variables that templates print where escaping is not enough.
fn templates(site: &BuiltSite) -> Vec<Check> {
    let engine = site.context().engine();
    let settings = site.settings();
    let folders = settings.web.template_dirs.iter();
    let mut places: Vec<Error> = folders
        .filter_map(|name| FolderCheck::run(engine, &settings.base_dir.join(name)).ok())
        .flat_map(FolderCheck::into_warnings)
        .collect();
    let embedded = site.apps.iter().flat_map(|app| &app.templates);
    places.extend(embedded.flat_map(|(name, source)| engine.lint(name, source)));
    if places.is_empty() {
        return Vec::new();
    }
    let mut named: Vec<String> = places
        .iter()
        .take(NAMED)
        .map(|warning| {
            let template = warning.template().unwrap_or_default();
            format!("{template}:{}", warning.line().unwrap_or(0))
        })
        .collect();
    if places.len() > NAMED {
        named.push(format!("and {} more", places.len() - NAMED));
    }
    vec![
        Check::info(
            "nuages.I002",
            format!(
                "Templates print variables where escaping is not enough: {}.",
                named.join(", ")
            ),
        )
        .hint("`template check FOLDER` shows each place and what to do.")
        .deploy(),
    ]
}

/// Routes that demand or forgo what the site does not have.
fn routes(site: &BuiltSite) -> Vec<Check> {
    let mut found = Vec::new();
    let routes = site.urls().routes();
    let exempt = routes
        .iter()
        .filter(|route| route.flags.csrf.is_some_and(CsrfMode::is_exempt));
    let exempt: Vec<&str> = exempt.map(|route| route.pattern.as_str()).collect();
    if !exempt.is_empty() {
        found.push(
            Check::info(
                "nuages.I001",
                format!(
                    "These routes are exempt from CSRF protection: {}.",
                    exempt.join(", ")
                ),
            )
            .hint("Each must prove its caller in another way, such as a signature.")
            .deploy(),
        );
    }
    let protected = routes
        .iter()
        .find(|route| route.flags.access != Access::Public);
    if let Some(route) = protected.filter(|_| !site.stack().contains(&Onion::CurrentUser)) {
        found.push(
            Check::error(
                "nuages.E001",
                format!("The route `{}` demands a login, but nobody checks it: the site has no current user.", route.pattern),
            )
            .hint("Add `.install(nuages::auth::app())`."),
        );
    }
    found
}

/// Routes whose pages are to be kept in a cache that there is not.
fn page_cache(site: &BuiltSite) -> Vec<Check> {
    let settings = site.settings();
    let is_missing = |alias: &str| !settings.caches.caches.contains_key(alias);
    let known: Vec<&str> = settings.caches.caches.keys().map(String::as_str).collect();
    let error = |message: String| {
        let hint = format!("There are: {}. Add it to `caches`.", known.join(", "));
        Check::error("nuages.E003", message).hint(hint)
    };
    let mut found = Vec::new();
    let alias = &settings.page_cache.cache_middleware_alias;
    if settings.page_cache.cache_middleware && is_missing(alias) {
        found.push(error(format!(
            "CACHE_MIDDLEWARE_ALIAS names the cache `{alias}`, which is not in the setting `caches`: no page is kept."
        )));
    }
    for route in site.urls().routes() {
        let alias = route.flags.cache_page.as_ref().map(CachePage::alias);
        if let Some(alias) = alias.filter(|alias| is_missing(alias)) {
            found.push(error(format!(
                "The pages of the route `{}` are to be kept in the cache `{alias}`, which is not in the setting `caches`.",
                route.pattern
            )));
        }
    }
    found
}
