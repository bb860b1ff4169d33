//! Hostile input: nothing overflows a small stack, nothing panics, nothing takes more than linear time.

use std::thread;

use nuages_template::{
    Context, Engine, Error, ErrorKind, MemoryLoader, NoServices, Value, context,
};
use proptest::prelude::*;

/// Compiles and renders in a thread with 2 MiB, the size that tokio gives to its own.
fn render(source: impl Into<String>) -> Result<String, Error> {
    let source = source.into();
    let work = move || {
        Engine::default()
            .from_str(&source)?
            .render(&context! { x: 1 }, &NoServices)
    };
    thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)
        .unwrap()
        .join()
        .expect("no panic, no overflow")
}

fn check_deep(source: String) {
    let kind = render(source).unwrap_err().kind();
    assert!(
        matches!(kind, ErrorKind::Depth | ErrorKind::Syntax),
        "{kind:?}"
    );
}

#[test]
fn deeply_nested_tags_are_an_error() {
    for depth in [10_000, 100_000] {
        for (open, close) in [
            ("{% if x %}", "{% endif %}"),
            ("{% for y in x %}", "{% endfor %}"),
            ("{% with y=x %}", "{% endwith %}"),
            ("{% autoescape on %}", "{% endautoescape %}"),
            ("{% spaceless %}", "{% endspaceless %}"),
            ("{% filter upper %}", "{% endfilter %}"),
            ("{% ifchanged %}", "{% endifchanged %}"),
        ] {
            check_deep(open.repeat(depth) + &close.repeat(depth));
            check_deep(open.repeat(depth));
        }
        let blocks: Vec<String> = (0..depth).map(|n| format!("{{% block b{n} %}}")).collect();
        check_deep(blocks.concat());
    }
}

#[test]
fn the_deepest_template_that_compiles_renders() {
    for (open, close) in [
        ("{% if 1 %}", "{% endif %}"),
        ("{% for y in 'a' %}", "{% endfor %}"),
        ("{% with y=x %}", "{% endwith %}"),
        ("{% ifchanged %}", "{% endifchanged %}"),
        ("{% filter upper %}", "{% endfilter %}"),
    ] {
        assert_eq!(
            render(open.repeat(190) + "X" + &close.repeat(190)).unwrap(),
            "X"
        );
    }
}

#[test]
fn deep_conditions_do_not_recurse() {
    for count in [10_000, 100_000] {
        check_deep(format!("{{% if {}x %}}{{% endif %}}", "(".repeat(count)));
        check_deep(format!("{{% if {}x %}}{{% endif %}}", "not ".repeat(count)));
        check_deep(format!(
            "{{% if {}x %}}{{% endif %}}",
            "x == not ".repeat(count)
        ));
        for operator in ["and", "or", "==", "in", "<"] {
            let source = format!(
                "{{% if {}x %}}{{% endif %}}",
                format!("x {operator} ").repeat(count)
            );
            assert_eq!(render(source).unwrap(), "");
        }
    }
}

#[test]
fn long_expressions_are_no_trouble() {
    for count in [10_000, 100_000] {
        assert_eq!(
            render(format!("{{{{ x{} }}}}", "|upper".repeat(count))).unwrap(),
            "1"
        );
        assert_eq!(
            render(format!("{{{{ x{} }}}}", ".y".repeat(count))).unwrap(),
            ""
        );
        assert_eq!(
            render(format!("{{{{ {} }}}}", "x".repeat(count))).unwrap(),
            ""
        );
        assert_eq!(
            render("{{{%{#".repeat(count)).unwrap(),
            "{{{%{#".repeat(count)
        );
    }
}

