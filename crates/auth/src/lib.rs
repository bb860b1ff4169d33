//! Users, groups, permissions, passwords, backends, login and its views.

pub mod passwords;
