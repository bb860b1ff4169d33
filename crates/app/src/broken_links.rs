//! Mails to the managers about links that lead nowhere.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{HeaderName, REFERER, USER_AGENT};
use http::{Request, Response, StatusCode, Uri};
use nuages_mail::{EmailMessage, Mail};
use nuages_security::hosts::{Host, HostsSettings, client_address};
use nuages_security::{Enter, Leave, Middleware};
use nuages_web::WebSettings;
use regex::Regex;

/// Writes to the managers when a page that a link names is not there.
///
/// # Django
/// `BrokenLinkEmailsMiddleware`.
#[derive(Debug, Clone)]
pub(crate) struct BrokenLinksLayer {
    config: Arc<Config>,
    mail: Mail,
}

#[derive(Debug)]
struct Config {
    hosts: HostsSettings,
    append_slash: bool,
    ignorable: Vec<Regex>,
}

/// A request that came by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Followed {
    host: String,
    target: String,
    referer: String,
    agent: String,
    address: String,
}

impl BrokenLinksLayer {
    pub(crate) fn new(web: &WebSettings, hosts: &HostsSettings, mail: Mail) -> Self {
        let sources = web.ignorable_404_urls.iter();
        let config = Config {
            hosts: hosts.clone(),
            append_slash: web.append_slash,
            // The checks name those that cannot be read.
            ignorable: sources
                .filter_map(|source| Regex::new(source).ok())
                .collect(),
        };
        Self {
            config: Arc::new(config),
            mail,
        }
    }
}

impl Config {
    /// Is the link a mistake that somebody should mend?
    fn is_of_interest(&self, link: &Followed) -> bool {
        let (target, referer) = (&link.target, &link.referer);
        // A redirect to the path with a slash, by something that calls that a link.
        let is_slash = self.append_slash && target.strip_suffix('/') == Some(referer.as_str());
        // Pages of search engines.
        let is_search = !is_internal(link) && referer.contains('?');
        // What names a page as the one that it came from is a bad robot.
        let is_itself = referer.parse().is_ok_and(|url: Uri| {
            let host = url.authority().map_or("", |host| host.as_str());
            (host.is_empty() || host == link.host) && url.path() == target
        });
        let is_ignorable = || self.ignorable.iter().any(|regex| regex.is_match(target));
        !(referer.is_empty() || is_slash || is_search || is_itself || is_ignorable())
    }
}

/// Another subdomain is another site.
fn is_internal(link: &Followed) -> bool {
    let rest = link.referer.strip_prefix("http://");
    rest.or_else(|| link.referer.strip_prefix("https://"))
        .and_then(|rest| rest.strip_prefix(&*link.host))
        .is_some_and(|rest| rest.starts_with('/'))
}

fn message(link: &Followed) -> EmailMessage {
    let internal = if is_internal(link) { "INTERNAL " } else { "" };
    let Followed {
        host,
        target,
        referer,
        agent,
        address,
    } = link;
    EmailMessage::new(
        format!("Broken {internal}link on {host}"),
        format!(
            "Referrer: {referer}\nRequested URL: {target}\nUser agent: {agent}\nIP address: {address}\n"
        ),
    )
}

impl Middleware for BrokenLinksLayer {
    type Kept = Box<Followed>;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Box<Followed>> {
        let text = |name: HeaderName| {
            let value = req.headers().get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let Some(referer) = text(REFERER).filter(|referer| !referer.is_empty()) else {
            return Enter::Skip;
        };
        let target = req.uri().path_and_query();
        let peer = req.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|peer| peer.0.ip());
        let address = client_address(&self.config.hosts, peer, req.headers());
        let none = || "<none>".to_owned();
        Enter::Pass(Box::new(Followed {
            host: req
                .extensions()
                .get::<Host>()
                .map_or_else(String::new, Host::to_string),
            target: target.map_or("/", |target| target.as_str()).to_owned(),
            referer,
            agent: text(USER_AGENT).unwrap_or_else(none),
            address: address.map_or_else(none, |address| address.to_string()),
        }))
    }

    fn leave(&self, link: Box<Followed>, res: &mut Response<Body>) -> Leave {
        if res.status() == StatusCode::NOT_FOUND
            && self.config.is_of_interest(&link)
            && let Err(error) = self.mail.mail_managers(message(&link))
        {
            tracing::warn!(target: "nuages.mail", error = &error as &dyn std::error::Error, "nobody was told of a broken link");
        }
        Leave::Done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &str, referer: &str, expect: bool) {
        let config = Config {
            hosts: HostsSettings::default(),
            append_slash: true,
            ignorable: vec![Regex::new(r"^/favicon\.ico").unwrap()],
        };
        let link = Followed {
            host: "example.com".to_owned(),
            target: target.to_owned(),
            referer: referer.to_owned(),
            agent: String::new(),
            address: String::new(),
        };
        assert_eq!(config.is_of_interest(&link), expect, "{target} {referer}");
    }

    #[test]
    fn links_of_people_are_told_apart_from_robots_and_searches() {
        check("/gone/", "https://other.example/links/", true);
        check("/gone/", "http://example.com/about/", true);
        check("/gone/", "http://example.com/about/?page=2", true);
        check("/gone/", "https://search.example/?q=gone", false);
        // Another subdomain is another site.
        check("/gone/", "http://www.example.com/?q=gone", false);
        check("/gone/", "", false);
        check("/gone/", "/gone", false);
        check("/gone/", "/gone/", false);
        check("/gone/", "https://example.com/gone/", false);
        check("/gone/", "https://other.example/gone/", true);
        check("/gone/?a=b", "https://example.com/gone/", true);
        check("/favicon.ico", "http://example.com/about/", false);
    }
}
