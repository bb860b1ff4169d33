//! A: passwords, on a whole site. What needs none is in the integration tests of `auth`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nuages::auth::passwords::{
    DecodedHash, Hashers, MalformedHash, PasswordHasher, PasswordPool, Pbkdf2,
};
use nuages::auth::{Auth, AuthSettings, Credentials};
use nuages::base::{Clock, Signals};
use nuages::crypto::KeyRing;
use nuages::crypto::encoding::hex_encode;
use nuages::orm::Model as _;
use sha2::{Digest as _, Sha256};

use super::victim::{PASSWORD, Victim, log_in};

#[tokio::test]
async fn a5_a_password_of_a_megabyte_is_refused_like_any_other_wrong_one() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut browser = victim.browser();
    let answer = log_in(&mut browser, "alice", &"x".repeat(1_000_000)).await;
    assert_eq!(answer.status(), 200);
    assert!(
        answer
            .text()
            .contains("Please enter a correct username and password")
    );
    // The pair: the right password logs in, so it was the password that was refused.
    assert_eq!(log_in(&mut browser, "alice", PASSWORD).await.status(), 302);
}

#[tokio::test]
async fn a2_an_unknown_an_inactive_and_a_wrong_login_look_the_same() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut bob = victim.site.create_user("bob", PASSWORD).await;
    bob.is_active = false;
    bob.save(victim.site.db()).await.unwrap();
    let mut pages = Vec::new();
    for (username, password) in [("alice", "wrong"), ("bob", PASSWORD), ("nobody", "wrong")] {
        let answer = log_in(&mut victim.browser(), username, password).await;
        let text = without_nonce(&answer.text()).replace(username, "USER");
        let (head, tail) = text
            .split_once("name=\"csrfmiddlewaretoken\" value=\"")
            .unwrap();
        pages.push((answer.status(), head.to_owned(), tail[64..].to_owned()));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
}

/// The page without what is random in it on purpose.
fn without_nonce(page: &str) -> String {
    match page
        .split_once("nonce=\"")
        .and_then(|(head, rest)| Some((head, rest.split_once('"')?.1)))
    {
        Some((head, tail)) => format!("{head}{tail}"),
        None => page.to_owned(),
    }
}

/// A hasher that reads the whole password at each iteration, as Django's did before CVE-2013-1443, and counts the bytes that it reads.
#[derive(Debug, Clone, Default)]
struct Naive(Arc<AtomicUsize>);

const ITERATIONS: u32 = 50;

impl PasswordHasher for Naive {
    fn algorithm(&self) -> &'static str {
        "naive"
    }
    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        let mut state = Sha256::digest(salt);
        for _ in 0..ITERATIONS {
            let mut hash = Sha256::new();
            hash.update(state);
            hash.update(password);
            self.0
                .fetch_add(state.len() + password.len(), Ordering::SeqCst);
            state = hash.finalize();
        }
        Ok(format!("naive${salt}${}", hex_encode(state)))
    }
    fn decode(&self, _: &str) -> Result<DecodedHash, MalformedHash> {
        Err(MalformedHash)
    }
    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
        let salt = encoded.split('$').nth(1).ok_or(MalformedHash)?;
        Ok(self.encode(password, salt)? == encoded)
    }
    fn must_update(&self, _: &str) -> Result<bool, MalformedHash> {
        Ok(false)
    }
    fn harden_runtime(&self, _: &[u8], _: &str) {}
}

/// A site whose passwords are hashed by these hashers.
fn auth_with(victim: &Victim, hashers: Hashers) -> Auth {
    Auth::new(
        victim.site.db().clone(),
        KeyRing::new("a secret key"),
        AuthSettings::default(),
        Signals::new(),
        Clock::system(),
    )
    .unwrap()
    .with_password_pool(PasswordPool::new(hashers, 1, 8))
}

#[tokio::test]
async fn a5_pair_a_hasher_that_reads_the_password_at_each_iteration_works_for_the_attacker() {
    let victim = Victim::protected().await;
    let naive = Naive::default();
    let auth = auth_with(&victim, Hashers::new(naive.clone()));
    auth.users()
        .create_user("alice", "", PASSWORD)
        .await
        .unwrap();
    let mut work = Vec::new();
    for length in [1_000, 1_000_000] {
        naive.0.store(0, Ordering::SeqCst);
        let guess = "x".repeat(length);
        let credentials = Credentials::password("alice", &guess);
        assert!(auth.authenticate(&credentials).await.unwrap().is_none());
        work.push(naive.0.load(Ordering::SeqCst));
    }
    // A megabyte to send, fifty megabytes to hash.
    assert!(work[1] > 900 * work[0] && work[1] >= 50_000_000, "{work:?}");
}

#[tokio::test]
async fn a5_the_limit_on_bodies_stops_what_is_longer_still() {
    let attempt = async |limit: usize| {
        let change = |settings: &mut nuages::Settings| {
            settings.set("data_upload_max_memory_size", limit).unwrap();
        };
        let victim = Victim::with(change, &[]).await;
        victim.site.create_user("alice", PASSWORD).await;
        log_in(&mut victim.browser(), "alice", &"x".repeat(3_000_000))
            .await
            .status()
            .as_u16()
    };
    let default = nuages::web::WebSettings::default().data_upload_max_memory_size;
    assert!(matches!(attempt(default).await, 400 | 413));
    // The pair: with the limit lifted the form is read, and the password is checked.
    assert_eq!(attempt(10_000_000).await, 200);
}

#[tokio::test]
async fn a8_a_damaged_or_outdated_hash_is_no_way_in_and_the_right_password_repairs_it() {
    let victim = Victim::protected().await;
    let alice = victim.site.create_user("alice", PASSWORD).await;
    let store = async |encoded: &str| {
        let mut user = alice.clone();
        encoded.clone_into(&mut user.password);
        user.save(victim.site.db()).await.unwrap();
    };
    let good = Pbkdf2::sha256()
        .iterations(10)
        .encode(PASSWORD.as_bytes(), "abcdefghijklmnopqrstuv")
        .unwrap();
    let bcrypt = format!("bcrypt${}", "é".repeat(30));
    let endless = good.replace("$10$", "$1000000000000000000$");
    let mut address = 0;
    for damaged in [&good[..25], &bcrypt, "", "!x", &endless, "md5$", "$$$$"] {
        store(damaged).await;
        for guess in [PASSWORD, "wrong", ""] {
            // Each from an address of its own, for ten failures from one are enough (A6).
            address += 1;
            let elsewhere = std::net::Ipv4Addr::from_bits(0xc000_0200 + address).into();
            let mut browser = victim.near_browser().address(Some(elsewhere));
            let answer = log_in(&mut browser, "alice", guess).await;
            assert_eq!(answer.status(), 200, "{damaged:?} {guess:?}");
        }
        let user = stored(&victim).await;
        assert_eq!(user, damaged, "nobody has changed it");
    }
    // The pair: an old hash in order lets its user in, and only its user, and is made anew then.
    store(&good).await;
    let mut browser = victim.browser();
    assert_eq!(log_in(&mut browser, "alice", "wrong").await.status(), 200);
    assert_eq!(stored(&victim).await, good);
    assert_eq!(log_in(&mut browser, "alice", PASSWORD).await.status(), 302);
    assert_ne!(stored(&victim).await, good);
}

/// The hash of alice, as the table has it.
async fn stored(victim: &Victim) -> String {
    let user = nuages::auth::User::objects()
        .get(|user| user.username().eq("alice"), victim.site.db())
        .await;
    user.unwrap().password
}
