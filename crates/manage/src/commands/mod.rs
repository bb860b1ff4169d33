//! The commands: one file each, with its arguments and `run`.

pub(crate) mod changepassword;
pub(crate) mod check;
pub(crate) mod clearsessions;
pub(crate) mod createcachetable;
pub(crate) mod createsuperuser;
pub(crate) mod migrate;
mod password;
pub(crate) mod routes;
pub(crate) mod runserver;
pub(crate) mod showmigrations;
pub(crate) mod template;
