//! The table of sessions.

use nuages_migrations::operations::CreateModel;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("sessions", "0001_initial").operation(
        CreateModel::new("Session")
            .table("django_session")
            .field("session_key", Field::varchar(40).primary_key())
            .field("session_data", Field::text())
            .field("expire_date", Field::date_time().db_index()),
    )
}
