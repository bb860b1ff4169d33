//! A few bytes that inflate to a great many.
//!
//! This file uses nothing but `std` and `flate2`: a crate below may take it in with `#[path]`.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// A zlib stream that begins as a JSON string and inflates to so many megabytes: a thousandth of them.
///
/// One megabyte is packed, and its block repeated: what it refers back to is there each time.
pub fn zlib_bomb(megabytes: usize) -> Vec<u8> {
    let pack = |bytes: &[u8]| {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
        let written = packer.write_all(bytes).and_then(|()| packer.flush());
        assert!(written.is_ok(), "a vector takes everything");
        std::mem::take(packer.get_mut())
    };
    let mut stream = pack(b"\"");
    // Without the two bytes of the header.
    let block = pack(&vec![b'x'; 1 << 20]).split_off(2);
    for _ in 0..megabytes {
        stream.extend_from_slice(&block);
    }
    stream
}
