//! A real Python reads what we write, and we read what it writes.

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine as _;
use nuages_cache::Value;
use nuages_cache::pickle::{dumps, loads};

/// Runs a program in the tests' Python and returns what it prints.
pub(crate) fn python(test: &str, program: &str, input: &[u8]) -> Option<Vec<u8>> {
    let Some(python) = std::env::var_os("NUAGES_TEST_PYTHON") else {
        crate::skip::skip(
            test,
            "no Python with Django (NUAGES_TEST_PYTHON is not set)",
        );
        return None;
    };
    let mut child = Command::new(python)
        .args(["-B", "-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(output.stdout)
}

/// The value that both sides know, in Python: see `ours`.
const VALUE: &str = "{'a': [1, -1, 300, 70000, -70000, 2**31, -2**63, 2**64, -2**100, 0.5, float('inf')], \
'é🙂': ('x' * 300, b'\\x00' * 300, b'', ''), 'none': None, 't': (True, False), 'e': (), 'l': [], 'd': {}, \
'one': (1,), 'three': (1, 2, 3), 'four': (1, 2, 3, 4), 'set': {7}, 'frozen': frozenset([8]), 5: 'five'}";

fn ours() -> Value {
    let ints = |list: &[i64]| list.iter().map(|n| Value::Int(*n)).collect::<Vec<_>>();
    let mut numbers = ints(&[1, -1, 300, 70000, -70000, 1 << 31, i64::MIN]);
    numbers.push(Value::from_serde(&(1_i128 << 64)).unwrap());
    numbers.push(Value::from_serde(&-(1_i128 << 100)).unwrap());
    numbers.extend([0.5.into(), f64::INFINITY.into()]);
    let texts = vec![
        "x".repeat(300).into(),
        Value::Bytes(vec![0; 300]),
        Value::Bytes(vec![]),
        "".into(),
    ];
    Value::Dict(vec![
        ("a".into(), Value::List(numbers)),
        ("é🙂".into(), Value::Tuple(texts)),
        ("none".into(), Value::None),
        ("t".into(), Value::Tuple(vec![true.into(), false.into()])),
        ("e".into(), Value::Tuple(vec![])),
        ("l".into(), Value::List(vec![])),
        ("d".into(), Value::Dict(vec![])),
        ("one".into(), Value::Tuple(ints(&[1]))),
        ("three".into(), Value::Tuple(ints(&[1, 2, 3]))),
        ("four".into(), Value::Tuple(ints(&[1, 2, 3, 4]))),
        ("set".into(), Value::Set(ints(&[7]))),
        ("frozen".into(), Value::FrozenSet(ints(&[8]))),
        (5.into(), "five".into()),
    ])
}

#[test]
fn python_reads_our_pickles() {
    let program = format!(
        "import pickle, sys\nvalue = pickle.load(sys.stdin.buffer)\nassert value == {VALUE}, value\nprint('same')"
    );
    let bytes = dumps(&ours()).unwrap();
    if let Some(said) = python("python_reads_our_pickles", &program, &bytes) {
        assert_eq!(said, b"same\n");
    }
}

#[test]
fn we_read_python_s_pickles_of_protocol_4_and_5() {
    for protocol in [4, 5] {
        // Sharing and the memo: the same list twice, the same text many times.
        let program = format!(
            "import pickle, sys\nshared = ['s']\nsys.stdout.buffer.write(pickle.dumps([{VALUE}, shared, shared], {protocol}))"
        );
        let Some(bytes) = python("we_read_python_s_pickles", &program, b"") else {
            return;
        };
        let shared = Value::List(vec!["s".into()]);
        let expected = Value::List(vec![ours(), shared.clone(), shared]);
        assert_eq!(loads(&bytes).unwrap(), expected, "protocol {protocol}");
    }
}

#[test]
fn we_read_plain_pickles_of_protocol_2_and_3() {
    for protocol in [2, 3] {
        let program = format!(
            "import pickle, sys\nsys.stdout.buffer.write(pickle.dumps({{'a': [1, 2.5, 'x', (None, True)] * 2, 'b': 2**70}}, {protocol}))"
        );
        let Some(bytes) = python("we_read_plain_pickles", &program, b"") else {
            return;
        };
        let part = [
            1.into(),
            2.5.into(),
            "x".into(),
            Value::Tuple(vec![Value::None, true.into()]),
        ];
        let list = Value::List([part.clone(), part].concat());
        let big = Value::from_serde(&(1_i128 << 70)).unwrap();
        assert_eq!(
            loads(&bytes).unwrap(),
            Value::Dict(vec![("a".into(), list), ("b".into(), big)])
        );
    }
}

#[test]
fn z1_what_python_makes_of_objects_is_refused() {
    let program = "import datetime, pickle, sys, base64\n\
        class Evil:\n    def __reduce__(self):\n        import os\n        return (os.system, ('id',))\n\
        for value in [Evil(), datetime.datetime.now(), len, {'a': Evil()}]:\n    print(base64.b64encode(pickle.dumps(value)).decode())";
    let Some(lines) = python("z1_objects", program, b"") else {
        return;
    };
    for line in String::from_utf8(lines).unwrap().lines() {
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(line)
            .unwrap();
        assert!(loads(&bytes).is_err(), "{line}");
    }
}
