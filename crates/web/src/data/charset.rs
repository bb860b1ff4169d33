//! Character encodings of forms and responses, by the names that Python knows them by.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// A character encoding. Everything of a site is UTF-8 unless a client or an old system wants otherwise.
///
/// ```
/// use nuages_web::Charset;
///
/// let latin = Charset::of_label("ISO-8859-15").unwrap();
/// assert_eq!(latin.decode(b"\xa4"), "€");
/// assert_eq!(latin.encode("€").as_deref(), Some(b"\xa4".as_slice()));
/// assert_eq!(latin.encode("日"), None);
/// assert!(Charset::of_label("klingon").is_none());
/// ```
///
/// # Django
/// `request.encoding`, `HttpResponse.charset`: `codecs.lookup(label)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Charset(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Utf8,
    Ascii,
    /// True Latin-1, in which each byte is a letter; the web's is windows-1252.
    Latin1,
    /// With a mark of the byte order in front, or without.
    Utf16 {
        is_marked: bool,
        is_big: bool,
    },
    /// JIS X 0208 alone, without the letters that the web's adds.
    ShiftJis,
    Other(&'static Encoding),
}

impl Charset {
    /// UTF-8.
    pub const UTF_8: Self = Self(Kind::Utf8);

    /// The encoding of a name; `None` when nobody knows it.
    pub fn of_label(label: &str) -> Option<Self> {
        if !label.is_ascii() || label.contains('\0') {
            return None;
        }
        let label = normalize(label);
        Some(Self(match label.as_str() {
            "utf-8" | "utf8" | "u8" | "utf" | "cp65001" => Kind::Utf8,
            "ascii" | "us-ascii" | "646" | "ansi-x3.4-1968" => Kind::Ascii,
            "latin-1" | "latin1" | "latin" | "l1" | "iso-8859-1" | "iso8859-1" | "iso8859"
            | "8859" | "cp819" => Kind::Latin1,
            "utf-16" | "utf16" | "u16" => Kind::Utf16 {
                is_marked: true,
                is_big: false,
            },
            "utf-16-le" | "utf-16le" => Kind::Utf16 {
                is_marked: false,
                is_big: false,
            },
            "utf-16-be" | "utf-16be" => Kind::Utf16 {
                is_marked: false,
                is_big: true,
            },
            "shift-jis" | "shiftjis" | "sjis" | "s-jis" | "csshiftjis" => Kind::ShiftJis,
            other => Kind::Other(known(other)?),
        }))
    }

    /// True for UTF-8.
    pub fn is_utf8(self) -> bool {
        self.0 == Kind::Utf8
    }

    /// The text of bytes; what is none becomes U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self.0 {
            Kind::Utf8 => String::from_utf8_lossy(bytes),
            Kind::Ascii | Kind::Latin1 => {
                let is_known = |byte: &u8| self.0 == Kind::Latin1 || byte.is_ascii();
                let letter = |byte: &u8| {
                    if is_known(byte) {
                        char::from(*byte)
                    } else {
                        char::REPLACEMENT_CHARACTER
                    }
                };
                Cow::Owned(bytes.iter().map(letter).collect())
            }
            Kind::Utf16 { is_marked, is_big } => Cow::Owned(decode_utf16(bytes, is_marked, is_big)),
            Kind::ShiftJis => Cow::Owned(decode_shift_jis(bytes)),
            Kind::Other(encoding) => {
                let (text, _) = encoding.decode_without_bom_handling(bytes);
                if has_gaps(encoding) && text.contains(is_gap) {
                    return Cow::Owned(text.replace(is_gap, "\u{fffd}"));
                }
                text
            }
        }
    }

    /// The text of bytes; `None` when they are no text.
    pub fn decode_strictly(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self.0 {
            Kind::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Kind::Other(encoding) if !has_gaps(encoding) => {
                encoding.decode_without_bom_handling_and_without_replacement(bytes)
            }
            // These have U+FFFD themselves, but it cannot be told from a mistake: nobody writes it.
            _ => Some(self.decode(bytes)).filter(|text| !text.contains('\u{fffd}')),
        }
    }

    /// The bytes of a text; `None` when the encoding lacks one of its letters.
    pub fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        match self.0 {
            Kind::Utf8 => Some(Cow::Borrowed(text.as_bytes())),
            Kind::Ascii => text.is_ascii().then_some(Cow::Borrowed(text.as_bytes())),
            Kind::Latin1 => {
                let bytes: Option<Vec<u8>> = text
                    .chars()
                    .map(|c| u8::try_from(u32::from(c)).ok())
                    .collect();
                bytes.map(Cow::Owned)
            }
            Kind::Utf16 { is_marked, is_big } => {
                let units = is_marked.then_some(0xfeff).into_iter();
                let units = units.chain(text.encode_utf16());
                let bytes = units.flat_map(|unit| {
                    if is_big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                });
                Some(Cow::Owned(bytes.collect()))
            }
            Kind::ShiftJis => {
                let bytes = encode_other(encoding_rs::SHIFT_JIS, text)?;
                (decode_shift_jis(&bytes) == text).then_some(Cow::Owned(bytes))
            }
            Kind::Other(encoding) => {
                // Some write a letter as a similar one, or as one that Python does not know.
                let bytes = encode_other(encoding, text)?;
                (self.decode(&bytes) == text).then_some(Cow::Owned(bytes))
            }
        }
    }
}

