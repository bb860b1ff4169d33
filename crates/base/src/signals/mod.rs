//! What happened, told to whoever asked to know.

mod answer;
mod sender;

use std::any::{Any, TypeId, type_name};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

pub use answer::{Answer, ReceiverError, SignalError};
pub use sender::Sender;

type Event = Arc<dyn Any + Send + Sync>;
/// `None` when the receiver's owner is gone.
type Called = Option<BoxFuture<'static, Result<Box<dyn Any + Send>, SignalError>>>;

#[derive(Clone)]
struct Receiver {
    dispatch_uid: Cow<'static, str>,
    sender: Option<Sender>,
    owner: Option<Weak<dyn Any + Send + Sync>>,
    call: Arc<dyn Fn(Event) -> Called + Send + Sync>,
}

impl Receiver {
    fn is_alive(&self) -> bool {
        self.owner
            .as_ref()
            .is_none_or(|owner| owner.strong_count() > 0)
    }
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
/// let answers = signals.send_robust(UserLoggedIn { username: "ann".into() }).await;
/// assert_eq!(answers.len(), 1);
/// assert!(signals.disconnect::<UserLoggedIn>("audit"));
/// # }).unwrap();
/// ```
///
/// Signals of one sender only are the same signals, [sent by](Signals::sent_by) somebody:
///
/// ```
/// use nuages_base::{Sender, Signals};
/// use std::sync::Arc;
///
/// struct Saved;
/// struct Post;
/// struct Comment;
///
/// # futures_util::FutureExt::now_or_never(async {
/// let signals = Signals::new();
/// let posts = signals.sent_by(Sender::of::<Post>());
/// posts.connect("index", |_: Arc<Saved>| async { Ok(()) });
/// assert_eq!(posts.send(Saved).await.unwrap().len(), 1);
/// let comments = signals.sent_by(Sender::of::<Comment>());
/// assert!(!comments.has_listeners::<Saved>());
/// # }).unwrap();
/// ```
///
/// Receivers may connect and disconnect receivers; that counts from the next signal on.
///
/// # Django
/// `django.dispatch.Signal`, where every event type is a signal.
/// `asend` is [`send`](Signals::send), `asend_robust` is [`send_robust`](Signals::send_robust).
/// The `dispatch_uid` is a must, because closures have no identity.
/// Receivers are called in the order of their connection, each when the one before has ended;
/// `use_caching` is not needed, and what Django connects weakly by default is
/// [`connect_weak`](Signals::connect_weak).
#[derive(Clone, Default)]
pub struct Signals {
    receivers: Arc<RwLock<HashMap<TypeId, Vec<Receiver>>>>,
    sender: Option<Sender>,
}

impl Signals {
    /// No receivers yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same signals, from one sender: what is connected here hears no other, and what is sent
    /// from here reaches these receivers and those of any sender.
    ///
    /// # Django
    /// The argument `sender` of `connect`, `disconnect`, `has_listeners` and `send`.
    pub fn sent_by(&self, sender: impl Into<Sender>) -> Self {
        Self {
            receivers: self.receivers.clone(),
            sender: Some(sender.into()),
        }
    }

    /// Connects a receiver; a second one of the same `dispatch_uid`, sender and event is ignored.
    pub fn connect<E, F, Fut, R>(&self, dispatch_uid: impl Into<Cow<'static, str>>, receiver: F)
    where
        E: Send + Sync + 'static,
        F: Fn(Arc<E>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, SignalError>> + Send + 'static,
        R: Send + 'static,
    {
        let call = move |event| Some(boxed(receiver(event)));
        self.add::<E>(dispatch_uid.into(), None, call);
    }

    /// Connects a receiver that lives as long as its owner: when the last `Arc` of it is dropped,
    /// the receiver is gone.
    ///
    /// ```
    /// use nuages_base::Signals;
    /// use std::sync::Arc;
    ///
    /// struct Saved;
    /// struct Index;
    ///
    /// # futures_util::FutureExt::now_or_never(async {
    /// let signals = Signals::new();
    /// let index = Arc::new(Index);
    /// signals.connect_weak("index", &index, |_: Arc<Index>, _: Arc<Saved>| async { Ok(()) });
    /// assert_eq!(signals.receivers::<Saved>(), 1);
    /// drop(index);
    /// assert_eq!(signals.receivers::<Saved>(), 0);
    /// # }).unwrap();
    /// ```
    ///
    /// # Django
    /// A bound method connected with `weak=True`.
    pub fn connect_weak<T, E, F, Fut, R>(
        &self,
        dispatch_uid: impl Into<Cow<'static, str>>,
        owner: &Arc<T>,
        receiver: F,
    ) where
        T: Send + Sync + 'static,
        E: Send + Sync + 'static,
        F: Fn(Arc<T>, Arc<E>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, SignalError>> + Send + 'static,
        R: Send + 'static,
    {
        let weak = Arc::downgrade(owner);
        let watched: Weak<dyn Any + Send + Sync> = weak.clone();
        let call = move |event| Some(boxed(receiver(weak.upgrade()?, event)));
        self.add::<E>(dispatch_uid.into(), Some(watched), call);
    }

    fn add<E: Send + Sync + 'static>(
        &self,
        dispatch_uid: Cow<'static, str>,
        owner: Option<Weak<dyn Any + Send + Sync>>,
        call: impl Fn(Arc<E>) -> Called + Send + Sync + 'static,
    ) {
        let receiver = Receiver {
            dispatch_uid,
            sender: self.sender.clone(),
            owner,
            call: Arc::new(move |event: Event| call(event.downcast::<E>().ok()?)),
        };
        let mut receivers = self
            .receivers
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let list = receivers.entry(TypeId::of::<E>()).or_default();
        list.retain(Receiver::is_alive);
        let known = list.iter().any(|known| {
            known.dispatch_uid == receiver.dispatch_uid && known.sender == receiver.sender
        });
        if !known {
            list.push(receiver);
        }
    }

    /// Takes a receiver off; true when it was connected to this sender.
    pub fn disconnect<E: 'static>(&self, dispatch_uid: &str) -> bool {
        let mut receivers = self
            .receivers
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(list) = receivers.get_mut(&TypeId::of::<E>()) else {
            return false;
        };
        list.retain(Receiver::is_alive);
        let before = list.len();
        list.retain(|known| known.dispatch_uid != dispatch_uid || known.sender != self.sender);
        list.len() < before
    }

    /// True when anybody would hear an `E` that is sent from here; lets a sender skip building it.
    pub fn has_listeners<E: 'static>(&self) -> bool {
        self.look::<E, _>(|list| list.iter().any(|known| self.reaches(known)))
    }

