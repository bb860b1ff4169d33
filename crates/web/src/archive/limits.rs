//! How much an archive may unpack to.

/// A small archive may grow by more than the ratio says, up to so many bytes.
const ALWAYS: u64 = 1024 * 1024;

/// How much an archive may unpack to, and how.
///
/// ```
/// use nuages_web::UnpackLimits;
///
/// let mut limits = UnpackLimits::default();
/// limits.max_members = 100;
/// limits.strip_leading_folder = true;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnpackLimits {
    /// The most files and folders, those counted that are only named on the way to a file.
    pub max_members: u64,
    /// The most bytes of all files together.
    pub max_bytes: u64,
    /// The most bytes of all files together, in those of the archive; it may always be a mebibyte.
    pub max_ratio: u64,
    /// Whether the one folder that holds everything is left out, as archives of a repository have it.
    ///
    /// # Django
    /// Always done; here a choice, for it changes what a name means.
    pub strip_leading_folder: bool,
}

impl Default for UnpackLimits {
    fn default() -> Self {
        Self {
            max_members: 10_000,
            max_bytes: 256 * 1024 * 1024,
            max_ratio: 100,
            strip_leading_folder: false,
        }
    }
}

impl UnpackLimits {
    /// The most bytes for an archive of this size.
    pub(super) fn bytes_of(&self, size: u64) -> u64 {
        let by_ratio = size.saturating_mul(self.max_ratio).max(ALWAYS);
        self.max_bytes.min(by_ratio)
    }
}
