//! The names that clients give to files.

/// File systems take no longer names.
const MAX_CHARS: usize = 255;

/// The name without folders and invisible characters; `None` when nothing is left of it.
///
/// # Django
/// `MultiPartParser.sanitize_file_name` and the setter of `UploadedFile.name`.
pub(crate) fn sanitize(name: &str) -> Option<String> {
    let name = unescape(name);
    let name = name.rsplit(['/', '\\']).next().unwrap_or("");
    let name: String = name.chars().filter(|c| is_printable(*c)).collect();
    if matches!(name.as_str(), "" | "." | "..") {
        return None;
    }
    Some(shorten(name))
}

fn shorten(name: String) -> String {
    if name.chars().count() <= MAX_CHARS {
        return name;
    }
    // Leading dots begin no ending.
    let dots = name.len() - name.trim_start_matches('.').len();
    let (stem, ending) = match name[dots..].rfind('.') {
        Some(at) => name.split_at(dots + at),
        None => (name.as_str(), ""),
    };
    let ending: String = ending.chars().take(MAX_CHARS).collect();
    let room = MAX_CHARS - ending.chars().count();
    stem.chars().take(room).collect::<String>() + &ending
}

/// Python's `str.isprintable`, without the code points that nobody has assigned.
fn is_printable(c: char) -> bool {
    if c == ' ' {
        return true;
    }
    let is_format = matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
        | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}');
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    let is_none = (u32::from(c) & 0xfffe) == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    !(c.is_control() || c.is_whitespace() || is_format || is_private || is_none)
}

/// Undoes HTML escapes, behind which a slash could hide.
///
/// Numbers, and the names of characters that matter in file names.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((c, length)) = reference(&rest[1..]) {
            out.extend(c);
            rest = &rest[1 + length..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The character that a reference stands for, and how long the reference is.
fn reference(text: &str) -> Option<(Option<char>, usize)> {
    const NAMES: [(&str, char); 16] = [
        ("amp;", '&'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("quot;", '"'),
        ("apos;", '\''),
        ("nbsp;", '\u{a0}'),
        ("sol;", '/'),
        ("bsol;", '\\'),
        ("period;", '.'),
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("nbsp", '\u{a0}'),
        ("not;", '¬'),
        ("not", '¬'),
    ];
    if let Some((name, c)) = NAMES.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((Some(*c), name.len()));
    }
    let number = text.strip_prefix('#')?;
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let count = digits.chars().take_while(|c| c.is_digit(radix)).count();
    if count == 0 {
        return None;
    }
    let end = text.len() - digits.len() + count;
    let length = if text[end..].starts_with(';') {
        end + 1
    } else {
        end
    };
    let code = u32::from_str_radix(&digits[..count], radix).unwrap_or(u32::MAX);
    let c = match code {
        0 | 0xd800..=0xdfff | 0x0011_0000.. => Some('\u{fffd}'),
        code => char::from_u32(code),
    };
    Some((c, length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(name: &str, expect: Option<&str>) {
        assert_eq!(sanitize(name).as_deref(), expect, "{name:?}");
    }

    #[test]
    fn names_lead_out_of_no_folder() {
        for name in [
            "../../hax0rd.txt",
            "C:\\Windows\\hax0rd.txt",
            "/tmp/hax0rd.txt",
            "&#47;x&sol;hax0rd.txt",
            "..&#x2f;hax0rd.txt",
        ] {
            check(name, Some("hax0rd.txt"));
        }
        for name in ["", ".", "..", "a/", "a/..", "\u{200b}", "&nbsp;"] {
            check(name, None);
        }
    }

    proptest! {
        #[test]
        fn what_is_left_is_one_visible_name(name in "\\PC{0,300}|[&#;x0-9a-f/\\\\.]{0,40}") {
            if let Some(name) = sanitize(&name) {
                prop_assert!(!name.contains(['/', '\\', '\0', '\n']));
                prop_assert!(name != "." && name != ".." && !name.is_empty());
                prop_assert!(name.chars().count() <= MAX_CHARS);
            }
        }
    }
}
