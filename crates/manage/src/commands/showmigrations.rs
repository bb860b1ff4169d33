//! `showmigrations`: the migrations of each app, and which are applied.

use nuages_app::BuiltSite;
use nuages_migrations::Executor;

use crate::console::Console;
use crate::error::CommandError;

/// Arguments of `showmigrations`.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Args {
    /// Only these apps.
    apps: Vec<String>,
}

pub(crate) async fn run(
    site: &BuiltSite,
    args: &Args,
    console: &Console,
) -> Result<(), CommandError> {
    let db = site.connect().await?;
    let executor = Executor::new(&site.migrations())?;
    let mut current = String::new();
    for (app, name, applied) in executor.show(&db).await? {
        if !args.apps.is_empty() && !args.apps.contains(&app) {
            continue;
        }
        if app != current {
            console.line(&app);
            current = app;
        }
        console.line(format_args!(
            " [{}] {name}",
            if applied { "X" } else { " " }
        ));
    }
    Ok(())
}
