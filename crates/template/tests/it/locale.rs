//! Languages and time zones: what tags change ends with them, and nothing from outside can break it.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;
use nuages_template::i18n::{
    Catalog, Message, Translations, choose_language, parse_accept_lang_header,
};
use nuages_template::{Context, Engine, MemoryLoader, NoServices, Services, Value, context};
use proptest::prelude::*;

/// A site in German with one catalogue.
struct German(Translations);

impl German {
    fn new(po: &str) -> Self {
        let mut translations = Translations::new("en");
        translations.add("de", Catalog::from_po(po).unwrap());
        Self(translations)
    }
}

impl Services for German {
    fn language(&self) -> Option<&str> {
        Some("de")
    }

    fn translate(&self, language: &str, message: &Message<'_>) -> Option<Cow<'_, str>> {
        self.0.get(language, message).map(Cow::Borrowed)
    }
}

fn render(source: &str, context: &Context<'_>, services: &dyn Services) -> String {
    let source = format!("{{% load i18n l10n tz %}}{source}");
    let page = Engine::default().from_str(&source).unwrap();
    page.render(context, services).unwrap()
}

#[test]
fn a_translation_is_escaped_like_the_text_it_stands_for() {
    let site = German::new(
        "msgid \"Hello %(name)s\"\nmsgstr \"<i>%(name)s</i>\"\n\nmsgid \"x\"\nmsgstr \"<b>\"\n",
    );
    let context = context! { name: "<script>", text: "x" };
    let block = "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}";
    assert_eq!(render(block, &context, &site), "<i>&lt;script&gt;</i>");
    // The text of a template is the author's, and so is its translation; that of a variable is anybody's.
    assert_eq!(render("{% translate 'x' %}", &context, &site), "<b>");
    assert_eq!(render("{% translate text %}", &context, &site), "&lt;b&gt;");
    assert_eq!(render("{{ _('x') }}{{ text }}", &context, &site), "<b>x");
}

#[test]
fn marks_and_names_of_a_language_are_escaped() {
    let site = German::new("msgid \"March\"\nmsgstr \"<März>\"\n");
    let day = jiff::civil::date(2026, 3, 1);
    assert_eq!(
        render("{{ day }} {{ day|date:'F' }}", &context! { day }, &site),
        "1. &lt;März&gt; 2026 &lt;März&gt;"
    );
}

#[test]
fn a_translation_with_other_values_falls_back_to_the_template() {
    let po = "msgid \"a %(x)s\"\nmsgstr \"b %(password)s\"\n\nmsgid \"c %(x)s\"\nmsgstr \"d %\"\n";
    let site = German::new(po);
    let context = context! { x: 1, password: "secret" };
    for (text, expect) in [("a", "a 1"), ("c", "c 1")] {
        let block = format!("{{% blocktranslate %}}{text} {{{{ x }}}}{{% endblocktranslate %}}");
        assert_eq!(render(&block, &context, &site), expect);
    }
}

#[test]
fn what_a_tag_changes_ends_with_it_and_is_seen_in_includes() {
    let engine = Engine::builder()
        .loader(MemoryLoader::new([("part.html", "{{ x }};")]))
        .build();
    let source = "{% load i18n l10n %}{% include 'part.html' %}{% language 'de' %}{% include 'part.html' %}\
        {% localize off %}{% include 'part.html' %}{% endlocalize %}{% include 'part.html' %}{% endlanguage %}\
        {% include 'part.html' %}";
    let page = engine.from_str(source).unwrap();
    let html = page.render(&context! { x: 1.5 }, &NoServices).unwrap();
    assert_eq!(html, "1.5;1,5;1.5;1,5;1.5;");
}

#[test]
fn a_value_keeps_the_zone_that_a_filter_gave_it() {
    let at: Timestamp = "2026-07-01T12:00:00Z".parse().unwrap();
    let source = "{% timezone 'Europe/Paris' %}{{ at|date:'H:i' }} {% with t=at|timezone:'Asia/Tokyo' %}{{ t|date:'H:i T' }}\
        {% endwith %} {{ at|utc|localtime|date:'H:i' }}{% endtimezone %} {{ at|date:'H:i' }}";
    let html = render(source, &context! { at }, &NoServices);
    assert_eq!(html, "14:00 21:00 JST 14:00 12:00");
}

#[test]
fn a_loop_of_languages_comes_back_each_time() {
    let source = "{% for i in list %}{% language 'de' %}{{ x }}{% endlanguage %}{% endfor %}";
    let list: Vec<i32> = (0..20_000).collect();
    let html = render(source, &context! { list: &list, x: 0.5 }, &NoServices);
    assert_eq!(html, "0,5".repeat(20_000));
}

#[test]
fn a_block_with_many_values_costs_linear_time() {
    let time = |count: usize| {
        let mut source = String::from("{% load i18n %}{% blocktranslate %}");
        for at in 0..count {
            write!(source, "{{{{ v{at} }}}}").unwrap();
        }
        source.push_str("{% endblocktranslate %}");
        let start = std::time::Instant::now();
        let page = Engine::default().from_str(&source).unwrap();
        page.render(&context! {}, &NoServices).unwrap();
        start.elapsed()
    };
    time(1000);
    let (small, large) = (time(2000), time(20_000));
    assert!(large < small * 40, "{small:?} to {large:?}");
}

#[test]
fn headers_of_any_length_are_read_at_once() {
    let long = "de-at;q=0.5,".repeat(100_000);
    assert!(parse_accept_lang_header(&long).len() < 50);
    assert!(parse_accept_lang_header(&"a-".repeat(100_000)).is_empty());
    let known = ["en", "de"];
    assert_eq!(
        choose_language(Some(&"x-".repeat(100_000)), "", &known),
        None
    );
}

proptest! {
    #[test]
    fn any_text_is_a_catalogue_or_an_error(text in "(msg(id|str|ctxt|id_plural)(\\[[0-9]\\])? ?\"?[a-z\\\\\"%]{0,5}\"?\n|#[,~| ]?.{0,8}\n|\"[^\n]{0,9}\"?\n|\n){0,12}") {
        let _ = Catalog::from_po(&text);
    }

    #[test]
    fn any_bytes_are_a_compiled_catalogue_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200), magic in any::<bool>()) {
        let mut bytes = bytes;
        if magic {
            bytes.splice(0..0, 0x9504_12de_u32.to_le_bytes());
        }
        let _ = Catalog::from_mo(&bytes);
    }

    #[test]
    fn any_rule_of_plurals_is_read_or_refused(rule in "[n0-9()!?:<>=&|%+*/ -]{0,60}", count in any::<i64>()) {
        let header = format!("nplurals=3; plural={rule};\\n");
        let po = format!("msgid \"\"\nmsgstr \"Plural-Forms: {header}\"\n\nmsgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"0\"\nmsgstr[1] \"1\"\nmsgstr[2] \"2\"\n");
        if let Ok(catalog) = Catalog::from_po(&po) {
            prop_assert!(catalog.get(&Message::new("a").with_plural("b", count)).is_some());
        }
    }

    #[test]
    fn any_translation_can_be_filled(text in "[%()a-zA-Z0-9 ]{0,20}") {
        let po = format!("msgid \"a %(x)s\"\nmsgstr \"{text}\"\n");
        let site = German::new(&po);
        render("{% blocktranslate %}a {{ x }}{% endblocktranslate %}", &context! { x: 1 }, &site);
    }

    #[test]
    fn any_language_code_can_be_asked_for(code in ".{0,12}") {
        let context = context! { code: Value::from(code) };
        render("{% language code %}{{ 1.5 }}{% get_current_language_bidi as b %}{{ b }}{% endlanguage %}", &context, &NoServices);
    }
}
