//! Templates: any source compiles or not, renders or not, within its limits, and the checks find the same mistake.
#![no_main]

use std::sync::LazyLock;

use jiff::civil::{date, time};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use libfuzzer_sys::fuzz_target;
use nuages_template::{
    Context, Engine, FragmentStore, MemoryFragments, MemoryLoader, Services, UrlRequest, Value,
};
use serde_json::json;

/// Bytes that a page may have.
const MOST: usize = 1 << 16;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| {
        // All libraries as if they were loaded: `{% extends %}` has to come first in a source.
        let mut builder = Engine::builder();
        for (_, library) in Engine::default().libraries() {
            builder = builder.library(library.clone());
        }
        builder
        .loader(MemoryLoader::new([
            (
                "base.html",
                "<title>{% block title %}Site{% endblock %}</title>{% block body %}{% endblock %}",
            ),
            (
                "child.html",
                "{% extends 'base.html' %}{% block body %}{{ block.super }}{{ s }}{% endblock %}",
            ),
            ("part.html", "{% partialdef p %}{{ s }}{% endpartialdef %}{{ n }}"),
            ("self.html", "{% include 'self.html' %}"),
        ]))
        .max_steps(20_000)
        .max_output(MOST)
        .build()
    });

struct Site(MemoryFragments);

impl Services for Site {
    fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
        Ok(format!("/{}?{}", request.args.len(), request.kwargs.len()))
    }

    fn static_url(&self, path: &str) -> Result<String, String> {
        Ok(format!("/static/{path}"))
    }

    fn fragments(&self, _name: Option<&str>) -> Option<&dyn FragmentStore> {
        Some(&self.0)
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_770_000_000).unwrap_or_default()
    }
}

/// One of each kind of value, under short names.
fn context(moment: Timestamp) -> Context<'static> {
    let object = json!({
        "a": {"b": {"c": "<deep>"}},
        "items": "mine",
        "list": [1, 2.5, null, true, "x"],
        "people": [
            {"name": "Ada", "age": 36, "city": "London"},
            {"name": "Bob", "age": 7, "city": "London"},
            {"name": "Cléo", "age": 99, "city": "Nîmes"},
        ],
    });
    Context::new()
        .with("s", "<b>It's</b> & \"more\"")
        .with("u", "Ünïcode \u{301}\u{1f600} \u{2028} ﷺ")
        .with(
            "long",
            "lorem ipsum <i>dolor</i> http://example.com/?a=b&c ".repeat(20),
        )
        .with(
            "h",
            Value::assert_safe("<p>one <b>two</b> three &amp; four</p>"),
        )
        .with("e", "")
        .with("n", 3)
        .with("z", 0)
        .with("neg", -12_345_678)
        .with("big", i64::MAX)
        .with("min", i64::MIN)
        .with("f", 1234.5678)
        .with("huge", 1e308)
        .with("nan", f64::NAN)
        .with("inf", f64::INFINITY)
        .with("d", Value::Decimal("12345678901234567890.125".into()))
        .with("none", Value::None)
        .with("yes", true)
        .with("no", false)
        .with("l", vec![3, 1, 2])
        .with("ll", vec![vec!["a", "b"], vec!["c"]])
        .with("empty", Vec::<i64>::new())
        .with("o", Value::from_serialize(&object).unwrap_or_default())
        .with("ts", moment)
        .with("zoned", moment.to_zoned_datetime(TimeZone::UTC))
        .with("dt", date(2024, 2, 29).at(23, 59, 59, 999_999_999))
        .with("day", date(-9999, 1, 1))
        .with("t", time(0, 0, 0, 1))
        .with("span", SignedDuration::from_secs(-123_456))
        .with("shortest", SignedDuration::MIN)
}

fuzz_target!(|source: &str| {
    let mistakes = ENGINE.check("<string>", source);
    let page = match ENGINE.from_str(source) {
        Ok(page) => {
            assert!(mistakes.is_empty(), "{source:?}: {mistakes:?}");
            page
        }
        Err(error) => {
            assert!(!mistakes.is_empty(), "{source:?}: {error:?}");
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let site = Site(MemoryFragments::new(4));
    let context = context(site.now());
    match page.render(&context, &site) {
        Ok(html) => assert!(html.len() <= MOST),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    page.warnings(&context);
});
