//! A1 and A2: does an answer tell whether there is such an account?

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use nuages_auth::backends::{Backend, Verdict};
use nuages_auth::passwords::{PasswordHasher, Pbkdf2};
use nuages_auth::{Auth, Credentials, User};
use nuages_orm::Model as _;

use super::counting::{Counting, FULL};
use super::door::{Answer, Door, PASSWORD, Plan};
use crate::database::run;

/// alice, bob (inactive), carol (unusable password), dave (a tenth of the iterations).
pub(super) async fn cast(auth: &Auth) {
    let users = auth.users();
    users.create_user("alice", "", PASSWORD).await.unwrap();
    let mut bob = users.create_user("bob", "", PASSWORD).await.unwrap();
    bob.is_active = false;
    bob.save(auth.db()).await.unwrap();
    users.create_user("carol", "", None::<&str>).await.unwrap();
    let mut dave = users.create_user("dave", "", None::<&str>).await.unwrap();
    dave.password = Pbkdf2::sha256()
        .iterations(FULL / 10)
        .encode(PASSWORD.as_bytes(), "abcdefghijklmnopqrstuv")
        .unwrap();
    dave.save(auth.db()).await.unwrap();
}

const NAMES: [&str; 5] = ["alice", "bob", "carol", "dave", "nobody@example.com"];

/// What a wrong password costs through the login page, by the kind of account.
async fn through_the_form(door: &Door, counting: &Counting) -> Vec<(usize, u64)> {
    let mut found = Vec::new();
    for name in NAMES {
        counting.take();
        assert_eq!(door.login("127.0.0.1", name, "wrong").await.status, 200);
        found.push(counting.take());
    }
    found
}

const ONE_FULL_HASH: (usize, u64) = (1, FULL as u64);

#[test]
fn a1_cve_2024_39329_cve_2016_2513_the_login_page_hashes_once_at_full_cost_for_every_kind_of_account()
 {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        cast(&door.auth).await;
        let found = through_the_form(&door, &counting).await;
        assert_eq!(found, [ONE_FULL_HASH; 5]);
    });
}

#[test]
fn a1_pair_cve_2016_2513_a_hasher_that_does_not_make_up_for_old_iterations_answers_dave_faster() {
    run(async {
        let counting = Counting::without_hardening();
        let door = Door::of(counting.hashers()).await;
        cast(&door.auth).await;
        let found = through_the_form(&door, &counting).await;
        assert_eq!(found[0], ONE_FULL_HASH);
        assert_eq!(found[3], (1, u64::from(FULL / 10)));
    });
}

/// A backend that checks only accounts that it knows and that may log in.
#[derive(Debug)]
struct Hasty;

impl Backend for Hasty {
    fn path(&self) -> &'static str {
        "hasty"
    }
    fn authenticate<'a>(
        &'a self,
        auth: &'a Auth,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Verdict, nuages_auth::Error>> {
        Box::pin(async move {
            let name = credentials.get("username").unwrap_or_default();
            let known = auth.users().by_username(name).await?;
            let Some(mut user) = known.filter(|user: &User| {
                user.is_active && nuages_auth::passwords::is_password_usable(&user.password)
            }) else {
                return Ok(Verdict::Pass);
            };
            let password = credentials.get("password").unwrap_or_default();
            let correct = auth.users().check_password(&mut user, password).await?;
            Ok(if correct {
                Verdict::Accept(user)
            } else {
                Verdict::Pass
            })
        })
    }
}

/// What each way in costs that is not the form: what a command, HTTP Basic or an API asks.
async fn other_ways(auth: &Auth, counting: &Counting) -> Vec<(usize, u64)> {
    let mut found = Vec::new();
    for (name, password) in NAMES
        .map(|name| (name, "wrong"))
        .into_iter()
        .chain([("bob", PASSWORD), ("alice", PASSWORD)])
    {
        counting.take();
        let credentials = Credentials::password(name, password);
        auth.authenticate(&credentials).await.unwrap();
        found.push(counting.take());
    }
    found
}

