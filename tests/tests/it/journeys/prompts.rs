//! Commands that ask, on a real terminal.

use std::path::PathBuf;
use std::process::Command;

use nuages::manage::{Console, run};
use rexpect::session::{PtySession, spawn_command};

/// Names the database of the child that runs the command.
const DATABASE: &str = "NUAGES_TEST_PROMPTED_DATABASE";
/// What the child runs, words separated by spaces.
const ARGUMENTS: &str = "NUAGES_TEST_PROMPTED_ARGUMENTS";

/// Not a test by itself: what `terminal` starts again, with a terminal.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "what the parent test hands over")]
async fn prompted_child() {
    let (Ok(database), Ok(arguments)) = (std::env::var(DATABASE), std::env::var(ARGUMENTS)) else {
        return;
    };
    let mut settings = nuages::testing::TestSite::settings();
    settings.set("database_url", database).unwrap();
    let site = nuages_demo::site().with_settings(settings);
    let arguments = std::iter::once("demo").chain(arguments.split(' '));
    match run(site, arguments, &Console::terminal()).await {
        Ok(()) => println!("the command succeeded"),
        Err(error) => println!("the command failed: {error}"),
    }
}

/// A terminal on which the command of the demo runs; waits 20 s at most for each line that a test expects.
fn terminal(database: &str, arguments: &str) -> PtySession {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "journeys::prompts::prompted_child",
            "--nocapture",
        ])
        .env(DATABASE, database)
        .env(ARGUMENTS, arguments);
    spawn_command(command, Some(20_000)).unwrap()
}

/// Waits for the words of each pair, and types its answer.
fn talk(terminal: &mut PtySession, talk: &[(&str, &str)]) {
    for (words, answer) in talk {
        terminal.exp_string(words).unwrap();
        terminal.send_line(answer).unwrap();
    }
}

#[test]
fn createsuperuser_and_changepassword_ask_correct_and_hide_the_password() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("prompts");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{}.sqlite3", std::process::id()));
    let database = format!("sqlite:///{}", file.display());
    terminal(&database, "migrate")
        .exp_string("the command succeeded")
        .unwrap();

    let mut asked = terminal(&database, "createsuperuser");
    talk(
        &mut asked,
        &[
            ("Username: ", ""),
            ("Username cannot be blank.", "root"),
            ("Email address: ", "root@example.com"),
            ("Password: ", "one and the other"),
            ("Password (again): ", "are not the same"),
            ("Your passwords didn't match.", "12345"),
            ("Password (again): ", "12345"),
            ("Bypass password validation and create user anyway?", "n"),
            ("Password: ", "a fine long secret"),
            ("Password (again): ", "a fine long secret"),
        ],
    );
    let screen = asked.exp_string("the command succeeded").unwrap();
    assert!(
        screen.contains("Superuser created successfully."),
        "{screen}"
    );
    assert!(!screen.contains("a fine long secret"), "{screen}");

    let mut again = terminal(&database, "createsuperuser");
    talk(&mut again, &[("Username: ", "root")]);
    again.exp_string("That username is already taken.").unwrap();

    let mut change = terminal(&database, "changepassword root");
    talk(
        &mut change,
        &[
            ("Password: ", "another long secret"),
            ("Password (again): ", "another long secret"),
        ],
    );
    change
        .exp_string("Password changed successfully for user 'root'")
        .unwrap();
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
}
