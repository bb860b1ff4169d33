//! The commands of a site: `runserver`, `migrate`, `createsuperuser`, `check` and the rest.
//!
//! [`Manage::manage`] reads the command line and runs one of them; it is the last call of a site's `main`.
//! A command is one file in `commands/` with its arguments and a `run` function, and one line in the list of `cli.rs`.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
//!
//! # Django
//! `manage.py` and `django.core.management`.

mod cli;
mod commands;
mod console;
mod error;
mod logging;
mod run;

pub use console::Console;
pub use error::CommandError;
pub use run::{Manage, run};
