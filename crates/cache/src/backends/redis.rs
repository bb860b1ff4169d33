//! Values on a Redis server.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue, Pipeline, cmd};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::backend::Stamp;
use crate::{CacheBackend, Error, Keep, Result, Token, Ttl, Value, pickle};

/// Sets a value if the bytes are still those that were read.
const REPLACE: &str = "\
local now = redis.call('GET', KEYS[1])
if now == ARGV[1] then
  if ARGV[3] == 'keep' then redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
  elseif ARGV[3] == 'never' then redis.call('SET', KEYS[1], ARGV[2])
  else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
  return 1
end
return 0";

/// Adds to a number that is there.
const INCREASE: &str = "\
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
return redis.call('INCRBY', KEYS[1], ARGV[1])";

/// Values on a Redis server (or Valkey), as Django keeps them: whole numbers in digits, all else as pickles.
///
/// Commands of all requests travel over one connection, each answer to its own caller: a request that goes away while it
/// waits leaves nothing behind that another could read. A connection that breaks is made anew at the next command.
/// No command waits longer than the timeout.
///
/// # Django
/// `RedisCache`, with one server.
#[derive(Clone)]
pub struct RedisCache {
    client: Client,
    timeout: Duration,
    connection: std::sync::Arc<OnceCell<ConnectionManager>>,
}

impl RedisCache {
    /// Values on the server of this address: `redis://user:password@host:port/database`.
    ///
    /// Nothing is connected before the first command.
    ///
    /// # Errors
    /// When the address cannot be understood.
    pub fn new(address: &str) -> Result<Self> {
        let client = Client::open(address).map_err(|error| {
            // The address holds a password; the error says what is wrong without it.
            Error::settings(
                format!("the address of the Redis server cannot be understood: {error}"),
                "write it as redis://user:password@host:port/database",
            )
        })?;
        Ok(Self {
            client,
            timeout: Duration::from_secs(2),
            connection: std::sync::Arc::default(),
        })
    }

    /// How long a command may take, making the connection included.
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    async fn connection(&self) -> Result<ConnectionManager> {
        let made = self.connection.get_or_try_init(async || {
            let config = ConnectionManagerConfig::new()
                .set_number_of_retries(1)
                .set_min_delay(Duration::from_millis(20))
                .set_max_delay(Duration::from_millis(200))
                .set_connection_timeout(Some(self.timeout))
                .set_response_timeout(Some(self.timeout));
            ConnectionManager::new_lazy_with_config(self.client.clone(), config)
        });
        made.await.cloned().map_err(Error::backend)
    }

    async fn in_time<T>(&self, work: impl Future<Output = redis::RedisResult<T>>) -> Result<T> {
        match timeout(self.timeout, work).await {
            Ok(answer) => answer.map_err(Error::backend),
            Err(_) => Err(Error::backend("the Redis server does not answer in time")),
        }
    }

    async fn ask<T: FromRedisValue>(&self, command: Cmd) -> Result<T> {
        let mut connection = self.connection().await?;
        self.in_time(command.query_async(&mut connection)).await
    }

    async fn ask_all<T: FromRedisValue>(&self, commands: Pipeline) -> Result<T> {
        let mut connection = self.connection().await?;
        self.in_time(commands.query_async(&mut connection)).await
    }
}

/// Whole numbers stand in digits, so that the server itself can count.
fn encode(value: &Value) -> Result<Vec<u8>> {
    match value {
        Value::Int(number) => Ok(number.to_string().into_bytes()),
        value => pickle::dumps(value),
    }
}

fn decode(key: &str, bytes: &[u8]) -> Option<Value> {
    // Python's `int()` reads more than this, but nobody writes it.
    let number = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse().ok());
    match number {
        Some(number) => Some(Value::Int(number)),
        None => super::readable(key, pickle::loads(bytes)),
    }
}

/// Milliseconds; less than one is one, for none would be refused.
fn milliseconds(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis())
        .unwrap_or(u64::MAX)
        // Beyond this the server refuses, and nobody lives to see it.
        .clamp(1, 1 << 53)
}

fn set(key: &str, bytes: Vec<u8>, ttl: Ttl) -> Cmd {
    let mut command = cmd("SET");
    command.arg(key).arg(bytes);
    if let Some(ttl) = ttl {
        command.arg("PX").arg(milliseconds(ttl));
    }
    command
}

impl CacheBackend for RedisCache {
    fn get_with_token<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<(Value, Token)>>> {
        Box::pin(async move {
            let mut command = cmd("GET");
            command.arg(key);
            let bytes: Option<Vec<u8>> = self.ask(command).await?;
            Ok(bytes.and_then(|bytes| Some((decode(key, &bytes)?, Token::bytes(bytes)))))
        })
    }

