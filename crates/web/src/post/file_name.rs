//! The names that clients give to files.

use nuages_template::html::unescape;

/// File systems take no longer names.
const MAX_CHARS: usize = 255;

/// The name without folders and invisible characters; `None` when nothing is left of it.
///
/// # Django
/// `MultiPartParser.sanitize_file_name` and the setter of `UploadedFile.name`.
pub(crate) fn sanitize(name: &str) -> Option<String> {
    // A slash could hide behind a reference.
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
            "&Tab;a&NewLine;/&sol;h&InvisibleTimes;ax0rd.txt",
        ] {
            check(name, Some("hax0rd.txt"));
        }
        check("&eacute;&#x80;&notit;.txt", Some("é€¬it;.txt"));
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
