//! `sqlite:` URLs.

use crate::error::{Error, ErrorKind, Result};

/// What a URL names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    Memory,
    /// A path, relative unless it begins with `/`.
    Path(&'a str),
}

/// Reads `sqlite:///relative`, `sqlite:////absolute`, `sqlite::memory:` (or `sqlite://:memory:`).
pub(super) fn parse(url: &str) -> Result<Place<'_>> {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    match rest {
        ":memory:" | "//:memory:" | "///:memory:" => return Ok(Place::Memory),
        _ => {}
    }
    match rest.strip_prefix("///") {
        Some(path) if !path.is_empty() && !path.contains(['?', '#', '\0']) => Ok(Place::Path(path)),
        _ => Err(
            Error::new(ErrorKind::Connection, "the database URL is not understood")
                .hint("sqlite:///relative/path, sqlite:////absolute/path or sqlite::memory:"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_a_path_or_the_memory() {
        assert_eq!(parse("sqlite::memory:").unwrap(), Place::Memory);
        assert_eq!(
            parse("sqlite:///db.sqlite3").unwrap(),
            Place::Path("db.sqlite3")
        );
        assert_eq!(parse("sqlite:////var/db").unwrap(), Place::Path("/var/db"));
        for bad in [
            "sqlite:",
            "sqlite:db",
            "sqlite://host/db",
            "sqlite:///",
            "sqlite:///a?mode=ro",
        ] {
            let error = parse(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connection, "{bad}");
            assert!(error.to_string().contains("HINT: sqlite:///"), "{bad}");
        }
    }
}
