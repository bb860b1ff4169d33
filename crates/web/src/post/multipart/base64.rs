//! Base64 as Python reads it.

/// Decodes text; what is not of the alphabet is passed over, and the padding must be enough.
///
/// # Django
/// `base64.b64decode`, which is lenient: padding in the middle is passed over too.
pub(super) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3);
    let mut place = 0;
    let mut left = 0;
    let mut pads = 0;
    for byte in text {
        let Some(sextet) = sextet(*byte) else {
            if *byte == b'=' && place >= 2 {
                pads += 1;
            }
            continue;
        };
        pads = 0;
        match place {
            0 => left = sextet,
            1 => {
                decoded.push((left << 2) | (sextet >> 4));
                left = sextet & 0x0f;
            }
            2 => {
                decoded.push((left << 4) | (sextet >> 2));
                left = sextet & 0x03;
            }
            _ => decoded.push((left << 6) | sextet),
        }
        place = (place + 1) % 4;
    }
    (place == 0 || (place >= 2 && place + pads >= 4)).then_some(decoded)
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_must_be_enough_and_other_characters_do_not_matter() {
        assert_eq!(decode_base64(b"YW\r\nJj").as_deref(), Some(&b"abc"[..]));
        assert_eq!(decode_base64(b"YQ==").as_deref(), Some(&b"a"[..]));
        assert_eq!(decode_base64(b"YQ="), None);
        assert_eq!(decode_base64(b"Y"), None);
    }
}
