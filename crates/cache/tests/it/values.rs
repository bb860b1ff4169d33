//! Rust types and cached values.

use std::collections::{BTreeMap, HashMap};

use nuages_cache::Value;

fn round<T>(value: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let cached = Value::from_serde(value).unwrap();
    let again: T = cached.clone().into_typed().unwrap();
    assert_eq!(again, *value);
    let bytes = nuages_cache::pickle::dumps(&cached).unwrap();
    assert_eq!(nuages_cache::pickle::loads(&bytes).unwrap(), cached);
}

#[test]
fn rust_types_come_back() {
    round(&true);
    round(&'é');
    round(&-7_i8);
    round(&u64::MAX);
    round(&i128::MIN);
    round(&i128::MAX);
    round(&f64::NEG_INFINITY);
    round(&f32::MIN_POSITIVE);
    round(&"text".to_owned());
    round(&Some(Some(3)));
    round(&None::<i32>);
    round(&());
    round(&(1, "two".to_owned(), [3.0, 4.0]));
    round(&vec![Some(1), None]);
    round(&BTreeMap::from([(1, "one".to_owned())]));
    round(&HashMap::from([("a".to_owned(), vec![1, 2])]));
    round(&serde_json::json!({"a": [1, null, {"b": 1.5}], "c": "d"}));
}

#[test]
fn numbers_as_keys_are_texts_for_who_asks() {
    let dict = Value::Dict(vec![(1.into(), "one".into())]);
    let texts: BTreeMap<String, String> = dict.clone().into_typed().unwrap();
    assert_eq!(texts["1"], "one");
    let numbers: BTreeMap<i64, String> = dict.into_typed().unwrap();
    assert_eq!(numbers[&1], "one");
}

#[test]
fn a_cached_value_can_be_shown_as_json() {
    let value = Value::Dict(vec![("set".into(), Value::Set(vec![1.into()]))]);
    assert_eq!(serde_json::to_string(&value).unwrap(), r#"{"set":[1]}"#);
    let back: Value = serde_json::from_str(r#"{"a":[1,null,true]}"#).unwrap();
    let list = Value::List(vec![1.into(), Value::None, true.into()]);
    assert_eq!(back, Value::Dict(vec![("a".into(), list)]));
}
