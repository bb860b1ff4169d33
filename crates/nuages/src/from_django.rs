//! Where Django's words live.
//!
//! | Django | Nuages |
//! |---|---|
//! | `INSTALLED_APPS` | [`Site::install`](crate::Site::install) |
//! | `urlpatterns`, `path()`, `include()` | [`Urls`](crate::web::Urls) |
//! | `reverse()` | [`UrlTable::reverse`](crate::web::UrlTable::reverse), [`Page::url`](crate::web::Page::url) |
//! | `MIDDLEWARE` | [`STACK`](crate::STACK) |
//! | `settings.py` | [`Settings`](crate::Settings): `nuages.toml`, `NUAGES_…` |
//! | `manage.py` | [`Manage`](crate::Manage) |
//! | `render()` | [`Page::render`](crate::web::Page::render) |
//! | `request.POST`, `request.FILES` | [`PostData`](crate::web::PostData) |
//! | `request.session` | [`Session`](crate::sessions::Session) |
//! | `messages.success(request, …)` | [`Messages`](crate::sessions::Messages) |
//! | `request.user` | [`CurrentUser`](crate::auth::CurrentUser) |
//! | `authenticate()`, `login()`, `logout()` | [`AuthRequest`](crate::auth::AuthRequest) |
//! | `@login_required`, `@permission_required` | [`View::login_required`](crate::web::View::login_required), [`View::permission_required`](crate::web::View::permission_required) |
//! | `@csrf_exempt`, `@ensure_csrf_cookie` | [`View::csrf_exempt`](crate::web::View::csrf_exempt), [`View::ensure_csrf_cookie`](crate::web::View::ensure_csrf_cookie) |
//! | `CsrfViewMiddleware` | [`CsrfLayer`](crate::security::csrf::CsrfLayer) |
//! | `SecurityMiddleware` | [`SecurityHeadersLayer`](crate::security::headers::SecurityHeadersLayer) |
//! | `ContentSecurityPolicyMiddleware` | [`CspLayer`](crate::security::csp::CspLayer) |
//! | `ALLOWED_HOSTS` | [`HostsSettings`](crate::security::hosts::HostsSettings) |
//! | `models.Model` | [`Model`](crate::orm::Model) |
//! | `Model.objects` | [`QuerySet`](crate::orm::QuerySet) |
//! | `transaction.atomic()`, `on_commit()` | [`Db::atomic`](crate::db::Db::atomic), [`Db::on_commit`](crate::db::Db::on_commit) |
//! | `migrations.Migration` | [`Migration`](crate::migrations::Migration), [`operations`](crate::migrations::operations) |
//! | `forms.Form` | [`Form`](struct@crate::forms::Form) |
//! | `forms.formset_factory` | [`FormSet`](crate::forms::FormSet), `formset()` of `derive(Form)` |
//! | `forms.ModelChoiceField`, `ModelMultipleChoiceField` | [`ModelChoiceField`](crate::forms::ModelChoiceField), [`ModelMultipleChoiceField`](crate::forms::ModelMultipleChoiceField) |
//! | `forms.modelformset_factory` | [`ModelFormSet`](crate::forms::ModelFormSet) |
//! | `django.core.signing` | [`signing`](crate::crypto::signing) |
//! | `AUTHENTICATION_BACKENDS` | [`Site::authentication_backends`](crate::Site::authentication_backends) |
//! | `AUTH_PASSWORD_VALIDATORS` with a class of your own | [`Site::password_validator`](crate::Site::password_validator) |
//! | `CSRF_FAILURE_VIEW` | [`Site::csrf_failure_view`](crate::Site::csrf_failure_view) |
//! | `STORAGES` | [`Site::with_files`](crate::Site::with_files) |
//! | `RemoteUserMiddleware`, `RemoteUserBackend` | [`RemoteUser`](crate::auth::RemoteUser), [`RemoteUserBackend`](crate::auth::backends::RemoteUserBackend) |
//! | `django.dispatch.Signal` | [`Signals`](crate::base::Signals) |
//! | `django.tasks` | [`Task`](crate::tasks::Task), [`Tasks`](crate::tasks::Tasks) |
//! | `send_mail()`, `EmailMessage` | [`Mail`](crate::mail::Mail), [`EmailMessage`](crate::mail::EmailMessage) |
//! | `mail.outbox` | [`TestSite::outbox`](crate::testing::TestSite::outbox) |
//! | `django.core.checks` | [`Check`](crate::base::Check) |
//! | `django.test.Client` | [`Client`](crate::testing::Client), [`TestSite`](crate::testing::TestSite) |
