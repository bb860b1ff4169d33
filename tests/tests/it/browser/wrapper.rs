//! The wrapper itself, tried on pages of a small local server: its assertions must be able to fail.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::console::policy_violations;
use super::{Browser, failure, journey};

/// Serves one page, whatever is asked for, under a policy that allows scripts with the nonce `n1`.
async fn serve(body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\
                    Content-Security-Policy: script-src 'nonce-n1'\r\n";
                let answer = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    format!("http://{address}/")
}

const GOOD: &str = "<!doctype html><title>t</title><link rel=icon href='data:,'>\
    <form><input id=name><button id=go type=button>Go</button></form><p id=out>nothing</p>\
    <script nonce=n1>document.getElementById('go').onclick = () => {\
    document.getElementById('out').textContent = 'Hello, ' + document.getElementById('name').value; }</script>";

const BAD: &str =
    "<!doctype html><title>t</title><link rel=icon href='data:,'><script>1 + 1</script>";

#[tokio::test]
async fn a_page_that_keeps_its_policy_passes() {
    journey("wrapper_good", async |browser: &Browser| {
        browser.goto(&serve(GOOD).await).await;
        browser.fill("#name", "clouds").await;
        browser.click("#go").await;
        browser.wait_for_text("#out", "Hello, clouds").await;
        assert_eq!(browser.text("#out").await, "Hello, clouds");
        assert!(browser.has("form").await);
        browser.wait_for_path("/").await;
        browser.resize(400, 800).await;
        let sum = browser
            .script("return Promise.resolve(1 + arguments[0])", vec![2.into()])
            .await;
        assert_eq!(sum, 3);
        assert_eq!(browser.cookie("sessionid").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_page_that_breaks_its_policy_is_seen_even_after_leaving_it() {
    let name = "a_page_that_breaks_its_policy_is_seen_even_after_leaving_it";
    let Some(browser) = Browser::open(name).await else {
        return nuages_tests::skip(
            name,
            "no WebDriver server (NUAGES_TEST_WEBDRIVER is not set)",
        );
    };
    browser.goto(&serve(BAD).await).await;
    browser.goto(&serve(GOOD).await).await;
    let violations = policy_violations(&browser.console().await);
    failure::keep("wrapper_bad", &browser).await;
    browser.close().await;
    assert_eq!(violations.len(), 1, "{violations:#?}");
    let picture = std::fs::read(failure::folder().join("wrapper_bad.png")).unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
}
