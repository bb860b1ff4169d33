//! The folder of a file cache.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use jiff::Timestamp;
use md5::{Digest, Md5};
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use nuages_base::Clock;

use super::super::readable;
use crate::{Error, Result, Ttl, Value, pickle};

/// What Django's files end in.
const SUFFIX: &str = "djcache";
/// What a value may grow to when it is inflated, at the most.
const INFLATE_LIMIT: usize = 64 * 1024 * 1024;
/// What it may always grow to, and how many times its length beyond that: text is packed to a tenth, bombs to a thousandth.
const INFLATE_ALWAYS: usize = 4 * 1024 * 1024;
const INFLATE_RATIO: usize = 50;
/// Where the locks lie; Django looks at files with its suffix only.
const LOCKS: &str = ".locks";
/// How many locks the keys share.
const LOCK_COUNT: u8 = 64;

#[derive(Debug, Clone)]
pub(super) struct Disk {
    folder: PathBuf,
    clock: Clock,
    max_entries: usize,
    cull_frequency: usize,
}

/// What a file holds.
pub(super) struct Entry {
    pub(super) value: Value,
    /// Seconds since 1970.
    pub(super) expires: Option<f64>,
    pub(super) bytes: Vec<u8>,
}

impl Disk {
    pub(super) fn new(folder: PathBuf, clock: Clock) -> Self {
        Self {
            folder,
            clock,
            max_entries: 300,
            cull_frequency: 3,
        }
    }

    pub(super) fn sized(&self, max_entries: usize, cull_frequency: usize) -> Self {
        Self {
            max_entries,
            cull_frequency,
            ..self.clone()
        }
    }

    /// The file of a key: a hash, so that no key can name another place.
    fn path(&self, key: &str) -> PathBuf {
        let name = hex(&Md5::digest(key.as_bytes()));
        self.folder.join(format!("{name}.{SUFFIX}"))
    }

    #[expect(clippy::cast_precision_loss, reason = "Python's time is a float, too")]
    fn now(&self) -> f64 {
        self.clock.now().as_microsecond() as f64 / 1e6
    }

    #[expect(clippy::cast_precision_loss, reason = "Python's time is a float, too")]
    pub(super) fn expires(&self, ttl: Ttl) -> Option<f64> {
        let at = self.clock.now().checked_add(ttl?).unwrap_or(Timestamp::MAX);
        Some(at.as_microsecond() as f64 / 1e6)
    }

