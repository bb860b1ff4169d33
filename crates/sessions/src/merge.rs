//! Bringing together what two requests changed in one session.

use crate::SessionData;

/// What a session held before this request changed it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Base {
    /// What it holds now: nothing was changed.
    #[default]
    Same,
    /// This.
    Was(SessionData),
    /// It was emptied: what others changed does not count.
    Nothing,
}

/// What the store holds by now, with this request's changes on top; where both changed one name, this request wins.
pub(crate) fn merge(base: &Base, mine: &SessionData, mut theirs: SessionData) -> SessionData {
    let base = match base {
        Base::Same => return theirs,
        Base::Nothing => return mine.clone(),
        Base::Was(base) => base,
    };
    for name in base.keys() {
        if !mine.contains_key(name) {
            theirs.shift_remove(name);
        }
    }
    for (name, value) in mine {
        if base.get(name) != Some(value) {
            theirs.insert(name.clone(), value.clone());
        }
    }
    theirs
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn data(value: &Value) -> SessionData {
        value.as_object().cloned().unwrap()
    }

    fn check(base: &Value, mine: &Value, theirs: &Value, expected: &Value) {
        let merged = merge(&Base::Was(data(base)), &data(mine), data(theirs));
        assert_eq!(Value::from(merged), *expected);
    }

    #[test]
    fn changes_of_different_names_both_stay() {
        check(
            &json!({}),
            &json!({"a": 1}),
            &json!({"b": 2}),
            &json!({"b": 2, "a": 1}),
        );
        check(
            &json!({"x": 1}),
            &json!({"x": 1, "a": 1}),
            &json!({"b": 2}),
            &json!({"b": 2, "a": 1}),
        );
        check(
            &json!({"x": 1, "y": 1}),
            &json!({"y": 1}),
            &json!({"x": 1, "y": 2}),
            &json!({"y": 2}),
        );
    }

    #[test]
    fn of_one_name_the_last_change_stays() {
        check(
            &json!({"n": 1}),
            &json!({"n": 2}),
            &json!({"n": 3}),
            &json!({"n": 2}),
        );
        check(&json!({"n": 1}), &json!({}), &json!({"n": 3}), &json!({}));
        check(
            &json!({"n": 1}),
            &json!({"n": 1}),
            &json!({"n": 3}),
            &json!({"n": 3}),
        );
    }

    #[test]
    fn an_emptied_session_takes_nothing_over() {
        let (mine, theirs) = (data(&json!({"a": 1})), data(&json!({"b": 2})));
        assert_eq!(merge(&Base::Nothing, &mine, theirs.clone()), mine);
        assert_eq!(merge(&Base::Same, &mine, theirs.clone()), theirs);
    }
}
