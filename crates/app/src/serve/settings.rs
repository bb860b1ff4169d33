//! The limits of the server: what one client may cost.

use std::time::Duration;

use nuages_base::{Check, settings};

settings! {
    /// The limits of the server. Django leaves them to the server before it; these are safe without one.
    ///
    /// Times are in seconds, and may be fractions. Zero lifts a limit, and `check --deploy` says so.
    pub struct ServerSettings {
        /// How many connections are open at a time; more wait in the queue of the system.
        pub server_max_connections: usize = 10_000,
        /// By when a client has sent the head of a request, and how long an idle connection is kept.
        pub server_header_timeout: f64 = 30.0,
        /// How long a request body may make us wait before `server_min_rate` is asked of it.
        pub server_body_timeout: f64 = 30.0,
        /// How long a client may make us wait that does not take its response, by the same rule.
        pub server_write_timeout: f64 = 30.0,
        /// Bytes a second that a client must send or take on average while we wait for it. With zero any
        /// byte will do.
        pub server_min_rate: u32 = 240,
        /// The most headers of a request; more is a 431.
        pub server_max_headers: usize = 100,
        /// The most bytes of all headers of a request with the request line; more is a 431. At least 8192.
        pub server_max_header_bytes: usize = 65_536,
        /// The most bytes of a request's target; more is a 414.
        pub server_max_url_length: usize = 8192,
        /// Whether HTTP/2 is spoken (without TLS, for proxies that know it). Needs the feature `http2`, and is
        /// on with it.
        pub server_http2: bool = cfg!(feature = "http2"),
        /// The most requests at a time on one HTTP/2 connection.
        pub server_http2_max_streams: u32 = 100,
        /// The most streams that a client may have reset before we looked at them (rapid reset).
        pub server_http2_max_pending_resets: usize = 20,
        /// The most streams that a client may make us reset by its errors (MadeYouReset).
        pub server_http2_max_local_resets: usize = 200,
        /// The most frames in a row that carry nothing: pings, settings, resets, window updates, empty
        /// data. A tenth of it comes back every second, and one for every KiB that we send.
        pub server_http2_max_overhead_frames: u32 = 1000,
        /// How often a silent HTTP/2 connection is asked whether anybody is there.
        pub server_http2_ping_interval: f64 = 20.0,
        /// How long a stopping server waits for its open requests.
        pub shutdown_timeout: f64 = 30.0,
    }
}

impl ServerSettings {
    /// Whether a client may speak HTTP/2.
    pub(super) fn speaks_http2(&self) -> bool {
        self.server_http2 && cfg!(feature = "http2")
    }

    pub(super) fn header_timeout(&self) -> Option<Duration> {
        seconds(self.server_header_timeout)
    }

    pub(super) fn body_timeout(&self) -> Option<Duration> {
        seconds(self.server_body_timeout)
    }

    pub(super) fn write_timeout(&self) -> Option<Duration> {
        seconds(self.server_write_timeout)
    }

    #[cfg(feature = "http2")]
    pub(super) fn ping_interval(&self) -> Option<Duration> {
        seconds(self.server_http2_ping_interval)
    }

    /// How long a stopping server waits; nothing is not for ever here, but not at all.
    pub fn grace(&self) -> Duration {
        seconds(self.shutdown_timeout).unwrap_or(Duration::ZERO)
    }
}

/// Not a number, zero or less: no limit.
fn seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero())
}

/// What `check` says of HTTP/2 that cannot be spoken, and `check --deploy` of limits that were lifted.
pub(crate) fn checks(settings: &ServerSettings) -> Vec<Check> {
    let mut found = lifted_limits(settings);
    if settings.server_http2 && !settings.speaks_http2() {
        found.push(
            Check::error(
                "nuages.E002",
                "server_http2 is on, and HTTP/2 is not built in.",
            )
            .hint("Build with `nuages = { features = [\"http2\"] }`, or leave server_http2 out."),
        );
    }
    found
}

fn lifted_limits(settings: &ServerSettings) -> Vec<Check> {
    let lifted = [
        (
            "server_max_connections",
            settings.server_max_connections == 0,
        ),
        ("server_header_timeout", settings.header_timeout().is_none()),
        ("server_body_timeout", settings.body_timeout().is_none()),
        ("server_write_timeout", settings.write_timeout().is_none()),
        ("server_max_headers", settings.server_max_headers == 0),
        (
            "server_max_header_bytes",
            settings.server_max_header_bytes == 0,
        ),
        ("server_max_url_length", settings.server_max_url_length == 0),
        (
            "server_http2_max_streams",
            settings.server_http2_max_streams == 0,
        ),
        (
            "server_http2_max_pending_resets",
            settings.server_http2_max_pending_resets == 0,
        ),
        (
            "server_http2_max_local_resets",
            settings.server_http2_max_local_resets == 0,
        ),
        (
            "server_http2_max_overhead_frames",
            settings.server_http2_max_overhead_frames == 0,
        ),
    ];
    let names: Vec<_> = lifted
        .iter()
        .filter(|(_, is_lifted)| *is_lifted)
        .map(|(name, _)| *name)
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let words = format!(
        "These limits of the server are lifted: {}.",
        names.join(", ")
    );
    vec![
        Check::warning("nuages.W002", words)
            .hint("One client can then keep the server busy; leave them out of the settings, or have a server in front that keeps them.")
            .deploy(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_nonsense_are_no_limit() {
        for lifted in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(seconds(lifted), None, "{lifted}");
        }
        assert_eq!(seconds(0.25), Some(Duration::from_millis(250)));
    }

    #[test]
    fn http2_that_is_asked_for_and_not_built_in_is_an_error() {
        let asked = ServerSettings {
            server_http2: true,
            ..ServerSettings::default()
        };
        assert_eq!(checks(&asked).is_empty(), cfg!(feature = "http2"));
    }

    #[test]
    fn a_lifted_limit_is_named_by_the_deployment_check() {
        assert!(checks(&ServerSettings::default()).is_empty());
        let lifted = ServerSettings {
            server_body_timeout: 0.0,
            ..ServerSettings::default()
        };
        let found = checks(&lifted);
        assert!(found[0].to_string().contains("server_body_timeout"));
        assert!(!found[0].to_string().contains("server_write_timeout"));
    }
}
