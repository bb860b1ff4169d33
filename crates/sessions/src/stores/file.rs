//! Sessions in the files of one folder.

use std::any::Any;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_crypto::{KeyRing, random_string};

use crate::expiry::Ending;
use crate::key::is_key;
use crate::store::{Listed, Replaced, Revision, Stored};
use crate::{Error, SessionCodec, SessionData, SessionSettings, SessionStore};

/// A longer session is neither written nor read: nobody shall make us read a disk full.
const LONGEST: u64 = 6 * 1024 * 1024;
/// Where the locks lie: a name that begins like no session's.
const LOCKS: &str = ".nuages-session-locks";

/// Sessions in the files of one folder, signed, and readable by their owner alone.
///
/// # Django
/// `django.contrib.sessions.backends.file.SessionStore`; names and contents of the files are the same. A session that ends so
/// many seconds after its last change (`set_expiry(300)`) does so here; Django's files of that kind never expire.
#[derive(Debug, Clone)]
pub struct FileStore(Arc<Folder>);

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    codec: SessionCodec,
    settings: SessionSettings,
    clock: Clock,
}

impl FileStore {
    /// Sessions in this folder, signed with these keys.
    pub fn new(
        folder: impl Into<PathBuf>,
        keys: &KeyRing,
        settings: SessionSettings,
        clock: Clock,
    ) -> Self {
        Self(Arc::new(Folder {
            path: folder.into(),
            codec: SessionCodec::new(keys),
            settings,
            clock,
        }))
    }

    /// Does something on a thread that may wait for the disk.
    fn on_disk<R: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> io::Result<R> + Send + 'static,
    ) -> BoxFuture<'_, Result<R, Error>> {
        let folder = self.0.clone();
        // One kind of task for all kinds of work: tokio's code for a task is long.
        let work: Work = Box::new(move || Box::new(work(&folder)));
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(work).await;
            match done.map_err(Error::store)?.downcast::<io::Result<R>>() {
                Ok(done) => done.map_err(Error::store),
                Err(_) => Err(Error::store("the work has another result")),
            }
        })
    }
}

type Work = Box<dyn FnOnce() -> Box<dyn Any + Send> + Send>;

impl Folder {
    fn file(&self, key: &str) -> io::Result<PathBuf> {
        if !is_key(key) {
            return Err(io::Error::new(
                ErrorKind::InvalidInput,
                "invalid characters in a session key",
            ));
        }
        let prefix = &self.settings.session_cookie_name;
        Ok(self.path.join(format!("{prefix}{key}")))
    }

    /// The text of a session that has not expired, what it holds, and when it ends.
    fn read(
        &self,
        key: &str,
        now: Timestamp,
    ) -> io::Result<Option<(String, SessionData, Timestamp)>> {
        let mut file = match File::open(self.file(key)?) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut text = String::new();
        if file.metadata()?.len() > LONGEST
            || (&mut file).take(LONGEST).read_to_string(&mut text).is_err()
        {
            return Ok(None);
        }
        // Django leaves an empty file for a moment while it makes a session.
        let data = match text.as_str() {
            "" => SessionData::new(),
            text => self.codec.decode(text),
        };
        let changed = Timestamp::try_from(file.metadata()?.modified()?).unwrap_or(now);
        let ends = Ending::of(&data, &self.settings).date(changed);
        if ends <= now {
            self.delete(key)?;
            return Ok(None);
        }
        Ok(Some((text, data, ends)))
    }

