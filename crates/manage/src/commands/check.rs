//! `check`: mistakes in the configuration, and with `--deploy` what production wants.

use nuages_app::BuiltSite;
use nuages_base::Level;

use crate::console::Console;
use crate::error::CommandError;

/// Arguments of `check`.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct Args {
    /// Also check what a production site needs.
    #[arg(long)]
    deploy: bool,
    /// The level from which on the command fails: `error`, or `warning` with `--deploy`.
    #[arg(long, value_enum)]
    fail_level: Option<FailLevel>,
}

/// Levels a person can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailLevel {
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

impl From<FailLevel> for Level {
    fn from(level: FailLevel) -> Self {
        match level {
            FailLevel::Debug => Self::Debug,
            FailLevel::Info => Self::Info,
            FailLevel::Warning => Self::Warning,
            FailLevel::Error => Self::Error,
            FailLevel::Critical => Self::Critical,
        }
    }
}

pub(crate) fn run(site: &BuiltSite, args: Args, console: &Console) -> Result<(), CommandError> {
    let mut found = site.checks(args.deploy);
    found.sort_by_key(|check| std::cmp::Reverse(check.level));
    for check in &found {
        console.line(format_args!("{:?}: {check}", check.level));
    }
    let all = found.len();
    console.line(match all {
        0 => "System check identified no issues.".to_owned(),
        1 => "System check identified 1 issue.".to_owned(),
        _ => format!("System check identified {all} issues."),
    });
    // A site that production is not ready for must not pass a pipeline unseen.
    let default = if args.deploy {
        FailLevel::Warning
    } else {
        FailLevel::Error
    };
    let limit = Level::from(args.fail_level.unwrap_or(default));
    let grave = found.iter().filter(|check| check.level >= limit).count();
    if grave == 0 {
        Ok(())
    } else {
        Err(CommandError::new(format!(
            "{grave} of the findings must be mended"
        )))
    }
}