    /// How many receivers of `E` are connected, whatever the sender.
    pub fn receivers<E: 'static>(&self) -> usize {
        self.look::<E, _>(|list| list.iter().filter(|known| known.is_alive()).count())
    }

    /// Tells the receivers one after another, and returns what they answered.
    ///
    /// # Errors
    /// When a receiver fails: the receivers after it are not told.
    pub async fn send<E: Send + Sync + 'static>(
        &self,
        event: E,
    ) -> Result<Vec<Answer>, ReceiverError> {
        let event: Event = Arc::new(event);
        let mut answers = Vec::new();
        for receiver in self.reached::<E>() {
            let Some(answer) = (receiver.call)(event.clone()) else {
                continue;
            };
            answers.push(outcome(receiver.dispatch_uid, answer.await)?);
        }
        Ok(answers)
    }

    /// Tells every receiver; errors and panics are logged, and keep no other from being told.
    pub async fn send_robust<E: Send + Sync + 'static>(
        &self,
        event: E,
    ) -> Vec<Result<Answer, ReceiverError>> {
        let event: Event = Arc::new(event);
        let mut answers = Vec::new();
        for receiver in self.reached::<E>() {
            let event = event.clone();
            // The call itself is inside: a receiver may panic before its first wait.
            let told = AssertUnwindSafe(async {
                match (receiver.call)(event) {
                    Some(answer) => Some(answer.await),
                    None => None,
                }
            });
            let answer = match told.catch_unwind().await {
                Ok(None) => continue,
                Ok(Some(answer)) => answer,
                Err(_) => Err("the receiver panicked".into()),
            };
            let answer = outcome(receiver.dispatch_uid, answer);
            if let Err(error) = &answer {
                tracing::error!(
                    target: "nuages.dispatch",
                    receiver = %error.receiver,
                    event = type_name::<E>(),
                    "{}",
                    error.source
                );
            }
            answers.push(answer);
        }
        answers
    }

    /// Those who would hear an `E` from here, as of now.
    fn reached<E: 'static>(&self) -> Vec<Receiver> {
        self.look::<E, _>(|list| {
            let reached = list.iter().filter(|known| self.reaches(known));
            reached.cloned().collect()
        })
    }

    fn look<E: 'static, T>(&self, look: impl FnOnce(&[Receiver]) -> T) -> T {
        let receivers = self
            .receivers
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        look(receivers.get(&TypeId::of::<E>()).map_or(&[], Vec::as_slice))
    }

    fn reaches(&self, receiver: &Receiver) -> bool {
        receiver.is_alive() && (receiver.sender.is_none() || receiver.sender == self.sender)
    }
}

fn boxed<R: Send + 'static>(
    answer: impl Future<Output = Result<R, SignalError>> + Send + 'static,
) -> BoxFuture<'static, Result<Box<dyn Any + Send>, SignalError>> {
    answer
        .map(|answer| answer.map(|value| Box::new(value) as Box<dyn Any + Send>))
        .boxed()
}

fn outcome(
    receiver: Cow<'static, str>,
    answer: Result<Box<dyn Any + Send>, SignalError>,
) -> Result<Answer, ReceiverError> {
    match answer {
        Ok(value) => Ok(Answer { receiver, value }),
        Err(source) => Err(ReceiverError { receiver, source }),
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals").finish_non_exhaustive()
    }
}
