//! The routes of the room.

use nuages_web::Urls;

use crate::views::{LoginView, LogoutView, PasswordChangeDoneView, PasswordChangeView};

/// Login, logout and password change under Django's names, to include where you like: `.include("accounts/", nuages_auth::urls())`.
///
/// # Django
/// `django.contrib.auth.urls`, without the password reset.
pub fn urls() -> Urls {
    Urls::new()
        .path("login/", LoginView::new(), "login")
        .path("logout/", LogoutView::new(), "logout")
        .path(
            "password_change/",
            PasswordChangeView::new(),
            "password_change",
        )
        .path(
            "password_change/done/",
            PasswordChangeDoneView::new(),
            "password_change_done",
        )
}