    /// The live value of a key; a file whose time is over is removed.
    pub(super) fn read(&self, key: &str) -> Result<Option<Entry>> {
        let path = self.path(key);
        let mut bytes = Vec::new();
        let limit = INFLATE_LIMIT as u64;
        match File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::backend(error)),
        }
        let Ok((expires, used)) = expiry(&bytes) else {
            return Ok(None);
        };
        if expires.is_some_and(|at| at <= self.now()) {
            remove(&path)?;
            return Ok(None);
        }
        let packed = &bytes[used..];
        let value = decompress_to_vec_zlib_with_limit(packed, inflate_limit(packed.len()))
            .map_err(|_| Error::decode("no zlib"))
            .and_then(|pickled| pickle::loads(&pickled));
        Ok(readable(key, value).map(|value| Entry {
            value,
            expires,
            bytes,
        }))
    }

    /// Writes beside the place and moves there.
    pub(super) fn write(&self, key: &str, value: &Value, expires: Option<f64>) -> Result<()> {
        let mut bytes = pickle::dumps(&expires.map_or(Value::None, Value::Float))?;
        let pickled = pickle::dumps(value)?;
        let mut packed = pack(&pickled, Compression::default())?;
        // What would look like a bomb is not packed, so that it is read again, here and by Django.
        if pickled.len() > inflate_limit(packed.len()) {
            packed = pack(&pickled, Compression::none())?;
        }
        bytes.append(&mut packed);
        make_private_folder(&self.folder).map_err(Error::backend)?;
        let mut random = [0_u8; 12];
        getrandom::fill(&mut random).map_err(Error::backend)?;
        let beside = self.folder.join(format!("tmp{}", hex(&random)));
        let result =
            write_private(&beside, &bytes).and_then(|()| fs::rename(&beside, self.path(key)));
        if result.is_err() {
            let _ = fs::remove_file(&beside);
        }
        result.map_err(Error::backend)
    }

    /// Nobody else of this house changes the key while the lock is held.
    pub(super) fn lock(&self, key: &str) -> Result<File> {
        let folder = self.folder.join(LOCKS);
        make_private_folder(&folder).map_err(Error::backend)?;
        let which = Md5::digest(key.as_bytes())[0] % LOCK_COUNT;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        private(&mut options);
        let file = options
            .open(folder.join(which.to_string()))
            .map_err(Error::backend)?;
        file.lock().map_err(Error::backend)?;
        Ok(file)
    }

    pub(super) fn remove(&self, key: &str) -> Result<()> {
        remove(&self.path(key))
    }

    fn files(&self) -> Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::backend(error)),
        };
        let ours = |path: &PathBuf| path.extension().is_some_and(|suffix| suffix == SUFFIX);
        Ok(entries
            .flatten()
            .map(|entry| entry.path())
            .filter(ours)
            .collect())
    }

    pub(super) fn clear(&self) -> Result<()> {
        self.files()?.iter().try_for_each(|path| remove(path))
    }

    pub(super) fn clear_expired(&self) -> Result<u64> {
        let mut removed = 0;
        for path in self.files()? {
            let mut head = Vec::new();
            let read = File::open(&path).and_then(|file| file.take(64).read_to_end(&mut head));
            if read.is_err() {
                continue;
            }
            if let Ok((Some(at), _)) = expiry(&head)
                && at <= self.now()
            {
                remove(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Makes room for one more key: as Django, files that chance names.
    pub(super) fn make_room(&self, key: &str) -> Result<()> {
        let mut files = self.files()?;
        if files.len() < self.max_entries || files.contains(&self.path(key)) {
            return Ok(());
        }
        if self.cull_frequency == 0 {
            return self.clear();
        }
        let excess = (files.len() + 1).saturating_sub(self.max_entries);
        let going = (files.len() / self.cull_frequency).max(excess);
        // Names are hashes: their order is as good as chance, and a random start spares the same ones.
        files.sort_unstable();
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(Error::backend)?;
        let start = usize::try_from(u64::from_le_bytes(random) % files.len() as u64);
        files.rotate_left(start.unwrap_or_default());
        files.iter().take(going).try_for_each(|path| remove(path))
    }
}

/// What a value of so many bytes may grow to.
fn inflate_limit(packed: usize) -> usize {
    let by_ratio = packed.saturating_mul(INFLATE_RATIO);
    by_ratio.clamp(INFLATE_ALWAYS, INFLATE_LIMIT)
}

fn pack(bytes: &[u8], how: Compression) -> Result<Vec<u8>> {
    let mut packer = ZlibEncoder::new(Vec::new(), how);
    packer.write_all(bytes).map_err(Error::backend)?;
    packer.finish().map_err(Error::backend)
}

/// The end of a value, which stands as a pickle of its own before it, and where it ends itself.
fn expiry(bytes: &[u8]) -> Result<(Option<f64>, usize)> {
    let (value, used) = pickle::loads_prefix(bytes)?;
    #[expect(clippy::cast_precision_loss, reason = "a time of day in seconds")]
    let at = match value {
        Value::None => None,
        Value::Float(at) => Some(at),
        Value::Int(at) => Some(at as f64),
        _ => return Err(Error::decode("no time before the value")),
    };
    Ok((at, used))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::backend(error)),
        _ => Ok(()),
    }
}

/// Every folder that is made on the way is the owner's alone, whatever the umask says (CVE-2020-24584).
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

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    private(&mut options);
    options.open(path)?.write_all(bytes)
}

fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}
