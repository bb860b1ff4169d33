//! What there is: every address of the site with its view, its name and its protections.

use nuages::prelude::*;

use crate::views::{contact, dashboard, export, home, likes, register, report, webhook};

/// The URLs of the site. `cargo run -- routes` prints them.
pub fn urls() -> Urls {
    Urls::new()
        .path("", get(home::show), "home")
        .path(
            "accounts/register/",
            get(register::show).post(register::submit),
            "register",
        )
        .include("accounts/", nuages::auth::urls())
        .path(
            "dashboard/",
            get(dashboard::show).post(dashboard::add).login_required(),
            "dashboard",
        )
        .path(
            "report/",
            get(report::show).permission_required("notes.view_report"),
            "report",
        )
        .path("likes/", get(likes::show).ensure_csrf_cookie(), "likes")
        .path("api/like/", post(likes::like), "like")
        .path(
            "contact/",
            get(contact::show).post(contact::submit),
            "contact",
        )
        .path("export/", get(export::download), "export")
        // A payment service has no token of ours; the view checks the sender in its own way.
        .path(
            "hooks/payment/",
            post(webhook::payment).csrf_exempt(),
            "webhook",
        )
}
