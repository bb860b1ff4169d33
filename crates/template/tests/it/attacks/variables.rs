//! T6, T7: what a visitor's names and formats may not reach.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nuages_template::{Context, Engine, Error, NoServices, Object, Value, context};

use super::{render, try_render};

/// A user with a secret, a method that reads, and one that deletes.
struct User {
    name: &'static str,
    calls: Arc<AtomicUsize>,
}

struct Method {
    calls: Arc<AtomicUsize>,
    alters: bool,
}

impl Object for Method {
    fn call(&self) -> Option<Result<Value<'_>, Error>> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        Some(Ok("called".into()))
    }

    fn alters_data(&self) -> bool {
        self.alters
    }
}

impl Object for User {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let method = |alters| {
            Value::object(Method {
                calls: self.calls.clone(),
                alters,
            })
        };
        match name {
            "name" => Some(self.name.into()),
            "password" => Some("secret".into()),
            "_private" | "__class__" => Some("private".into()),
            "method" => Some(method(false)),
            "delete" => Some(method(true)),
            _ => None,
        }
    }
}

fn users() -> (Value<'static>, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let user = |name| {
        Value::object(User {
            name,
            calls: calls.clone(),
        })
    };
    (Value::list(vec![user("b"), user("a")]), calls)
}

#[test]
fn t6_cve_2021_45116_sorting_by_a_visitor_s_key_calls_nothing_and_reads_nothing_private() {
    let (users, calls) = users();
    for filter in ["dictsort", "dictsortreversed"] {
        let page = Engine::default()
            .from_str(&format!(
                "{{% for u in users|{filter}:key %}}{{{{ u.name }}}}{{% endfor %}}"
            ))
            .unwrap();
        for key in [
            "password.0",
            "password.length",
            "name.0",
            "_private",
            "__class__",
            "name._x",
            "method.x",
            "delete.x",
            "password.__class__",
            "0.password",
            ".",
            "",
            "name.",
            ".name",
        ] {
            let context = Context::new()
                .with("users", users.reborrow())
                .with("key", key);
            assert_eq!(
                page.render(&context, &NoServices).unwrap(),
                "",
                "{filter}:{key}"
            );
        }
        // The pair: a key that is an attribute sorts.
        let context = Context::new()
            .with("users", users.reborrow())
            .with("key", "name");
        let expect = if filter == "dictsort" { "ab" } else { "ba" };
        assert_eq!(page.render(&context, &NoServices).unwrap(), expect);
    }
    assert_eq!(calls.load(Ordering::Relaxed), 0);
}

#[test]
fn t6_what_alters_data_is_never_called() {
    let (users, calls) = users();
    for source in [
        "{{ v.0.delete }}",
        "{% if v.0.delete %}{% endif %}",
        "{% for u in v %}{{ u.delete }}{% endfor %}",
        "{% with d=v.0.delete %}{{ d }}{{ d|upper }}{% endwith %}",
        "{% regroup v by delete as g %}{{ g.0.grouper }}",
        "{% firstof v.0.delete 'x' %}{% cycle v.0.delete %}{% widthratio v.0.delete 1 1 %}",
        "{{ 'x'|add:v.0.delete }}",
        "{{ v|dictsort:'delete' }}",
    ] {
        let html = try_render(source, users.reborrow()).unwrap_or_default();
        assert!(!html.contains("called"), "{source}: {html}");
    }
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    // Sorting calls not even the methods of text.
    let words = || Value::from(vec!["b", "a"]);
    assert_eq!(render("{{ v|dictsort:'upper' }}", words()), "");
    assert_eq!(render("{{ v.0.upper }}", words()), "B");
    // The pair: a method that only reads is called.
    assert_eq!(render("{{ v.0.method }}", users.reborrow()), "called");
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[test]
fn t6_private_names_are_mistakes_of_the_template() {
    let (users, _) = users();
    for path in [
        "_private",
        "v._private",
        "v.0.__class__",
        "v.0._private.x",
        "forloop._x",
        "block._x",
    ] {
        for source in [
            format!("{{{{ {path} }}}}"),
            format!("{{% if {path} %}}{{% endif %}}"),
            format!("{{% with a={path} %}}{{% endwith %}}"),
            format!("{{{{ v|default:{path} }}}}"),
            format!("{{% for a in {path} %}}{{% endfor %}}"),
            format!("{{% include {path} %}}"),
            format!("{{% firstof {path} %}}"),
            format!("{{% regroup v by {path} as g %}}"),
        ] {
            assert!(try_render(&source, users.reborrow()).is_err(), "{source}");
        }
    }
    // `regroup` joins the name and the key.
    assert!(try_render("{% regroup v by _private as g %}", users.reborrow()).is_err());
}

#[test]
fn t7_cve_2015_8213_a_format_names_no_setting() {
    let now = jiff::civil::date(2024, 2, 29).at(13, 5, 0, 0);
    // Each letter that is a format letter is one; the word itself never names anything.
    let page = Engine::default().from_str("{{ now|date:format }}").unwrap();
    for (format, expect) in [
        ("SECRET_KEY", "thECRE29_KEY"),
        ("DATABASES", "FebA291BA29E"),
        ("\\S\\E\\C\\R\\E\\T", "SECRET"),
    ] {
        let html = page
            .render(&context! { now: now, format: format }, &NoServices)
            .unwrap();
        assert!(!html.contains("django-insecure"));
        if format.starts_with('\\') {
            assert_eq!(html, expect);
        }
    }
    // The formats of the language are the only names.
    let html = page
        .render(&context! { now: now, format: "DATE_FORMAT" }, &NoServices)
        .unwrap();
    assert_eq!(html, "Feb. 29, 2024");
}

#[test]
fn t6_sorting_and_grouping_by_hostile_types_does_not_panic() {
    for key in [
        "0",
        "-1",
        "99999999999999999999",
        "1.5",
        "name|upper",
        "nan",
    ] {
        for v in [
            Value::from(vec!["ab", "c"]),
            Value::from("text"),
            Value::None,
            Value::list(vec![Value::None, Value::from(1), Value::from("x")]),
        ] {
            let context = Context::new().with("v", v).with("key", key);
            for source in [
                "{{ v|dictsort:key }}",
                "{{ v|dictsortreversed:key }}",
                "{% regroup v by key as g %}{{ g }}",
            ] {
                let _ = Engine::default()
                    .from_str(source)
                    .unwrap()
                    .render(&context, &NoServices);
            }
        }
    }
}
