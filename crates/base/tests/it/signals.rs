//! Who hears a signal, in which order, and what becomes of errors.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use nuages_base::{Sender, Signals};

struct Saved;
struct Post;
struct Comment;

fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing waits here")
}

/// The values of those who answered, and the words of those who failed.
fn robust(signals: &Signals) -> Vec<Result<u8, String>> {
    let answers = now(signals.send_robust(Saved));
    let answers = answers.into_iter().map(|answer| match answer {
        Ok(answer) => Ok(*answer.value::<u8>().unwrap()),
        Err(error) => Err(error.to_string()),
    });
    answers.collect()
}

fn answering(signals: &Signals, uid: &'static str, value: u8) {
    signals.connect(uid, move |_: Arc<Saved>| async move { Ok(value) });
}

#[test]
fn send_stops_at_the_first_error_and_send_robust_does_not() {
    let signals = Signals::new();
    answering(&signals, "first", 1);
    signals.connect("second", |_: Arc<Saved>| async {
        Err::<u8, _>("no".into())
    });
    let heard = Arc::new(Mutex::new(0));
    let third = heard.clone();
    signals.connect("third", move |_: Arc<Saved>| {
        *third.lock().unwrap() += 1;
        async { Ok(3_u8) }
    });
    let error = now(signals.send(Saved)).unwrap_err();
    assert_eq!(error.receiver(), "second");
    assert_eq!(error.into_source().to_string(), "no");
    assert_eq!(*heard.lock().unwrap(), 0);
    let failed = "the receiver 'second' failed: no".to_owned();
    assert_eq!(robust(&signals), [Ok(1), Err(failed), Ok(3)]);
}

#[test]
fn a_panic_of_a_receiver_is_an_error_of_send_robust() {
    let signals = Signals::new();
    let panics = |_: Arc<Saved>| -> std::future::Ready<_> { panic!("before the first wait") };
    signals.connect("early", move |event| {
        let answer: std::future::Ready<Result<u8, nuages_base::SignalError>> = panics(event);
        answer
    });
    answering(&signals, "next", 2);
    let failed = "the receiver 'early' failed: the receiver panicked".to_owned();
    assert_eq!(robust(&signals), [Err(failed), Ok(2)]);
}

#[test]
fn a_sender_is_heard_by_its_receivers_and_those_of_all() {
    let signals = Signals::new();
    let posts = signals.sent_by(Sender::of::<Post>());
    let comments = signals.sent_by(Sender::of::<Comment>());
    answering(&posts, "one", 1);
    answering(&signals, "one", 2);
    assert_eq!(robust(&posts), [Ok(1), Ok(2)]);
    assert_eq!(robust(&comments), [Ok(2)]);
    assert_eq!(robust(&signals), [Ok(2)]);
    assert!(!comments.disconnect::<Saved>("one"));
    assert!(signals.disconnect::<Saved>("one"));
    assert!(posts.has_listeners::<Saved>());
    assert!(!signals.has_listeners::<Saved>());
    assert_eq!(signals.receivers::<Saved>(), 1);
    assert_eq!(robust(&comments), []);
}

#[test]
fn a_weak_receiver_ends_with_its_owner_and_may_be_connected_anew() {
    let signals = Signals::new();
    let connect = |value: u8| {
        let owner = Arc::new(value);
        signals.connect_weak("weak", &owner, |owner: Arc<u8>, _: Arc<Saved>| async move {
            Ok(*owner)
        });
        owner
    };
    let owner = connect(1);
    assert_eq!(robust(&signals), [Ok(1)]);
    drop(owner);
    assert!(!signals.has_listeners::<Saved>());
    assert!(!signals.disconnect::<Saved>("weak"));
    assert_eq!(robust(&signals), []);
    let _owner = connect(2);
    assert_eq!(robust(&signals), [Ok(2)]);
}

#[test]
fn what_a_receiver_connects_counts_from_the_next_signal() {
    let signals = Signals::new();
    let inner = signals.clone();
    signals.connect("adds", move |_: Arc<Saved>| {
        answering(&inner, "added", 9);
        inner.disconnect::<Saved>("last");
        async { Ok(1_u8) }
    });
    answering(&signals, "last", 2);
    assert_eq!(robust(&signals), [Ok(1), Ok(2)]);
    assert_eq!(robust(&signals), [Ok(1), Ok(9)]);
}
