//! Nothing outlives a run: a guard ends every process that carries the run's mark.
//!
//! The guard is a shell that reads from a pipe of ours.
//! When we close the pipe, or die in whatever way (Ctrl-C, a signal, a panic), it reads the end,
//! looks for processes with `NUAGES_TEST_RUN=<mark>` in their environment, asks them to end, then kills them.
//! Children inherit the environment, so a browser started by a driver started by us is found too.

use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};

use crate::process::command;

const SCRIPT: &str = r#"
trap '' INT HUP TERM
cat >/dev/null
marked() {
    for folder in /proc/[0-9]*; do
        if tr '\0' '\n' <"$folder/environ" 2>/dev/null | grep -qx "NUAGES_TEST_RUN=$1"; then
            echo "${folder#/proc/}"
        fi
    done 2>/dev/null
}
for signal in TERM KILL; do
    for round in 1 2 3 4 5 6; do
        found=$(marked "$1")
        [ -z "$found" ] && exit 0
        [ "$round" = 1 ] && kill -"$signal" $found 2>/dev/null
        sleep 0.3
    done
done
"#;

/// The waiting shell.
pub(super) struct Guard {
    shell: Child,
    mark: String,
}

impl Guard {
    /// Starts the guard in a process group of its own, so that Ctrl-C does not reach it.
    pub(super) fn start() -> Result<Self, String> {
        let mark = mark();
        let shell = command("sh", &["-c", SCRIPT, "guard", &mark])
            .env_remove("NUAGES_TEST_RUN")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot run sh: {error}"))?;
        Ok(Self { shell, mark })
    }

    /// What every process of the run carries in `NUAGES_TEST_RUN`.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// Ends the marked processes and waits until they are gone.
    pub(super) fn stop(mut self) {
        drop(self.shell.stdin.take());
        // The shell always ends by itself; there is nothing to do about a failure to wait.
        let _ = self.shell.wait();
    }
}

/// A name no other run has.
fn mark() -> String {
    let random = std::fs::read_to_string("/proc/sys/kernel/random/uuid").unwrap_or_default();
    format!("{}-{}", std::process::id(), random.trim())
}

#[cfg(test)]
mod tests {
    use super::Guard;
    use std::time::{Duration, Instant};

    #[test]
    fn a_grandchild_with_the_mark_is_gone_afterwards() {
        let guard = Guard::start().unwrap();
        let mut parent = std::process::Command::new("sh")
            .args(["-c", "sleep 300 & wait"])
            .env("NUAGES_TEST_RUN", guard.mark())
            .spawn()
            .unwrap();
        guard.stop();
        let deadline = Instant::now() + Duration::from_secs(5);
        while parent.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "the marked shell lives on");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
