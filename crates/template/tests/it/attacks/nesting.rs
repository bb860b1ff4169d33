//! T13 and X9: depth. Django fails at some 500 tags with a `RecursionError`; a naive port dies of it.

use std::process::Command;

use nuages_template::{Context, Engine, ErrorKind, MemoryLoader, NoServices, Value, context};

use super::{in_small_stack, try_render};

const DEEP: usize = 100_000;

/// Opening tags with contents. `{% block %}` and `{% partialdef %}` need a name each.
const BLOCK_TAGS: &[(&str, &str)] = &[
    ("{% if v %}", "{% endif %}"),
    ("{% if v %}{% else %}", "{% endif %}"),
    ("{% if v %}{% elif v %}", "{% endif %}"),
    ("{% for y in v %}", "{% endfor %}"),
    ("{% for y in v %}{% empty %}", "{% endfor %}"),
    ("{% with y=v %}", "{% endwith %}"),
    ("{% autoescape on %}", "{% endautoescape %}"),
    ("{% spaceless %}", "{% endspaceless %}"),
    ("{% filter upper %}", "{% endfilter %}"),
    ("{% ifchanged %}", "{% endifchanged %}"),
    ("{% ifchanged v %}{% else %}", "{% endifchanged %}"),
    ("{% block N %}", "{% endblock %}"),
    ("{% partialdef N %}", "{% endpartialdef %}"),
    ("{% partialdef N inline %}", "{% endpartialdef %}"),
];

fn check_refused(source: String) {
    let kind = in_small_stack(move || try_render(&source, 1).unwrap_err().kind());
    assert!(
        matches!(kind, ErrorKind::Depth | ErrorKind::Syntax),
        "{kind:?}"
    );
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    let opened: String = (0..depth)
        .map(|n| open.replace('N', &format!("n{n}")))
        .collect();
    opened + &close.repeat(depth)
}

#[test]
fn t13_every_block_tag_nested_a_hundred_thousand_deep_is_an_error() {
    for (open, close) in BLOCK_TAGS {
        check_refused(nested(open, close, DEEP));
        check_refused(nested(open, "", DEEP));
    }
}

#[test]
fn x9_five_hundred_ifs_are_an_error_with_a_place_and_no_crash() {
    let source = nested("{% if v %}", "{% endif %}", 500);
    let error = in_small_stack(move || try_render(&source, 1).unwrap_err());
    assert_eq!(error.kind(), ErrorKind::Depth);
    assert!(
        error.line().is_some() && error.hint().is_some(),
        "{error:#}"
    );
}

#[test]
fn t13_the_deepest_template_that_compiles_renders() {
    for (open, close) in BLOCK_TAGS {
        let source = nested(open, close, 190);
        in_small_stack(move || try_render(&source, "x").unwrap());
    }
}

/// Whatever tags there will be: each by itself, with one argument and with some, a hundred thousand times.
#[test]
fn t13_no_tag_of_any_library_overflows_the_stack() {
    let engine = Engine::default();
    let mut tags: Vec<(String, String)> = Vec::new();
    for name in engine.builtins().tag_names() {
        tags.push((String::new(), name.to_owned()));
    }
    for (library, tags_and_filters) in engine.libraries() {
        for name in tags_and_filters.tag_names() {
            tags.push((format!("{{% load {library} %}}"), name.to_owned()));
        }
    }
    assert!(tags.len() > 25);
    for (load, name) in tags {
        for arguments in [
            "",
            " v",
            " 'a'",
            " off",
            " y=v",
            " y in v",
            " 9 v",
            " v as y",
            " v by v as y",
        ] {
            let source = load.clone() + &format!("{{% {name}{arguments} %}}").repeat(DEEP / 50);
            in_small_stack(move || {
                let _ = try_render(&source, 1);
            });
        }
    }
}

