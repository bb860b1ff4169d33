//! H1 and H2: hosts and proxies, with the bytes that a client may really send.

use std::fmt::Write as _;

use http::{HeaderValue, Request, StatusCode};
use nuages::prelude::*;
use nuages::security::hosts::{Connection, HostsSettings, is_secure};
use nuages::testing::{LiveServer, TestSite};
use nuages::web::RequestInfo;

use crate::attacks::wire::raw::{Answer, assert_lives, exchange};

/// What the site believes of a request.
async fn echo(req: RequestInfo) -> String {
    let port = req.extension::<nuages::security::hosts::Port>();
    format!(
        "host={} url={} port={}",
        req.host().unwrap_or("none"),
        req.own_url().unwrap_or_default(),
        port.map_or("usual", |port| &port.0)
    )
}

/// A site for `site.com`, at a real address.
pub(super) async fn live(change: impl FnOnce(&mut Settings)) -> (TestSite, LiveServer) {
    let urls = Urls::new()
        .path("", get(echo), "echo")
        .path("ok/", get(async || "ok"), "ok");
    let site = TestSite::with(Site::new().urls(urls), |settings| {
        let hosts = vec!["site.com", "localhost"];
        settings.set("allowed_hosts", hosts).unwrap();
        change(settings);
    })
    .await;
    let server = site.live().await;
    (site, server)
}

/// The answer to a GET with these header lines, and no other.
pub(super) async fn ask(server: &LiveServer, target: &str, headers: &[&str]) -> Answer {
    let mut request = format!("GET {target} HTTP/1.1\r\n");
    for line in headers {
        let _ = write!(request, "{line}\r\n");
    }
    request.push_str("Connection: close\r\n\r\n");
    exchange(server.address(), request).await
}

async fn status(server: &LiveServer, headers: &[&str]) -> Vec<u16> {
    ask(server, "/", headers).await.statuses()
}

const FORGED: [&str; 17] = [
    "Host: evil.com",
    "Host: site.com@evil",
    "Host: site.com:80/bad",
    "Host: site.com: x",
    "Host: site.com: recovermypassword.com",
    "Host: site.com:random@evilsite.com",
    "Host: [::1]x",
    "Host: [::1",
    "Host: site.com:",
    "Host: site.com:80x",
    "Host:",
    "Host: xn--site-.com",
    "Host: site.com\\.evil.com",
    "Host: site.com/../evil.com",
    "Host: site.com#evil.com",
    "Host: site.com..",
    "Host: evil.com, site.com",
];

#[tokio::test]
async fn h1_every_form_of_a_forged_host_is_refused_on_the_wire_with_and_without_debug() {
    for debug in [false, true] {
        let (_site, server) = live(|settings| settings.set("debug", debug).unwrap()).await;
        for host in FORGED {
            let answer = ask(&server, "/", &[host]).await;
            assert_eq!(
                answer.statuses(),
                [400],
                "debug {debug}: {host}\n{}",
                answer.text
            );
        }
        for two in [
            ["Host: site.com", "Host: evil.com"],
            ["Host: evil.com", "Host: site.com"],
            ["Host: site.com", "Host: site.com"],
        ] {
            assert_eq!(status(&server, &two).await, [400], "{two:?}");
        }
        assert_eq!(status(&server, &[]).await, [400], "no host at all");
        // A target with a host of its own has to agree with the header.
        let absolute = ask(&server, "http://evil.com/", &["Host: site.com"]).await;
        assert_eq!(absolute.statuses(), [400]);
        for host in [
            "Host: site.com",
            "Host: SITE.COM",
            "Host: site.com.",
            "Host: site.com:8000",
            // No port is too large for Django; what matters is that nothing fails.
            "Host: site.com:99999",
            "Host: site.com:99999999999999999999",
        ] {
            assert_eq!(status(&server, &[host]).await, [200], "{host}");
        }
        assert_lives(server.address()).await;
    }
}

#[tokio::test]
async fn h1_pair_a_site_for_every_host_answers_the_forged_names() {
    let (_site, server) = live(|settings| settings.set("allowed_hosts", vec!["*"]).unwrap()).await;
    let answer = ask(&server, "/", &["Host: evil.com"]).await;
    assert!(
        answer.text.contains("url=http://evil.com/"),
        "{}",
        answer.text
    );
    // What is no host is refused even there.
    for host in ["Host: site.com@evil", "Host: site.com:80/bad", "Host:"] {
        assert_eq!(status(&server, &[host]).await, [400], "{host}");
    }
}

#[tokio::test]
async fn h1_cve_2016_9014_debug_mode_without_hosts_answers_only_for_this_machine() {
    let (_site, server) = live(|settings| {
        settings.set("debug", true).unwrap();
        settings.set("allowed_hosts", Vec::<&str>::new()).unwrap();
    })
    .await;
    for host in [
        "Host: localhost",
        "Host: localhost:8000",
        "Host: sub.localhost",
        "Host: 127.0.0.1",
        "Host: [::1]:8000",
    ] {
        assert_eq!(status(&server, &[host]).await, [200], "{host}");
    }
    for host in [
        "Host: evil.com",
        "Host: example.com",
        "Host: 192.168.0.1",
        "Host: localhost.evil.com",
        "Host: evil-localhost",
        "Host: 127.0.0.1.evil.com",
        "Host: 0.0.0.0",
    ] {
        assert_eq!(status(&server, &[host]).await, [400], "{host}");
    }
}

#[tokio::test]
async fn h1_pair_debug_mode_with_hosts_answers_for_them() {
    let (_site, server) = live(|settings| {
        settings.set("debug", true).unwrap();
        settings.set("allowed_hosts", vec!["evil.com"]).unwrap();
    })
    .await;
    assert_eq!(status(&server, &["Host: evil.com"]).await, [200]);
}

