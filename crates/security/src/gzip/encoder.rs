//! The encoder: bytes in, compressed bytes out, behind a name of random length.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use nuages_crypto::random_bytes;

/// Django's level.
const LEVEL: u32 = 6;

/// Compresses what it is given.
#[derive(Debug)]
pub(super) struct Encoder(GzEncoder<Vec<u8>>);

impl Encoder {
    /// An encoder whose output is longer by up to `max_random_bytes`.
    pub(super) fn new(max_random_bytes: usize) -> Self {
        let mut builder = GzBuilder::new().mtime(0);
        if max_random_bytes > 0 {
            builder = builder.filename(vec![b'a'; below(max_random_bytes)]);
        }
        Self(builder.write(Vec::new(), Compression::new(LEVEL)))
    }

    /// Takes more; returns what is ready, which may be nothing yet.
    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<Bytes> {
        self.0.write_all(bytes)?;
        Ok(std::mem::take(self.0.get_mut()).into())
    }

    /// The rest.
    pub(super) fn finish(self) -> io::Result<Bytes> {
        self.0.finish().map(Bytes::from)
    }
}

/// A random number below `limit`.
fn below(limit: usize) -> usize {
    let random = u64::from_le_bytes(random_bytes());
    let limit = limit as u64;
    // Of 2^64 numbers the last few are left out by the remainder: nothing that anybody could measure.
    usize::try_from(random % limit).unwrap_or(0)
}
