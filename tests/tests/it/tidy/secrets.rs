//! P8: secrets are compared in constant time, never with `==`, whose time tells where two values differ.
//!
//! A clock would tell the same with luck and a quiet machine; the source tells it always.
//! What can be a type is one: `Secret` and `Mac` have no `==` at all.

use super::assert_tidy;
use super::tree::texts;

/// Words that name what must not be learnt, as a part of a name.
const SECRET: &[&str] = &[
    "digest",
    "hash",
    "hmac",
    "mac",
    "nonce",
    "password",
    "secret",
    "signature",
    "token",
];

/// Last words of names that tell something about a secret, and are none.
const ABOUT: &[&str] = &["age", "count", "kind", "len", "length", "name", "size"];

/// Places where such a word names something else, each with the reason.
const OPEN: &[(&str, &str)] = &[
    (
        "crates/template/",
        "names are found by their hash, and syntax is made of tokens",
    ),
    (
        "crates/cache/src/cache.rs",
        "a token tells the revision of a value",
    ),
    (
        "crates/manage/src/commands/password.rs",
        "the same person types a new password twice",
    ),
];

/// Looks at the same value: `token.as_str()` is the token.
const VIEWS: &[&str] = &[
    ".as_bytes",
    ".as_deref",
    ".as_ref",
    ".as_str",
    ".as_slice",
    ".deref",
    ".expose",
];

/// What stands at the end of an expression (its last name), without calls that only look at it.
fn last_name(mut operand: &str) -> &str {
    loop {
        operand = operand.trim_end_matches(['(', ')', ' ', '?']);
        match VIEWS.iter().find_map(|view| operand.strip_suffix(view)) {
            Some(rest) => operand = rest,
            None => break,
        }
    }
    let begins = |sign: char| !(sign.is_alphanumeric() || sign == '_');
    operand.rsplit(begins).next().unwrap_or_default()
}

fn is_secret(operand: &str) -> bool {
    let mut words = last_name(operand).split('_').rev().peekable();
    let about = words.peek().is_some_and(|last| ABOUT.contains(last));
    !about && words.any(|word| SECRET.contains(&word))
}

/// True when a comparison in the line has a side that is named like a secret.
fn compares_a_secret(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    [" == ", " != "].iter().any(|sign| {
        code.match_indices(sign).any(|(at, _)| {
            let right = &code[at + sign.len()..];
            let ends = |sign: char| !(sign.is_alphanumeric() || "_.&*:()".contains(sign));
            let right = &right[..right.find(ends).unwrap_or(right.len())];
            is_secret(&code[..at]) || is_secret(right)
        })
    })
}

#[test]
fn p8_no_secret_is_compared_with_two_equals_signs() {
    let mut complaints = Vec::new();
    for (path, text) in texts("rs") {
        let shown = path.display().to_string();
        let open = OPEN.iter().any(|(place, _)| shown.starts_with(place));
        if open || !shown.starts_with("crates/") || !shown.contains("/src/") {
            continue;
        }
        let code = text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            if compares_a_secret(line) {
                complaints.push(format!("{shown}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_tidy("compare secrets with constant_time_compare", &complaints);
}

#[test]
fn p8_pair_the_rule_sees_what_it_is_for() {
    for bad in [
        "if signature == expected {",
        "if expected != self.signature() {",
        "token.as_str() == other",
        "found.filter(|known| known == secret.as_str())",
        "return *csrf_token == *given;",
        "let same = user.password == stored;",
        "mac.as_bytes() == ours",
        "given == ring.secret.expose()",
    ] {
        assert!(compares_a_secret(bad), "{bad}");
    }
    for good in [
        "constant_time_compare(signature, ours)",
        "// signature == expected",
        "token.len() == 32",
        "if kind == Kind::Plain {",
        "hash_length != 32",
        "stored.hash_length() != HASH_LENGTH",
        "machine == other",
    ] {
        assert!(!compares_a_secret(good), "{good}");
    }
}