/// What nobody but a proxy has to say.
const OF_A_PROXY: [&str; 12] = [
    "X-Forwarded-Host: evil.com",
    "X-Forwarded-Host: evil.com, site.com",
    "X_Forwarded_Host: evil.com",
    "X-Forwarded-Proto: https",
    "X_Forwarded_Proto: https",
    "X-Forwarded-Port: 4444",
    "X_Forwarded_Port: 4444",
    "X-Forwarded-For: 127.0.0.1",
    "Forwarded: host=evil.com;proto=https;for=127.0.0.1",
    "X-Host: evil.com",
    "X-Original-URL: /ok/",
    "X-Rewrite-URL: /ok/",
];

#[tokio::test]
async fn h2_cve_2011_4139_nothing_that_a_proxy_would_say_is_believed_by_itself() {
    let (_site, server) = live(|_| ()).await;
    let plain = ask(&server, "/", &["Host: site.com"]).await;
    let plain = plain.text.rsplit("\r\n").next().unwrap().to_owned();
    assert_eq!(plain, "host=site.com url=http://site.com/ port=usual");
    for header in OF_A_PROXY {
        let answer = ask(&server, "/", &["Host: site.com", header]).await;
        assert!(answer.text.ends_with(&plain), "{header}: {}", answer.text);
    }
    let all = [&["Host: site.com"][..], &OF_A_PROXY].concat();
    let answer = ask(&server, "/", &all).await;
    assert!(answer.text.ends_with(&plain), "{}", answer.text);
}

async fn behind_a_proxy() -> (TestSite, LiveServer) {
    live(|settings| {
        settings.set("use_x_forwarded_host", true).unwrap();
        settings.set("use_x_forwarded_port", true).unwrap();
        let https = vec!["HTTP_X_FORWARDED_PROTO", "https"];
        settings.set("secure_proxy_ssl_header", https).unwrap();
    })
    .await
}

#[tokio::test]
async fn h2_pair_a_site_behind_a_proxy_believes_its_proxy() {
    let (_site, server) = behind_a_proxy().await;
    let answer = ask(
        &server,
        "/",
        &[
            "Host: internal:8000",
            "X-Forwarded-Host: site.com",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Port: 444",
        ],
    )
    .await;
    let expected = "host=site.com url=https://site.com/ port=444";
    assert!(answer.text.ends_with(expected), "{}", answer.text);
}

#[tokio::test]
async fn h2_behind_a_proxy_its_headers_are_validated_too() {
    let (_site, server) = behind_a_proxy().await;
    for host in [
        "X-Forwarded-Host: evil.com",
        "X-Forwarded-Host: site.com@evil.com",
        "X-Forwarded-Host: site.com, evil.com",
        "X-Forwarded-Host: evil.com, site.com",
        "X-Forwarded-Host:",
    ] {
        let statuses = status(&server, &["Host: site.com", host]).await;
        assert_eq!(statuses, [400], "{host}");
    }
    let twice = [
        "Host: site.com",
        "X-Forwarded-Host: site.com",
        "X-Forwarded-Host: evil.com",
    ];
    assert_eq!(status(&server, &twice).await, [400]);
    // Of a list of schemes the first counts.
    for (header, scheme) in [
        ("X-Forwarded-Proto: https, http", "https"),
        ("X-Forwarded-Proto: http, https", "http"),
        ("X-Forwarded-Proto: HTTPS", "http"),
        ("X-Forwarded-Proto: httpsx", "http"),
        ("X_Forwarded_Proto: https", "http"),
    ] {
        let answer = ask(&server, "/", &["Host: site.com", header]).await;
        let expected = format!("url={scheme}://site.com/");
        assert!(answer.text.contains(&expected), "{header}: {}", answer.text);
    }
}

/// Whether a request with these headers counts as HTTPS, over a connection that is TLS or not.
fn secure(is_tls: bool, proto: Option<&str>) -> bool {
    let settings = HostsSettings {
        secure_proxy_ssl_header: Some(("HTTP_X_FORWARDED_PROTO".into(), "https".into())),
        ..HostsSettings::default()
    };
    let mut request = Request::new(());
    if let Some(proto) = proto {
        let value = HeaderValue::from_str(proto).unwrap();
        request.headers_mut().insert("x-forwarded-proto", value);
    }
    request.extensions_mut().insert(Connection {
        is_secure: is_tls,
        ..Connection::default()
    });
    is_secure(&settings, &request.into_parts().0)
}

#[tokio::test]
async fn h2_cve_2019_12781_a_client_over_http_is_not_secure_because_its_proxy_is() {
    assert!(
        !secure(true, Some("http")),
        "TLS from the proxy, HTTP to it"
    );
    assert!(!secure(true, Some("http,https")));
    assert!(secure(true, Some("https,http")));
    assert!(secure(false, Some("https")));
    assert!(
        secure(true, None),
        "without the header the connection counts"
    );
    assert!(!secure(false, None));
    // And so it is sent to HTTPS.
    let (site, _server) = live(|settings| {
        settings.set("secure_ssl_redirect", true).unwrap();
        let https = vec!["HTTP_X_FORWARDED_PROTO", "https"];
        settings.set("secure_proxy_ssl_header", https).unwrap();
    })
    .await;
    let ask = async |proto: &str| {
        let mut client = site.client().host("site.com");
        client.get("/").header("x-forwarded-proto", proto).await
    };
    let redirected = ask("http").await;
    assert_eq!(
        (redirected.status(), redirected.location()),
        (StatusCode::MOVED_PERMANENTLY, "https://site.com/")
    );
    assert_eq!(ask("https").await.status(), 200);
}
