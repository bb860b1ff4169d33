//! From the command line to a command, and from its outcome to an exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use nuages_app::Site;

use crate::cli::{Cli, Command};
use crate::commands::{
    changepassword, check, clearsessions, createcachetable, createsuperuser, migrate, routes,
    runserver, showmigrations, template,
};
use crate::console::Console;
use crate::error::CommandError;
use crate::logging;

/// Gives a [`Site`] its command line.
pub trait Manage {
    /// Runs the command that the program's arguments name; `runserver` when they name none.
    ///
    /// Prints what went wrong to standard error and returns the exit code for `main`: 0 done, 1 failed,
    /// 2 a wrong command line.
    fn manage(self) -> impl Future<Output = ExitCode> + Send;
}

impl Manage for Site {
    async fn manage(self) -> ExitCode {
        logging::start();
        let cli = match Cli::try_parse() {
            Ok(cli) => cli,
            Err(error) => {
                let _ = error.print();
                return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
            }
        };
        match dispatch(self, cli, &Console::terminal()).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                report(&error);
                ExitCode::FAILURE
            }
        }
    }
}

/// Runs one command with these arguments (the program's name first) and this console. For tests and own tools.
///
/// # Errors
/// When the arguments are wrong or the command fails; `--help` is an error whose message is the help.
pub async fn run<I, T>(site: Site, arguments: I, console: &Console) -> Result<(), CommandError>
where
    I: IntoIterator<Item = T> + Send,
    T: Into<OsString> + Clone,
{
    let cli =
        Cli::try_parse_from(arguments).map_err(|error| CommandError::new(error.to_string()))?;
    dispatch(site, cli, console).await
}

async fn dispatch(site: Site, cli: Cli, console: &Console) -> Result<(), CommandError> {
    let site = site.build()?;
    match cli
        .command
        .unwrap_or(Command::Runserver(runserver::Args::default()))
    {
        Command::Runserver(args) => runserver::run(&site, &args, console).await,
        Command::Migrate(args) => migrate::run(&site, &args, console).await,
        Command::Showmigrations(args) => showmigrations::run(&site, &args, console).await,
        Command::Createsuperuser(args) => createsuperuser::run(&site, args, console).await,
        Command::Changepassword(args) => changepassword::run(&site, args, console).await,
        Command::Check(args) => check::run(&site, args, console),
        Command::Clearsessions => clearsessions::run(&site, console).await,
        Command::Createcachetable => createcachetable::run(&site, console).await,
        Command::Routes => {
            routes::run(&site, console);
            Ok(())
        }
        Command::Template(args) => template::run(&site, &args, console),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the outcome of a command belongs on the terminal"
)]
fn report(error: &CommandError) {
    eprintln!("error: {error}");
    for cause in error.causes() {
        eprintln!("  because: {cause}");
    }
}
