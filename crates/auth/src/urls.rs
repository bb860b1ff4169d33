//! The routes of the room.

use nuages_web::Urls;

use crate::views::{
    LoginView, LogoutView, PasswordChangeDoneView, PasswordChangeView, PasswordResetCompleteView,
    PasswordResetConfirmView, PasswordResetDoneView, PasswordResetView,
};

/// Login, logout, password change and password reset under Django's names, to include where you like: `.include("accounts/", nuages_auth::urls())`.
///
/// # Django
/// `django.contrib.auth.urls`.
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
        .path(
            "password_reset/",
            PasswordResetView::new(),
            "password_reset",
        )
        .path(
            "password_reset/done/",
            PasswordResetDoneView::new(),
            "password_reset_done",
        )
        .path(
            "reset/<uidb64>/<token>/",
            PasswordResetConfirmView::new(),
            "password_reset_confirm",
        )
        .path(
            "reset/done/",
            PasswordResetCompleteView::new(),
            "password_reset_complete",
        )
}
