//! T14 and X10: little goes in, much would come out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nuages_template::{
    Context, Engine, ErrorKind, Filter, Library, MemoryLoader, NoServices, Services, Value, context,
};

use super::filter;

/// The loop in the loop over a list that a visitor made long.
const LOOPS: &str = "{% for a in v %}{% for b in v %}x{% endfor %}{% endfor %}";

fn long_list() -> Value<'static> {
    Value::from(vec![1; 10_000])
}

#[test]
fn t14_loops_in_loops_end_at_the_limit_of_steps() {
    let engine = Engine::builder().max_steps(1_000_000).build();
    let page = engine.from_str(LOOPS).unwrap();
    let error = page
        .render(&context! { v: long_list() }, &NoServices)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert!(error.message().contains("1000000 steps"), "{error}");
    // What the pages of a site do stays far below.
    assert!(
        page.render(&context! { v: vec![1; 100] }, &NoServices)
            .is_ok()
    );
}

#[test]
fn t14_pair_without_the_limits_all_of_it_is_rendered() {
    let engine = Engine::builder()
        .max_steps(u64::MAX)
        .max_output(usize::MAX)
        .build();
    let page = engine.from_str(LOOPS).unwrap();
    let html = page
        .render(&context! { v: vec![1; 1200] }, &NoServices)
        .unwrap();
    assert_eq!(html.len(), 1200 * 1200);
    let engine = Engine::builder().max_output(1_000_000).build();
    let error = engine
        .from_str(LOOPS)
        .unwrap()
        .render(&context! { v: vec![1; 1200] }, &NoServices)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn t14_the_limits_are_there_unless_told_otherwise() {
    let page = Engine::default()
        .from_str("{% for a in v %}{{ text }}{% endfor %}")
        .unwrap();
    let text = "x".repeat(1 << 20);
    let error = page
        .render(&context! { v: vec![1; 100], text }, &NoServices)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert!(error.message().contains("67108864 bytes"), "{error}");
}

#[test]
fn t14_texts_that_double_or_multiply_end_at_the_limit_of_output() {
    let engine = Engine::builder().max_output(1_000_000).build();
    let doubled =
        "{% with v=v|add:v %}".repeat(60) + "{{ v|length }}" + &"{% endwith %}".repeat(60);
    let captured = "{% filter lower %}{{ text }}".repeat(100) + &"{% endfilter %}".repeat(100);
    for source in [
        doubled.as_str(),
        captured.as_str(),
        "{{ v|join:v }}",
        "{{ v|join:v|length }}",
        "{% autoescape off %}{{ v|join:v|length }}{% endautoescape %}",
        &format!("{{{{ many{} }}}}", "|force_escape".repeat(1000)),
        &format!("{{{{ many{} }}}}", "|urlencode:''".repeat(1000)),
    ] {
        let v = "x".repeat(10_000);
        let many = "&".repeat(10_000);
        let text = "y".repeat(20_000);
        let error = engine
            .from_str(source)
            .unwrap()
            .render(&context! { v, many, text }, &NoServices)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{source:.40}");
    }
}

#[test]
fn t14_lists_that_double_end_at_the_limit() {
    let engine = Engine::builder().max_output(1_000_000).build();
    let doubled =
        "{% with v=v|add:v %}".repeat(60) + "{{ v|length }}" + &"{% endwith %}".repeat(60);
    let error = engine
        .from_str(&doubled)
        .unwrap()
        .render(&context! { v: vec![1; 100] }, &NoServices)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn t14_a_template_that_includes_itself_twice_ends_soon() {
    let engine = Engine::builder()
        .loader(MemoryLoader::new([(
            "a.html",
            "{% include 'a.html' %}{% include 'a.html' %}",
        )]))
        .build();
    let start = Instant::now();
    let page = engine.get_template("a.html").unwrap();
    assert_eq!(
        page.render(&Context::new(), &NoServices)
            .unwrap_err()
            .kind(),
        ErrorKind::Depth
    );
    assert!(start.elapsed() < Duration::from_secs(5));
}

/// Says that it is enough when it is asked for the third time.
#[derive(Default)]
struct Patience(AtomicUsize);

impl Services for Patience {
    fn is_cancelled(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) >= 2
    }
}

#[test]
fn t14_a_rendering_that_is_not_wanted_any_more_stops() {
    for source in [
        LOOPS,
        "{% for a in v %}{% for b in v %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}",
        "{% for a in v %}{{ text|upper|length }}{% endfor %}",
    ] {
        let page = Engine::default().from_str(source).unwrap();
        let text = "x".repeat(100_000);
        let patience = Patience::default();
        let error = page
            .render(&context! { v: long_list(), text }, &patience)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{source}");
        assert_eq!(patience.0.load(Ordering::Relaxed), 3);
    }
}

/// What walks through a list without being a loop.
const HIDDEN_LOOPS: [&str; 4] = [
    "{% for a in v %}{% if missing in v %}x{% endif %}{% endfor %}",
    "{% for a in v %}{% if v != w %}x{% endif %}{% endfor %}",
    "{% for a in v %}{% regroup v by x as g %}{% endfor %}",
    "{% for a in v %}{% if 'no' in text %}x{% endif %}{% endfor %}",
];

#[test]
fn t14_in_and_regroup_over_long_lists_count_as_steps() {
    for (source, steps) in HIDDEN_LOOPS.iter().zip([10, 10, 10, 1]) {
        let engine = Engine::builder().max_steps(steps * 1_000_000).build();
        let page = engine.from_str(source).unwrap();
        let context =
            context! { v: long_list(), w: long_list(), text: "x".repeat(100_000), missing: -1 };
        let error = page.render(&context, &NoServices).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{source}");
    }
}

#[test]
fn t14_pair_one_walk_through_a_long_list_is_no_attack() {
    for source in HIDDEN_LOOPS {
        let page = Engine::builder().max_steps(1_000_000).build();
        let once = source.replace("{% for a in v %}", "{% for a in 'x' %}");
        let page = page.from_str(&once).unwrap();
        let context =
            context! { v: long_list(), w: long_list(), text: "x".repeat(100_000), missing: -1 };
        assert!(page.render(&context, &NoServices).is_ok(), "{source}");
    }
}

#[test]
fn x10_t7_widths_from_outside_take_no_memory() {
    for (filters, most) in [
        ("ljust:'100000000'", 1_000_001),
        ("ljust:'1000000000000000000'", 1_000_001),
        ("rjust:999999999999999999", 1_000_001),
        ("center:999999999999999999", 1_000_001),
        ("stringformat:'1000000000d'", 1_000_001),
        ("stringformat:'.1000000000f'", 1_000_001),
        ("stringformat:'1000000000.1000000000e'", 1_000_001),
        ("floatformat:9999999", 100),
        ("floatformat:'9999999'", 100),
        ("floatformat:'-9999999g'", 100),
        ("get_digit:999999999", 100),
        ("truncatechars:9999999999999999", 100),
        ("wordwrap:9999999999999999", 100),
        ("slice:':999999999999999999'", 100),
        ("divisibleby:999999999999999999", 100),
        ("timesince:9", 100),
    ] {
        let page = Engine::default()
            .from_str(&format!("{{{{ v|{filters} }}}}"))
            .unwrap();
        if let Ok(html) = page.render(&context! { v: 1 }, &NoServices) {
            assert!(html.len() <= most, "{filters} gives {} bytes", html.len());
        }
    }
    // A width that a page needs is given.
    assert_eq!(filter("ljust:1000", 1).len(), 1000);
}

/// A site's own filter without a limit: the width is all that it takes.
#[test]
fn x10_pair_a_filter_without_a_limit_takes_what_it_is_told() {
    let naive = Filter::new("naive_ljust", |value, call| {
        let width = usize::try_from(call.number()?).unwrap_or(0);
        Ok(Value::from(
            value.to_text().into_owned() + &" ".repeat(width),
        ))
    });
    let engine = Engine::builder()
        .library(Library::new().filter(naive.required()))
        .build();
    let page = engine.from_str("{{ v|naive_ljust:'30000000' }}").unwrap();
    let html = page.render(&context! { v: 1 }, &NoServices).unwrap();
    assert_eq!(html.len(), 30_000_001);
    assert_eq!(filter("ljust:'30000000'", 1).len(), 100_000);
}

#[test]
fn t14_lorem_and_its_like_write_no_more_than_a_page() {
    for source in [
        "{% lorem v w %}",
        "{% lorem v p %}",
        "{% lorem v b random %}",
        "{{ 1|ljust:v }}",
    ] {
        let page = Engine::builder()
            .max_output(1_000_000)
            .build()
            .from_str(source)
            .unwrap();
        for v in [1_000_000_000_000_i64, i64::MAX, -5] {
            if let Ok(html) = page.render(&context! { v: v }, &NoServices) {
                assert!(html.len() <= 1_000_001, "{source} gives {}", html.len());
            }
        }
    }
}
