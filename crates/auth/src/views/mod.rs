//! Login, logout and password change as views.
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

pub use login::LoginView;
pub use logout::LogoutView;
pub use password_change::{PasswordChangeDoneView, PasswordChangeView};
