//! What a failed journey leaves behind, for whoever looks into it.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::Browser;

/// Where it lies: `target/screenshots/`.
pub(super) fn folder() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary).join("screenshots")
}

#[expect(
    clippy::print_stderr,
    reason = "a runner shows what a failing test prints"
)]
/// Keeps picture, page and console under the name of the journey.
///
/// Nothing in here may panic: the failure of the journey is the one to show.
pub(super) async fn keep(name: &str, browser: &Browser) {
    let folder = folder();
    let _ = std::fs::create_dir_all(&folder);
    if let Ok(picture) = browser.screenshot().await {
        let _ = std::fs::write(folder.join(format!("{name}.png")), picture);
    }
    let mut text = String::new();
    let _ = writeln!(text, "{}\n", browser.url().await);
    for line in browser.console().await {
        let _ = writeln!(text, "{}: {}", line.level, line.message);
    }
    let _ = write!(text, "\n{}", browser.source().await);
    let _ = std::fs::write(folder.join(format!("{name}.txt")), text);
    eprintln!("see {}", folder.join(format!("{name}.png")).display());
}
