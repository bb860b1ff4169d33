//! The commands of the demo site, on a database file of their own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use nuages::Settings;
use nuages::db::{Db, DbSettings};
use nuages::manage::{Console, run};
use nuages::sql::RawSql;

/// Settings with a database file of this test.
fn settings(test: &str) -> Settings {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("commands");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{test}-{}.sqlite3", std::process::id()));
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    let mut settings = nuages::testing::TestSite::settings();
    settings
        .set("database_url", format!("sqlite:///{}", file.display()))
        .unwrap();
    settings
}

/// What a command prints, or how it fails.
async fn command(settings: &Settings, arguments: &[&str]) -> Result<String, String> {
    let out = Arc::new(Mutex::new(Vec::new()));
    let site = nuages_demo::site().with_settings(settings.clone());
    let arguments = std::iter::once("demo").chain(arguments.iter().copied());
    let outcome = run(site, arguments, &Console::capture(out.clone())).await;
    let printed = String::from_utf8(out.lock().unwrap().clone()).unwrap();
    outcome.map(|()| printed).map_err(|error| error.to_string())
}

#[tokio::test]
async fn migrate_shows_its_plan_does_it_once_and_undoes_it() {
    let settings = settings("migrate");
    let plan = command(&settings, &["migrate", "--plan"]).await.unwrap();
    assert!(plan.contains("apply contenttypes.0001_initial"), "{plan}");
    assert!(plan.contains("apply auth.0012_alter_user_first_name_max_length"));
    assert!(
        command(&settings, &["migrate"])
            .await
            .unwrap()
            .starts_with("Migrated:")
    );
    assert_eq!(
        command(&settings, &["migrate"]).await.unwrap(),
        "No migrations to apply.\n"
    );
    let shown = command(&settings, &["showmigrations", "sessions"])
        .await
        .unwrap();
    assert_eq!(shown, "sessions\n [X] 0001_initial\n");
    let undone = command(&settings, &["migrate", "notes", "zero"])
        .await
        .unwrap();
    assert!(undone.contains("unapply notes.0001_initial"));
}

#[tokio::test]
async fn a_superuser_is_made_and_gets_another_password() {
    let settings = settings("superuser");
    command(&settings, &["migrate"]).await.unwrap();
    let error = command(&settings, &["createsuperuser"]).await.unwrap_err();
    assert!(error.contains("give --username"), "{error}");
    let make = [
        "createsuperuser",
        "--noinput",
        "--username",
        "root",
        "--email",
        "root@example.com",
        "--password",
        "first one is long",
    ];
    assert_eq!(
        command(&settings, &make).await.unwrap(),
        "Superuser created successfully.\n"
    );
    assert_eq!(
        command(&settings, &make).await.unwrap_err(),
        "That username is already taken."
    );
    let change = [
        "changepassword",
        "root",
        "--password",
        "second one is longer",
    ];
    assert!(
        command(&settings, &change)
            .await
            .unwrap()
            .contains("Password changed successfully for user 'root'")
    );
    assert_eq!(
        command(&settings, &["changepassword", "nobody", "--password", "x"])
            .await
            .unwrap_err(),
        "user 'nobody' does not exist"
    );
}

#[tokio::test]
async fn check_is_content_with_the_demo_and_says_what_production_wants() {
    let settings = settings("check");
    assert_eq!(
        command(&settings, &["check"]).await.unwrap(),
        "System check identified no issues.\n"
    );
    let lenient = ["check", "--deploy", "--fail-level", "error"];
    let found = command(&settings, &lenient).await.unwrap();
    for id in [
        "security.W004",
        "security.W008",
        "security.W012",
        "security.W016",
    ] {
        assert!(found.contains(id), "{id} is missing in {found}");
    }
    let error = command(&settings, &["check", "--deploy"])
        .await
        .unwrap_err();
    assert!(error.contains("must be mended"), "{error}");
}

