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

/// Signs the cookie and reads it back.
#[derive(Debug, Clone)]
pub(super) struct Codec {
    signer: TimestampSigner,
}

/// What a cookie held.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Decoded {
    pub(super) messages: Vec<Message>,
    /// The session holds the rest.
    pub(super) unfinished: bool,
}

impl Codec {
    pub(super) fn new(keys: &KeyRing) -> Self {
        let keys = keys.prefixed(b"django.http.cookies");
        Self {
            signer: TimestampSigner::new(&keys, "django.contrib.messages"),
        }
    }

    /// The messages of a cookie; none when it is damaged or foreign.
    pub(super) fn decode(&self, cookie: &str) -> Decoded {
        let Ok(Value::Array(list)) =
            self.signer
                .unsign_object::<Value>(cookie, Timestamp::MIN, None)
        else {
            return Decoded::default();
        };
        Decoded {
            unfinished: list.last().and_then(Value::as_str) == Some(NOT_FINISHED),
            messages: list.iter().filter_map(from_json).collect(),
        }
    }

    /// The cookie with the first messages that fit, and how many did; `None` without any message.
    pub(super) fn encode(&self, messages: &[Message], now: Timestamp) -> (Option<String>, usize) {
        if messages.is_empty() {
            return (None, 0);
        }
        let mut list: Vec<Value> = messages.iter().map(to_json).collect();
        let whole = self.sign(&list, now);
        if whole.len() <= MAX_COOKIE_SIZE {
            return (Some(whole), messages.len());
        }
        // Fewer and fewer, by halves: compression makes the size hard to foresee.
        let (mut low, mut high) = (0, messages.len() - 1);
        let attempt = |list: &mut Vec<Value>, count: usize| {
            let mut part = list[..count].to_vec();
            part.push(NOT_FINISHED.into());
            self.sign(&part, now)
        };
        while low < high {
            let middle = (low + high).div_ceil(2);
            if attempt(&mut list, middle).len() <= MAX_COOKIE_SIZE {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        (Some(attempt(&mut list, low)), low)
    }

    fn sign(&self, list: &[Value], now: Timestamp) -> String {
        // Arrays of strings and numbers can always be written as JSON.
        self.signer
            .sign_object_compressed(list, now)
            .unwrap_or_default()
    }
}

/// The text under which the session keeps what the cookie could not.
pub(super) fn to_session(messages: &[Message]) -> String {
    let list: Vec<Value> = messages.iter().map(to_json).collect();
    // Django separates with a space here; readers do not mind.
    python_json::to_string(&list).unwrap_or_default()
}

/// The messages of a session.
pub(super) fn from_session(text: &str) -> Vec<Message> {
    match serde_json::from_str(text) {
        Ok(Value::Array(list)) => list.iter().filter_map(from_json).collect(),
        _ => Vec::new(),
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
    let level = u32::try_from(parts.get(2)?.as_i64()?).ok()?;
    Some(Message {
        level: Level(level),
        text: parts.get(3)?.as_str()?.to_owned(),
        safe: parts.get(1)?.as_i64() == Some(1),
        extra_tags: parts.get(4).and_then(Value::as_str).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codec() -> Codec {
        Codec::new(&KeyRing::new("secret key"))
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
        let (cookie, stored) = codec().encode(&messages, now());
        assert_eq!(stored, 2);
        let decoded = codec().decode(&cookie.unwrap());
        assert_eq!(decoded.messages, messages);
        assert!(!decoded.unfinished);
        assert_eq!(from_session(&to_session(&messages)), messages);
    }

    #[test]
    fn what_does_not_fit_is_left_for_the_session() {
        // Random text cannot be compressed away.
        let messages: Vec<_> = (0..9)
            .map(|_| Message::new(Level::INFO, nuages_crypto::random_string(400)))
            .collect();
        let (cookie, stored) = codec().encode(&messages, now());
        let cookie = cookie.unwrap();
        assert!(cookie.len() <= MAX_COOKIE_SIZE);
        assert!((1..9).contains(&stored), "{stored}");
        let decoded = codec().decode(&cookie);
        assert!(decoded.unfinished);
        assert_eq!(decoded.messages, messages[..stored]);
        let huge = [Message::new(
            Level::INFO,
            nuages_crypto::random_string(4000),
        )];
        assert_eq!(codec().encode(&huge, now()).1, 0);
    }

    #[test]
    fn a_forged_cookie_holds_nothing() {
        let (cookie, _) = codec().encode(&[Message::new(Level::INFO, "hi")], now());
        let cookie = cookie.unwrap();
        for forged in ["", "x", &cookie[1..], &cookie[..cookie.len() - 1]] {
            assert_eq!(codec().decode(forged), Decoded::default());
        }
        let other = Codec::new(&KeyRing::new("another key"));
        assert_eq!(other.decode(&cookie), Decoded::default());
    }
}
