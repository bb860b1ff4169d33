//! A6: guessing passwords one after the other, all at once, and from elsewhere.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use nuages_auth::passwords::Hashers;
use nuages_auth::{AuthSettings, Credentials, LoginThrottled, UserLoginFailed, checks};
use nuages_sql::RawSql;

use super::counting::Counting;
use super::door::{Answer, DbFile, Door, PASSWORD, Plan};
use super::flood::Held;
use crate::database::run;

const ATTACKER: &str = "203.0.113.7";
const OWNER: &str = "198.51.100.1";

async fn guess(door: &Door, times: usize) -> Vec<Answer> {
    let mut answers = Vec::new();
    for number in 0..times {
        let password = format!("guess {number}");
        answers.push(door.login(ATTACKER, "alice", &password).await);
    }
    answers
}

fn statuses(answers: &[Answer], status: u16) -> usize {
    let same = answers.iter().filter(|answer| answer.status == status);
    same.count()
}

#[test]
fn a6_a_hundred_guesses_cost_ten_hashes_and_the_owner_still_logs_in() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        door.user("alice").await;
        counting.take();
        let answers = guess(&door, 100).await;
        assert_eq!(counting.take().0, 10);
        assert_eq!(statuses(&answers, 200), 10);
        assert_eq!(statuses(&answers, 429), 90);
        let last = answers.last().unwrap();
        assert!(matches!(last.retry_after(), Some(1..=900)));
        assert!(last.body.contains("Too many failed logins."));
        // The right password is not looked at either: a refusal tells nothing.
        let right = door.login(ATTACKER, "alice", PASSWORD).await;
        assert_eq!(right.status, 429);
        assert_eq!(counting.take().0, 0);
        // No lockout: the owner is somewhere else.
        assert!(door.login(OWNER, "alice", PASSWORD).await.is_in());
    });
}

#[test]
fn a6_pair_without_the_throttle_every_guess_is_hashed() {
    run(async {
        let counting = Counting::default();
        let plan = Plan::new(counting.hashers()).await.without_throttle();
        let door = plan.open();
        door.user("alice").await;
        counting.take();
        let answers = guess(&door, 100).await;
        assert_eq!(counting.take().0, 100);
        assert_eq!(statuses(&answers, 200), 100);
        assert!(door.login(ATTACKER, "alice", PASSWORD).await.is_in());
    });
}

#[test]
fn a6_a_hundred_parallel_guesses_on_two_workers_cost_at_most_ten_hashes_and_one_each() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let file = DbFile::new("parallel").await;
        let counting = Counting::default();
        let mut workers = Vec::new();
        for _ in 0..2 {
            workers.push(Plan::on(file.open().await, counting.hashers()).open());
        }
        workers[0].user("alice").await;
        counting.take();
        let guesses = (0..100).map(|number| {
            let door = workers[number % 2].clone();
            tokio::spawn(async move {
                let password = format!("guess {number}");
                door.login(ATTACKER, "alice", &password).await
            })
        });
        let answers: Vec<_> = futures_util::future::join_all(guesses)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let hashes = counting.take().0;
        assert!((1..=12).contains(&hashes), "{hashes}");
        assert_eq!(statuses(&answers, 200), hashes);
        assert_eq!(statuses(&answers, 429), 100 - hashes);
        assert!(workers[1].login(OWNER, "alice", PASSWORD).await.is_in());
    });
}

/// Logins of one account from one address at the same moment.
async fn at_once(door: &Door, times: usize, password: &str) -> Vec<Answer> {
    let logins = (0..times).map(|_| door.login(ATTACKER, "alice", password));
    futures_util::future::join_all(logins).await
}

#[test]
fn a6_right_logins_at_the_same_moment_are_all_let_in() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        door.user("alice").await;
        let answers = at_once(&door, 32, PASSWORD).await;
        assert_eq!(statuses(&answers, 302), 32);
        // Also when there is room for one failure only.
        guess(&door, 9).await;
        let answers = at_once(&door, 32, PASSWORD).await;
        assert_eq!(statuses(&answers, 302), 32);
        // The pair: wrong ones are not, and cost what the limit allows.
        counting.take();
        let answers = at_once(&door, 100, "guess").await;
        assert_eq!(statuses(&answers, 200), 10);
        assert_eq!(statuses(&answers, 429), 90);
        assert_eq!(counting.take().0, 10);
    });
}

#[test]
fn a6_right_logins_on_two_workers_are_all_let_in() {
    run(async {
        let file = DbFile::new("right").await;
        let counting = Counting::default();
        let mut workers = Vec::new();
        for _ in 0..2 {
            workers.push(Plan::on(file.open().await, counting.hashers()).open());
        }
        workers[0].user("alice").await;
        let answers = futures_util::future::join(
            at_once(&workers[0], 16, PASSWORD),
            at_once(&workers[1], 16, PASSWORD),
        );
        let (first, second) = answers.await;
        assert_eq!(statuses(&first, 302) + statuses(&second, 302), 32);
    });
}

