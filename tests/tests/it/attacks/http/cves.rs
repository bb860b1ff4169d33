//! The CVEs of Django and of its neighbours that concern hosts, paths, headers and files, each by its name.

use std::time::{Duration, Instant};

use nuages::prelude::*;
use nuages::security::cookie::SetCookie;
use nuages::security::redirect::url_has_allowed_host_and_scheme;
use nuages::security::uri::{repercent_broken_unicode, uri_to_iri};
use nuages::testing::TestSite;
use nuages::web::{AcceptedTypes, HeaderParams, RequestInfo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::hosts::{ask, live};
use super::log::Log;
use crate::attacks::linear::{is_linear, least};
use crate::attacks::wire::raw::{assert_lives, peak_memory};

/// Makes a header of a size.
type Make = fn(usize) -> String;

#[test]
fn h12_cve_2026_84429_semicolons_in_quotes_cost_what_they_should() {
    let parse = |line: &str| HeaderParams::parse_within(line, usize::MAX).map(|it| it.params.len());
    let shapes: [(&str, Make); 7] = [
        ("quoted", |n| format!("a/b; x=\"{}\"", ";".repeat(n))),
        ("quote without an end", |n| {
            format!("a/b; x=\"{}", ";".repeat(n))
        }),
        ("empty", |n| format!("a/b{}", ";".repeat(n))),
        ("escaped quotes", |n| {
            format!("a/b; x=\"{}\"", "\\\";".repeat(n))
        }),
        ("names", |n| {
            (0..n).fold("a/b".to_owned(), |line, at| format!("{line};{at}=x"))
        }),
        ("pieces", |n| {
            (0..n).fold("a/b".to_owned(), |line, at| format!("{line};a*{at}=x"))
        }),
        ("other pieces", |n| {
            (0..n).fold("a/b".to_owned(), |line, at| format!("{line};a{at}*0=x"))
        }),
    ];
    for (name, make) in shapes {
        assert!(is_linear(1000, make, |line| parse(line)), "{name}");
    }
    for kinds in ["a/b,", "a/b;q=0.5,*/*,", ",", "*,"] {
        let wanted = |header: &String| {
            let accepted = AcceptedTypes::parse(header);
            accepted.preferred(&["text/html", "a/b"]).is_some()
        };
        assert!(
            is_linear(1000, |size| kinds.repeat(size), wanted),
            "{kinds}"
        );
    }
    let params = HeaderParams::parse(&format!(
        "attachment; filename=\"{}\"; size=1",
        ";".repeat(5000)
    ));
    let params = params.unwrap().params;
    assert_eq!(params.len(), 2);
    assert_eq!(params[1], ("size".to_owned(), "1".to_owned()));
}

#[tokio::test]
async fn h12_cve_2026_84429_a_long_header_is_not_read() {
    let long = format!("a/b; x=\"{}\"", ";".repeat(10_000));
    assert_eq!(HeaderParams::parse(&long), None);
    assert!(
        HeaderParams::parse_within(&long, 20_000).is_some(),
        "the pair"
    );
    assert!(!AcceptedTypes::parse(&long).accepts("a/b"));
    let urls = Urls::new().path("", any(accepts).csrf_exempt(), "accepts");
    let site = TestSite::new(Site::new().urls(urls)).await;
    let mut client = site.client();
    for accept in [
        long.clone(),
        "a/b; x=\";;\"".repeat(500),
        format!("a/b{}", ";,".repeat(4000)),
    ] {
        let began = Instant::now();
        let answer = client.get("/").header("accept", accept).await;
        assert_eq!(
            (answer.status().as_u16(), answer.text().as_str()),
            (200, "false")
        );
        assert!(began.elapsed() < Duration::from_secs(1));
    }
    for (name, value) in [("content-type", &long), ("content-disposition", &long)] {
        let answer = client.post("/").header(name, value).await;
        assert_eq!(answer.status(), 200, "{name}");
    }
}

async fn accepts(req: RequestInfo) -> String {
    let _ = req.content_type();
    req.accepted_types().accepts("text/html").to_string()
}

#[test]
fn x5_a_header_at_the_limit_is_read_in_a_millisecond() {
    let quoted = format!("a/b; x=\"{}\"", ";".repeat(9980));
    let names = (0..1400).fold("a/b".to_owned(), |line, at| format!("{line};{at}=x"));
    for line in [quoted, names] {
        assert!(line.len() <= 10_000 && HeaderParams::parse(&line).is_some());
        let time = least(&|| HeaderParams::parse(&line));
        // A build for tests is about ten times slower than the real one.
        let most = if cfg!(debug_assertions) { 10 } else { 1 };
        assert!(time < Duration::from_millis(most), "{time:?}");
    }
}

#[tokio::test]
async fn h8_cve_2021_44420_a_line_end_behind_a_path_is_a_part_of_it() {
    let shown = async |req: RequestInfo| format!("{:?}", req.path());
    let urls = Urls::new()
        .path("articles/<int:year>/", get(shown), "int")
        .path("word/<slug:word>/", get(shown), "slug")
        .path("plain/", get(shown), "plain")
        .path("uuid/<uuid:id>/", get(shown), "uuid")
        .path("str/<str:word>/", get(shown), "str")
        .re_path(r"^regex/(?P<pk>[0-9]+)/$", get(shown), "regex")
        .re_path(r"^regex-open/(?P<pk>[0-9]+)/\Z", get(shown), "regex-z");
    let site = TestSite::new(Site::new().urls(urls)).await;
    let mut client = site.client();
    for path in [
        "/articles/2003/",
        "/word/a-b/",
        "/plain/",
        "/uuid/39da9369-838e-4750-91a5-f7805cd82839/",
        "/str/a/",
        "/regex/1/",
        "/regex-open/1/",
    ] {
        assert_eq!(client.get(path).await.status(), 200, "{path}: the pair");
        for end in ["%0A", "%0a", "%0D%0A", "%0D", "%00", "%E2%80%A8"] {
            let answer = client.get(&format!("{path}{end}")).await;
            assert_eq!(answer.status(), 404, "{path}{end}");
        }
    }
    for path in ["/articles/2003%0A/", "/regex/1%0A/", "/word/a%0A/"] {
        assert_eq!(client.get(path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn h1_cve_2012_4520_a_host_with_a_user_name_poisons_no_link() {
    let (_site, server) = live(|_| ()).await;
    let (log, _guard) = Log::listen();
    for host in [
        "site.com:random@evilsite.com",
        "site.com:80/badpath",
        "site.com: recovermypassword.com",
        "evil@site.com",
        "site.com%40evil.com",
    ] {
        let answer = ask(&server, "/", &[&format!("Host: {host}")]).await;
        assert_eq!(answer.statuses(), [400], "{host}");
        assert!(!answer.text.contains("evil"), "{}", answer.text);
        assert!(
            log.events()
                .iter()
                .any(|event| event.contains("DisallowedHost") && event.contains(host)),
            "{host}: {:?}",
            log.events()
        );
    }
    // The pair: the host that is the site's is in its links.
    let answer = ask(&server, "/", &["Host: site.com"]).await;
    assert!(answer.text.contains("url=http://site.com/"));
}

#[tokio::test]
async fn u15_cve_2015_0221_a_large_file_is_sent_in_pieces() {
    const SIZE: u64 = 256 * 1024 * 1024;
    let folder = std::env::temp_dir().join(format!("nuages-large-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    // Without a line end, and without taking room on the disk.
    std::fs::File::create(folder.join("large.bin"))
        .unwrap()
        .set_len(SIZE)
        .unwrap();
    let site = TestSite::with(Site::new(), |settings| {
        settings.set("debug", true).unwrap();
        let folders = vec![folder.display().to_string()];
        settings.set("staticfiles_dirs", folders).unwrap();
    })
    .await;
    let server = site.live().await;
    let download = async || {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let request =
            "GET /static/large.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut piece = vec![0; 64 * 1024];
        let mut count = 0;
        loop {
            let read = stream.read(&mut piece).await.unwrap();
            count += read as u64;
            if read == 0 {
                return count;
            }
        }
    };
    download().await;
    let before = peak_memory();
    let eight: [_; 8] = std::array::from_fn(|_| download());
    let counts = futures_util::future::join_all(eight).await;
    let grown = peak_memory().saturating_sub(before);
    assert!(counts.iter().all(|count| *count > SIZE), "{counts:?}");
    // Eight clients of ours are in this process, too.
    assert!(grown < 16 * 1024, "{grown} KiB");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn cve_2023_41164_and_cve_2019_14235_broken_letters_in_a_url_cost_what_they_should() {
    for shape in ["%FC", "test%FC", "%C3%A9%FC", "%", "%E2%99"] {
        let made = |size: usize| shape.repeat(size);
        let some = made(10_000);
        assert_eq!(uri_to_iri(&some), some.replace("%C3%A9", "é"), "{shape}");
        let length = |text: &String| uri_to_iri(text).len();
        assert!(is_linear(10_000, made, length), "{shape}");
    }
    // As deep as Python may recurse, and far beyond.
    for count in [1000, 1_000_000] {
        let escaped = repercent_broken_unicode(&vec![0xfc; count]);
        assert_eq!(escaped, "%FC".repeat(count));
    }
    let mixed = b"test\xfc".repeat(100_000);
    assert_eq!(repercent_broken_unicode(&mixed), "test%FC".repeat(100_000));
}

#[tokio::test]
async fn cve_2024_12224_a_name_that_decodes_to_ascii_is_another_name() {
    let (_site, server) = live(|_| ()).await;
    for host in ["xn--site-.com", "xn--site.com-", "XN--SITE-.COM"] {
        let answer = ask(&server, "/", &[&format!("Host: {host}")]).await;
        assert_eq!(answer.statuses(), [400], "{host}");
        let url = format!("http://{host}/");
        assert!(
            !url_has_allowed_host_and_scheme(&url, &["site.com"], false),
            "{host}"
        );
    }
    assert!(
        url_has_allowed_host_and_scheme("http://site.com/", &["site.com"], false),
        "the pair"
    );
}

#[tokio::test]
async fn cve_2017_18589_an_age_beyond_all_time_is_no_panic() {
    let now = nuages::base::Clock::default().now();
    for age in [i64::MAX, i64::MIN, -1, 0] {
        let cookie = SetCookie::new("a", "b")
            .max_age(age)
            .to_header_value(now)
            .unwrap();
        assert!(
            cookie.to_str().unwrap().contains(&format!("Max-Age={age}")),
            "{cookie:?}"
        );
    }
    let keep = async |session: Session| {
        session.set("word", "kept").await?;
        session
            .set_expiry(nuages::sessions::Expiry::Seconds(i64::MAX))
            .await?;
        Ok::<_, nuages::web::Error>("kept")
    };
    let urls = Urls::new().path("", get(keep), "keep");
    let site = TestSite::new(Site::new().urls(urls)).await;
    let answer = site.client().get("/").await;
    assert_eq!(answer.status(), 200);
    for cookie in [
        "a=b; Max-Age=99999999999999999999",
        "Max-Age=99999999999999999999; sessionid=x",
        "sessionid=\"Max-Age=-99999999999999999999\"",
    ] {
        let answer = site.client().get("/").header("cookie", cookie).await;
        assert_eq!(answer.status(), 200, "{cookie}");
    }
}

#[tokio::test]
async fn cve_2026_25727_a_date_of_brackets_is_no_date() {
    let folder = std::env::temp_dir().join(format!("nuages-dated-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("site.css"), "body {}").unwrap();
    let site = TestSite::with(Site::new(), |settings| {
        settings.set("debug", true).unwrap();
        let folders = vec![folder.display().to_string()];
        settings.set("staticfiles_dirs", folders).unwrap();
    })
    .await;
    let mut client = site.client();
    for (open, count) in [
        ("(", 100_000),
        ("((", 1_000_000),
        ("Mon, (", 20_000),
        ("-", 100_000),
    ] {
        for name in ["if-modified-since", "if-unmodified-since", "if-range"] {
            let request = client
                .get("/static/site.css")
                .header(name, open.repeat(count));
            assert_eq!(request.await.status(), 200, "{name} {open}");
        }
    }
    let server = site.live().await;
    let brackets = format!("If-Modified-Since: {}", "(".repeat(30_000));
    let answer = ask(&server, "/static/site.css", &["Host: localhost", &brackets]).await;
    assert_eq!(answer.statuses(), [200]);
    // The pair: a date counts.
    let dated = client
        .get("/static/site.css")
        .await
        .header("last-modified")
        .to_owned();
    let known = client
        .get("/static/site.css")
        .header("if-modified-since", dated)
        .await;
    assert_eq!(known.status(), 304);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn cve_2022_3212_no_extractor_reads_a_body_without_end() {
    let urls = Urls::new()
        .path("ok/", get(async || "ok"), "ok")
        .path(
            "raw/",
            post(async |body: nuages::web::RawBody| body.len().to_string()).csrf_exempt(),
            "raw",
        )
        .path(
            "json/",
            post(async |Json(value): Json<serde_json::Value>| value.to_string()).csrf_exempt(),
            "json",
        )
        .path(
            "form/",
            post(async |data: PostData| data.fields().len().to_string()).csrf_exempt(),
            "form",
        );
    let site = TestSite::new(Site::new().urls(urls)).await;
    let server = site.live().await;
    let piece = [
        format!("{:x}\r\n", 64 * 1024).as_bytes(),
        &vec![b'1'; 64 * 1024],
        b"\r\n",
    ]
    .concat();
    for (path, kind, begin) in [
        ("raw", "application/octet-stream", "1"),
        ("json", "application/json", "1"),
        ("form", "application/x-www-form-urlencoded", "a="),
        (
            "form",
            "multipart/form-data; boundary=X",
            "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n",
        ),
        ("form", "text/plain", "1"),
        (
            "form",
            "multipart/form-data; boundary=X",
            "preamble without end",
        ),
    ] {
        let before = peak_memory();
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let head = format!(
            "POST /{path}/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n\
             Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{begin}\r\n",
            begin.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let (mut reader, mut writer) = stream.split();
        // A gigabyte, of which the server takes what it likes.
        let send = async {
            let mut sent = 0;
            while sent < 16 * 1024 && writer.write_all(&piece).await.is_ok() {
                sent += 1;
            }
            sent
        };
        let receive = async {
            let mut answer = vec![0; 4096];
            let count = reader.read(&mut answer).await.unwrap_or(0);
            String::from_utf8_lossy(&answer[..count]).into_owned()
        };
        let (sent, answer) = tokio::join!(send, receive);
        let grown = peak_memory().saturating_sub(before);
        assert!(sent < 1000, "{path} {kind}: {sent} pieces were taken");
        let refused = ["HTTP/1.1 400", "HTTP/1.1 413"];
        assert!(
            refused.iter().any(|line| answer.starts_with(line)) || kind == "text/plain",
            "{path} {kind}: {answer}"
        );
        assert!(grown < 8 * 1024, "{path} {kind}: {grown} KiB");
    }
    assert_lives(server.address()).await;
}
