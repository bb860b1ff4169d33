//! The crate from outside: Django's recorded behaviour, hostile input, templates.

mod replay;
