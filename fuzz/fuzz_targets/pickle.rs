//! Pickles of a shared cache: nothing but data comes out, within bounds, and it goes back in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_cache::pickle::{Limits, dumps, loads, loads_prefix, loads_with};

fuzz_target!(|data: &[u8]| {
    // As it came, and behind the two bytes that every pickle begins with.
    let mut begun = vec![0x80, data.first().map_or(4, |byte| 2 + byte % 4)];
    begun.extend_from_slice(data);
    for bytes in [data, &begun] {
        let prefix = loads_prefix(bytes);
        let Ok(value) = loads(bytes) else {
            continue;
        };
        let (same, used) = prefix.expect("what is read whole is read as a beginning");
        assert!(used <= bytes.len());
        let again = dumps(&value).expect("what was read can be written");
        // Floats may be no numbers, which are not even the same as themselves.
        assert_eq!(format!("{value:?}"), format!("{same:?}"));
        assert_eq!(format!("{value:?}"), format!("{:?}", loads(&again).expect("our own")));
        let none = Limits {
            values: 0,
            ..Limits::default()
        };
        assert!(loads_with(bytes, none).is_err(), "the limits hold");
    }
});
