//! Tables, columns, indexes, and the statements that change them.

mod change;
mod column;
mod column_type;
mod ddl;
mod names;
mod table;

pub use change::Change;
pub use column::{Column, Reference};
pub use column_type::ColumnType;
pub use ddl::Ddl;
pub use names::{auto_index_name, index_name, names_digest, truncate_name};
pub use table::{Index, IndexColumn, Table, UniqueConstraint};
