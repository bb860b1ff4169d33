//! What happened, told to whoever asked to know.

use std::any::{Any, TypeId, type_name};
use std::borrow::Cow;
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, RwLock};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

/// What a receiver may fail with.
pub type SignalError = Box<dyn Error + Send + Sync>;

type Call = Arc<
    dyn Fn(Arc<dyn Any + Send + Sync>) -> BoxFuture<'static, Result<(), SignalError>> + Send + Sync,
>;

#[derive(Clone)]
struct Receiver {
    dispatch_uid: Cow<'static, str>,
    call: Call,
}

/// The signals of one site: events are plain types, receivers are async closures.
///
/// There is no global registry: a site owns its `Signals`, and an app's receivers are connected when
/// the app is installed, never by an import.
///
/// ```
/// use nuages_base::Signals;
/// use std::sync::Arc;
///
/// struct UserLoggedIn { username: String }
///
/// # futures_util::FutureExt::now_or_never(async {
/// let signals = Signals::new();
/// signals.connect("audit", |event: Arc<UserLoggedIn>| async move {
///     assert_eq!(event.username, "ann");
///     Ok(())
/// });
/// // The name is the dispatch_uid: connecting twice is once.
/// signals.connect("audit", |_: Arc<UserLoggedIn>| async { Ok(()) });
/// assert_eq!(signals.send(UserLoggedIn { username: "ann".into() }).await, 0);
/// assert!(signals.disconnect::<UserLoggedIn>("audit"));
/// # }).unwrap();
/// ```
///
/// # Django
/// `django.dispatch.Signal` with `asend_robust`: a receiver's error or panic is logged and does not
/// keep the others from running.
#[derive(Clone, Default)]
pub struct Signals {
    receivers: Arc<RwLock<HashMap<TypeId, Vec<Receiver>>>>,
}

impl Signals {
    /// No receivers yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Connects a receiver; a second one of the same `dispatch_uid` and event is ignored.
    pub fn connect<E, F, Fut>(&self, dispatch_uid: impl Into<Cow<'static, str>>, receiver: F)
    where
        E: Send + Sync + 'static,
        F: Fn(Arc<E>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), SignalError>> + Send + 'static,
    {
        let dispatch_uid = dispatch_uid.into();
        let call: Call = Arc::new(move |event| match event.downcast::<E>() {
            Ok(event) => receiver(event).boxed(),
            Err(_) => futures_util::future::ready(Ok(())).boxed(),
        });
        let mut receivers = self
            .receivers
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let list = receivers.entry(TypeId::of::<E>()).or_default();
        if list.iter().all(|known| known.dispatch_uid != dispatch_uid) {
            list.push(Receiver { dispatch_uid, call });
        }
    }

    /// Takes a receiver off; true when it was connected.
    pub fn disconnect<E: 'static>(&self, dispatch_uid: &str) -> bool {
        let mut receivers = self
            .receivers
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(list) = receivers.get_mut(&TypeId::of::<E>()) else {
            return false;
        };
        let before = list.len();
        list.retain(|known| known.dispatch_uid != dispatch_uid);
        list.len() < before
    }

    /// True when anybody listens for `E`; lets a sender skip building the event.
    pub fn has_listeners<E: 'static>(&self) -> bool {
        let receivers = self
            .receivers
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        receivers
            .get(&TypeId::of::<E>())
            .is_some_and(|list| !list.is_empty())
    }

    /// Tells every receiver in the order of connection, and returns how many of them failed.
    pub async fn send<E: Send + Sync + 'static>(&self, event: E) -> usize {
        let list = {
            let receivers = self
                .receivers
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            receivers
                .get(&TypeId::of::<E>())
                .cloned()
                .unwrap_or_default()
        };
        let event: Arc<dyn Any + Send + Sync> = Arc::new(event);
        let mut failed = 0;
        for receiver in list {
            let event = event.clone();
            let outcome = AssertUnwindSafe(async { (receiver.call)(event).await })
                .catch_unwind()
                .await;
            let message = match outcome {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(_) => "the receiver panicked".to_owned(),
            };
            failed += 1;
            tracing::error!(
                target: "nuages.dispatch",
                receiver = %receiver.dispatch_uid,
                event = type_name::<E>(),
                "{message}"
            );
        }
        failed
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals").finish_non_exhaustive()
    }
}