    /// Writes beside the place and moves there; a new file only where there is none.
    fn write(&self, key: &str, text: &str, new: bool) -> io::Result<bool> {
        if text.len() as u64 > LONGEST {
            return Err(io::Error::new(
                ErrorKind::FileTooLarge,
                "a session of more than 6 MiB",
            ));
        }
        let path = self.file(key)?;
        make_private_folder(&self.path)?;
        let beside = self.path.join(format!(".nuages-{}", random_string(24)));
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        private(&mut options);
        let mut file = options.open(&beside)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| {
            // The time of the last change is the site's, which a test can hold still.
            file.set_modified(system_time(self.clock.now()))?;
            if new {
                // Linking refuses a name that is taken, where renaming would overwrite.
                fs::hard_link(&beside, &path)?;
                fs::remove_file(&beside)
            } else {
                fs::rename(&beside, &path)
            }
        });
        if let Err(error) = written {
            let _ = fs::remove_file(&beside);
            if new && error.kind() == ErrorKind::AlreadyExists {
                return Ok(false);
            }
            return Err(error);
        }
        Ok(true)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        match fs::remove_file(self.file(key)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Nobody else of this house changes the session while the lock is held.
    fn lock(&self, key: &str) -> io::Result<File> {
        let folder = self.path.join(LOCKS);
        make_private_folder(&folder)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        private(&mut options);
        // The first sign of the key: 36 locks for all.
        let file = options.open(folder.join(&key[..1]))?;
        file.lock()?;
        Ok(file)
    }

    fn keys(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let key = |entry: fs::DirEntry| {
            let name = entry.file_name();
            let key = name
                .to_str()?
                .strip_prefix(&self.settings.session_cookie_name)?;
            is_key(key).then(|| key.to_owned())
        };
        Ok(entries.flatten().filter_map(key).collect())
    }
}

fn system_time(at: Timestamp) -> SystemTime {
    let since = u64::try_from(at.as_microsecond()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_micros(since)
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

impl SessionStore for FileStore {
    fn load<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>> {
        let key = key.to_owned();
        self.on_disk(move |folder| {
            let found = folder.read(&key, now)?;
            Ok(found.map(|(text, data, _)| Stored {
                data,
                revision: Some(Revision::text(text)),
            }))
        })
    }

    fn create<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        let (key, encoded) = (
            key.to_owned(),
            self.0.codec.encode(data, self.0.clock.now()),
        );
        Box::pin(async move {
            let text = encoded?;
            self.on_disk(move |folder| folder.write(&key, &text, true))
                .await
        })
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        revision: &'a Revision,
        data: &'a SessionData,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<Replaced, Error>> {
        let encoded = self.0.codec.encode(data, self.0.clock.now());
        let (key, before) = (key.to_owned(), revision.as_text().map(str::to_owned));
        Box::pin(async move {
            let text = encoded?;
            self.on_disk(move |folder| {
                let _lock = folder.lock(&key)?;
                let now = folder.clock.now();
                match (folder.read(&key, now)?, before) {
                    (Some((stored, ..)), Some(before)) if stored == before => {
                        folder.write(&key, &text, false)?;
                        Ok(Replaced::Saved {
                            key: Arc::from(key),
                            revision: Some(Revision::text(text)),
                        })
                    }
                    _ => Ok(Replaced::Changed),
                }
            })
            .await
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        let key = key.to_owned();
        self.on_disk(move |folder| {
            if !is_key(&key) {
                return Ok(());
            }
            let _lock = folder.lock(&key)?;
            folder.delete(&key)
        })
    }

    fn clear_expired(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, Error>> {
        self.on_disk(move |folder| {
            let mut removed = 0;
            for key in folder.keys()? {
                // Reading removes what has expired.
                removed += u64::from(folder.read(&key, now)?.is_none());
            }
            Ok(removed)
        })
    }

    fn each<'a>(
        &'a self,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let all = self
                .on_disk(move |folder| {
                    let mut all = Vec::new();
                    for key in folder.keys()? {
                        if let Some((_, data, ends)) = folder.read(&key, now)? {
                            let expires = Some(ends);
                            all.push(Listed { key, data, expires });
                        }
                    }
                    Ok(all)
                })
                .await?;
            all.into_iter().for_each(look);
            Ok(())
        })
    }
}
