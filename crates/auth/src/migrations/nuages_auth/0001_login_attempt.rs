//! The table of failed logins.

use nuages_migrations::operations::CreateModel;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("nuages_auth", "0001_login_attempt").operation(
        CreateModel::new("LoginAttempt")
            .table("nuages_login_attempt")
            .field("id", Field::big_auto())
            .field("account", Field::varchar(64).db_index())
            .field("address", Field::varchar(64))
            .field("attempted_at", Field::date_time().db_index()),
    )
}
