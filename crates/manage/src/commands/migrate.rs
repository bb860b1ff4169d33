//! `migrate`: brings the database to the state that the migrations describe.

use nuages_app::BuiltSite;
use nuages_migrations::{Executor, Target};

use crate::console::Console;
use crate::error::CommandError;

/// Arguments of `migrate`.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Args {
    /// Only this app's migrations, and those that they depend on.
    app: Option<String>,
    /// Up or down to this migration (a prefix such as 0002 is enough); `zero` unapplies all of the app.
    #[arg(requires = "app")]
    migration: Option<String>,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    plan: bool,
}

pub(crate) async fn run(
    site: &BuiltSite,
    args: &Args,
    console: &Console,
) -> Result<(), CommandError> {
    let db = site.connect().await?;
    let target = match (&args.app, &args.migration) {
        (None, _) => Target::All,
        (Some(app), None) => Target::App(app.clone()),
        (Some(app), Some(name)) => Target::Migration(app.clone(), name.clone()),
    };
    if args.plan {
        let executor = Executor::new(&site.migrations())?;
        let plan = executor.plan(&db, &target).await?;
        console.line(if plan.is_empty() {
            "Nothing to do."
        } else {
            "Planned:"
        });
        for step in plan {
            console.line(format_args!("  {step}"));
        }
        return Ok(());
    }
    let done = site.migrate(&db, &target).await?;
    console.line(if done.is_empty() {
        "No migrations to apply."
    } else {
        "Migrated:"
    });
    for step in done {
        console.line(format_args!("  {step}"));
    }
    Ok(())
}
