//! What receivers answer, and how they fail.

use std::any::Any;
use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// What a receiver may fail with.
pub type SignalError = Box<dyn Error + Send + Sync>;

/// What one receiver answered.
///
/// ```
/// use nuages_base::Signals;
/// use std::sync::Arc;
///
/// struct Counting;
///
/// # futures_util::FutureExt::now_or_never(async {
/// let signals = Signals::new();
/// signals.connect("seven", |_: Arc<Counting>| async { Ok(7_u8) });
/// let answers = signals.send(Counting).await.unwrap();
/// assert_eq!(answers[0].receiver(), "seven");
/// assert_eq!(answers[0].value::<u8>(), Some(&7));
/// assert_eq!(answers[0].value::<String>(), None);
/// # }).unwrap();
/// ```
///
/// # Django
/// A pair `(receiver, response)` of the list that `Signal.send` returns.
pub struct Answer {
    pub(super) receiver: Cow<'static, str>,
    pub(super) value: Box<dyn Any + Send>,
}

impl Answer {
    /// The `dispatch_uid` of the receiver.
    pub fn receiver(&self) -> &str {
        &self.receiver
    }

    /// The value, when it is a `T`.
    pub fn value<T: 'static>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("receiver", &self.receiver)
            .finish_non_exhaustive()
    }
}

/// A receiver that failed.
///
/// ```
/// use nuages_base::Signals;
/// use std::sync::Arc;
///
/// struct Saved;
///
/// # futures_util::FutureExt::now_or_never(async {
/// let signals = Signals::new();
/// signals.connect("index", |_: Arc<Saved>| async { Err::<(), _>("no such index".into()) });
/// let error = signals.send(Saved).await.unwrap_err();
/// assert_eq!(error.receiver(), "index");
/// assert_eq!(error.to_string(), "the receiver 'index' failed: no such index");
/// # }).unwrap();
/// ```
#[derive(Debug, thiserror::Error)]
#[error("the receiver '{receiver}' failed: {source}")]
pub struct ReceiverError {
    pub(super) receiver: Cow<'static, str>,
    pub(super) source: SignalError,
}

impl ReceiverError {
    /// The `dispatch_uid` of the receiver.
    pub fn receiver(&self) -> &str {
        &self.receiver
    }

    /// What the receiver failed with.
    pub fn into_source(self) -> SignalError {
        self.source
    }
}
