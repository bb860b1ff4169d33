//! T: hostile templates.

use std::process::Command;

use nuages::template::{Context, Engine, ErrorKind, NoServices};

fn nested(levels: usize) -> String {
    format!(
        "{}x{}",
        "{% if 1 %}".repeat(levels),
        "{% endif %}".repeat(levels)
    )
}

#[test]
fn t13_ten_thousand_levels_are_an_error_and_no_stack_overflow() {
    for levels in [10_000, 100_000] {
        let error = Engine::builder()
            .build()
            .from_str(&nested(levels))
            .err()
            .unwrap();
        assert_eq!(error.kind(), ErrorKind::Depth);
        assert!(error.to_string().contains("nested"), "{error}");
    }
}

#[test]
fn t13_a_modest_depth_renders() {
    let template = Engine::builder().build().from_str(&nested(20)).unwrap();
    assert_eq!(template.render(&Context::new(), &NoServices).unwrap(), "x");
}

/// Set in the process of its own that has no limit.
const ALONE: &str = "NUAGES_TEST_UNLIMITED";

/// Does nothing in an ordinary run of the tests: the process would end with it.
#[test]
fn alone_without_the_limit_of_depth() {
    if std::env::var_os(ALONE).is_none() {
        return;
    }
    let engine = Engine::builder().insecure_without_depth_limit().build();
    let work = move || engine.from_str(&nested(100_000)).is_ok();
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread.spawn(work).unwrap().join().unwrap();
}

#[cfg(unix)]
#[test]
fn t13_pair_without_the_limit_the_whole_process_dies() {
    use std::os::unix::process::ExitStatusExt;
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "attacks::templates::alone_without_the_limit_of_depth",
        ])
        .env(ALONE, "1")
        .output()
        .unwrap();
    assert!(output.status.signal().is_some(), "{output:?}");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("overflowed its stack"), "{told}");
}
