//! What the code of `derive(Model)` names; not for people.

pub use nuages_sql::Value as SqlValue;
pub use nuages_template::{Object, ToValue, Value as Shown};

pub use crate::expressions::{Anchor, ModelPath, Untyped};
pub use crate::fields::{Field, FieldError};
pub use crate::meta::{AutoNow, FieldMeta, IndexMeta, ModelMeta, OnDelete, Sorted};
pub use crate::model::{Model, Record};
pub use crate::relations::RelationPath;
pub use crate::rows::{Branch, RowReader};
pub use crate::statements::Statements;
pub use crate::template::{attribute, display, identity, unloaded};