#[test]
fn t13_conditions_do_not_recurse() {
    let condition = |words: String| format!("{{% if {words}v %}}{{% endif %}}");
    for deep in ["(", "not ", "v == not "] {
        check_refused(condition(deep.repeat(DEEP)));
    }
    for operator in [
        "and", "or", "==", "!=", "in", "not in", "is", "is not", "<", ">=",
    ] {
        let source = condition(format!("v {operator} ").repeat(DEEP));
        assert_eq!(in_small_stack(move || try_render(&source, 1)).unwrap(), "");
    }
}

#[test]
fn t13_long_expressions_do_not_recurse() {
    for (source, expect) in [
        (format!("{{{{ v{} }}}}", "|upper".repeat(DEEP / 10)), "1"),
        (
            format!("{{{{ v{} }}}}", "|default:v".repeat(DEEP / 10)),
            "1",
        ),
        (format!("{{{{ v{} }}}}", ".y".repeat(DEEP)), ""),
        (format!("{{{{ {} }}}}", "x".repeat(DEEP)), ""),
    ] {
        assert_eq!(
            in_small_stack(move || try_render(&source, 1)).unwrap(),
            expect
        );
    }
}

/// Templates that never end: they include, extend or call one another in a circle.
const CIRCLES: &[(&str, &str)] = &[
    ("include.html", "{% include 'include.html' %}"),
    (
        "ping.html",
        "{% with y=1 %}{% include 'pong.html' %}{% endwith %}",
    ),
    (
        "pong.html",
        "{% if 1 %}{% include 'ping.html' with z=1 %}{% endif %}",
    ),
    ("variable.html", "{% include name %}"),
    (
        "only.html",
        "{% include name only %}{% include name with name=name only %}",
    ),
    ("list.html", "{% include names %}"),
    ("extends.html", "{% extends 'extends2.html' %}"),
    ("extends2.html", "{% extends 'extends3.html' %}"),
    ("extends3.html", "{% extends 'extends.html' %}"),
    ("itself.html", "{% extends 'itself.html' %}"),
    ("chosen.html", "{% extends name %}"),
    (
        "block.html",
        "{% extends 'block2.html' %}{% block a %}{% include 'block.html' %}{% endblock %}",
    ),
    ("block2.html", "{% block a %}{% endblock %}"),
    (
        "partial.html",
        "{% partialdef p inline %}{% partial p %}{% endpartialdef %}",
    ),
    (
        "partials.html",
        "{% partialdef p %}{% partial q %}{% endpartialdef %}{% partialdef q %}{% partial p %}{% endpartialdef %}{% partial p %}",
    ),
    (
        "part.html",
        "{% partialdef p %}{% include 'part.html#p' %}{% endpartialdef %}{% partial p %}",
    ),
];

#[test]
fn t13_circles_of_templates_are_errors() {
    let engine = Engine::builder()
        .loader(MemoryLoader::new(CIRCLES.iter().copied()))
        .build();
    for (name, _) in CIRCLES.iter().filter(|(name, _)| *name != "block2.html") {
        let engine = engine.clone();
        let error = in_small_stack(move || {
            let names = [*name];
            let context = context! { name: *name, names };
            engine
                .get_template(name)
                .unwrap()
                .render(&context, &NoServices)
                .err()
        });
        // `{% include .. only %}` without the name ends by itself: a missing variable names no template.
        let error = error.unwrap_or_else(|| panic!("{name} ended"));
        assert!(
            matches!(error.kind(), ErrorKind::Depth | ErrorKind::NotFound),
            "{name}: {error:#}"
        );
    }
}

#[test]
fn t13_a_chain_of_ten_thousand_parents_is_an_error() {
    let chain = (0..10_000).map(|n| (format!("{n}"), format!("{{% extends '{}' %}}", n + 1)));
    let engine = Engine::builder().loader(MemoryLoader::new(chain)).build();
    let kind = in_small_stack(move || {
        engine
            .get_template("0")
            .unwrap()
            .render(&Context::new(), &NoServices)
            .unwrap_err()
            .kind()
    });
    assert_eq!(kind, ErrorKind::Depth);
}

