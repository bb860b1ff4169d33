//! T1, T2: what a visitor writes is text, wherever a template puts it.

use nuages_template::{Context, Engine, NoServices, Value, context};

use super::{filter, render};

const PAYLOAD: &str = "&<>\"'`= \u{2028}</script><!--";
const ESCAPED: &str = "&amp;&lt;&gt;&quot;&#x27;`= \u{2028}&lt;/script&gt;&lt;!--";

/// The places of a page that hold a value in quotes or between tags.
const PLACES: &[(&str, &str)] = &[
    ("<p>", "</p>"),
    ("<p title=\"", "\">"),
    ("<p title='", "'>"),
    ("<a href=\"/?q=", "\">"),
    ("<textarea>", "</textarea>"),
    ("<title>", "</title>"),
    ("<!-- ", " -->"),
];

#[test]
fn t1_five_characters_are_escaped_in_every_place() {
    for (before, after) in PLACES {
        for variable in [
            "{{ v }}",
            "{{ v|default:'x' }}",
            "{{ none|default:v }}",
            "{% firstof none v %}",
            "{% cycle v v %}",
            "{% with w=v %}{{ w }}{% endwith %}",
            "{% for c in list %}{{ c }}{% endfor %}",
            "{% if 1 %}{{ v }}{% endif %}",
            "{{ list.0 }}",
            "{{ map.0.1 }}",
            "{% filter force_escape %}{{ v|safe }}{% endfilter %}",
            "{% include part %}",
        ] {
            let part = Engine::default().from_str("{{ v }}").unwrap();
            let context = Context::new()
                .with("v", PAYLOAD)
                .with("none", Value::None)
                .with("list", vec![PAYLOAD])
                .with("map", vec![(1, PAYLOAD)])
                .with("part", Value::Object(&part));
            let page = Engine::default()
                .from_str(&format!("{before}{variable}{after}"))
                .unwrap();
            let html = page.render(&context, &NoServices).unwrap();
            assert_eq!(html, format!("{before}{ESCAPED}{after}"), "{variable}");
        }
    }
}

#[test]
fn t1_pair_with_autoescaping_off_the_attack_succeeds() {
    let off = "{% autoescape off %}{{ v }}{% endautoescape %}";
    assert_eq!(render(off, PAYLOAD), PAYLOAD);
    assert_eq!(filter("safe", PAYLOAD), PAYLOAD);
    let engine = Engine::builder().insecure_without_autoescape().build();
    let html = engine
        .from_str("{{ v }}")
        .unwrap()
        .render(&context! { v: PAYLOAD }, &NoServices)
        .unwrap();
    assert_eq!(html, PAYLOAD);
}

#[test]
fn t1_lists_and_objects_are_escaped_as_they_are_printed() {
    let html = render("{{ v }}", vec!["<script>"]);
    assert_eq!(html, "[&#x27;&lt;script&gt;&#x27;]");
    // Safe items do not make the list's own quotes and brackets safe.
    let html = render("{{ v }}", Value::list(vec![Value::assert_safe("<b>")]));
    assert_eq!(html, "[&#x27;&lt;b&gt;&#x27;]");
}

#[test]
fn t2_json_script_is_inert() {
    let page = Engine::default()
        .from_str("{{ v|json_script:id }}")
        .unwrap();
    let v = "</script><!--<script>&\u{2028}\u{2029}'\"\\";
    let html = page
        .render(&context! { v: v, id: "x\"><script>" }, &NoServices)
        .unwrap();
    assert_eq!(
        html,
        "<script id=\"x&quot;&gt;&lt;script&gt;\" type=\"application/json\">\"\\u003C/script\\u003E\\u003C!--\
         \\u003Cscript\\u003E\\u0026\\u2028\\u2029'\\\"\\\\\"</script>"
    );
    // What is between the tags has no way to end them, and reads back as the text it was.
    let data = html
        .split_once('>')
        .unwrap()
        .1
        .strip_suffix("</script>")
        .unwrap();
    assert!(!data.contains(['<', '>', '&']));
    assert_eq!(serde_json::from_str::<String>(data).unwrap(), v);
}

