//! Notes and messages.

use nuages::migrations::operations::CreateModel;
use nuages::migrations::{Field, Migration, OnDelete};

/// The first migration.
pub(super) fn migration() -> Migration {
    Migration::new("notes", "0001_initial")
        .depends_on("auth", "0012_alter_user_first_name_max_length")
        .operation(
            CreateModel::new("Note")
                .field("id", Field::big_auto())
                .field("text", Field::varchar(500))
                .field("created", Field::date_time())
                .field("author", Field::foreign_key("auth.User", OnDelete::Cascade)),
        )
        .operation(
            CreateModel::new("Enquiry")
                .field("id", Field::big_auto())
                .field("name", Field::varchar(100))
                .field("email", Field::varchar(254))
                .field("message", Field::varchar(2000))
                .field("sent", Field::date_time()),
        )
}
