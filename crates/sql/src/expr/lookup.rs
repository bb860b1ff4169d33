//! Text lookups.

/// How a text is searched for another.
///
/// The pattern's wildcards (`%`, `_`, `\`) are escaped by the printer.
///
/// # Django
/// The field lookups of the same names. As Django's own on SQLite, all of them but `Exact` ignore
/// the case of ASCII letters there, because SQLite's `LIKE` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lookup {
    /// Equal, ignoring case.
    IExact,
    /// Contains the pattern.
    Contains,
    /// Contains the pattern, ignoring case.
    IContains,
    /// Starts with the pattern.
    StartsWith,
    /// Starts with the pattern, ignoring case.
    IStartsWith,
    /// Ends with the pattern.
    EndsWith,
    /// Ends with the pattern, ignoring case.
    IEndsWith,
}

impl Lookup {
    /// Every lookup, in the order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::IExact,
        Self::Contains,
        Self::IContains,
        Self::StartsWith,
        Self::IStartsWith,
        Self::EndsWith,
        Self::IEndsWith,
    ];

    /// Whether anything may stand before the pattern.
    pub fn is_open_before(self) -> bool {
        matches!(
            self,
            Self::Contains | Self::IContains | Self::EndsWith | Self::IEndsWith
        )
    }

    /// Whether anything may stand after the pattern.
    pub fn is_open_after(self) -> bool {
        matches!(
            self,
            Self::Contains | Self::IContains | Self::StartsWith | Self::IStartsWith
        )
    }
}