#[test]
fn a1_cve_2025_13473_every_other_way_in_hashes_once_for_valid_wrong_inactive_unusable_and_unknown()
{
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        cast(&door.auth).await;
        let found = other_ways(&door.auth, &counting).await;
        assert_eq!(found, [ONE_FULL_HASH; 7]);
    });
}

#[test]
fn a1_pair_cve_2025_13473_a_backend_that_returns_early_tells_the_accounts_apart() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        cast(&door.auth).await;
        let auth = door.auth.clone().with_backends(vec![Arc::new(Hasty)]);
        let found = other_ways(&auth, &counting).await;
        let hashes: Vec<_> = found.iter().map(|(hashes, _)| *hashes).collect();
        assert_eq!(hashes, [1, 0, 0, 1, 0, 0, 1]);
    });
}

#[test]
fn a1_cve_2016_2513_the_missing_iterations_are_really_done() {
    let full = Pbkdf2::sha256().iterations(40_000);
    let old = Pbkdf2::sha256().iterations(4_000);
    let hashers = nuages_auth::passwords::Hashers::new(full);
    let (new, old) = (
        full.encode(b"right", "abcdefghijklmnopqrstuv").unwrap(),
        old.encode(b"right", "abcdefghijklmnopqrstuv").unwrap(),
    );
    let time = |work: &dyn Fn()| -> Duration {
        let once = |_| {
            let start = std::time::Instant::now();
            work();
            start.elapsed()
        };
        (0..7).map(once).min().unwrap()
    };
    let of_new = time(&|| assert!(!hashers.verify("wrong", &new).is_correct));
    let of_old = time(&|| assert!(!hashers.verify("wrong", &old).is_correct));
    // The pair: the check alone, without what `verify` adds to it.
    let bare = time(&|| assert!(!full.verify(b"wrong", &old).unwrap()));
    assert!(
        of_old > of_new / 2 && of_old < of_new * 2,
        "{of_old:?} {of_new:?}"
    );
    assert!(bare < of_new / 3, "{bare:?} {of_new:?}");
}

/// An answer without what is random in it, and without the name that was typed.
fn essence(answer: &Answer, name: &str) -> (u16, String, String) {
    let headers = format!("{:?}", answer.headers);
    let body = answer.body.replace(name, "NAME");
    let token = "name=\"csrfmiddlewaretoken\" value=\"";
    let (head, tail) = body.split_once(token).unwrap();
    (
        answer.status.as_u16(),
        headers,
        format!("{head}{}", &tail[64..]),
    )
}

#[test]
fn a2_cve_2018_6188_the_answer_is_the_same_to_the_byte_and_never_says_inactive() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        cast(&door.auth).await;
        let mut answers = Vec::new();
        let attempts = NAMES.map(|name| (name, "wrong")).into_iter();
        for (name, password) in attempts.chain([("bob", PASSWORD), ("carol", "!")]) {
            let answer = door.login("127.0.0.1", name, password).await;
            assert!(!answer.body.contains("inactive"), "{name}");
            answers.push(essence(&answer, name));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(answers[0].0, 200);
        // Throttled, they look the same, too.
        let mut refused = Vec::new();
        for name in ["alice", "nobody@example.com"] {
            let mut last = None;
            for _ in 0..11 {
                last = Some(door.login("127.0.0.2", name, "wrong").await);
            }
            let last = last.unwrap();
            assert_eq!(last.status, 429);
            refused.push(essence(&last, name));
        }
        refused.dedup();
        assert_eq!(refused.len(), 1, "{refused:?}");
    });
}

#[test]
fn a2_pair_cve_2018_6188_a_backend_that_lets_inactive_users_pass_makes_the_form_say_so() {
    run(async {
        let plan = Plan::new(Counting::default().hashers()).await;
        let door = plan.open();
        cast(&door.auth).await;
        let lenient = nuages_auth::backends::ModelBackend::insecure_allow_inactive();
        let door = door.with_backends(vec![Arc::new(lenient)]);
        let right = door.login("127.0.0.1", "bob", PASSWORD).await;
        assert!(right.body.contains("This account is inactive."));
        // Even there a wrong password is told nothing.
        let wrong = door.login("127.0.0.1", "bob", "wrong").await;
        assert!(!wrong.body.contains("inactive"));
    });
}
