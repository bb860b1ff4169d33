//! The text that messages become in the cookie and in the session.

use jiff::Timestamp;
use nuages_crypto::signing::TimestampSigner;
use nuages_crypto::{KeyRing, python_json};
use serde_json::{Value, json};

use super::{Level, Message};

/// Marks a message in the JSON.
const MESSAGE_KEY: &str = "__json_message";
/// Stands at the end of the cookie when more is in the session.
const NOT_FINISHED: &str = "__messagesnotfinished__";
/// Half of the 4 KB that servers allow for all headers.
const MAX_COOKIE_SIZE: usize = 2048;

/// Signs messages for the cookie, writes them for the session, and reads both back.
///
/// ```
/// use jiff::Timestamp;
/// use nuages_crypto::KeyRing;
/// use nuages_sessions::{Level, Message, MessageCodec};
///
/// let codec = MessageCodec::new(&KeyRing::new("secret key"));
/// let messages = [Message::new(Level::INFO, "Hello.")];
/// let cookie = codec.encode(&messages, Timestamp::from_second(1_780_000_000)?);
/// assert_eq!(codec.decode(&cookie).unwrap(), messages);
/// assert_eq!(codec.decode(&cookie[1..]), None);
/// # Ok::<(), jiff::Error>(())
/// ```
///
/// # Django
/// `CookieStorage._encode` and `_decode`, `SessionStorage.serialize_messages` and `deserialize_messages`.
/// What is no message in a list that we or Django signed is passed over, where Django fails.
#[derive(Debug, Clone)]
pub struct MessageCodec {
    signer: TimestampSigner,
}

/// What a cookie held.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Decoded {
    pub(super) messages: Vec<Message>,
    /// The session holds the rest.
    pub(super) unfinished: bool,
}

/// Which messages stay in a cookie that is too small for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// The first ones: the others wait in the session.
    First,
    /// The last ones: there is no place for the others.
    Last,
}

impl MessageCodec {
    /// A codec with the site's keys.
    pub fn new(keys: &KeyRing) -> Self {
        let keys = keys.prefixed(b"django.http.cookies");
        Self {
            signer: TimestampSigner::new(&keys, "django.contrib.messages"),
        }
    }

    /// The signed text of these messages, however long it may be.
    pub fn encode(&self, messages: &[Message], now: Timestamp) -> String {
        let list: Vec<Value> = messages.iter().map(to_json).collect();
        self.sign(&list, now)
    }

    /// The messages of a cookie; `None` when it is damaged or foreign.
    pub fn decode(&self, cookie: &str) -> Option<Vec<Message>> {
        Some(self.read(cookie)?.messages)
    }

    /// The text under which the session keeps messages.
    pub fn to_session(messages: &[Message]) -> String {
        // Python separates with a space here, and not in the cookie.
        let written = |value: &Value| python_json::to_string(value).unwrap_or_default();
        let message = |message: &Message| match to_json(message) {
            Value::Array(parts) => {
                let parts: Vec<String> = parts.iter().map(written).collect();
                format!("[{}]", parts.join(", "))
            }
            other => written(&other),
        };
        let messages: Vec<String> = messages.iter().map(message).collect();
        format!("[{}]", messages.join(", "))
    }

    /// The messages of a session's value; none when it is damaged.
    pub fn from_session(value: &Value) -> Vec<Message> {
        let parsed;
        let list = match value {
            Value::String(text) => {
                parsed = serde_json::from_str(text).unwrap_or_default();
                &parsed
            }
            value => value,
        };
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(from_json).collect()
    }

    pub(super) fn read(&self, cookie: &str) -> Option<Decoded> {
        let signed = self
            .signer
            .unsign_object::<Value>(cookie, Timestamp::MIN, None);
        let list = signed.ok()?;
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        Some(Decoded {
            unfinished: list.last().and_then(Value::as_str) == Some(NOT_FINISHED),
            messages: list.iter().filter_map(from_json).collect(),
        })
    }