#[test]
fn a6_a_hundred_addresses_at_the_same_moment_and_one_more_cost_a_hundred_hashes() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        counting.take();
        let door = &door;
        let guesses = (0..150).map(|number| async move {
            let address = format!("192.0.2.{number}");
            door.login(&address, "alice", "guess").await
        });
        let answers = futures_util::future::join_all(guesses).await;
        assert_eq!(statuses(&answers, 429), 50);
        assert_eq!(counting.take().0, 100);
    });
}

#[test]
fn a6_who_leaves_while_the_password_is_hashed_has_used_up_an_attempt() {
    run(async {
        let held = Held::default();
        let mut plan = Plan::new(Hashers::new(held.clone())).await;
        plan.pool = (20, 20);
        let door = plan.open();
        for number in 1..=10 {
            let visitor = door.clone();
            let login = async move { visitor.login(ATTACKER, "alice", "guess").await };
            let login = tokio::spawn(login);
            while held.begun() < number {
                tokio::task::yield_now().await;
            }
            login.abort();
            assert!(login.await.is_err());
        }
        let refused = door.login(ATTACKER, "alice", "guess").await;
        assert_eq!(refused.status, 429);
        assert_eq!(held.begun(), 10);
        held.let_go();
    });
}

#[test]
fn a6_a_right_login_costs_three_queries() {
    run(async {
        let counting = Counting::default();
        let mut plan = Plan::new(counting.hashers()).await;
        let (db, log) = plan.db.with_log();
        plan.db = db;
        let door = plan.open();
        door.user("alice").await;
        let queries = || {
            let queries = log.queries();
            log.clear();
            let ours = queries.into_iter().map(|query| query.sql);
            let ours = ours.filter(|sql| sql.contains("nuages_login_attempt"));
            ours.map(|sql| sql.split(' ').next().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        queries();
        for _ in 0..3 {
            assert!(door.login(ATTACKER, "alice", PASSWORD).await.is_in());
            assert_eq!(queries(), ["SELECT", "INSERT", "DELETE"]);
        }
        assert_eq!(statuses(&guess(&door, 1).await, 200), 1);
        assert_eq!(queries(), ["SELECT", "INSERT"]);
        guess(&door, 9).await;
        queries();
        assert_eq!(statuses(&guess(&door, 1).await, 429), 1);
        assert_eq!(queries(), ["SELECT"]);
    });
}

#[test]
fn a6_the_table_does_not_grow_with_old_failures() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        let rows = async || -> i64 {
            let count = RawSql::new("SELECT count(*) FROM nuages_login_attempt");
            door.auth.db().fetch_value(count).await.unwrap().unwrap()
        };
        let mut most = 0;
        for number in 0..300 {
            door.login(ATTACKER, &format!("user{number}"), "guess")
                .await;
            door.clock.advance(SignedDuration::from_secs(900));
            most = most.max(rows().await);
        }
        assert!((2..=64).contains(&most), "{most}");
    });
}

#[test]
fn a6_the_count_outlives_a_restart_and_ends_with_its_time() {
    run(async {
        let file = DbFile::new("restart").await;
        let counting = Counting::default();
        let door = Plan::on(file.open().await, counting.hashers()).open();
        door.user("alice").await;
        assert_eq!(statuses(&guess(&door, 10).await, 200), 10);
        drop(door);
        let door = Plan::on(file.open().await, counting.hashers()).open();
        let refused = door.login(ATTACKER, "alice", PASSWORD).await;
        assert_eq!(
            (refused.status.as_u16(), refused.retry_after()),
            (429, Some(900))
        );
        door.clock.advance(SignedDuration::from_secs(899));
        let refused = door.login(ATTACKER, "alice", PASSWORD).await;
        assert_eq!(
            (refused.status.as_u16(), refused.retry_after()),
            (429, Some(1))
        );
        door.clock.advance(SignedDuration::from_secs(1));
        assert!(door.login(ATTACKER, "alice", PASSWORD).await.is_in());
        // Nothing is left in the table.
        let count = RawSql::new("SELECT count(*) FROM nuages_login_attempt");
        let rows: Option<i64> = door.auth.db().fetch_value(count).await.unwrap();
        assert_eq!(rows, Some(0));
    });
}

#[test]
fn a6_an_account_that_is_attacked_from_everywhere_gives_a_hundred_hashes() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        door.user("alice").await;
        counting.take();
        for number in 0..150 {
            let address = format!("192.0.2.{number}");
            door.login(&address, "alice", "guess").await;
        }
        assert_eq!(counting.take().0, 100);
        // Another account is not concerned.
        door.user("bob").await;
        assert!(door.login("192.0.2.1", "bob", PASSWORD).await.is_in());
        // An operator may let the owner in.
        door.auth.login_throttle().reset("Alice").await.unwrap();
        assert!(door.login(OWNER, "alice", PASSWORD).await.is_in());
    });
}

#[test]
fn a6_an_ipv6_client_cannot_change_its_address() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        counting.take();
        for number in 0..20 {
            let address = format!("2001:db8:1:2:{number:x}::1");
            door.login(&address, "alice", "guess").await;
        }
        assert_eq!(counting.take().0, 10);
        door.login("2001:db8:1:3::1", "alice", "guess").await;
        assert_eq!(counting.take().0, 1);
    });
}

