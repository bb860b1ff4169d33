//! A3, A9 and A14: registration.

use std::time::{Duration, Instant};

use nuages_auth::passwords::{
    PasswordOwner, PasswordValidator as _, PasswordValidators, UserAttributeSimilarityValidator,
    quick_ratio,
};
use nuages_auth::{UserCreationForm, unicode_ci_compare};
use nuages_forms::FormData;
use nuages_sql::RawSql;

use super::counting::Counting;
use super::door::{Door, PASSWORD};
use crate::database::run;

async fn register(door: &Door, username: &str) -> Result<String, String> {
    let data: FormData = [
        ("username", username),
        ("password1", PASSWORD),
        ("password2", PASSWORD),
        ("is_superuser", "on"),
        ("is_staff", "on"),
        ("is_active", ""),
    ]
    .into_iter()
    .collect();
    let form = UserCreationForm::bound(&door.auth, &data);
    match form.save(&door.auth).await.unwrap() {
        Ok(user) => {
            assert!(!user.is_superuser && !user.is_staff && user.is_active);
            Ok(user.username)
        }
        Err(form) => {
            let errors = form.as_form().errors();
            let all = errors.iter().flat_map(|(_, list)| list.iter());
            Err(all.map(|error| error.get_code().to_owned()).collect())
        }
    }
}

#[test]
fn a9_cve_2019_19844_twins_of_a_name_are_taken_and_a_look_alike_is_another_account() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        assert_eq!(register(&door, "admin").await.as_deref(), Ok("admin"));
        for twin in [
            "ａdmin",
            "admin ",
            " admin",
            "Admin",
            "ADMIN",
            "ⓐdmin",
            "admin\u{a0}",
        ] {
            let refused = register(&door, twin).await;
            assert_eq!(refused, Err("unique".to_owned()), "{twin:?}");
        }
        // Not letters, and nothing that hides.
        for odd in ["adm in", "admin\u{200b}", "admin\u{0}", "admin\u{202e}"] {
            assert!(register(&door, odd).await.is_err(), "{odd:?}");
        }
        // A Cyrillic letter makes another account, and its owner is not the admin.
        assert!(register(&door, "аdmin").await.is_ok());
        assert!(!unicode_ci_compare("аdmin", "admin"));
        assert!(!unicode_ci_compare("mıke@example.org", "mike@example.org"));
        assert!(!unicode_ci_compare("mike@ıxample.org", "mike@ixample.org"));
        assert!(unicode_ci_compare("MIKE@example.org", "mike@example.org"));
        assert!(door.login("127.0.0.1", "admin", PASSWORD).await.is_in());
    });
}

#[test]
fn a9_pair_a_name_stored_as_typed_is_a_twin() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        register(&door, "admin").await.unwrap();
        for twin in ["ａdmin", "Admin"] {
            let insert = format!(
                "INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined) VALUES ('!', 0, '{twin}', '', '', '', 0, 1, '2026-01-01')"
            );
            let insert = RawSql::new(insert.leak());
            assert_eq!(door.auth.db().execute(insert).await.unwrap(), 1);
        }
    });
}

#[test]
fn a3_registration_costs_one_hash_for_a_new_name_and_none_for_a_taken_one_and_says_so() {
    // That a name is taken has to be said: whoever registers must choose another.
    // What is kept from telling is the login (A1, A2) and, with the reset views, the mail.
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        register(&door, "alice").await.unwrap();
        assert_eq!(counting.take().0, 1);
        assert_eq!(register(&door, "alice").await, Err("unique".to_owned()));
        assert_eq!(counting.take().0, 0);
    });
}

fn codes(password: &str, username: &str) -> Vec<String> {
    let owner = PasswordOwner::new().with("username", "username", username);
    match PasswordValidators::default().validate(password, Some(&owner)) {
        Ok(()) => Vec::new(),
        Err(errors) => errors
            .iter()
            .map(|error| error.get_code().to_owned())
            .collect(),
    }
}

#[test]
fn a14_weak_passwords_are_refused_and_any_composition_of_eight_uncommon_characters_is_taken() {
    assert_eq!(codes("xq7rz1!", "alice"), ["password_too_short"]);
    assert_eq!(codes("password1", "alice"), ["password_too_common"]);
    let digits = ["password_too_common", "password_entirely_numeric"];
    assert_eq!(codes("12345678", "alice"), digits);
    assert_eq!(
        codes("alice.smith9", "alice.smith"),
        ["password_too_similar"]
    );
    for fine in [
        "vdkqpwzm",
        "VDKQPWZM",
        "4!8?2=7%",
        "ключшкаф",
        "  kq wz ",
        "🦀🦀🦀🦀🦀🦀🦀🦀",
    ] {
        assert_eq!(codes(fine, "alice"), Vec::<String>::new(), "{fine}");
    }
    // The pair: without rules everything is.
    assert!(PasswordValidators::none().validate("1", None).is_ok());
}

#[test]
fn a14_cve_2021_45115_a_password_of_a_megabyte_is_not_compared_with_a_short_name() {
    let username = "u".repeat(150);
    let owner = PasswordOwner::new().with("username", "username", &username);
    let validator = UserAttributeSimilarityValidator::default();
    let time = |length: usize| -> Duration {
        let password = "u".repeat(length);
        let once = |_| {
            let start = Instant::now();
            // All its characters are those of the name, but it is far longer.
            assert!(validator.validate(&password, Some(&owner)).is_ok());
            start.elapsed()
        };
        (0..5).map(once).min().unwrap()
    };
    let (short, long) = (time(100_000), time(1_000_000));
    assert!(long <= short * 20, "{short:?} {long:?}");
    // The pair: where the lengths are alike it is compared, and refused.
    assert!(validator.validate(&"u".repeat(200), Some(&owner)).is_err());
    assert!(quick_ratio(&"u".repeat(200), &username) > 0.7);
}