#[test]
fn templates_that_never_end_are_an_error() {
    let engine = Engine::builder()
        .loader(MemoryLoader::new([
            ("self.html", "{% include 'self.html' %}"),
            ("a.html", "{% extends 'b.html' %}"),
            ("b.html", "{% extends 'a.html' %}"),
            (
                "ping.html",
                "{% with y=1 %}{% include 'pong.html' %}{% endwith %}",
            ),
            (
                "pong.html",
                "{% if 1 %}{% include 'ping.html' with z=1 %}{% endif %}",
            ),
            (
                "partial.html",
                "{% partialdef p %}{% partial p %}{% endpartialdef %}{% partial p %}",
            ),
        ]))
        .build();
    let work = move || {
        for (name, kind) in [
            ("self.html", ErrorKind::Depth),
            ("a.html", ErrorKind::NotFound),
            ("ping.html", ErrorKind::Depth),
            ("partial.html", ErrorKind::Depth),
        ] {
            let error = engine
                .get_template(name)
                .unwrap()
                .render(&Context::new(), &NoServices)
                .unwrap_err();
            assert_eq!(error.kind(), kind, "{name}");
        }
    };
    thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn deep_data_is_cut_or_refused() {
    let work = || {
        let mut deep = Value::from("x");
        for _ in 0..100_000 {
            deep = Value::list(vec![Value::from("y"), deep]);
        }
        let context = Context::new().with("v", deep);
        for filters in [
            "",
            "|pprint",
            "|unordered_list",
            "|json_script",
            "|join:','",
            "|length",
            "|add:v",
            "|dictsort:0",
        ] {
            let page = Engine::default()
                .from_str(&format!("{{{{ v{filters} }}}}"))
                .unwrap();
            let _ = page.render(&context, &NoServices);
        }
        let page = Engine::default()
            .from_str("{% if v == v and v in v or v < v %}{% endif %}")
            .unwrap();
        page.render(&context, &NoServices).unwrap();
    };
    thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn names_that_leave_the_folder_are_not_found() {
    let engine = Engine::builder()
        .loader(MemoryLoader::new([
            ("/etc/passwd", "x"),
            ("../x", "x"),
            ("a\0b", "x"),
            ("a/../b", "x"),
        ]))
        .build();
    for name in ["/etc/passwd", "../x", "a\0b", "a/../b", "..\\x", "C:x"] {
        assert!(
            engine.get_template(name).unwrap_err().is_not_found(),
            "{name:?}"
        );
        let page = engine.from_str("{% include name %}").unwrap();
        assert!(
            page.render(&context! { name: name }, &NoServices).is_err(),
            "{name:?}"
        );
    }
}

#[test]
fn sorting_by_what_a_visitor_says_tells_nothing_private() {
    let page = Engine::default()
        .from_str("{{ v|dictsort:key|length }}")
        .unwrap();
    let v = vec![("a", 1), ("b", 2)];
    for key in ["_x", "x._y", "__class__", "0.__class__"] {
        assert_eq!(
            page.render(&context! { v, key: key }, &NoServices).unwrap(),
            "0",
            "{key}"
        );
    }
}

#[test]
fn widths_from_outside_take_no_memory() {
    for filter in [
        "ljust:999999999999",
        "rjust:999999999999",
        "center:999999999999",
        "stringformat:'1000000000d'",
        "stringformat:'.1000000000f'",
        "floatformat:9999999",
        "floatformat:'-9999999g'",
        "filesizeformat",
        "get_digit:999999999",
    ] {
        let page = Engine::default()
            .from_str(&format!("{{{{ 1|{filter} }}}}"))
            .unwrap();
        assert!(
            page.render(&Context::new(), &NoServices).unwrap().len() <= 100_000,
            "{filter}"
        );
    }
    for huge in ["1e10000000000000000", "1e-99999999999", "9e999"] {
        let page = Engine::default()
            .from_str("{{ v|floatformat:2 }}{{ v }}")
            .unwrap();
        let v = Value::Decimal(huge.into());
        assert!(
            page.render(&Context::new().with("v", v), &NoServices)
                .unwrap()
                .len()
                < 100,
            "{huge}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Pieces of the language in any order: an error or a text, never a panic.
    #[test]
    fn no_template_panics(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24), text in ".{0,12}") {
        let source = pieces.concat() + &text;
        let _ = render_here(&source);
    }

    #[test]
    fn no_tag_panics(tag in prop::sample::select(TAGS), words in prop::collection::vec(prop::sample::select(WORDS), 0..6)) {
        let _ = render_here(&format!("{{% {tag} {} %}}a{{% end{tag} %}}", words.join(" ")));
    }

    #[test]
    fn no_filter_panics(filter in prop::sample::select(FILTERS), value in any_value(), argument in any_value()) {
        for source in [format!("{{{{ v|{filter} }}}}"), format!("{{{{ v|{filter}:a }}}}")] {
            if let Ok(page) = Engine::default().from_str(&source) {
                let context = Context::new().with("v", value.clone()).with("a", argument.clone());
                let _ = page.render(&context, &NoServices);
            }
        }
    }

    #[test]
    fn any_text_compiles_or_fails(source in "[{}%# a-z\"'|:.\n\u{e9}]{0,60}") {
        let _ = render_here(&source);
    }

    /// Whatever a variable holds, nothing of it is HTML.
    #[test]
    fn variables_are_always_escaped(text in ".{0,40}") {
        let page = Engine::default().from_str("{{ v }}").unwrap();
        let html = page.render(&context! { v: &text }, &NoServices).unwrap();
        prop_assert!(!html.contains(['<', '>', '"', '\'']));
    }
}

fn render_here(source: &str) -> Result<String, Error> {
    let list = vec![("a", 1), ("b", 2)];
    let context =
        context! { x: 1, s: "<é>", list, none: None::<i32>, date: jiff::civil::date(2024, 2, 29) };
    Engine::default()
        .from_str(source)?
        .render(&context, &NoServices)
}

fn any_value() -> impl Strategy<Value = Value<'static>> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-30_i64..30).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[-+0-9.e:d,<>&;%a-z ]{0,12}".prop_map(Value::from),
        "[0-9]{1,30}(\\.[0-9]{1,9})?(e-?[0-9]{1,20})?".prop_map(|text| Value::Decimal(text.into())),
        any::<i64>().prop_map(|s| Value::Duration(jiff::SignedDuration::from_secs(s))),
        (-9999_i16..=9999, 1_i8..=28).prop_map(|(y, d)| Value::from(jiff::civil::date(y, 2, d))),
        (-9999_i16..=9999, 0_i8..24)
            .prop_map(|(y, h)| Value::from(jiff::civil::date(y, 12, 31).at(h, 59, 59, 1))),
        (-62_135_596_800_i64..253_402_000_000)
            .prop_map(|s| Value::Timestamp(jiff::Timestamp::from_second(s).unwrap())),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop::collection::vec(inner, 0..4).prop_map(Value::list)
    })
}

