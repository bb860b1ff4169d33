//! The pickle reader and writer, and what they refuse.

use nuages_cache::pickle::{Limits, dumps, loads, loads_with};
use nuages_cache::{ErrorKind, Value};
use proptest::prelude::*;

fn refused(bytes: &[u8]) -> String {
    let error = loads(bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    error.to_string()
}

#[test]
fn z1_a_pickle_that_would_run_code_is_refused() {
    // os.system("id") by GLOBAL (protocol 2), by STACK_GLOBAL (4), by INST and OBJ; builtins.eval; copyreg extension.
    let hostile: [&[u8]; 9] = [
        b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.",
        b"\x80\x02(X\x02\x00\x00\x00idios\nsystem\n.",
        b"\x80\x02(cos\nsystem\nX\x02\x00\x00\x00ido.",
        b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.",
        b"\x80\x02\x82\x01.",
        b"\x80\x02N}b.",
        b"\x80\x02)\x81.",
        b"\x80\x02X\x01\x00\x00\x00xQ.",
    ];
    for pickle in hostile {
        assert!(refused(pickle).contains("more than plain data"));
    }
    // The pair: the same stack without the calls is data.
    let plain = loads(b"\x80\x04\x8c\x02os\x8c\x06system\x86.").unwrap();
    assert_eq!(plain, Value::Tuple(vec!["os".into(), "system".into()]));
}

#[test]
fn damaged_pickles_are_refused() {
    let whole = dumps(&Value::Dict(vec![(
        "a".into(),
        Value::List(vec![1.into(), Value::Float(0.5)]),
    )]))
    .unwrap();
    for end in 0..whole.len() {
        assert!(loads(&whole[..end]).is_err(), "{end}");
    }
    for bytes in [
        &b""[..],
        b".",
        b"\x80\x04.",
        b"\x80\x04NN.",
        b"\x80\x04(N.",
        b"\x80\x04h\x00.",
        b"\x80\x04K\x01e.",
        b"\x80\x04(](N\x86e.",
        b"\x80\x01N.",
        b"\x80\x06N.",
        b"\x80\x04}(Nu.",
        b"\x80\x04\x8b\xff\xff\xff\xff.",
        b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff.",
        b"\x80\x04r\xff\xff\xff\xff.",
        b"\x80\x04Nr\xff\xff\xff\x7f.",
        b"\x80\x04\x8c\x01\xff.",
    ] {
        refused(bytes);
    }
}

#[test]
fn z1_what_a_pickle_may_cost_has_a_bound() {
    // A list of itself.
    assert!(refused(b"\x80\x04]\x94h\x00a.").contains("too deeply"));
    // Ten lists, each twice the one before: a thousand texts of two kilobytes; forty: the sky.
    let laughs = |rounds: u8| {
        let mut bytes = b"\x80\x04B\x00\x08\x00\x00".to_vec();
        bytes.extend([b'x'; 2048]);
        bytes.push(0x94);
        for round in 0..rounds {
            bytes.extend([b'(', b'h', round, b'h', round, b't', 0x94]);
        }
        bytes.extend(*b"\x86.");
        bytes
    };
    let _ = refused(&laughs(40));
    let nested = [
        &b"\x80\x04"[..],
        &vec![b']'; 100_000],
        &vec![b'a'; 99_999],
        b".",
    ]
    .concat();
    assert!(refused(&nested).contains("too"));
    let many = [&b"\x80\x04("[..], &vec![b'N'; 1_000_000], b"t."].concat();
    assert!(refused(&many).contains("too many values"));
    let marks = [&b"\x80\x04"[..], &vec![b'('; 1_000_000], b"t."].concat();
    assert!(refused(&marks).contains("too many values"));
    // The pair: with room for it, the same bytes are read.
    let wide = Limits {
        values: 2_000_000,
        ..Limits::default()
    };
    assert!(matches!(loads_with(&many, wide), Ok(Value::Tuple(items)) if items.len() == 1_000_000));
}

#[test]
fn what_is_too_deep_to_be_read_is_not_written() {
    let mut value = Value::None;
    for _ in 0..500 {
        value = Value::List(vec![value]);
    }
    assert_eq!(dumps(&value).unwrap_err().kind(), ErrorKind::Encode);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-1e300..1e300).prop_map(Value::Float),
        ".{0,300}".prop_map(Value::Str),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Tuple),
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Set),
            proptest::collection::vec((inner.clone(), inner), 0..6).prop_map(Value::Dict),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in any_value()) {
        prop_assert_eq!(loads(&dumps(&value).unwrap()).unwrap(), value);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = loads(&bytes);
        let _ = loads(&[&b"\x80\x04"[..], &bytes].concat());
    }

    #[test]
    fn no_change_of_a_byte_makes_the_reader_panic(value in any_value(), at in any::<usize>(), byte in any::<u8>()) {
        let mut bytes = dumps(&value).unwrap();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = loads(&bytes);
    }
}