/// A name as Python looks it up: what is no letter, digit or full stop separates, however much of it there is.
fn normalize(label: &str) -> String {
    let mut name = String::with_capacity(label.len());
    let mut separates = false;
    for c in label.chars() {
        if !(c.is_ascii_alphanumeric() || c == '.') {
            separates = true;
            continue;
        }
        if separates && !name.is_empty() {
            name.push('-');
        }
        separates = false;
        name.push(c.to_ascii_lowercase());
    }
    name
}

fn known(label: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label_no_replacement(label.as_bytes());
    // `cp1251` and `koi8_r` are Python's names for what the web calls `windows-1251` and `koi8-r`.
    encoding.or_else(|| {
        let number = label.strip_prefix("cp")?;
        Encoding::for_label_no_replacement(format!("windows-{number}").as_bytes())
    })
}

/// The web gives bytes that these leave open a meaning; Python does not.
fn has_gaps(encoding: &'static Encoding) -> bool {
    encoding.name().starts_with("windows-12")
}

fn is_gap(c: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&c)
}

fn encode_other(encoding: &'static Encoding, text: &str) -> Option<Vec<u8>> {
    let mut encoder = encoding.new_encoder();
    let length = encoder.max_buffer_length_from_utf8_without_replacement(text.len())?;
    let mut bytes = Vec::with_capacity(length);
    let (result, _) = encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true);
    (result == encoding_rs::EncoderResult::InputEmpty).then_some(bytes)
}

fn decode_utf16(bytes: &[u8], is_marked: bool, is_big: bool) -> String {
    let (bytes, is_big) = match bytes {
        [0xff, 0xfe, rest @ ..] if is_marked => (rest, false),
        [0xfe, 0xff, rest @ ..] if is_marked => (rest, true),
        _ => (bytes, is_big),
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| {
        if is_big {
            u16::from_be_bytes(*pair)
        } else {
            u16::from_le_bytes(*pair)
        }
    });
    let letters = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    let half = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
    letters.chain(half).collect()
}

fn decode_shift_jis(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let pair = tail.first().and_then(|second| jis(*first, *second));
        rest = if pair.is_some() { &tail[1..] } else { tail };
        text.push(pair.unwrap_or(match first {
            0..=0x7f => char::from(*first),
            // Half-width katakana.
            0xa1..=0xdf => char::from_u32(0xff61 + u32::from(*first) - 0xa1).unwrap_or_default(),
            _ => char::REPLACEMENT_CHARACTER,
        }));
    }
    text
}

/// A letter of JIS X 0208; the rows that the web adds to it are left out.
fn jis(first: u8, second: u8) -> Option<char> {
    let is_row = matches!(first, 0x81..=0x84 | 0x88..=0x9f | 0xe0..=0xea);
    let pair = [first, second];
    let text = encoding_rs::SHIFT_JIS
        .decode_without_bom_handling_and_without_replacement(&pair)
        .filter(|_| is_row)?;
    let mut letters = text.chars();
    let letter = letters.next()?;
    letters.next().is_none().then_some(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LABELS: [&str; 10] = [
        "utf-8",
        "ascii",
        "latin-1",
        "utf-16",
        "utf-16-be",
        "shift_jis",
        "windows-1251",
        "euc-jp",
        "iso-8859-15",
        "gb18030",
    ];

    #[test]
    fn names_are_looked_up_as_by_python() {
        for label in ["utf8", " UTF-8 ", "utf--8", "\"UTF_8", "utf-", "U8"] {
            assert_eq!(Charset::of_label(label), Some(Charset::UTF_8), "{label}");
        }
        for label in ["utf-..8", "u\u{e9}tf-8", "utf-8\0", "utf8x", ""] {
            assert_eq!(Charset::of_label(label), None, "{label}");
        }
    }

    proptest! {
        #[test]
        fn what_can_be_written_is_read_back(text in ".*") {
            for label in LABELS {
                let charset = Charset::of_label(label).unwrap();
                let bytes = charset.encode(&text);
                if let Some(bytes) = bytes.filter(|_| !text.contains(['\u{fffd}', '\u{feff}'])) {
                    prop_assert_eq!(charset.decode(&bytes), text.as_str(), "{}", label);
                }
            }
        }

        #[test]
        fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            for label in LABELS {
                let charset = Charset::of_label(label).unwrap();
                let text = charset.decode(&bytes);
                if let Some(strict) = charset.decode_strictly(&bytes) {
                    prop_assert_eq!(strict, text, "{}", label);
                }
            }
        }
    }
}
