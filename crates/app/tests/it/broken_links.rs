//! The managers hear of links that lead nowhere.

use axum::body::Body;
use http::Request;
use nuages_app::{Settings, Site};
use nuages_web::{Urls, get};

const SETTINGS: &str = "secret_key = 'a key for tests only'\ndatabase_url = 'sqlite::memory:'\n\
    allowed_hosts = ['testserver']\nemail_backend = 'memory'\nmanagers = ['manager@example.com']\n";

/// Subject and text of each mail after a visit by a link.
async fn mails(more: &str, path: &str, referer: &str) -> (u16, Vec<(String, String)>) {
    let settings = Settings::from_toml("test.toml", &format!("{SETTINGS}{more}")).unwrap();
    let urls = Urls::new().path("about/", get(async || "about"), "about");
    let site = Site::new().with_settings(settings).urls(urls);
    let site = site.build().unwrap();
    let db = site.connect().await.unwrap();
    let request = Request::get(path)
        .header("host", "testserver")
        .header("referer", referer)
        .body(Body::empty())
        .unwrap();
    let Ok(response) = site.service(&db).unwrap().respond(request).await;
    site.mail().flush().await;
    let sent = site.mail().outbox().into_iter();
    let sent = sent.map(|mail| (mail.subject, mail.text)).collect();
    (response.status().as_u16(), sent)
}

const ON: &str = "broken_link_emails = true\n";
const LINK: &str = "https://other.example/links/";

#[tokio::test]
async fn a_link_that_leads_nowhere_is_told_to_the_managers_where_the_site_says_so() {
    let (status, sent) = mails(ON, "/gone/?a=b", LINK).await;
    assert_eq!(status, 404);
    let text = format!(
        "Referrer: {LINK}\nRequested URL: /gone/?a=b\nUser agent: <none>\nIP address: <none>\n"
    );
    let subject = "[Nuages] Broken link on testserver".to_owned();
    assert_eq!(sent, [(subject, text)]);

    let own = mails(ON, "/gone/", "http://testserver/about/").await.1;
    assert_eq!(own[0].0, "[Nuages] Broken INTERNAL link on testserver");

    let ignored = format!("{ON}ignorable_404_urls = ['^/gone']\n");
    for more in ["", "broken_link_emails = true\ndebug = true\n", &ignored] {
        let (status, sent) = mails(more, "/gone/", LINK).await;
        assert_eq!((status, sent.len()), (404, 0), "{more}");
    }
}

#[tokio::test]
async fn a_link_that_lacks_a_slash_or_leads_to_a_page_is_not_broken() {
    assert_eq!(mails(ON, "/about", LINK).await, (301, Vec::new()));
    assert_eq!(mails(ON, "/about/", LINK).await, (200, Vec::new()));
}
