//! Deleting rows together with the rows that refer to them.
//!
//! What happens to a row that refers to a deleted one is said by its foreign key
//! ([`OnDelete`](crate::OnDelete)). Those foreign keys are on *other* models, which a deleted row
//! knows nothing of. There is no global list of models and none made by the linker: the site
//! gathers its apps' models in [`Models`] and lets its [`Db`](nuages_db::Db) handle carry it,
//! so that every query of the site knows them.
//!
//! A handle without models deletes rows alone. It does no harm: the database holds foreign keys to
//! be true, and refuses when something still refers to a row.

mod collector;
mod models;

pub(crate) use collector::{delete_query, delete_rows};
pub use models::Models;
