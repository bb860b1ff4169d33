//! `template check DIR`: the mistakes of all templates under a folder.

use std::path::PathBuf;

use nuages_app::BuiltSite;
use nuages_base::Level;
use nuages_template::FolderCheck;

use super::check::FailLevel;

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
        /// The level from which on the command fails: the places where escaping is not enough are warnings.
        #[arg(long, value_enum, default_value_t = FailLevel::Error)]
        fail_level: FailLevel,
        /// A library for `{% load %}` that is not there yet: nothing is told of it and of what may be its tags. `*` is each, and tags that need no `{% load %}`.
        #[arg(long, value_name = "NAME")]
        assume_library: Vec<String>,
    },
}

pub(crate) fn run(site: &BuiltSite, args: &Args, console: &Console) -> Result<(), CommandError> {
    let Task::Check {
        dir,
        fail_level,
        assume_library,
    } = &args.task;
    let found = FolderCheck::run_assuming(site.context().engine(), dir, assume_library)
        .map_err(|error| CommandError::new(format!("cannot read {}: {error}", dir.display())))?;
    for mistake in found.mistakes() {
        console.line(format_args!("{mistake:#}"));
    }
    for warning in found.warnings() {
        console.line(format_args!("warning: {warning:#}"));
    }
    let templates = found.templates();
    console.line(format_args!("{} checked.", counted(templates, "template")));
    let warnings = found.warnings().len();
    if warnings > 0 {
        console.line(format_args!("{}.", counted(warnings, "warning")));
    }
    let grave = match Level::from(*fail_level) {
        Level::Critical => 0,
        Level::Error => found.mistakes().len(),
        _ => found.mistakes().len() + warnings,
    };
    match (grave, found.mistakes().len()) {
        (0, _) => Ok(()),
        (_, 0) => Err(CommandError::new(format!(
            "{} in the templates",
            counted(warnings, "warning")
        ))),
        (_, mistakes) => Err(CommandError::new(format!(
            "{} in the templates",
            counted(mistakes, "mistake")
        ))),
    }
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
