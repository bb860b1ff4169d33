//! S7, S11, P9: the cookie of the session on its way, and a secret key that was changed.

use std::path::PathBuf;
use std::time::Duration;

use nuages::testing::LiveServer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::session_engines::{engines, sid, site};
use super::victim::{PASSWORD, Victim, log_in};

const OLD: &str = "the old key of this site, which is long enough for everybody here";
const NEW: &str = "the new key of this site, which is long enough for everybody here";

/// The line that sets the session's cookie at a login.
async fn login_cookie(victim: &Victim) -> String {
    victim.site.create_user("alice", PASSWORD).await;
    let mut browser = victim.browser();
    let answer = log_in(&mut browser, "alice", PASSWORD).await;
    let lines = answer.headers().get_all("set-cookie").iter();
    let mut lines = lines.map(|line| line.to_str().unwrap().to_owned());
    lines.find(|line| line.contains("sessionid=")).unwrap()
}

fn warnings(victim: &Victim) -> Vec<String> {
    let checks = victim.site.site().checks(true);
    checks.iter().map(|check| check.id.to_string()).collect()
}

#[tokio::test]
async fn s7_the_cookie_of_a_site_with_https_has_every_flag() {
    for (engine, _) in engines("s7") {
        let victim = site(engine, &[("session_cookie_secure", true)]).await;
        let line = login_cookie(&victim).await;
        for flag in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(line.contains(flag), "{engine}: {flag}: {line}");
        }
        assert!(!line.contains("Domain"), "{engine}: {line}");
        let found = warnings(&victim);
        for id in ["security.W012", "security.W015", "nuages.W003"] {
            assert!(!found.iter().any(|known| known == id), "{engine}: {id}");
        }
    }
}

#[tokio::test]
async fn s7_pair_each_flag_that_is_missing_is_named_by_the_deploy_check() {
    for (change, flag, id) in [
        (
            ("session_cookie_secure", "false"),
            "; Secure",
            "security.W012",
        ),
        (
            ("session_cookie_httponly", "false"),
            "; HttpOnly",
            "security.W015",
        ),
        (
            ("session_cookie_samesite", "None"),
            "; SameSite=Lax",
            "nuages.W003",
        ),
    ] {
        let victim = Victim::with(
            |settings| {
                settings.set("session_cookie_secure", true).unwrap();
                match change.1 {
                    "false" => settings.set(change.0, false).unwrap(),
                    text => settings.set(change.0, text).unwrap(),
                }
            },
            &[],
        )
        .await;
        assert!(warnings(&victim).iter().any(|known| known == id), "{id}");
        assert!(!login_cookie(&victim).await.contains(flag), "{flag}");
    }
}

#[tokio::test]
async fn s7_a_name_with_the_host_prefix_is_a_name() {
    let victim = Victim::with(
        |settings| {
            settings
                .set("session_cookie_name", "__Host-sessionid")
                .unwrap();
            settings.set("session_cookie_secure", true).unwrap();
        },
        &[],
    )
    .await;
    let line = login_cookie(&victim).await;
    // What a browser asks of such a cookie: https, the whole host, no other host.
    assert!(line.starts_with("__Host-sessionid="), "{line}");
    assert!(line.contains("; Secure") && line.contains("; Path=/") && !line.contains("Domain"));
    let key = line.split(['=', ';']).nth(1).unwrap();
    let whoami = async |name: &str| {
        let cookie = format!("{name}={key}");
        let mut browser = victim.browser();
        browser
            .get("/whoami/")
            .header("cookie", cookie)
            .await
            .text()
    };
    assert_eq!(whoami("__Host-sessionid").await, "alice");
    assert_eq!(whoami("sessionid").await, "nobody");
}