#[test]
fn a6_a_made_up_x_forwarded_for_does_not_start_the_count_anew() {
    run(async {
        let rotate = async |num_proxies: usize, entries: fn(usize) -> String| {
            let counting = Counting::default();
            let mut plan = Plan::new(counting.hashers()).await;
            plan.hosts.num_proxies = num_proxies;
            let door = plan.open();
            counting.take();
            for number in 0..30 {
                let entries = entries(number);
                let headers = [("x-forwarded-for", entries.as_str())];
                door.login_with("10.0.0.1", &headers, "alice", "guess")
                    .await;
            }
            counting.take().0
        };
        let made_up = |number| format!("192.0.2.{number}");
        let behind_a_proxy = |number| format!("192.0.2.{number}, 203.0.113.7");
        assert_eq!(rotate(0, made_up).await, 10);
        assert_eq!(rotate(1, behind_a_proxy).await, 10);
        // The pair: the header counts, where it is said that a proxy wrote it.
        assert_eq!(rotate(1, made_up).await, 30);
    });
}

#[test]
fn a6_the_spelling_of_a_name_does_not_start_the_count_anew() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        counting.take();
        for name in ["alice", "Alice", "ALICE", " alice ", "ａlice"]
            .iter()
            .cycle()
            .take(20)
        {
            door.login(ATTACKER, name, "guess").await;
        }
        assert_eq!(counting.take().0, 10);
        // A name that nobody has is counted as any other, so that a refusal does not tell.
        for _ in 0..20 {
            door.login(ATTACKER, "nobody", "guess").await;
        }
        assert_eq!(counting.take().0, 10);
    });
}

#[test]
fn a6_a_right_password_clears_the_count_and_a_full_queue_does_not_raise_it() {
    run(async {
        let counting = Counting::default();
        let plan = Plan::new(counting.hashers()).await;
        let db = plan.db.clone();
        let door = plan.open();
        door.user("alice").await;
        for _ in 0..5 {
            assert_eq!(statuses(&guess(&door, 9).await, 200), 9);
            assert!(door.login(ATTACKER, "alice", PASSWORD).await.is_in());
        }
        // The same users, but nobody to hash: what is not looked at does not count.
        let mut plan = Plan::on(db, counting.hashers());
        plan.pool = (1, 0);
        let busy = plan.open();
        let guesses = (0..10).map(|_| busy.login(ATTACKER, "alice", "guess"));
        let first = futures_util::future::join_all(guesses).await;
        let hashed = statuses(&first, 200);
        assert!(hashed >= 1 && statuses(&first, 503) == 10 - hashed);
        assert_eq!(statuses(&guess(&door, 30).await, 200), 10 - hashed);
    });
}

#[test]
fn a6_signals_tell_of_failures_and_of_refusals() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let tell = told.clone();
        door.signals
            .connect("failed", move |event: Arc<UserLoginFailed>| {
                let tell = tell.clone();
                async move {
                    tell.lock()
                        .unwrap()
                        .push(format!("{:?}", event.credentials));
                    Ok(())
                }
            });
        let tell = told.clone();
        door.signals
            .connect("refused", move |event: Arc<LoginThrottled>| {
                let tell = tell.clone();
                async move {
                    let client: IpAddr = event.client.unwrap();
                    tell.lock()
                        .unwrap()
                        .push(format!("{client} {:?}", event.credentials));
                    Ok(())
                }
            });
        guess(&door, 11).await;
        let told = told.lock().unwrap();
        assert_eq!(told.len(), 11);
        assert!(told[10].starts_with("203.0.113.7 ") && told[10].contains("alice"));
        assert!(!told.concat().contains("guess"));
    });
}

#[test]
fn a6_credentials_that_name_nobody_lock_nobody_out() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        let throttle = door.auth.login_throttle();
        let client = ATTACKER.parse().ok();
        for number in 0..30 {
            let token = Credentials::new().with("token", number.to_string());
            assert!(throttle.admit(&token, client).await.unwrap().is_ok());
        }
        // An e-mail address names somebody.
        let email = Credentials::new()
            .with("password", "x")
            .with("email", "a@example.com");
        let mut admitted = 0;
        for _ in 0..30 {
            admitted += usize::from(throttle.admit(&email, client).await.unwrap().is_ok());
        }
        assert_eq!(admitted, 10);
    });
}

#[test]
fn a6_x15_a_site_without_the_throttle_is_told_so_by_check_deploy() {
    let ids = |settings: &AuthSettings| -> Vec<_> {
        checks(settings).into_iter().map(|check| check.id).collect()
    };
    assert!(ids(&AuthSettings::default()).is_empty());
    for change in [
        (|settings| settings.login_failure_limit = 0) as fn(&mut AuthSettings),
        |settings| settings.login_failure_limit_per_account = 0,
        |settings| settings.login_failure_window = 0,
    ] {
        let mut settings = AuthSettings::default();
        change(&mut settings);
        assert_eq!(ids(&settings), ["auth.W102"]);
    }
}
