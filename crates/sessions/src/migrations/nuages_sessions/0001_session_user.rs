//! The index of users' sessions.

use nuages_migrations::operations::CreateModel;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("nuages_sessions", "0001_session_user").operation(
        CreateModel::new("SessionUser")
            .table("nuages_session_user")
            .field("session_key", Field::varchar(40).primary_key())
            .field("user_key", Field::varchar(255).db_index())
            .field("expire_date", Field::date_time()),
    )
}
