//! Login, logout, password change and password reset as views.
//!
//! Each is a builder that becomes a [`View`](nuages_web::View) where a route is written; [`urls`](crate::urls) mounts them all under Django's names.
//!
//! # Django
//! `django.contrib.auth.views`.

mod answer;
mod login;
mod logout;
mod next;
mod password_change;
mod password_reset;
mod password_reset_confirm;
mod titled;

pub use login::LoginView;
pub use logout::LogoutView;
pub use password_change::{PasswordChangeDoneView, PasswordChangeView};
pub use password_reset::{PasswordResetDoneView, PasswordResetView};
pub use password_reset_confirm::{PasswordResetCompleteView, PasswordResetConfirmView};
