//! The command line: one list of commands, and what they share.

use clap::{Parser, Subcommand};

use crate::commands::{
    changepassword, check, createsuperuser, migrate, runserver, showmigrations, template,
};

/// Runs this site and looks after its database and users.
#[derive(Debug, Parser)]
#[command(
    version,
    about = "Runs this site and looks after its database and users.",
    after_help = "Settings come from nuages.toml, then from environment variables: `debug` is NUAGES_DEBUG.\n\
                  Without a command the site is served: `runserver`."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The commands, in the order of `--help`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the site, and stop gracefully on Ctrl-C or SIGTERM.
    Runserver(runserver::Args),
    /// Bring the database to the state that the migrations describe.
    Migrate(migrate::Args),
    /// List the migrations of each app, and which are applied.
    Showmigrations(showmigrations::Args),
    /// Create a user who may do everything.
    Createsuperuser(createsuperuser::Args),
    /// Change a user's password.
    Changepassword(changepassword::Args),
    /// Look for mistakes in the site's configuration.
    Check(check::Args),
    /// Delete the sessions that have expired, and the failed logins that do not count any more.
    Clearsessions,
    /// Make the tables of the caches that lie in the database.
    Createcachetable,
    /// List every route: pattern, name, methods, protections.
    Routes,
    /// Look for mistakes in templates: `template check DIR`.
    Template(template::Args),
}
