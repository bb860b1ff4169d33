//! T: hostile templates.

use nuages::template::{Context, Engine, NoServices};

fn nested(levels: usize) -> String {
    format!(
        "{}x{}",
        "{% if 1 %}".repeat(levels),
        "{% endif %}".repeat(levels)
    )
}

#[test]
fn t14_ten_thousand_levels_are_an_error_and_no_stack_overflow() {
    for levels in [10_000, 100_000] {
        let error = Engine::builder()
            .build()
            .from_str(&nested(levels))
            .err()
            .unwrap();
        assert!(error.to_string().contains("nested"), "{error}");
    }
}

#[test]
fn t14_pair_a_modest_depth_renders() {
    let template = Engine::builder().build().from_str(&nested(20)).unwrap();
    assert_eq!(template.render(&Context::new(), &NoServices).unwrap(), "x");
}
