//! Which names of static files are looked up at all.

/// Longer names are nobody's.
const MAX_LENGTH: usize = 1024;

/// A name that leads out of no folder and to no hidden file; `None` for all others.
///
/// # Security
/// The path has been decoded once, and is not decoded again: `%252e` is a name with a percent sign.
pub(super) fn verify(name: &str) -> Option<&str> {
    let is_plain = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0'])
    };
    let is_printable = !name.chars().any(char::is_control);
    (name.len() <= MAX_LENGTH && is_printable && name.split('/').all(is_plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_nobodys() {
        for name in [
            "",
            "/",
            "../secret",
            "a/../../secret",
            "a/..",
            "./a",
            "a//b",
            "/etc/passwd",
            "..\\secret",
            "a\\b",
            "C:/x",
            "a\0b",
            ".env",
            "a/.git/config",
            "a/",
            &"a".repeat(2000),
        ] {
            assert_eq!(verify(name), None, "{name:?}");
        }
        for name in [
            "site.css",
            "css/site.min.css",
            "a b.png",
            "%2e%2e/x",
            "é.txt",
        ] {
            assert_eq!(verify(name), Some(name));
        }
    }
}