const PIECES: &[&str] = &[
    "{% if x %}",
    "{% elif s == 1 %}",
    "{% else %}",
    "{% endif %}",
    "{% for a, b in list %}",
    "{% for a in s reversed %}",
    "{% empty %}",
    "{% endfor %}",
    "{{ a }}",
    "{{ forloop.parentloop.counter }}",
    "{{ block.super }}",
    "{% block q %}",
    "{% endblock %}",
    "{% with x as y %}",
    "{% endwith %}",
    "{% include s %}",
    "{% extends s %}",
    "{% cycle 'a' b as c %}",
    "{% cycle c %}",
    "{% resetcycle %}",
    "{% ifchanged %}",
    "{% endifchanged %}",
    "{% partialdef p %}",
    "{% endpartialdef %}",
    "{% partial p %}",
    "{% comment %}",
    "{% endcomment %}",
    "{% verbatim %}",
    "{% endverbatim %}",
    "{# x",
    "#}",
    "{{",
    "}}",
    "{%",
    "%}",
    "é",
    "\n",
    "{{ s|slice:':-1'|upper }}",
    "{% regroup list by 0 as g %}",
    "{% spaceless %}",
    "{% endspaceless %}",
    "{% filter lower %}",
    "{% endfilter %}",
    "{% debug %}",
    "{% load static %}",
    "{% static s %}",
    "{% url s %}",
];

const TAGS: &[&str] = &[
    "autoescape",
    "block",
    "comment",
    "cycle",
    "extends",
    "filter",
    "firstof",
    "for",
    "if",
    "ifchanged",
    "include",
    "load",
    "lorem",
    "now",
    "partial",
    "partialdef",
    "querystring",
    "regroup",
    "resetcycle",
    "spaceless",
    "templatetag",
    "url",
    "verbatim",
    "widthratio",
    "with",
];

const WORDS: &[&str] = &[
    "x", "s", "list", "'a'", "\"b", "as", "in", "not", "and", "or", "==", "is", "on", "off", "y=1",
    "=", "x|", "x|upper", "reversed", "by", "from", "static", "only", "with", "1", "-1", "1e5",
    "_('a", "_('a')", "é", "a.b.0", "silent", "random", "w", "None", "[]",
];

const FILTERS: &[&str] = &[
    "add",
    "addslashes",
    "capfirst",
    "center",
    "cut",
    "date",
    "default",
    "default_if_none",
    "dictsort",
    "dictsortreversed",
    "divisibleby",
    "escape",
    "escapejs",
    "escapeseq",
    "filesizeformat",
    "first",
    "floatformat",
    "force_escape",
    "get_digit",
    "iriencode",
    "join",
    "json_script",
    "last",
    "length",
    "linebreaks",
    "linebreaksbr",
    "linenumbers",
    "ljust",
    "lower",
    "make_list",
    "phone2numeric",
    "pluralize",
    "pprint",
    "random",
    "rjust",
    "safe",
    "safeseq",
    "slice",
    "slugify",
    "stringformat",
    "striptags",
    "time",
    "timesince",
    "timeuntil",
    "title",
    "truncatechars",
    "truncatechars_html",
    "truncatewords",
    "truncatewords_html",
    "unordered_list",
    "upper",
    "urlencode",
    "urlize",
    "urlizetrunc",
    "wordcount",
    "wordwrap",
    "yesno",
];
