//! `template check DIR`: the mistakes of all templates under a folder.

use std::path::PathBuf;

use nuages_app::BuiltSite;
use nuages_template::FolderCheck;

use crate::console::Console;
use crate::error::CommandError;

/// Arguments of `template`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    task: Task,
}

/// What there is to be done with templates.
#[derive(Debug, Clone, clap::Subcommand)]
enum Task {
    /// Parse every template under a folder, and report all mistakes with their places.
    Check {
        /// The folder: of templates, or of a project with folders named `templates`.
        dir: PathBuf,
    },
}

pub(crate) fn run(site: &BuiltSite, args: &Args, console: &Console) -> Result<(), CommandError> {
    let Task::Check { dir } = &args.task;
    let found = FolderCheck::run(site.context().engine(), dir)
        .map_err(|error| CommandError::new(format!("cannot read {}: {error}", dir.display())))?;
    for mistake in found.mistakes() {
        console.line(format_args!("{mistake:#}"));
    }
    let templates = found.templates();
    console.line(match templates {
        1 => "1 template checked.".to_owned(),
        _ => format!("{templates} templates checked."),
    });
    match found.mistakes().len() {
        0 => Ok(()),
        1 => Err(CommandError::new("1 mistake in the templates")),
        count => Err(CommandError::new(format!(
            "{count} mistakes in the templates"
        ))),
    }
}