    /// The cookie with as many messages as fit, and those that do not; without any message, no cookie.
    pub(super) fn fit<'m>(
        &self,
        messages: &'m [Message],
        keeping: Keeping,
        now: Timestamp,
    ) -> (Option<String>, &'m [Message]) {
        if messages.is_empty() {
            return (None, &[]);
        }
        let list: Vec<Value> = messages.iter().map(to_json).collect();
        let whole = self.sign(&list, now);
        if whole.len() <= MAX_COOKIE_SIZE {
            return (Some(whole), &[]);
        }
        let attempt = |part: &[Value]| {
            let mut part = part.to_vec();
            part.push(NOT_FINISHED.into());
            self.sign(&part, now)
        };
        // By halves, and in Django's order of attempts: compression makes the size hard to foresee.
        let (mut low, mut high) = (0, list.len());
        match keeping {
            Keeping::First => {
                while low < high {
                    let middle = usize::midpoint(low, high);
                    if attempt(&list[..=middle]).len() > MAX_COOKIE_SIZE {
                        high = middle;
                    } else {
                        low = middle + 1;
                    }
                }
                (Some(attempt(&list[..low])), &messages[low..])
            }
            Keeping::Last => {
                while low < high {
                    let middle = usize::midpoint(low, high);
                    if attempt(&list[middle..]).len() > MAX_COOKIE_SIZE {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                (Some(attempt(&list[low..])), &messages[..low])
            }
        }
    }

    fn sign(&self, list: &[Value], now: Timestamp) -> String {
        // Arrays of strings and numbers can always be written as JSON.
        self.signer
            .sign_object_compressed(list, now)
            .unwrap_or_default()
    }
}

fn to_json(message: &Message) -> Value {
    let mut parts = vec![
        MESSAGE_KEY.into(),
        u8::from(message.safe).into(),
        message.level.0.into(),
        message.text.as_str().into(),
    ];
    parts.extend(message.extra_tags.as_deref().map(Value::from));
    json!(parts)
}

fn from_json(value: &Value) -> Option<Message> {
    let parts = value.as_array()?;
    if parts.first()?.as_str()? != MESSAGE_KEY {
        return None;
    }
    let level = i32::try_from(parts.get(2)?.as_i64()?).ok()?;
    Some(Message {
        level: Level(level),
        text: parts.get(3)?.as_str()?.to_owned(),
        safe: parts.get(1)?.as_i64().is_some_and(|mark| mark != 0),
        extra_tags: parts.get(4).and_then(Value::as_str).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codec() -> MessageCodec {
        MessageCodec::new(&KeyRing::new("secret key"))
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_780_000_000).unwrap()
    }

    #[test]
    fn messages_come_back_as_they_went() {
        let messages = vec![
            Message::new(Level::SUCCESS, "Zoë saved <it>"),
            Message::new(Level(7), "").extra_tags("a b"),
        ];
        let (cookie, left) = codec().fit(&messages, Keeping::First, now());
        assert!(left.is_empty());
        let decoded = codec().read(&cookie.unwrap()).unwrap();
        assert_eq!(decoded.messages, messages);
        assert!(!decoded.unfinished);
        let text = MessageCodec::to_session(&messages);
        assert_eq!(MessageCodec::from_session(&text.into()), messages);
    }

    #[test]
    fn what_does_not_fit_is_left() {
        // Random text cannot be compressed away.
        let messages: Vec<_> = (0..9)
            .map(|_| Message::new(Level::INFO, nuages_crypto::random_string(400)))
            .collect();
        for keeping in [Keeping::First, Keeping::Last] {
            let (cookie, left) = codec().fit(&messages, keeping, now());
            let cookie = cookie.unwrap();
            assert!(cookie.len() <= MAX_COOKIE_SIZE);
            assert!((1..9).contains(&left.len()), "{}", left.len());
            let decoded = codec().read(&cookie).unwrap();
            assert!(decoded.unfinished);
            let both = match keeping {
                Keeping::First => [decoded.messages.as_slice(), left].concat(),
                Keeping::Last => [left, decoded.messages.as_slice()].concat(),
            };
            assert_eq!(both, messages);
        }
        let huge = [Message::new(
            Level::INFO,
            nuages_crypto::random_string(4000),
        )];
        assert_eq!(codec().fit(&huge, Keeping::First, now()).1.len(), 1);
    }

    #[test]
    fn a_forged_cookie_holds_nothing() {
        let cookie = codec().encode(&[Message::new(Level::INFO, "hi")], now());
        for forged in ["", "x", &cookie[1..], &cookie[..cookie.len() - 1]] {
            assert_eq!(codec().decode(forged), None);
        }
        let other = MessageCodec::new(&KeyRing::new("another key"));
        assert_eq!(other.decode(&cookie), None);
    }
}
