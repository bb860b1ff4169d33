//! May somebody try once more, after these failures?

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Throttled;

/// How many failures are too many; 0 is no limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) per_client: u32,
    pub(super) per_account: u32,
    pub(super) window: SignedDuration,
}

impl Limits {
    /// True when anything is limited.
    pub(super) fn are_set(self) -> bool {
        self.per_client > 0 || self.per_account > 0
    }

    /// How many attempts of one account from one address one process checks at the same time.
    ///
    /// Other processes know them for failures, so that they must leave room.
    pub(super) fn at_once(self) -> usize {
        match usize::try_from(self.per_client) {
            Ok(limit @ 1..) => (limit / 4).max(1),
            _ => usize::MAX,
        }
    }

    /// Failures up to this moment are forgotten.
    pub(super) fn begin(self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.window).unwrap_or(Timestamp::MIN)
    }
}

/// A failure that still counts.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) address: String,
    pub(super) at: Timestamp,
}

/// Decides after the failures of one account, oldest first.
pub(super) fn verify(
    limits: Limits,
    failures: &[Failure],
    address: &str,
    now: Timestamp,
) -> Result<(), Throttled> {
    let own = failures.iter().filter(|failure| failure.address == address);
    let waits = [
        wait(limits, limits.per_client, own, now),
        wait(limits, limits.per_account, failures.iter(), now),
    ];
    match waits.into_iter().flatten().max() {
        Some(retry_after) => Err(Throttled { retry_after }),
        None => Ok(()),
    }
}

/// How long until there are fewer failures than the limit.
fn wait<'a>(
    limits: Limits,
    limit: u32,
    failures: impl DoubleEndedIterator<Item = &'a Failure>,
    now: Timestamp,
) -> Option<Duration> {
    let limit = usize::try_from(limit).ok()?.checked_sub(1)?;
    // The failure that has to be forgotten before there is room for one more.
    let blocking = failures.rev().nth(limit)?;
    let left = limits.window - now.duration_since(blocking.at);
    let least = Duration::from_secs(1);
    Some(Duration::try_from(left).unwrap_or(least).max(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(failures: &[(&str, i64)], address: &str, expect: Option<u64>) {
        let limits = Limits {
            per_client: 2,
            per_account: 4,
            window: SignedDuration::from_secs(100),
        };
        let at = |second| Timestamp::from_second(second).unwrap();
        let failures: Vec<_> = failures
            .iter()
            .map(|(address, second)| Failure {
                address: (*address).to_owned(),
                at: at(*second),
            })
            .collect();
        let wait = verify(limits, &failures, address, at(1000));
        let wait = wait.err().map(|throttled| throttled.retry_after.as_secs());
        assert_eq!(wait, expect, "{failures:?}");
    }

    #[test]
    fn a_client_has_its_own_limit_below_that_of_the_account() {
        check(&[], "a", None);
        check(&[("a", 910)], "a", None);
        check(&[("a", 910), ("a", 920)], "a", Some(10));
        check(&[("a", 910), ("a", 920)], "b", None);
        check(&[("a", 905), ("a", 910), ("a", 920)], "a", Some(10));
        check(&[("a", 910), ("b", 920), ("c", 930)], "a", None);
    }

    #[test]
    fn an_account_under_attack_from_everywhere_rests() {
        let many = [("a", 910), ("b", 920), ("c", 930), ("d", 940)];
        check(&many, "e", Some(10));
        // The longer of two waits counts.
        let both = [("e", 910), ("b", 920), ("e", 930), ("d", 940)];
        check(&both, "e", Some(10));
        let own = [("b", 910), ("e", 920), ("d", 930), ("e", 940)];
        check(&own, "e", Some(20));
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nobody_wait_for_nothing() {
        check(&[("a", 1900), ("a", 1950)], "a", Some(1000));
        check(&[("a", 899), ("a", 900)], "a", Some(1));
    }

    #[test]
    fn a_process_leaves_room_for_others() {
        let check = |per_client, expect| {
            let limits = Limits {
                per_client,
                per_account: 100,
                window: SignedDuration::from_secs(100),
            };
            assert_eq!(limits.at_once(), expect, "{per_client}");
        };
        check(1, 1);
        check(7, 1);
        check(10, 2);
        check(100, 25);
        check(0, usize::MAX);
    }

    #[test]
    fn zero_is_no_limit() {
        let limits = Limits {
            per_client: 0,
            per_account: 0,
            window: SignedDuration::from_secs(100),
        };
        assert!(!limits.are_set());
        let at = Timestamp::from_second(1000).unwrap();
        let failures = vec![
            Failure {
                address: "a".to_owned(),
                at,
            };
            50
        ];
        assert!(verify(limits, &failures, "a", at).is_ok());
    }
}
