//! U3: names that would all lie in one place of a map whose hash is known.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use nuages::security::cookie::parse_cookie;
use nuages::web::QueryDict;

use crate::attacks::linear::least;

/// FNV-1a: a hash without a key, as maps have it that want to be fast.
struct Fnv(u64);

const PRIME: u64 = 0x0100_0000_01b3;

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Four letters that say a number.
fn block(mut number: u64) -> [u8; 4] {
    [(); 4].map(|()| {
        let letter = b'a' + u8::try_from(number % 26).unwrap();
        number /= 26;
        letter
    })
}

/// Two to the seventeenth names whose hashes end in the same 28 bits: of each block there are two that lead on to the
/// same state.
fn colliding() -> Vec<String> {
    const BITS: u64 = (1 << 28) - 1;
    let mut state = Fnv::default().0;
    let mut names = vec![String::new()];
    for _ in 0..17 {
        let mut seen = HashMap::new();
        let mut number = 0;
        let (first, second, next) = loop {
            let mut hash = Fnv(state);
            hash.write(&block(number));
            if let Some(first) = seen.insert(hash.0 & BITS, number) {
                break (first, number, hash.0);
            }
            number += 1;
        };
        state = next;
        let pair =
            [block(first), block(second)].map(|block| String::from_utf8(block.into()).unwrap());
        names = names
            .iter()
            .flat_map(|name| pair.iter().map(move |block| format!("{name}{block}")))
            .collect();
    }
    names
}

/// As many names of the same length that nobody chose.
fn random(count: usize) -> Vec<String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut name = || {
        (0..17)
            .flat_map(|_| block(next()))
            .map(char::from)
            .collect()
    };
    (0..count).map(|_| name()).collect()
}

/// Whether what strangers chose takes no more than twice as long as what they did not.
fn is_even<T>(chosen: &[String], chance: &[String], work: impl Fn(&[String]) -> T) -> bool {
    let time = |names: &[String]| least(&|| work(names)).max(Duration::from_micros(50));
    (0..3).any(|_| time(chosen) <= time(chance) * 2)
}

fn naive(names: &[String]) -> usize {
    let mut set: HashSet<&str, BuildHasherDefault<Fnv>> = HashSet::default();
    set.extend(names.iter().map(String::as_str));
    set.len()
}

#[test]
fn u3_names_that_collide_cost_what_others_cost() {
    let mut chosen = colliding();
    assert_eq!(chosen.len(), 1 << 17);
    chosen.truncate(100_000);
    let chance = random(chosen.len());

    let forms = |names: &[String]| {
        let text = names.join("=&");
        QueryDict::parse(&text, usize::MAX).unwrap().len()
    };
    assert_eq!(forms(&chosen), chosen.len());
    assert!(is_even(&chosen, &chance, forms), "forms");
    let json = |names: &[String]| {
        let text = format!("{{\"{}\":1}}", names.join("\":1,\""));
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    assert!(is_even(&chosen, &chance, json), "JSON");
    let cookies = |names: &[String]| parse_cookie(&names.join("=v;")).len();
    assert_eq!(cookies(&chosen), chosen.len());
    assert!(is_even(&chosen, &chance, cookies), "cookies");
    // The server takes a hundred. A map of headers takes the names of strangers by a known hash first, grows while
    // they collide, and has another hash for those that still do.
    let headers = |names: &[String]| {
        let mut map = HeaderMap::new();
        for name in names {
            let name = HeaderName::try_from(name.as_str()).unwrap();
            map.insert(name, HeaderValue::from_static("v"));
        }
        map.len()
    };
    let few = 4000;
    assert!(is_even(&chosen[..few], &chance[..few], headers), "headers");

    let few = 20_000;
    // The pair: a map whose hash is known looks through all of them for each.
    assert!(!is_even(&chosen[..few], &chance[..few], naive));
}
