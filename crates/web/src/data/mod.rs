//! Names with several values: query strings and posted fields.

mod query_dict;
mod urlencoded;

pub use query_dict::{GetData, QueryDict};
pub use urlencoded::TooManyFields;
