//! Conditions: what an operand that fails does to its operator.

use nuages_template::{Engine, Error, ErrorKind, Filter, Library, NoServices, context};

fn holds(condition: &str) -> Result<bool, Error> {
    let library = Library::new()
        .filter(Filter::new("fail", |_, _| {
            Err(Error::new(ErrorKind::Value, "it fails"))
        }))
        .filter(Filter::new("limit", |_, _| {
            Err(Error::new(ErrorKind::Limit, "too much"))
        }));
    let engine = Engine::builder().library(library).build();
    let page = engine.from_str(&format!("{{% if {condition} %}}yes{{% endif %}}"))?;
    let html = page.render(&context! { yes: true, no: false, one: 1 }, &NoServices)?;
    Ok(html == "yes")
}

#[test]
fn an_operator_is_false_when_its_operand_fails() {
    for (condition, expect) in [
        ("one|fail or yes", false),
        ("no or one|fail", false),
        ("yes or one|fail", true),
        ("yes and one|fail or yes", true),
        ("one|fail and yes or yes", true),
        ("not one|fail", false),
        ("not not one|fail", true),
        ("one|fail == 1 or yes", true),
        ("1 == one|fail or yes", true),
        ("one|fail != one and yes", false),
        ("yes and not one|fail or one == 1", true),
        ("one == 1 and one|fail", false),
    ] {
        assert_eq!(holds(condition).unwrap(), expect, "{condition}");
    }
}

#[test]
fn a_filter_without_an_operator_fails_aloud() {
    assert_eq!(holds("one|fail").unwrap_err().kind(), ErrorKind::Value);
}

#[test]
fn an_operator_does_not_get_round_a_limit() {
    let error = holds("one|limit or yes").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}