#[tokio::test]
async fn routes_lists_names_methods_and_protections() {
    let printed = command(&settings("routes"), &["routes"]).await.unwrap();
    let line = |name: &str| {
        printed
            .lines()
            .find(|line| line.contains(name))
            .unwrap_or_default()
            .to_owned()
    };
    assert!(line(" dashboard ").contains("login"), "{printed}");
    assert!(line(" report ").contains("permission notes.view_report"));
    assert!(line(" webhook ").contains("csrf_exempt"));
    assert!(line(" logout ").contains("POST"));
}

#[tokio::test]
async fn clearsessions_deletes_what_has_expired() {
    let settings = settings("clearsessions");
    command(&settings, &["migrate"]).await.unwrap();
    let database = DbSettings::new(settings.site.database_url.clone());
    let db = Db::connect(&database).await.unwrap();
    for insert in [
        "INSERT INTO django_session (session_key, session_data, expire_date) VALUES \
         ('old', '', '2020-01-01 00:00:00'), ('new', '', '2990-01-01 00:00:00')",
        "INSERT INTO nuages_login_attempt (account, address, attempted_at) VALUES \
         ('a', 'b', '2020-01-01 00:00:00'), ('a', 'b', '2021-01-01 00:00:00'), ('a', 'b', '2990-01-01 00:00:00')",
    ] {
        db.execute(RawSql::new(insert)).await.unwrap();
    }
    assert_eq!(
        command(&settings, &["clearsessions"]).await.unwrap(),
        "1 expired sessions deleted.\n2 old login attempts deleted.\n"
    );
    assert_eq!(
        command(&settings, &["clearsessions"]).await.unwrap(),
        "0 expired sessions deleted.\n0 old login attempts deleted.\n"
    );
}

#[tokio::test]
async fn help_and_typing_errors_are_friendly() {
    let settings = settings("help");
    let help = command(&settings, &["--help"]).await.unwrap_err();
    for word in [
        "runserver",
        "migrate",
        "createsuperuser",
        "changepassword",
        "check",
        "clearsessions",
        "routes",
    ] {
        assert!(help.contains(word), "{word} is missing in {help}");
    }
    let error = command(&settings, &["migarte"]).await.unwrap_err();
    assert!(error.contains("'migrate'"), "{error}");
    let error = command(&settings, &["migrate", "nots"]).await.unwrap_err();
    assert!(
        error.contains("no installed app with label 'nots'"),
        "{error}"
    );
}

#[tokio::test]
async fn template_check_tells_every_mistake_with_its_place_and_passes_a_good_folder() {
    let settings = settings("template_check");
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo");
    let told = command(&settings, &["template", "check", demo]).await;
    assert!(told.unwrap().ends_with(" templates checked.\n"));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("template_check");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("page.html"), "<p>\n  {{ a|uper }}").unwrap();
    let folder = folder.to_str().unwrap();
    let failed = command(&settings, &["template", "check", folder]).await;
    assert_eq!(failed.unwrap_err(), "1 mistake in the templates");
    let failed = command(&settings, &["template", "check", "/no/such/folder"]).await;
    assert!(failed.unwrap_err().contains("cannot read"));
}

#[tokio::test]
async fn template_check_warns_of_unescaped_places_and_fails_only_when_told_to() {
    let settings = settings("template_warnings");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("template_warnings");
    std::fs::create_dir_all(&folder).unwrap();
    let source = "{% load shop %}<p class={{ kind }}>{% basket %}</p>";
    std::fs::write(folder.join("page.html"), source).unwrap();
    let check = ["template", "check", folder.to_str().unwrap()];
    let failed = command(&settings, &check).await;
    assert_eq!(failed.unwrap_err(), "1 mistake in the templates");
    let assuming = [&check[..], &["--assume-library", "shop"]].concat();
    let told = command(&settings, &assuming).await.unwrap();
    assert!(
        told.contains("warning: the value of 'class' has no quotes"),
        "{told}"
    );
    assert!(told.contains("page.html, line 1, column 25"), "{told}");
    assert!(
        told.ends_with("1 template checked.\n1 warning.\n"),
        "{told}"
    );
    let strict = [&assuming[..], &["--fail-level", "warning"]].concat();
    let failed = command(&settings, &strict).await;
    assert_eq!(failed.unwrap_err(), "1 warning in the templates");
}
