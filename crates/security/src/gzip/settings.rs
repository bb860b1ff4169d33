//! The settings of compression.

use nuages_base::settings;

settings! {
    /// Compression of responses.
    pub struct GzipSettings {
        /// Whether responses are compressed, as with `GZipMiddleware` in MIDDLEWARE. Better done by the
        /// server in front, if it pads as this does.
        pub gzip_responses: bool = false,
        /// `GZipMiddleware.max_random_bytes`: by up to how many bytes a response is made longer. Zero gives
        /// the protection against BREACH up.
        pub gzip_max_random_bytes: usize = 100,
    }
}
