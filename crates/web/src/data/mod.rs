//! Names with several values: query strings and posted fields.

mod charset;
mod query_dict;
mod urlencoded;

pub use charset::Charset;
pub use query_dict::{EncodeError, GetData, QueryDict};
pub use urlencoded::{NoneInQuery, TooManyFields, urlencode};
