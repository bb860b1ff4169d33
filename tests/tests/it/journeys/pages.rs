//! The demo's pages, without a browser.

use crate::journeys::demo;

#[tokio::test]
async fn every_page_answers_and_the_protected_ones_send_to_the_login() {
    let site = demo().await;
    let mut client = site.client();
    for path in [
        "/",
        "/likes/",
        "/contact/",
        "/accounts/login/",
        "/accounts/register/",
        "/static/site.css",
    ] {
        assert_eq!(client.get(path).await.status(), 200, "{path}");
    }
    for path in ["/dashboard/", "/report/", "/accounts/password_change/"] {
        let answer = client.get(path).await;
        assert_eq!(answer.location(), format!("/accounts/login/?next={path}"));
    }
    assert_eq!(client.get("/nowhere/").await.status(), 404);
    assert_eq!(client.get("/contact").await.location(), "/contact/");
}

#[tokio::test]
async fn a_method_that_a_page_does_not_offer_is_405_with_allow() {
    let site = demo().await;
    let answer = site.client().post("/export/").await;
    assert_eq!(
        (answer.status().as_u16(), answer.header("allow")),
        (405, "GET, HEAD, OPTIONS")
    );
    let answer = site.client().get("/api/like/").await;
    assert_eq!(
        (answer.status().as_u16(), answer.header("allow")),
        (405, "POST, OPTIONS")
    );
}

#[tokio::test]
async fn the_report_wants_its_permission_directly_or_through_a_group() {
    use nuages::auth::{Group, GroupPermission, Permission, UserGroup};
    use nuages::prelude::*;

    let site = demo().await;
    let ann = site.create_user("ann", "correct horse battery").await;
    let root = site.create_superuser("root", "correct horse battery").await;
    let mut client = site.client();
    let log_in = [("username", "ann"), ("password", "correct horse battery")];
    assert_eq!(
        client.post("/accounts/login/").form(&log_in).await.status(),
        302
    );
    assert!(
        client
            .get("/report/")
            .await
            .location()
            .starts_with("/accounts/login/")
    );
    assert!(!client.get("/").await.text().contains(">Report</a></li>"));

    let db = site.db();
    let permission = Permission::objects()
        .get(|p| p.codename().eq("view_report"), db)
        .await
        .unwrap();
    let mut group = Group {
        name: "editors".into(),
        ..Group::blank()
    };
    group.save(db).await.unwrap();
    let (group_id, user_id) = (group.id.get().unwrap(), ann.id.get().unwrap());
    GroupPermission {
        group: ForeignKey::new(group_id),
        permission: ForeignKey::new(permission.id.get().unwrap()),
        ..GroupPermission::blank()
    }
    .save(db)
    .await
    .unwrap();
    UserGroup {
        user: ForeignKey::new(user_id),
        group: ForeignKey::new(group_id),
        ..UserGroup::blank()
    }
    .save(db)
    .await
    .unwrap();
    assert_eq!(client.get("/report/").await.status(), 200);
    assert!(client.get("/").await.text().contains(">Report</a></li>"));
    drop(root);
}

#[tokio::test]
async fn the_export_streams_every_row() {
    let site = demo().await;
    let answer = site.client().get("/export/").await;
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"squares.csv\""
    );
    let text = answer.text();
    assert_eq!(text.lines().count(), 100_001);
    assert!(text.ends_with("99999,9999800001\r\n"));
}

#[tokio::test]
async fn the_webhook_needs_no_token_and_says_what_is_wrong_with_its_body() {
    let site = demo().await;
    let mut client = site.client().enforce_csrf_checks();
    let answer = client
        .post("/hooks/payment/")
        .json(&serde_json::json!({"kind": "paid"}))
        .await;
    assert_eq!(answer.text(), r#"{"received":"paid"}"#);
    let answer = client
        .post("/hooks/payment/")
        .body("application/json", "{\"kind\":")
        .await;
    assert_eq!(answer.status(), 400, "{}", answer.text());
}

#[tokio::test]
async fn a_flash_message_is_shown_once() {
    let site = demo().await;
    let mut client = site.client();
    let fields = [
        ("name", "Ben"),
        ("email", "ben@example.com"),
        ("message", "Hello"),
    ];
    let page = client.post("/contact/").form(&fields).follow().await;
    assert!(
        page.text()
            .contains("Thank you, Ben. We have your message.")
    );
    assert!(!client.get("/contact/").await.text().contains("Thank you"));
}