/// Lists in lists, maps in maps, in both orders.
fn deep_values() -> Vec<Value<'static>> {
    let list = |inner| Value::list(vec![inner]);
    let second = |inner| Value::list(vec!["y".into(), inner]);
    let tuple = |inner| Value::List(nuages_template::List::tuple(vec![inner]));
    let named = |inner| Value::List(nuages_template::List::named("P", &["a"], vec![inner]));
    let builders: [&dyn Fn(Value<'static>) -> Value<'static>; 4] = [&list, &second, &tuple, &named];
    builders
        .iter()
        .map(|build| (0..DEEP).fold(Value::from("x"), |inner, _| build(inner)))
        .collect()
}

#[test]
fn t13_data_nested_a_hundred_thousand_deep_is_cut_or_refused() {
    in_small_stack(|| {
        let engine = Engine::default();
        let filters: Vec<String> = engine
            .builtins()
            .filters()
            .map(|filter| filter.name().to_owned())
            .collect();
        for value in deep_values() {
            let context = Context::new().with("v", value);
            for filter in &filters {
                for source in [
                    format!("{{{{ v|{filter} }}}}"),
                    format!("{{{{ v|{filter}:v }}}}"),
                ] {
                    if let Ok(page) = engine.from_str(&source) {
                        let _ = page.render(&context, &NoServices);
                    }
                }
            }
            for source in [
                "{{ v }}",
                "{% if v == v and v in v or v < v %}{% endif %}",
                "{% for a in v %}{% ifchanged a %}{{ a }}{% endifchanged %}{% endfor %}",
                "{% regroup v by 0 as g %}{{ g }}",
                "{% debug %}",
                "{% firstof v %}{% widthratio v v v %}",
            ] {
                let _ = engine
                    .from_str(source)
                    .unwrap()
                    .render(&context, &NoServices);
            }
            // A copy of it is no other thing than the thing itself.
            let _ = format!(
                "{:?} {}",
                context.get("v"),
                context.get("v").unwrap_or_default()
            );
        }
    });
}

/// The names of the attacks that a process of its own runs without the limit.
const ALONE: &str = "NUAGES_TEST_ATTACK";

/// Does nothing in an ordinary run of the tests: see `t13_pair_without_the_limit_the_process_dies`.
#[test]
fn alone_without_a_depth_limit() {
    let Some(attack) = std::env::var_os(ALONE) else {
        return;
    };
    let engine = Engine::builder()
        .loader(MemoryLoader::new(CIRCLES.iter().copied()))
        .max_output(usize::MAX)
        .max_steps(u64::MAX);
    let engine = if attack == "limited" {
        engine
    } else {
        engine.insecure_without_depth_limit()
    };
    let engine = engine.build();
    in_small_stack(move || {
        let page = match attack.to_str() {
            Some("include") => engine.get_template("include.html"),
            Some("condition") => {
                engine.from_str(&format!("{{% if {}v %}}{{% endif %}}", "not ".repeat(DEEP)))
            }
            _ => engine.from_str(&nested("{% if 1 %}", "{% endif %}", DEEP)),
        };
        let _ = page.and_then(|page| page.render(&Context::new(), &NoServices));
    });
}

#[cfg(unix)]
#[test]
fn t13_x9_pair_without_the_limit_the_process_dies() {
    use std::os::unix::process::ExitStatusExt;
    let run = |attack: &str| {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "attacks::nesting::alone_without_a_depth_limit"])
            .env(ALONE, attack)
            .output()
            .unwrap()
    };
    for attack in ["tags", "condition", "include"] {
        let output = run(attack);
        assert!(output.status.signal().is_some(), "{attack}: {output:?}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("overflowed its stack"),
            "{output:?}"
        );
    }
    let output = run("limited");
    assert!(output.status.success(), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "{output:?}"
    );
}
