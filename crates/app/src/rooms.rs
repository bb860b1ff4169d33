//! The built-in apps: what the rooms of the house hand over to every site.

use crate::app::App;

/// Sessions and messages; part of every site.
pub fn sessions() -> App {
    App::new("sessions")
        .models(nuages_sessions::models())
        .migrations_of(nuages_sessions::app_migrations())
        .migrations_of(nuages_sessions::user_index_migrations())
        .context_processor(nuages_sessions::MessagesContext)
}

/// Users, groups, permissions, login and its views.
///
/// # Django
/// `django.contrib.auth` and `django.contrib.contenttypes`.
pub fn auth() -> App {
    let app = App::new("auth")
        .models(nuages_auth::models())
        .through(nuages_auth::through_models())
        .templates(nuages_auth::templates())
        .context_processor(nuages_auth::UserContext)
        .context_processor(nuages_auth::PermissionsContext);
    nuages_auth::app_migrations()
        .into_iter()
        .fold(app, App::migrations_of)
}
