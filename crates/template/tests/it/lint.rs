//! T1: where escaping is not enough, the author is told; where it is, nobody is.

use nuages_template::{Context, Engine, ErrorKind, FolderCheck, MemoryLoader, NoServices, context};

/// The words that each warning has to hold, in order; the template compiles.
fn check(name: &str, source: &str, expect: &[&str]) {
    let engine = Engine::default();
    let found = engine.lint(name, source);
    let told: Vec<String> = found.iter().map(|error| format!("{error:#}")).collect();
    assert_eq!(found.len(), expect.len(), "{source}\n{}", told.join("\n"));
    for (warning, words) in found.iter().zip(expect) {
        assert!(warning.message().contains(words), "{warning:#}");
        assert_eq!(warning.kind(), ErrorKind::Unescaped);
        assert!(warning.hint().is_some() && warning.line().is_some());
    }
    assert!(engine.from_str(source).is_ok(), "{source}");
}

fn told(source: &str, words: &str) {
    check("page.html", source, &[words]);
}

fn quiet(source: &str) {
    check("page.html", source, &[]);
}

#[test]
fn t1_what_is_well_written_is_left_alone() {
    for source in [
        "<p class=\"{{ a }}\" title='{{ b }}'>{{ c }}</p><!-- {{ d }} --><title>{{ e }}</title><textarea>{{ f }}</textarea>",
        "a < b {{ c }} <3 {{ d }} </p {{ e }}> {{ f }}",
        "<a href=\"/users/{{ name }}/\">{{ name }}</a><a href='{% url \"user\" name %}'></a><a href=\"?q={{ q }}\"></a>",
        "<a href=\"{{ post.get_absolute_url }}\"></a><img src=\"{{ picture }}\"><link href=\"{{ style }}\"><input value=\"{{ v }}\">",
        "{% load static %}{{ data|json_script:'data' }}<script src=\"{% static 'a.js' %}\" nonce=\"{{ csp_nonce }}\"></script>",
        "<script>let name = \"{{ name|escapejs }}\", other = '{{ other|default:\"a|b\"|escapejs }}';</script>",
        "<script>let n = {{ list|length }}, id = {{ post.pk }}, yes = {{ yes|yesno:'true,false' }}, at = \"{{ at|date:'c' }}\";</script>",
        "<script type=\"text/template\"><b>{{ name }}</b></script><script type='text/x-handlebars'>{{ a }}</script>",
        "<button onclick=\"go('{{ name|escapejs }}', {{ forloop.counter0 }})\" data-name=\"{{ name }}\"></button>",
        "<p {% if a %}class=\"{{ a }}\"{% else %}class='{{ b }}'{% endif %} {{ attrs|safe }}>{{ c }}</p>",
        "<{{ tag }} class=\"{{ a }}\">{{ b }}</{{ tag }}><option {% if a %}selected{% endif %} value=\"{{ b }}\">{{ c }}",
        "<a href=\"{% if a %}/b/\"{% else %}/c/{{ d }}\"{% endif %} title=\"{{ e }}\">{{ f }}</a>",
        "<p width={{ w|floatformat:0 }} {{ ''|default:'x' }} class={{ _('x') }} height=3>{{ c }}</p>",
        "{% comment %}<script>{{ a }}</script>{% endcomment %}{% verbatim %}<p {{ a }}>{% endverbatim %}",
        "<p data-a=\"1\" data-b=\"<script>\">{{ a }}</p><script>'</p>'</script>{{ b }}<style>p > a {}</style>{{ c }}",
        "<p {{ widget.attrs }}{{ row.attrs.as_html }}><a href=\"{{ docsroot }}\"></a><a href=\"{{ query_string }}\"></a>",
        "<p class={{ a }}> {# exempt: two words of ours #}\n<p>",
    ] {
        quiet(source);
    }
}

#[test]
fn t1_attributes_without_quotes_and_tags_are_told() {
    told("<p class={{ a }}>", "the value of 'class' has no quotes");
    told("<p class=a-{{ a }}>", "'class'");
    told("<P CLASS = {{ a }}>{{ b }}", "'class'");
    told("<p class={% if b %}b{% endif %}{{ a }}>", "'class'");
    told("<p {{ a }}>{{ b }}", "stands in a tag");
    told("<p data-{{ a }}=\"{{ b }}\">", "stands in a tag");
    told(
        "<p class=\"a\" {% if b %}{{ c }}{% endif %}>",
        "stands in a tag",
    );
    told("<input value={{ a|default:b }}>", "'value'");
}

