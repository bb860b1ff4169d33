//! `cargo xtask build-cost`: what a clean build costs, against the budget.

use std::collections::BTreeSet;

use crate::process::{cargo, handed_over, quiet, root};

/// The long help.
pub(crate) const HELP: &str = "\
Builds the demo (debug, default features) into a fresh target folder and counts:
  CPU-seconds   user + system of cargo and every compiler it started
  crates        third-party crates that the build compiles, by name and version
Exit status 1 when either is over its budget. Sources are fetched before the clock starts.
Needs Linux (reads /proc/self/stat). Run it on a quiet machine: CPU-seconds grow under load.

Options:
  --keep   leave the target folder (target/build-cost) for `cargo build --timings` and the like
";

/// What a clean debug build of the demo may cost: CPU-seconds, and third-party crates.
const BUDGET: (f64, usize) = (150.0, 170);

/// Measures, prints one line a figure, and fails over budget.
pub(crate) fn run(arguments: &[String]) -> crate::Outcome {
    let keep = match arguments {
        [] => false,
        [flag] if flag == "--keep" => true,
        _ => return Err("build-cost takes only --keep".into()),
    };
    let folder = root().join("target").join("build-cost");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .map_err(|error| format!("cannot empty {}: {error}", folder.display()))?;
    }
    quiet(cargo().args(["fetch", "--locked"]))?;
    let crates = third_party_crates()?;

    let ticks = ticks_a_second();
    let (before, clock) = (children_cpu()?, std::time::Instant::now());
    let status = handed_over(
        cargo()
            .args(["build", "--locked", "--package", "nuages-demo"])
            .env("CARGO_TARGET_DIR", &folder)
            .env_remove("RUSTFLAGS")
            .env_remove("RUSTC_WRAPPER"),
    )?;
    if status != 0 {
        return Ok(status);
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "ticks of one build fit a float many times"
    )]
    let cpu = (children_cpu()? - before) as f64 / ticks;
    let wall = clock.elapsed().as_secs_f64();
    if !keep {
        std::fs::remove_dir_all(&folder)
            .map_err(|error| format!("cannot remove {}: {error}", folder.display()))?;
    }

    println!(
        "CPU-seconds: {cpu:.1} (budget {:.0}), wall {wall:.1} s",
        BUDGET.0
    );
    println!("third-party crates: {} (budget {})", crates.len(), BUDGET.1);
    let within = cpu <= BUDGET.0 && crates.len() <= BUDGET.1;
    println!(
        "{}",
        if within {
            "within budget"
        } else {
            "OVER BUDGET"
        }
    );
    Ok(u8::from(!within))
}

/// The third-party crates that a default build of the demo compiles on this machine.
fn third_party_crates() -> Result<BTreeSet<String>, String> {
    let tree = quiet(cargo().args([
        "tree",
        "--locked",
        "--package",
        "nuages-demo",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    Ok(third_party(&tree))
}

/// Picks `name version` of the lines that do not end with a path of ours.
fn third_party(tree: &str) -> BTreeSet<String> {
    tree.lines()
        .map(|line| line.trim().trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty() && !line.contains("(/"))
        .map(|line| line.trim_end_matches(" (proc-macro)").to_owned())
        .collect()
}

/// User and system ticks of all children that have ended, with theirs.
fn children_cpu() -> Result<u64, String> {
    let stat = std::fs::read_to_string("/proc/self/stat")
        .map_err(|error| format!("cannot read /proc/self/stat: {error}\nhint: needs Linux"))?;
    waited_for(&stat).ok_or_else(|| "cannot make sense of /proc/self/stat".into())
}

/// Fields 16 and 17 of `/proc/PID/stat`; counted after the name, which may hold spaces.
fn waited_for(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(13);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn ticks_a_second() -> f64 {
    quiet(&mut crate::process::command("getconf", &["CLK_TCK"]))
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(100.0)
}

#[cfg(test)]
mod tests {
    use super::{third_party, waited_for};

    #[test]
    fn our_own_crates_are_not_counted_and_repeats_only_once() {
        let tree = "nuages-demo v0.1.0 (/x/demo)\nserde v1.0.0\nserde_derive v1.0.0 (proc-macro)\nserde v1.0.0 (*)\nnuages v0.1.0 (/x/crates/nuages) (*)\n";
        let found: Vec<String> = third_party(tree).into_iter().collect();
        assert_eq!(found, ["serde v1.0.0", "serde_derive v1.0.0"]);
    }

    #[test]
    fn the_time_of_children_is_read_behind_any_name() {
        let stat = "7 (a ) b) S 1 2 3 4 5 6 7 8 9 10 11 12 30 4 20 0 1 0 99";
        assert_eq!(waited_for(stat), Some(34));
    }
}
