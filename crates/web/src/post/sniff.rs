//! What a file is, by its first bytes.

/// What a file is by its first bytes; `None` when they are those of nothing that is known.
///
/// Only kinds that begin with bytes of their own; text has none.
///
/// ```
/// use nuages_web::sniff_content_type;
///
/// assert_eq!(sniff_content_type(b"%PDF-1.7"), Some("application/pdf"));
/// assert_eq!(sniff_content_type(b"<svg onload=alert(1)>"), None);
/// ```
///
/// # Security
/// Says what a file begins like, not that it is nothing else as well: serve it with `nosniff` all the same.
pub fn sniff_content_type(head: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 14] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"BM", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b\x08", "application/gzip"),
        (b"OggS\0", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"wOF2", "font/woff2"),
    ];
    let found = KNOWN.iter().find(|(magic, _)| head.starts_with(magic));
    if let Some((_, content_type)) = found {
        return Some(content_type);
    }
    match (head.get(..4)?, head.get(8..12)?) {
        (b"RIFF", b"WEBP") => Some("image/webp"),
        (b"RIFF", b"WAVE") => Some("audio/x-wav"),
        (_, b"avif") if &head[4..8] == b"ftyp" => Some("image/avif"),
        (_, b"isom" | b"mp41" | b"mp42" | b"M4V ") if &head[4..8] == b"ftyp" => Some("video/mp4"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_beginning() {
        for (head, expect) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some("image/png")),
            (b"RIFF....WEBPVP8 ", Some("image/webp")),
            (b"\0\0\0\x18ftypmp42", Some("video/mp4")),
            (b"RIFF", None),
            (b"", None),
            (b"<html>", None),
        ] {
            assert_eq!(sniff_content_type(head), expect, "{head:?}");
        }
    }
}