    fn set<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.ask(set(key, encode(&value)?, ttl)).await })
    }

    fn add<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let mut command = set(key, encode(&value)?, ttl);
            command.arg("NX");
            let done: Option<String> = self.ask(command).await?;
            Ok(done.is_some())
        })
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        token: &'a Token,
        value: Value,
        keep: Keep,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Stamp::Bytes(before) = &token.0 else {
                return Ok(false);
            };
            let ttl = match keep {
                Keep::AsBefore => "keep".to_owned(),
                Keep::For(None) => "never".to_owned(),
                Keep::For(Some(ttl)) => milliseconds(ttl).to_string(),
            };
            let mut command = cmd("EVAL");
            command.arg(REPLACE).arg(1).arg(key);
            command.arg(before).arg(encode(&value)?).arg(ttl);
            self.ask(command).await
        })
    }

    fn touch<'a>(&'a self, key: &'a str, ttl: Ttl) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            if let Some(ttl) = ttl {
                let mut command = cmd("PEXPIRE");
                command.arg(key).arg(milliseconds(ttl));
                return self.ask(command).await;
            }
            // PERSIST says no of a key that lives for ever already.
            let mut commands = Pipeline::new();
            commands.cmd("PERSIST").arg(key).ignore();
            commands.cmd("EXISTS").arg(key);
            let (there,): (bool,) = self.ask_all(commands).await?;
            Ok(there)
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let mut command = cmd("DEL");
            command.arg(key);
            self.ask(command).await
        })
    }

    fn clear(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move { self.ask(cmd("FLUSHDB")).await })
    }

    fn has_key<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let mut command = cmd("EXISTS");
            command.arg(key);
            self.ask(command).await
        })
    }

    fn get_many<'a>(&'a self, keys: &'a [String]) -> BoxFuture<'a, Result<Vec<Option<Value>>>> {
        Box::pin(async move {
            if keys.is_empty() {
                return Ok(Vec::new());
            }
            let mut command = cmd("MGET");
            command.arg(keys);
            let found: Vec<Option<Vec<u8>>> = self.ask(command).await?;
            Ok(keys
                .iter()
                .zip(found)
                .map(|(key, bytes)| decode(key, &bytes?))
                .collect())
        })
    }

    fn set_many(&self, entries: Vec<(String, Value)>, ttl: Ttl) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let mut commands = Pipeline::new();
            for (key, value) in entries {
                commands
                    .add_command(set(&key, encode(&value)?, ttl))
                    .ignore();
            }
            self.ask_all(commands).await
        })
    }

    fn delete_many<'a>(&'a self, keys: &'a [String]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if keys.is_empty() {
                return Ok(());
            }
            let mut command = cmd("DEL");
            command.arg(keys);
            self.ask::<i64>(command).await.map(drop)
        })
    }

    fn increase<'a>(&'a self, key: &'a str, by: i64) -> BoxFuture<'a, Result<Option<i64>>> {
        Box::pin(async move {
            let mut command = cmd("EVAL");
            command.arg(INCREASE).arg(1).arg(key).arg(by);
            match self.ask(command).await {
                Err(error) if is_no_number(&error) => {
                    Err(Error::of_type(key, "expected a whole number"))
                }
                answer => answer,
            }
        })
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(async move {
            let pattern = format!("{}*", escape_glob(prefix));
            let (mut cursor, mut keys) = (0_u64, Vec::new());
            loop {
                let mut command = cmd("SCAN");
                command.arg(cursor).arg("MATCH").arg(&pattern);
                command.arg("COUNT").arg(1000);
                let (next, found): (u64, Vec<Vec<u8>>) = self.ask(command).await?;
                keys.extend(
                    found
                        .into_iter()
                        .filter_map(|key| String::from_utf8(key).ok()),
                );
                if next == 0 {
                    break;
                }
                cursor = next;
            }
            keys.sort_unstable();
            keys.dedup();
            Ok(keys)
        })
    }
}

/// The server could not count with what is there.
fn is_no_number(error: &Error) -> bool {
    let said = error.to_string();
    said.contains("not an integer") || said.contains("would overflow")
}

/// A prefix whose signs stand for themselves in a pattern.
fn escape_glob(prefix: &str) -> String {
    let mut pattern = String::with_capacity(prefix.len());
    for sign in prefix.chars() {
        if matches!(sign, '*' | '?' | '[' | ']' | '^' | '-' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern
}

impl fmt::Debug for RedisCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.debug_struct("RedisCache")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