/// JSON without the escapes ends the script where it likes.
#[test]
fn t2_pair_json_that_is_printed_as_it_is_ends_the_script() {
    let evil = "</script><script>alert(1)</script>";
    let json = serde_json::to_string(evil).unwrap();
    let html = render("<script>let x = {{ v|safe }};</script>", json);
    assert!(html.contains("</script><script>alert(1)"), "{html}");
    let html = render("<script>let x = '{{ v|escapejs }}';</script>", evil);
    assert_eq!(html.matches("<script").count(), 1, "{html}");
}

#[test]
fn t2_json_script_escapes_keys_and_nested_values() {
    let v = Value::list(vec![vec!["</script>"].into(), Value::from("&")]);
    let html = filter("json_script", v);
    assert_eq!(
        html,
        "<script type=\"application/json\">[[\"\\u003C/script\\u003E\"], \"\\u0026\"]</script>"
    );
}

#[test]
fn t2_json_script_of_numbers_that_are_none() {
    // Django writes these, and a browser's JSON.parse refuses them.
    for (v, expect) in [
        (f64::NAN, "NaN"),
        (f64::INFINITY, "Infinity"),
        (f64::NEG_INFINITY, "-Infinity"),
    ] {
        assert_eq!(
            filter("json_script", v),
            format!("<script type=\"application/json\">{expect}</script>")
        );
    }
}

#[test]
fn t2_escapejs_leaves_nothing_that_ends_a_string_or_a_script() {
    let v = "</script>\\'\"`;=-<!--\n\r\t\u{0}\u{1f}\u{2028}\u{2029}&";
    let html = filter("escapejs", v);
    assert_eq!(
        html,
        "\\u003C/script\\u003E\\u005C\\u0027\\u0022\\u0060\\u003B\\u003D\\u002D\\u003C!\\u002D\\u002D\
         \\u000A\\u000D\\u0009\\u0000\\u001F\\u2028\\u2029\\u0026"
    );
}

/// A page where a value becomes code although its five characters are escaped: autoescaping does not help there,
/// here as in Django. `json_script` and quotes do.
#[test]
fn t1_places_where_escaping_is_not_enough_are_as_in_django() {
    assert_eq!(
        render("<a href=\"{{ v }}\">", "javascript:alert(1)"),
        "<a href=\"javascript:alert(1)\">"
    );
    assert_eq!(
        render("<p title={{ v }}>", "x onclick=alert(1)"),
        "<p title=x onclick=alert(1)>"
    );
}

#[test]
fn t1_filters_that_make_html_escape_what_is_not_theirs() {
    let v = "<img src=x onerror=a()>\n\n\"'";
    for filters in [
        "linebreaks",
        "linebreaksbr",
        "linenumbers",
        "urlize",
        "urlizetrunc:3",
        "striptags|linebreaks",
    ] {
        let html = filter(filters, v);
        assert!(!html.contains("<img"), "{filters}: {html}");
    }
    let html = filter("unordered_list", vec![v]);
    assert!(!html.contains("<img"), "{html}");
    let html = filter("join:'<b>'", vec![v, v]);
    assert!(
        !html.contains("<img") && !html.contains("<b>") || html.contains("<b>"),
        "{html}"
    );
    for word in [
        "http://a.b/\"onclick=\"x",
        "http://a.b/'onclick='x",
        "http://a.b/<script>",
        "a@b.cc\"onclick=\"x",
    ] {
        let html = filter("urlize", word);
        let attributes = html.matches("onclick=\"").count() + html.matches("onclick='").count();
        assert_eq!(attributes, 0, "{html}");
        assert!(!html.contains("<script"), "{html}");
    }
    for scheme in [
        "javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "JaVaScRiPt://a.com/%0aalert(1)",
    ] {
        assert!(!filter("urlize", scheme).contains("<a "), "{scheme}");
    }
}

/// CVE-2022-22818.
#[test]
fn cve_2022_22818_debug_escapes_the_context_and_is_silent_in_production() {
    let render = |debug| {
        let engine = Engine::builder().debug(debug).build();
        let page = engine.from_str("{% debug %}").unwrap();
        page.render(&context! { frag: "<script>alert(1)</script>" }, &NoServices)
            .unwrap()
    };
    assert_eq!(render(false), "");
    let html = render(true);
    assert!(
        html.contains("&lt;script&gt;") && !html.contains("<script>"),
        "{html}"
    );
}
