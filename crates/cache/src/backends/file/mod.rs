//! Values in the files of one folder.

mod disk;

use std::any::Any;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use nuages_base::Clock;

use self::disk::Disk;
use crate::backend::{Stamp, sum};
use crate::{CacheBackend, Error, Keep, Result, Token, Ttl, Value};

/// Values in the files of one folder, one a key. Only the owner may read them, whatever the umask says.
///
/// A file is written beside its place and then moved there, so that no reader sees half of it.
///
/// # Django
/// `FileBasedCache`. Names and contents of the files are the same.
#[derive(Debug, Clone)]
pub struct FileCache {
    disk: Arc<Disk>,
}

impl FileCache {
    /// Values in this folder, which is made at the first writing; room for 300.
    pub fn new(folder: impl Into<PathBuf>, clock: Clock) -> Self {
        Self {
            disk: Arc::new(Disk::new(folder.into(), clock)),
        }
    }

    /// Room for so many values; when it is full, one in `cull_frequency` makes room (0: all).
    pub fn sized(self, max_entries: usize, cull_frequency: usize) -> Self {
        Self {
            disk: Arc::new(self.disk.sized(max_entries, cull_frequency)),
        }
    }

    /// Does something on a thread that may wait for the disk.
    fn on_disk<R: Send + 'static>(
        &self,
        work: impl FnOnce(&Disk) -> Result<R> + Send + 'static,
    ) -> BoxFuture<'_, Result<R>> {
        let disk = self.disk.clone();
        // One kind of task for all kinds of work: tokio's code for a task is long.
        let work: Work = Box::new(move || Box::new(work(&disk)));
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(work).await;
            match done.map_err(Error::backend)?.downcast() {
                Ok(done) => *done,
                Err(_) => Err(Error::backend("the work has another result")),
            }
        })
    }
}

type Work = Box<dyn FnOnce() -> Box<dyn Any + Send> + Send>;

impl CacheBackend for FileCache {
    fn get_with_token<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<(Value, Token)>>> {
        let key = key.to_owned();
        self.on_disk(move |disk| {
            let entry = disk.read(&key)?;
            Ok(entry.map(|entry| (entry.value, Token::bytes(entry.bytes))))
        })
    }

    fn set<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<()>> {
        let key = key.to_owned();
        self.on_disk(move |disk| {
            disk.make_room(&key)?;
            disk.write(&key, &value, disk.expires(ttl))
        })
    }

    fn add<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<bool>> {
        let key = key.to_owned();
        self.on_disk(move |disk| {
            disk.make_room(&key)?;
            let _lock = disk.lock(&key)?;
            if disk.read(&key)?.is_some() {
                return Ok(false);
            }
            disk.write(&key, &value, disk.expires(ttl)).map(|()| true)
        })
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        token: &'a Token,
        value: Value,
        keep: Keep,
    ) -> BoxFuture<'a, Result<bool>> {
        let (key, token) = (key.to_owned(), token.clone());
        self.on_disk(move |disk| {
            let _lock = disk.lock(&key)?;
            match disk.read(&key)? {
                Some(entry) if matches!(&token.0, Stamp::Bytes(before) if *before == entry.bytes) =>
                {
                    let expires = match keep {
                        Keep::AsBefore => entry.expires,
                        Keep::For(ttl) => disk.expires(ttl),
                    };
                    disk.write(&key, &value, expires).map(|()| true)
                }
                _ => Ok(false),
            }
        })
    }

    fn touch<'a>(&'a self, key: &'a str, ttl: Ttl) -> BoxFuture<'a, Result<bool>> {
        let key = key.to_owned();
        self.on_disk(move |disk| {
            let _lock = disk.lock(&key)?;
            match disk.read(&key)? {
                Some(entry) => {
                    disk.write(&key, &entry.value, disk.expires(ttl))?;
                    Ok(true)
                }
                None => Ok(false),
            }
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        let key = key.to_owned();
        self.on_disk(move |disk| {
            let _lock = disk.lock(&key)?;
            let there = disk.read(&key)?.is_some();
            disk.remove(&key)?;
            Ok(there)
        })
    }

    fn clear(&self) -> BoxFuture<'_, Result<()>> {
        self.on_disk(Disk::clear)
    }

    fn increase<'a>(&'a self, key: &'a str, by: i64) -> BoxFuture<'a, Result<Option<i64>>> {
        let key = key.to_owned();
        self.on_disk(move |disk| {
            let _lock = disk.lock(&key)?;
            let Some(entry) = disk.read(&key)? else {
                return Ok(None);
            };
            let sum = sum(&key, &entry.value, by)?;
            disk.write(&key, &Value::Int(sum), entry.expires)?;
            Ok(Some(sum))
        })
    }

    fn clear_expired(&self) -> BoxFuture<'_, Result<u64>> {
        self.on_disk(Disk::clear_expired)
    }
}
