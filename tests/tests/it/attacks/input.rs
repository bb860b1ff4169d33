//! Malformed input: Django's status or a clear error, never a panic, and the server lives on.

use super::victim::{Victim, token};

#[tokio::test]
async fn malformed_bodies_get_a_status_and_the_site_lives_on() {
    let victim = Victim::protected().await;
    let mut browser = victim.browser();
    let right = token(&mut browser).await;
    let multipart = "multipart/form-data; boundary=x";
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        (
            "application/x-www-form-urlencoded",
            b"%zz=%ff&&==&a=%00".to_vec(),
        ),
        (
            "application/x-www-form-urlencoded; charset=latin-1",
            b"a=b".to_vec(),
        ),
        (multipart, b"--x".to_vec()),
        (
            multipart,
            b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n".to_vec(),
        ),
        ("multipart/form-data", b"--x\r\n".to_vec()),
        ("multipart/form-data; boundary=", b"--\r\n".to_vec()),
        ("application/json", b"{\"a\":".to_vec()),
        ("", vec![0, 255, 254]),
    ];
    for (content_type, body) in bodies {
        for path in ["/bump/", "/accounts/login/"] {
            let request = browser.post(path).header("x-csrftoken", &right);
            let answer = request.body(content_type, body.clone()).await;
            assert!(
                answer.status().as_u16() < 500,
                "{content_type} {path} → {}",
                answer.status()
            );
        }
    }
    assert_eq!(browser.get("/form/").await.status(), 200);
}

#[tokio::test]
async fn too_many_fields_and_too_much_data_are_a_400() {
    let victim = Victim::protected().await;
    let mut browser = victim.browser();
    let right = token(&mut browser).await;
    let fields: Vec<(String, &str)> = (0..1001).map(|n| (format!("f{n}"), "x")).collect();
    let answer = browser
        .post("/accounts/login/")
        .header("x-csrftoken", &right)
        .form(&fields)
        .await;
    assert_eq!(answer.status(), 400);
    let large = [("username", "x".repeat(3_000_000))];
    let answer = browser
        .post("/accounts/login/")
        .header("x-csrftoken", &right)
        .form(&large)
        .await;
    assert!(
        answer.status() == 400 || answer.status() == 413,
        "{}",
        answer.status()
    );
}

#[tokio::test]
async fn malformed_cookies_are_as_good_as_none() {
    let victim = Victim::protected().await;
    for cookie in [
        "sessionid",
        "=;=;;",
        "sessionid=\"a\\\"b",
        "csrftoken=\"><script>",
        "a=b; sessionid=\u{e9}",
    ] {
        let answer = victim
            .browser()
            .get("/whoami/")
            .header("cookie", cookie)
            .await;
        assert_eq!(
            (answer.status().as_u16(), answer.text().as_str()),
            (200, "nobody"),
            "{cookie}"
        );
    }
}
