//! The pages that come with the room; a site's own of the same name win over them.

/// Names and sources of the built-in templates: login, logged out, password change, password reset, and one for a registration view of your own.
///
/// They all extend `registration/layout.html`; replace that one to give them the look of the site.
pub fn templates() -> &'static [(&'static str, &'static str)] {
    &[
        (
            "registration/layout.html",
            include_str!("templates/registration/layout.html"),
        ),
        (
            "registration/login.html",
            include_str!("templates/registration/login.html"),
        ),
        (
            "registration/logged_out.html",
            include_str!("templates/registration/logged_out.html"),
        ),
        (
            "registration/password_change_form.html",
            include_str!("templates/registration/password_change_form.html"),
        ),
        (
            "registration/password_change_done.html",
            include_str!("templates/registration/password_change_done.html"),
        ),
        (
            "registration/password_reset_form.html",
            include_str!("templates/registration/password_reset_form.html"),
        ),
        (
            "registration/password_reset_done.html",
            include_str!("templates/registration/password_reset_done.html"),
        ),
        (
            "registration/password_reset_confirm.html",
            include_str!("templates/registration/password_reset_confirm.html"),
        ),
        (
            "registration/password_reset_complete.html",
            include_str!("templates/registration/password_reset_complete.html"),
        ),
        (
            "registration/password_reset_email.html",
            include_str!("templates/registration/password_reset_email.html"),
        ),
        (
            "registration/password_reset_subject.txt",
            include_str!("templates/registration/password_reset_subject.txt"),
        ),
        (
            "registration/register.html",
            include_str!("templates/registration/register.html"),
        ),
    ]
}
