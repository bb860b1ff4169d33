//! Where cached values are kept.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::{Error, Result, Value};

/// How long a value is kept; `None` is for ever.
pub type Ttl = Option<Duration>;

/// What a store remembers of the value it gave, to see whether it is still the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(pub(crate) Stamp);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// A number that grows with every writing.
    Number(u64),
    /// The very bytes.
    Bytes(Vec<u8>),
}

impl Token {
    /// The value is the same while its number is.
    pub fn number(number: u64) -> Self {
        Self(Stamp::Number(number))
    }

    /// The value is the same while its bytes are.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Stamp::Bytes(bytes.into()))
    }
}

/// How long a value is kept that takes the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// As long as the one before it would have been.
    AsBefore,
    /// From now on so long.
    For(Ttl),
}

/// A place where cached values are kept, by their whole key.
///
/// Implementations are atomic for each key: of two callers that [`add`](Self::add), one does.
/// A value that cannot be read (another program's, a pickle that would run code) counts as not there.
///
/// # Django
/// The subclasses of `BaseCache`, below the making of keys. [`get_with_token`](Self::get_with_token) and
/// [`replace`](Self::replace) are memcached's `gets` and `cas`, which Django does not have.
pub trait CacheBackend: fmt::Debug + Send + Sync {
    /// The value of a key.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Value>>> {
        Box::pin(async move { Ok(self.get_with_token(key).await?.map(|(value, _)| value)) })
    }

    /// The value of a key, and what tells whether it is still the same.
    fn get_with_token<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<(Value, Token)>>>;

    /// Sets the value of a key.
    fn set<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<()>>;

    /// Sets the value of a key that has none; `false` when it has one.
    fn add<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<bool>>;

    /// Sets the value of a key whose value is still the one of the token; `false` when it is another or gone.
    fn replace<'a>(
        &'a self,
        key: &'a str,
        token: &'a Token,
        value: Value,
        keep: Keep,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Gives the value of a key another time to live; `false` when it has none.
    fn touch<'a>(&'a self, key: &'a str, ttl: Ttl) -> BoxFuture<'a, Result<bool>>;

    /// Removes the value of a key; `false` when it has none.
    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// Removes everything, also what other prefixes and versions have.
    fn clear(&self) -> BoxFuture<'_, Result<()>>;

    /// True when the key has a value.
    fn has_key<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move { Ok(self.get_with_token(key).await?.is_some()) })
    }

    /// The values of several keys, in their order.
    fn get_many<'a>(&'a self, keys: &'a [String]) -> BoxFuture<'a, Result<Vec<Option<Value>>>> {
        Box::pin(async move {
            let mut values = Vec::with_capacity(keys.len());
            for key in keys {
                values.push(self.get(key).await?);
            }
            Ok(values)
        })
    }

    /// Sets the values of several keys.
    fn set_many(&self, entries: Vec<(String, Value)>, ttl: Ttl) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            for (key, value) in entries {
                self.set(&key, value, ttl).await?;
            }
            Ok(())
        })
    }

    /// Removes the values of several keys.
    fn delete_many<'a>(&'a self, keys: &'a [String]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            for key in keys {
                self.delete(key).await?;
            }
            Ok(())
        })
    }

    /// Adds to a whole number and gives the sum, which keeps the time to live; `None` when the key has no value.
    fn increase<'a>(&'a self, key: &'a str, by: i64) -> BoxFuture<'a, Result<Option<i64>>> {
        Box::pin(async move {
            loop {
                let Some((value, token)) = self.get_with_token(key).await? else {
                    return Ok(None);
                };
                let sum = sum(key, &value, by)?;
                if self
                    .replace(key, &token, Value::Int(sum), Keep::AsBefore)
                    .await?
                {
                    return Ok(Some(sum));
                }
            }
        })
    }

    /// The keys that begin with `prefix`, those of expired values perhaps included.
    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        let _ = prefix;
        Box::pin(async {
            Err(Error::unsupported(
                "this kind of cache cannot list its keys",
            ))
        })
    }

    /// Removes what has expired and still takes room, and says how many.
    fn clear_expired(&self) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async { Ok(0) })
    }
}

/// The sum of a cached number and another one.
pub(crate) fn sum(key: &str, value: &Value, by: i64) -> Result<i64> {
    let number = value
        .as_int()
        .ok_or_else(|| Error::of_type(key, "expected a whole number"))?;
    number
        .checked_add(by)
        .ok_or_else(|| Error::of_type(key, "the sum is beyond 64 bits"))
}
