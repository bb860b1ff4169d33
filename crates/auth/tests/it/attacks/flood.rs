//! A7: more logins than the server can hash.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use nuages_auth::passwords::{DecodedHash, Hashers, MalformedHash, PasswordHasher};

use super::counting::Counting;
use super::door::{Door, PASSWORD, Plan};
use crate::database::run;

/// A hasher that works until it is let go.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    open: Arc<(Mutex<bool>, Condvar)>,
    begun: Arc<AtomicUsize>,
}

impl Held {
    pub(super) fn let_go(&self) {
        *self.open.0.lock().unwrap() = true;
        self.open.1.notify_all();
    }

    /// How many passwords it has got.
    pub(super) fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }
}

impl PasswordHasher for Held {
    fn algorithm(&self) -> &'static str {
        "held"
    }
    fn encode(&self, _: &[u8], _: &str) -> Result<String, MalformedHash> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let (open, door) = &*self.open;
        let guard = open.lock().unwrap();
        drop(door.wait_while(guard, |open| !*open).unwrap());
        Ok("held$".to_owned())
    }
    fn decode(&self, _: &str) -> Result<DecodedHash, MalformedHash> {
        Err(MalformedHash)
    }
    fn verify(&self, _: &[u8], _: &str) -> Result<bool, MalformedHash> {
        Err(MalformedHash)
    }
    fn must_update(&self, _: &str) -> Result<bool, MalformedHash> {
        Err(MalformedHash)
    }
    fn harden_runtime(&self, _: &[u8], _: &str) {}
}

/// Two hundred logins of as many names from as many addresses.
async fn flood(door: &Door) -> Vec<(u16, Option<u64>)> {
    let logins = (0..200).map(|number| async move {
        let (from, name) = (format!("192.0.2.{number}"), format!("user{number}"));
        let answer = door.login(&from, &name, "guess").await;
        (answer.status.as_u16(), answer.retry_after())
    });
    join_all(logins).await
}

#[test]
fn a7_while_two_hundred_logins_hash_other_requests_go_on_and_the_overflow_is_503() {
    // One thread serves all requests: whatever stopped it would stop them.
    run(async {
        let held = Held::default();
        let mut plan = Plan::new(Hashers::new(held.clone())).await;
        plan.pool = (2, 64);
        let door = plan.open();
        let flooded = door.clone();
        let flood = tokio::spawn(async move { flood(&flooded).await });
        let mut served = 0;
        while served < 1000 {
            assert_eq!(door.get("/healthz").await.body, "ok");
            assert_eq!(door.get("/accounts/login/").await.status, 200);
            served += 1;
            tokio::task::yield_now().await;
        }
        assert!(!flood.is_finished());
        held.let_go();
        let answers = flood.await.unwrap();
        let hashed = answers.iter().filter(|answer| **answer == (200, None));
        assert_eq!(hashed.count(), 66);
        let refused = answers.iter().filter(|answer| **answer == (503, Some(5)));
        assert_eq!(refused.count(), 134);
    });
}

#[test]
fn a7_pair_hashing_where_requests_are_served_stops_them_all() {
    run(async {
        let held = Held::default();
        let hashers = Hashers::new(held.clone());
        let door = Door::of(Counting::default().hashers()).await;
        // A view that hashes by itself, without the pool, and whoever comes to let it go half a second later.
        let late = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(500));
            held.let_go();
        });
        let careless = tokio::spawn(async move { hashers.make_password("x") });
        tokio::task::yield_now().await;
        // The view was polled before this line, so nobody was served until it had hashed.
        assert!(careless.is_finished());
        assert_eq!(door.get("/healthz").await.body, "ok");
        late.join().unwrap();
    });
}

/// True when a piece of work has hashed, and never on this thread, which is the one that serves.
async fn hashes_elsewhere(counting: &Counting, work: impl Future<Output = ()>) -> bool {
    counting.take_threads();
    work.await;
    let threads = counting.take_threads();
    assert!(!threads.is_empty());
    !threads.contains(&std::thread::current().id())
}

#[test]
fn a7_no_password_is_hashed_on_the_thread_that_serves() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        let users = door.auth.users();
        let check = async |work: futures_util::future::BoxFuture<'_, ()>| {
            assert!(hashes_elsewhere(&counting, work).await);
        };
        check(door.user("alice").map(|_| ()).boxed()).await;
        let login = |name: &'static str, password: &'static str| {
            let door = &door;
            async move {
                door.login("127.0.0.1", name, password).await;
            }
            .boxed()
        };
        check(login("alice", PASSWORD)).await;
        check(login("alice", "wrong")).await;
        check(login("nobody", "wrong")).await;
        let mut alice = users.by_username("alice").await.unwrap().unwrap();
        let work = async {
            users
                .set_password(&mut alice, "another horse")
                .await
                .unwrap();
            // An outdated hash, which is made anew.
            alice.password = door_hash();
            assert!(users.check_password(&mut alice, PASSWORD).await.unwrap());
        };
        check(work.boxed()).await;
        let register = axum_core::body::Body::from(
            "username=zoe&password1=a+fine+long+password&password2=a+fine+long+password",
        );
        let req = http::Request::post("/register/")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(register)
            .unwrap();
        let work = async {
            assert_eq!(door.send("127.0.0.1", req).await.body, "zoe");
        };
        check(work.boxed()).await;
        // The pair: hashers without the pool are told by the same measure.
        let work = async {
            door.auth.password_pool().hashers().make_password("x");
        };
        assert!(!hashes_elsewhere(&counting, work).await);
    });
}

fn door_hash() -> String {
    nuages_auth::passwords::Pbkdf2::sha256()
        .iterations(10)
        .encode(PASSWORD.as_bytes(), "abcdefghijklmnopqrstuv")
        .unwrap()
}
