//! K2: what is for one visitor reaches no other.

use http::Method;

use super::kinds;
use super::target::Target;

#[tokio::test]
async fn k2_cve_2026_8404_what_is_private_in_any_spelling_is_made_anew() {
    for (kind, caches) in kinds("k2private") {
        let target = Target::new(|settings| settings.set("caches", caches).unwrap()).await;
        for value in [
            "private",
            "PRIVATE",
            "NO-store",
            "No-Cache",
            "max-age=60,%20Private",
            "public,no-STORE",
            "no-cache=%22Set-Cookie%22",
        ] {
            let path = format!("/echo/?cache-control={value}");
            let first = target.site.client().get(&path).await.text();
            let second = target.site.client().get(&path).await.text();
            assert_ne!(first, second, "{kind} {value}");
        }
        // The pairs: what is public is kept, and a naive cache keeps all.
        let path = "/echo/?cache-control=PUBLIC";
        let first = target.site.client().get(path).await.text();
        assert_eq!(target.site.client().get(path).await.text(), first, "{kind}");
        let path = "/naive/?cache-control=private";
        let first = target.site.client().get(path).await.text();
        assert_eq!(target.site.client().get(path).await.text(), first, "{kind}");
    }
}

#[tokio::test]
async fn k2_cve_2026_35193_who_proves_who_they_are_gets_a_page_of_their_own() {
    for (kind, caches) in kinds("k2auth") {
        let target = Target::new(|settings| settings.set("caches", caches).unwrap()).await;
        let mut browser = target.site.client();
        let first = browser
            .get("/echo/")
            .header("authorization", "Bearer A")
            .await;
        assert!(first.header("vary").contains("Authorization"), "{kind}");
        let second = browser
            .get("/echo/")
            .header("authorization", "Bearer B")
            .await;
        let nobody = browser.get("/echo/").await;
        let texts = [first.text(), second.text(), nobody.text()];
        assert!(
            texts[0].contains("Bearer A") && texts[1].contains("Bearer B"),
            "{kind}"
        );
        assert!(!texts[2].contains("Bearer"), "{kind} {texts:?}");
        // What says that it is public is given to all.
        let path = "/echo/?cache-control=public";
        let first = browser.get(path).header("authorization", "Bearer A").await;
        assert_eq!(first.header("vary"), "", "{kind}");
        assert_eq!(browser.get(path).await.text(), first.text(), "{kind}");
        // The pair.
        browser
            .get("/naive/")
            .header("authorization", "Bearer A")
            .await;
        assert!(
            browser.get("/naive/").await.text().contains("Bearer A"),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn k2_cve_2026_48588_a_cookie_that_is_set_is_never_replayed() {
    for (kind, caches) in kinds("k2cookie") {
        let target = Target::new(|settings| settings.set("caches", caches).unwrap()).await;
        for path in [
            "/echo/?set-cookie=sessionid=1&vary=Cookie",
            "/echo/?set-cookie=sessionid=1",
        ] {
            for cookie in ["theme=dark", "sessionid=0", ""] {
                let mut first = target.site.client();
                let first = first.get(path).header("cookie", cookie).await;
                assert!(first.headers().contains_key("set-cookie"));
                let mut second = target.site.client();
                let second = second.get(path).header("cookie", cookie).await;
                assert_ne!(first.text(), second.text(), "{kind} {path} {cookie}");
            }
        }
        // The pair: a naive cache replays it.
        let path = "/naive/?set-cookie=sessionid=1";
        let first = target.site.client().get(path).await;
        let second = target.site.client().get(path).await;
        assert_eq!(first.text(), second.text());
        assert!(second.headers().contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn k2_what_is_no_whole_page_is_made_anew() {
    let target = Target::new(|_| ()).await;
    for spec in [
        "status=206",
        "status=404",
        "status=500",
        "status=302",
        "stream",
    ] {
        let path = match spec {
            "stream" => "/stream/".to_owned(),
            spec => format!("/echo/?{spec}"),
        };
        let mut browser = target.site.client();
        browser.get(&path).await;
        let before = target.runs();
        browser.get(&path).await;
        assert_eq!(target.runs(), before + 1, "{spec}");
    }
}

#[tokio::test]
async fn k2_a_head_leaves_no_empty_page_and_gets_the_length_of_the_whole() {
    let target = Target::new(|_| ()).await;
    let mut browser = target.site.client();
    let head = browser.request(Method::HEAD, "/echo/").await;
    let page = browser.get("/echo/").await;
    assert!(head.text().is_empty() && page.text().starts_with("run 1 "));
    let head = browser.request(Method::HEAD, "/echo/").await;
    assert!(head.text().is_empty());
    let length: usize = head.header("content-length").parse().unwrap();
    assert_eq!(length, page.text().len());
    assert_eq!(target.runs(), 2);
}

#[tokio::test]
async fn k2_cve_2014_1418_no_browser_loses_the_headers_that_keep_a_page_private() {
    let target = Target::new(|_| ()).await;
    let path = "/echo/?vary=Cookie&cache-control=max-age=60&content-disposition=attachment";
    for agent in [
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
        "Firefox",
    ] {
        for _ in 0..2 {
            let mut browser = target.site.client();
            let answer = browser.get(path).header("user-agent", agent).await;
            assert_eq!(answer.header("vary"), "Cookie", "{agent}");
            assert_eq!(answer.header("cache-control"), "max-age=60", "{agent}");
        }
    }
    assert_eq!(target.runs(), 1);
}

/// Numbers that look random, and are the same in each run of the test.
struct Dice(u64);

impl Dice {
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        from[usize::try_from(self.0 >> 33).unwrap() % from.len()]
    }
}

const ASKED: [(&str, &[&str]); 4] = [
    ("x-a", &["", "", "-", "a", "ab", "b", "-,"]),
    ("x-b", &["", "", "b", "bc", "c", "-,", ","]),
    ("authorization", &["", "", "", "Bearer A", "Bearer B"]),
    (
        "cookie",
        &["", "", "sessionid=1", "sessionid=2", "theme=dark"],
    ),
];

const ANSWERED: [(&str, &[&str]); 3] = [
    (
        "vary",
        &[
            "",
            "",
            "x-a",
            "X-A,X-B",
            "x-b%20,Cookie",
            "Cookie",
            "*",
            "%20*%20",
            "X-A,%20*",
            "authorization",
        ],
    ),
    (
        "cache-control",
        &[
            "",
            "",
            "",
            "public",
            "PUBLIC",
            "private",
            "Private",
            "NO-STORE",
            "no-cache",
            "max-age=0",
            "max-age=50",
            "x-public",
        ],
    ),
    ("set-cookie", &["", "", "", "a=b"]),
];

type Lines = Vec<(&'static str, &'static str)>;

/// Whether the answer to the first request may be given to the second one.
fn may_share(answer: &[(&str, &str)], first: &Lines, second: &Lines) -> bool {
    let said = |name: &str| {
        let found = answer.iter().find(|(known, _)| *known == name);
        found.map_or(String::new(), |(_, value)| {
            value.replace("%20", " ").to_lowercase()
        })
    };
    let value = |lines: &Lines, name: &str| {
        lines
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    };
    let is_same = |name: &str| value(first, name) == value(second, name);
    let (vary, control) = (said("vary"), said("cache-control"));
    let directives: Vec<&str> = control.split(',').map(str::trim).collect();
    let forbids = |word: &str| directives.contains(&word);
    let names: Vec<&str> = vary
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    said("set-cookie").is_empty()
        && !["private", "no-store", "no-cache"].into_iter().any(forbids)
        && !names.contains(&"*")
        && names.iter().all(|name| is_same(name))
        && (value(first, "authorization").is_none()
            || forbids("public")
            || is_same("authorization"))
}

/// How many second requests got the page of the first one, and those of them that must not.
async fn share(route: &str, combinations: usize) -> (usize, Vec<String>) {
    let target = Target::new(|_| ()).await;
    let mut dice = Dice(7);
    let (mut leaks, mut shared) = (Vec::new(), 0);
    for number in 0..combinations {
        let answer: Vec<(&str, &str)> = ANSWERED
            .iter()
            .map(|(name, values)| (*name, dice.pick(values)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let mut asks = || -> Lines {
            let lines = ASKED
                .iter()
                .map(|(name, values)| (*name, dice.pick(values)));
            lines.filter(|(_, value)| !value.is_empty()).collect()
        };
        let (first, second) = (asks(), asks());
        let spec: Vec<String> = answer
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let path = format!("{route}?case={number}&{}", spec.join("&"));
        let mut pages = Vec::new();
        for lines in [&first, &second] {
            let mut browser = target.site.client();
            let mut request = browser.get(&path);
            for (name, value) in lines {
                request = request.header(*name, *value);
            }
            pages.push(request.await.text());
        }
        if pages[0] == pages[1] {
            shared += 1;
            if !may_share(&answer, &first, &second) {
                leaks.push(format!("{answer:?} {first:?} {second:?}"));
            }
        }
    }
    (shared, leaks)
}

#[tokio::test]
async fn k2_of_ten_thousand_combinations_of_headers_none_leaks() {
    let (shared, leaks) = share("/echo/", 10_000).await;
    assert!(leaks.is_empty(), "{} leaks: {}", leaks.len(), leaks[0]);
    assert!(shared > 500, "where they may, they share: {shared}");
}

#[tokio::test]
async fn k2_pair_a_naive_cache_leaks_most_of_them() {
    let (_, leaks) = share("/naive/", 200).await;
    assert!(leaks.len() > 100, "{}", leaks.len());
}