/// The status and the body of one request with these headers.
async fn exchange(server: &LiveServer, headers: &str) -> (u16, String) {
    let mut stream = tokio::net::TcpStream::connect(server.address())
        .await
        .unwrap();
    let head =
        format!("GET /whoami/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    // A server that has read enough may hang up before the end.
    let _ = stream.write_all(head.as_bytes()).await;
    let mut bytes = Vec::new();
    let reading = stream.read_to_end(&mut bytes);
    let _ = tokio::time::timeout(Duration::from_secs(10), reading).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text
        .get(9..12)
        .and_then(|code| code.parse().ok())
        .unwrap_or(0);
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    (status, body.unwrap_or_default())
}

#[tokio::test]
async fn s11_many_and_large_cookies_are_read_or_refused_and_never_confused() {
    let victim = site("db", &[]).await;
    victim.site.create_user("alice", PASSWORD).await;
    let alice = sid(&victim.logged_in("alice").await);
    let server = victim.site.live().await;
    let many = |last: &str| {
        let mut cookies = "other=value; ".repeat(198);
        cookies.push_str(last);
        format!("Cookie: {cookies}\r\n")
    };
    // The pair: among two hundred the right one is found.
    let right = format!("sessionid={alice}");
    assert_eq!(
        exchange(&server, &many(&right)).await,
        (200, "alice".to_owned())
    );
    let cases = [
        many(&format!("sessionid={alice}; sessionid=planted1")),
        many(&format!("x=\"a; sessionid={alice}\"")),
        many(&format!("utm=x]sessionid={alice}")),
        many(&format!("x=a, sessionid={alice}")),
        many(&format!("x sessionid={alice}")),
        many(&format!("session\u{131}d={alice}")),
    ];
    for case in cases {
        let (status, body) = exchange(&server, &case).await;
        assert_eq!(
            (status, body.as_str()),
            (200, "nobody"),
            "{}",
            &case[case.len() - 80..]
        );
    }
    let (status, body) = exchange(
        &server,
        &format!("Cookie: a={}; sessionid={alice}\r\n", "x".repeat(64 * 1024)),
    )
    .await;
    assert!([400, 431].contains(&status), "{status}");
    assert!(!body.contains("alice"));
}

#[tokio::test]
async fn p9_sessions_and_forms_outlive_a_new_secret_key_while_the_old_one_is_listed() {
    for engine in ["db", "file", "signed_cookies"] {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("p9-{engine}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let with = async |key: &'static str, former: Vec<&'static str>| {
            let folder = folder.to_string_lossy().into_owned();
            Victim::with(
                |settings| {
                    settings.set("session_engine", engine).unwrap();
                    let database = format!("sqlite:///{folder}/db.sqlite3");
                    settings.set("database_url", database).unwrap();
                    settings.set("session_file_path", folder).unwrap();
                    settings.set("secret_key", key).unwrap();
                    settings.set("secret_key_fallbacks", former).unwrap();
                },
                &[],
            )
            .await
        };
        let old = with(OLD, vec![]).await;
        old.site.create_user("alice", PASSWORD).await;
        let mut browser = old.logged_in("alice").await;
        let token = super::victim::token(&mut browser).await;
        let jar = |victim: &Victim, key: &str, csrf: &str| {
            let mut browser = victim.browser();
            browser.cookies.set("sessionid", key);
            browser.cookies.set("csrftoken", csrf);
            browser
        };
        let (key, csrf) = (
            sid(&browser),
            browser.cookies.get("csrftoken").unwrap().to_owned(),
        );

        // The pair first: a key that is gone takes what it signed with it.
        let strict = with(NEW, vec![]).await;
        let seen = jar(&strict, &key, &csrf).get("/whoami/").await.text();
        assert_eq!(seen, "nobody", "{engine}");

        let both = with(NEW, vec![OLD]).await;
        let mut here = jar(&both, &key, &csrf);
        assert_eq!(here.get("/whoami/").await.text(), "alice", "{engine}");
        // The form's token is a mask over a secret, and not signed.
        let answer = here.post("/bump/").header("x-csrftoken", &token).await;
        assert_eq!(answer.text(), "bumped", "{engine}");
        let fresh = super::victim::token(&mut here).await;
        assert_eq!(
            here.post("/bump/")
                .header("x-csrftoken", &fresh)
                .await
                .text(),
            "bumped"
        );
        // What was written since is signed with the new key: the old one can be dropped.
        here.get("/remember/word/").await;
        let mut after = jar(&strict, &sid(&here), &csrf);
        assert_eq!(after.get("/whoami/").await.text(), "alice", "{engine}");
        assert_eq!(after.get("/recall/").await.text(), "word", "{engine}");
        let gone = jar(&old, &sid(&after), &csrf).get("/whoami/").await.text();
        assert_eq!(gone, "nobody", "{engine}: the old key reads nothing new");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