#[test]
fn t1_scripts_and_handlers_are_told() {
    let script = "stands in a script";
    told("<script>let a = {{ a }};</script>{{ b }}", script);
    told("<script>let a = '{{ a }}';</script>", script);
    told("<script>let a = {{ a|escapejs }};</script>", script);
    told("<script>let a = `{{ a|escapejs }}`;</script>", script);
    told(
        "<script>let a = 'x\\'', b = {{ a|escapejs }};</script>",
        script,
    );
    told("<script>// it's {{ a|escapejs }}\n</script>", script);
    told("<script>/* it's {{ a|escapejs }} */</script>", script);
    told("<script type=module>f({{ a|safe }})</script>", script);
    told(
        "<script type=\"application/ld+json\">{\"a\": \"{{ a }}\"}</script>",
        script,
    );
    told("<SCRIPT>{% if a %}{{ b }}{% endif %}</SCRIPT>", script);
    told("<svg><script>{{ b }}</script>", script);
    told("<a onclick=\"f('{{ a }}')\">", "stands in 'onclick'");
    told(
        "<a onmouseover='f({{ a|escapejs }})'>",
        "stands in 'onmouseover'",
    );
    check(
        "app.js",
        "let a = {{ a }}, b = '{{ b|escapejs }}';",
        &[script],
    );
    check("mail.txt", "<script>{{ a }}</script>", &[]);
}

#[test]
fn t1_styles_and_urls_are_told() {
    told(
        "<style>p { color: {{ a }} }</style>{{ b }}",
        "stands in a style",
    );
    told("<p style=\"width: {{ a }}\">", "stands in a style");
    quiet("<p style=\"width: {{ a|floatformat }}%\">");
    told("<a href=\"{{ user.website }}\">", "'href' begins with");
    told("<a href=\" {{ next }}\">", "'href' begins with");
    told("<iframe src='{{ page }}'></iframe>", "'src' begins with");
    told("<form action=\"{{ next }}\">", "'action'");
    told("<button formaction=\"{{ next }}\">", "'formaction'");
    told(
        "<a href=\"javascript:f('{{ a|escapejs }}')\">",
        "javascript: of 'href'",
    );
    told(
        "<iframe srcdoc=\"<p>{{ a }}\"></iframe>",
        "whose value is HTML",
    );
}

/// The pair: what is told can be done, and what is not told cannot.
#[test]
fn t1_pair_what_is_told_is_exploitable() {
    let render = |source: &str, value: &str| {
        let page = Engine::default().from_str(source).unwrap();
        page.render(&context! { a: value }, &NoServices).unwrap()
    };
    assert_eq!(
        render("<p class={{ a }}>", "x onclick=alert(1)"),
        "<p class=x onclick=alert(1)>"
    );
    assert_eq!(
        render("<p class=\"{{ a }}\">", "\" onclick=alert(1)"),
        "<p class=\"&quot; onclick=alert(1)\">"
    );
    assert_eq!(
        render("<script>f({{ a }})</script>", "alert(1)"),
        "<script>f(alert(1))</script>"
    );
    assert_eq!(
        render("<script>`{{ a|escapejs }}`</script>", "${alert(1)}"),
        "<script>`${alert(1)}`</script>"
    );
    assert_eq!(
        render("<script>'{{ a|escapejs }}'</script>", "'-alert(1)-'"),
        "<script>'\\u0027\\u002Dalert(1)\\u002D\\u0027'</script>"
    );
    assert_eq!(
        render("<a href=\"{{ a }}\">", "javascript:alert(1)"),
        "<a href=\"javascript:alert(1)\">"
    );
}

#[test]
fn warnings_are_told_with_the_page_and_its_parents() {
    let engine = Engine::builder()
        .debug(true)
        .loader(MemoryLoader::new([
            ("base.html", "<p class={{ a }}>{% block b %}{% endblock %}"),
            (
                "page.html",
                "{% extends 'base.html' %}\n{% block b %}<a onclick=\"{{ a }}\">{% endblock %}",
            ),
        ]))
        .build();
    let found = engine
        .get_template("page.html")
        .unwrap()
        .warnings(&Context::new());
    let places: Vec<_> = found
        .iter()
        .map(|warning| (warning.template(), warning.line()))
        .collect();
    assert_eq!(
        places,
        [(Some("page.html"), Some(2)), (Some("base.html"), Some(1))]
    );
}

#[test]
fn a_folder_s_warnings_are_no_mistakes() {
    let root = std::env::temp_dir().join(format!("nuages-lint-{}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    std::fs::write(
        root.join("a.html"),
        "<p>\n<a onclick=\"f({{ a }})\">{{ b|uper }}",
    )
    .unwrap();
    let found = FolderCheck::run(&Engine::default(), &root).unwrap();
    assert_eq!((found.mistakes().len(), found.warnings().len()), (1, 1));
    let warning = &found.warnings()[0];
    assert_eq!(
        (warning.template(), warning.line(), warning.column()),
        (Some("a.html"), Some(2), Some(15))
    );
    std::fs::remove_dir_all(&root).unwrap();
}

/// Deep, long and broken markup costs what its length does.
#[test]
fn broken_markup_ends_soon() {
    for piece in [
        "<",
        "<a",
        "<a b=",
        "<a b=\"",
        "<script>",
        "</script",
        "<!--",
        "{{ a }}<a ",
        "{% if a %}<a ",
        "'\"`",
        "<a b={{ c }} ",
    ] {
        let source = piece.repeat(2000);
        let found = Engine::default().lint("page.html", &source);
        assert!(found.len() <= 2000, "{piece}");
    }
}
