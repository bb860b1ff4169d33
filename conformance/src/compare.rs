//! Comparing what came with what was recorded.

use serde_json::Value;

use crate::case::{Case, Outcome, failed};

/// Passes when both are equal.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, got: &T) -> Outcome {
    if expected == got {
        return Ok(());
    }
    failed(format!("{what}: expected {expected:?}, got {got:?}"))
}

/// Passes when the record does not assert `name`, or asserts just this.
pub(crate) fn member(case: &Case, name: &str, got: impl Into<Value>) -> Outcome {
    if !case.expects(name) {
        return Ok(());
    }
    let got = got.into();
    let expected = case.expected(name);
    if *expected == got {
        return Ok(());
    }
    failed(format!("{name}: expected {expected}, got {got}"))
}

/// Passes when an error was recorded and one came, or when neither was.
///
/// Returns the value, where one was expected.
pub(crate) fn value_or_error<T: std::fmt::Debug, E: std::fmt::Display>(
    case: &Case,
    got: Result<T, E>,
) -> Result<Option<T>, crate::case::Miss> {
    let error = case.expected("error");
    match (error.is_null(), got) {
        (true, Ok(value)) => Ok(Some(value)),
        (false, Err(_)) => Ok(None),
        (true, Err(error)) => failed(format!("expected a value, got the error: {error}")),
        (false, Ok(value)) => failed(format!("expected the error {error}, got {value:?}")),
    }
}
