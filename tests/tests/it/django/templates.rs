//! Templates beside Django: those that it ships, and many small ones made up by chance.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nuages::template::{
    Context, Engine, Entries, Filter, Items, Kind, Library, MemoryLoader, Object, Services, Value,
};
use serde_json::{Value as Json, json};

/// The Python with Django, or the reason why there is none.
fn python(test: &str) -> Option<PathBuf> {
    let python = std::env::var_os("NUAGES_TEST_PYTHON");
    if python.is_none() {
        nuages_tests::skip(
            test,
            "no Python with Django (NUAGES_TEST_PYTHON is not set)",
        );
    }
    python.map(PathBuf::from)
}

fn ask(python: &Path, task: &Json) -> Json {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/django/templates.py");
    let mut child = Command::new(python)
        .arg("-B")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = task.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A JSON object as a dictionary of the language.
struct Map(Vec<(String, Value<'static>)>);

impl Object for Map {
    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value.reborrow())
    }

    fn index(&self, _: usize) -> Option<Value<'_>> {
        None
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(
            self.0.iter().map(|(key, _)| Value::from(key.as_str())),
        ))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        Some(Box::new(self.0.iter().map(|(key, value)| {
            (Value::from(key.as_str()), value.reborrow())
        })))
    }

    fn len(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

fn value(json: &Json) -> Value<'static> {
    match json {
        Json::Null => Value::None,
        Json::Bool(yes) => Value::from(*yes),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::from(number),
            None => Value::from(number.as_f64().unwrap()),
        },
        Json::String(text) => Value::from(text.clone()),
        Json::Array(items) => Value::list(items.iter().map(value).collect()),
        Json::Object(map) => match map.get("$safe") {
            Some(text) => Value::assert_safe(text.as_str().unwrap().to_owned()),
            None => Value::object(Map(map
                .iter()
                .map(|(key, item)| (key.clone(), value(item)))
                .collect())),
        },
    }
}

fn context(json: &Json) -> Context<'static> {
    let mut context = Context::new();
    for (name, item) in json.as_object().unwrap() {
        context.set(name.clone(), value(item));
    }
    context
}

/// Static files are where their paths say, as in Django without `STATIC_URL`.
struct Paths;

impl Services for Paths {
    fn static_url(&self, path: &str) -> Result<String, String> {
        Ok(path.to_owned())
    }
}

/// Compares with Django; gives how many were rendered by both, and what differs.
fn compare(
    python: &Path,
    engine: &Engine,
    cases: &[(Option<&str>, Option<&str>, &Json)],
) -> (usize, Vec<String>) {
    let asked: Vec<Json> = cases
        .iter()
        .map(|(name, source, context)| json!([name, source, context]))
        .collect();
    let answers = ask(python, &json!({"task": "render", "cases": asked}));
    let (mut same, mut different) = (0, Vec::new());
    for ((name, source, variables), answer) in cases.iter().zip(answers.as_array().unwrap()) {
        let page = match (name, source) {
            (Some(name), _) => engine.get_template(name),
            (None, source) => engine.from_str(source.unwrap_or("")),
        };
        let ours = page.and_then(|page| page.render(&context(variables), &Paths));
        let shown = name.or(*source).unwrap_or("");
        match (answer["text"].as_str(), &ours) {
            (Some(theirs), Ok(ours)) if theirs == ours => same += 1,
            // What Django cannot render for want of a URL or a request, or because of Python's types, says nothing of us.
            (None, _) => {}
            _ => different.push(format!("{shown}\n  Django: {answer}\n  we:     {ours:?}")),
        }
    }
    (same, different)
}

#[test]
fn every_template_that_django_ships_compiles() {
    let Some(python) = python("every_template_that_django_ships_compiles") else {
        return;
    };
    let shipped = ask(&python, &json!({"task": "shipped"}));
    let engine = engine_of(&shipped);
    let mut wrong = Vec::new();
    let sources = shipped["sources"].as_object().unwrap();
    assert!(sources.len() > 100, "{}", sources.len());
    for (name, source) in sources {
        for mistake in engine.check(name, source.as_str().unwrap()) {
            wrong.push(format!("{mistake:#}"));
        }
        if let Err(error) = engine.get_template(name) {
            wrong.push(format!("{error:#}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A clean project's templates are hardly warned of.
    let lint = |(name, source): (&String, &Json)| engine.lint(name, source.as_str().unwrap());
    assert!((1..=8).contains(&sources.iter().flat_map(lint).count()));
    // Without the libraries that only Django has, they do not compile: the libraries are looked at.
    assert!(
        !Engine::default()
            .check("x", sources["admin/change_list.html"].as_str().unwrap())
            .is_empty()
    );
}

/// An engine with Django's templates, and with the names of the libraries of its admin.
fn engine_of(shipped: &Json) -> Engine {
    let sources = shipped["sources"].as_object().unwrap();
    let sources = sources
        .iter()
        .map(|(name, source)| (name.clone(), source.as_str().unwrap().to_owned()));
    let mut engine = Engine::builder()
        .loader(MemoryLoader::new(sources))
        .insecure_urlize_http();
    for (name, parts) in shipped["libraries"].as_object().unwrap() {
        let names = |kind: &str| -> Vec<String> {
            parts[kind]
                .as_array()
                .unwrap()
                .iter()
                .map(|name| name.as_str().unwrap().to_owned())
                .collect()
        };
        let mut library = Library::new();
        for tag in names("tags") {
            library = library.simple_tag(tag, |_, _| Ok(Value::from("")));
        }
        for filter in names("filters") {
            library = library.filter(Filter::new(filter, |value, _| Ok(value)).optional());
        }
        engine = engine.loadable(name.clone(), library);
    }
    engine.build()
}

/// What widgets, fields, forms, mails and site maps are rendered with.
fn contexts() -> Vec<Json> {
    let attrs = json!({"id": "id_a", "required": true, "disabled": false, "maxlength": 10, "data-x": "'\"<&", "n": 1.5});
    let option = |name: &str, selected: bool, wrap: bool| {
        json!({
            "name": name, "value": "v<1>", "label": "L & 'l'", "selected": selected, "index": "0", "type": "radio",
            "attrs": if selected { json!({"checked": true, "id": "id_a_0"}) } else { json!({}) },
            "template_name": "django/forms/widgets/radio_option.html", "wrap_label": wrap, "widget": null,
        })
    };
    let widget = |kind: &str, value: Json, hidden: bool| {
        let text = json!({
            "name": "a<b", "type": kind, "value": value, "attrs": attrs, "is_hidden": hidden, "required": true,
            "template_name": "django/forms/widgets/text.html",
        });
        let mut widget = text.clone();
        let more = json!({
            "subwidgets": [text, {"name": "b", "type": "number", "value": 3, "attrs": {}, "is_hidden": false, "template_name": "django/forms/widgets/number.html"}],
            "optgroups": [[null, [option("a", true, true), option("a", false, false)], 0], ["Group <1>", [option("b", false, true)], 1]],
            "is_initial": true, "input_text": "Change", "initial_text": "Currently", "checkbox_name": "a-clear",
            "checkbox_id": "a-clear_id", "clear_checkbox_label": "Clear", "src": "x.js", "attributes": attrs, "module": true,
            "wrap_label": true, "label": "L & l", "selected": true, "index": "0",
        });
        widget
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        widget
    };
    let field = |name: &str, hidden: bool| {
        json!({
            "name": name, "label": "La<bel", "label_tag": {"$safe": "<label>La&lt;bel</label>"}, "legend_tag": {"$safe": "<legend>x</legend>"},
            "errors": if hidden { json!([]) } else { json!(["Wrong <b>."]) }, "css_classes": "required error", "help_text": {"$safe": "Help <i>me</i>"},
            "id_for_label": "id_a", "auto_id": "id_a", "use_fieldset": hidden, "is_hidden": hidden, "aria_describedby": "id_a_helptext",
            "field": {"required": true},
        })
    };
    ["text", "hidden", "checkbox", "file"]
        .iter()
        .enumerate()
        .map(|(index, kind)| {
            let odd = index % 2 == 1;
            let of = |odd| if odd { json!(null) } else { json!("x & <y>") };
            let mut all = json!({
                "widget": widget(kind, if odd { json!({"url": "/m/ä?b", "name": "<f>"}) } else { json!(["v<1>", 7, null])[index / 2].clone() }, odd),
                "field": field("a", odd), "label": "La<bel", "tag": "label", "use_tag": odd, "attrs": attrs,
                "errors": if odd { json!(["One <1>", "Two"]) } else { json!([]) }, "error_class": "errorlist nonfield",
                "fields": [[field("a", false), ["E <1>"]], [field("b", true), []]], "hidden_fields": [field("h", true)],
                "form": {"non_field_errors": ["No <way>"], "visible_fields": [field("a", false)], "hidden_fields": []},
                "forms": [], "formset": {"management_form": "m", "forms": ["<f>", {"$safe": "<g>"}]},
                "site_name": "Si<te", "domain": "example.com", "protocol": "https", "uid": "MQ", "token": "t-1", "email": of(odd),
                "user": {"get_username": "ada<3", "is_active": true, "has_usable_password": odd}, "title": "T & t", "subtitle": of(odd),
            });
            let more = json!({
                "urlset": [{"location": "http://a.b/?c=d&e", "lastmod": null, "changefreq": "daily", "priority": 0.5,
                            "alternates": [{"location": "http://a.b/ä", "lang_code": "de"}]}],
                "sitemaps": [{"location": "http://a.b/s.xml", "last_mod": of(true)}],
                "places": [{"name": "P <1>", "description": "D & d", "kml": {"$safe": "<Point/>"}}],
                "module": "m<odule>", "geom_type": "Point", "serialized": "{\"type\": \"Point\"}", "name": "n", "id": "id_g",
                "default_lon": 5.5, "default_lat": 47, "default_zoom": 12, "srid": 4326, "map_srid": 3857, "display_raw": odd,
                "is_popup": odd, "messages": [], "opts": {"verbose_name": "o<pt"}, "request_path": "/a/<b>", "exception": "E <x>",
                "cl": {"full_result_count": 1_234_567, "result_count": 3}, "values": "v", "settings": {"DEBUG": odd},
            });
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            all
        })
        .collect()
}

#[test]
fn django_s_own_templates_render_to_the_same_bytes() {
    let Some(python) = python("django_s_own_templates_render_to_the_same_bytes") else {
        return;
    };
    let shipped = ask(&python, &json!({"task": "shipped"}));
    let engine = engine_of(&shipped);
    let own = |source: &str| {
        [
            "admin_list",
            "admin_modify",
            "admin_urls",
            "log",
            "{% url",
            "{% csrf_token",
        ]
        .iter()
        .all(|word| !source.contains(word))
    };
    let names: Vec<&str> = shipped["sources"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, source)| own(source.as_str().unwrap()))
        .map(|(name, _)| name.as_str())
        .collect();
    let contexts = contexts();
    let cases: Vec<_> = names
        .iter()
        .flat_map(|name| {
            contexts
                .iter()
                .map(move |context| (Some(*name), None, context))
        })
        .collect();
    let (same, different) = compare(&python, &engine, &cases);
    assert!(
        different.is_empty(),
        "{} differ, {same} do not:\n{}",
        different.len(),
        different.join("\n")
    );
    assert!(
        same > 200,
        "only {same} of {} were rendered by both",
        cases.len()
    );
}

/// Numbers by chance, the same in every run: a failure has to come back.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn of<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const VARIABLES: &[&str] = &[
    "text",
    "html",
    "safe",
    "number",
    "negative",
    "zero",
    "float",
    "none",
    "yes",
    "no",
    "list",
    "words",
    "empty",
    "map",
    "map.a",
    "list.0",
    "words.1",
    "rows",
    "rows.0.name",
    "missing",
    "digits",
    "long",
    "lines",
    "'lit'",
    "\"<b>\"",
    "3",
    "-1.5",
];

const PLAIN: &[&str] = &[
    "addslashes",
    "capfirst",
    "escape",
    "force_escape",
    "escapejs",
    "first",
    "last",
    "length",
    "linebreaks",
    "linebreaksbr",
    "linenumbers",
    "lower",
    "make_list",
    "phone2numeric",
    "pluralize",
    "safe",
    "slugify",
    "title",
    "upper",
    "urlencode",
    "wordcount",
    "yesno",
    "floatformat",
    "filesizeformat",
    "json_script",
    "iriencode",
    "unordered_list",
    "safeseq",
    "escapeseq",
    "urlize",
];

/// Filters with arguments that they can work with: what Python's types make of the others is not the language.
/// Not `center`: Django 6.0 puts an odd space elsewhere than 5.2 does.
const WITH_ARGUMENT: &[(&str, &[&str])] = &[
    ("add", &["1", "'2'", "'a'", "number", "text", "list"]),
    ("ljust", &["10", "'5'"]),
    ("rjust", &["10", "'5'"]),
    ("cut", &["'a'", "' '", "'<'", "text", "';'"]),
    ("default", &["1", "'<'", "text", "list", "none"]),
    ("default_if_none", &["1", "'<'", "text", "list"]),
    ("floatformat", &["1", "2", "-2", "'2'", "'2g'", "0"]),
    ("join", &["'a'", "' '", "'<'", "text", "safe"]),
    ("pluralize", &["'y,ies'", "'es'", "'a,b'"]),
    ("slice", &["':2'", "'1:'", "'::-1'", "'-2:'"]),
    (
        "stringformat",
        &["'s'", "'d'", "'05d'", "'.2f'", "'x'", "'r'"],
    ),
    ("truncatechars", &["1", "2", "5", "10", "-2"]),
    ("truncatewords", &["1", "2", "5"]),
    ("urlencode", &["''", "'/'", "'a'"]),
    ("urlizetrunc", &["1", "5", "10"]),
    ("wordwrap", &["1", "5", "10"]),
    ("yesno", &["'yes,no,maybe'", "'a,b'", "'<,>'"]),
    ("json_script", &["'a'", "'<'", "text"]),
    ("get_digit", &["1", "2"]),
];

fn expression(chance: &mut Chance) -> String {
    let mut source = chance.of(VARIABLES).to_owned();
    for _ in 0..chance.below(4) {
        if chance.below(2) == 0 {
            source = format!("{source}|{}", chance.of(PLAIN));
        } else {
            let (filter, arguments) = WITH_ARGUMENT[chance.below(WITH_ARGUMENT.len())];
            source = format!("{source}|{filter}:{}", chance.of(arguments));
        }
    }
    source
}

fn piece(chance: &mut Chance, depth: usize) -> String {
    let inner = |chance: &mut Chance| {
        if depth > 2 {
            "x".to_owned()
        } else {
            piece(chance, depth + 1)
        }
    };
    let operators = [
        "==", "!=", "<", ">", "<=", ">=", "in", "not in", "and", "or", "and not",
    ];
    match chance.below(12) {
        0 => {
            let (left, right) = (expression(chance), chance.of(VARIABLES));
            format!(
                "{{% if {left} {} {right} %}}{}{{% else %}}n{{% endif %}}",
                chance.of(&operators),
                inner(chance)
            )
        }
        1 => format!(
            "{{% for i in {} %}}{}{{{{ i }}}}{{{{ forloop.counter }}}}{{% empty %}}e{{% endfor %}}",
            expression(chance),
            inner(chance)
        ),
        2 => format!(
            "{{% with w={} %}}{{{{ w }}}}{}{{% endwith %}}",
            expression(chance),
            inner(chance)
        ),
        3 => format!(
            "{{% firstof {} {} %}}",
            expression(chance),
            expression(chance)
        ),
        4 => format!(
            "{{% autoescape off %}}{}{{% endautoescape %}}",
            inner(chance)
        ),
        5 => format!(
            "{{% filter {} %}}{}{{% endfilter %}}",
            chance.of(&["upper", "lower", "title", "force_escape", "cut:'a'"]),
            inner(chance)
        ),
        6 => format!(
            "{{% widthratio {} {} 10 %}}",
            chance.of(VARIABLES),
            chance.of(VARIABLES)
        ),
        7 => format!(
            "{{% for r in rows %}}{{% ifchanged r.kind %}}{}{{% endifchanged %}}{{% cycle 'a' text %}}{{% endfor %}}",
            inner(chance)
        ),
        8 => format!(
            "{{% regroup rows by {} as g %}}{{% for a in g %}}{{{{ a.grouper }}}}:{{{{ a.list|length }}}} {{% endfor %}}",
            chance.of(&["kind", "name", "missing"])
        ),
        9 => format!(
            "{{% spaceless %}}<b> {} </b> <i></i>{{% endspaceless %}}",
            inner(chance)
        ),
        _ => format!("[{{{{ {} }}}}]", expression(chance)),
    }
}

#[test]
fn small_templates_made_by_chance_render_as_in_django() {
    let Some(python) = python("small_templates_made_by_chance_render_as_in_django") else {
        return;
    };
    let variables = json!({
        "text": "It's a \"test\" & more", "html": "<b>bold</b> <i>x</i>", "safe": {"$safe": "<u>safe</u> &amp;"}, "number": 42,
        "negative": -7, "zero": 0, "float": 1234.5678, "none": null, "yes": true, "no": false, "list": [3, 1, 2],
        "words": ["beta", "<alpha>", "gamma ray"], "empty": [], "map": {"a": "<A>", "b": 2},
        "rows": [{"name": "b", "kind": 1}, {"name": "a", "kind": 1}, {"name": "c", "kind": 2}],
        "digits": "1234567.891", "long": "The quick brown fox jumps over the lazy dog http://example.com/?a=b", "lines": "one\ntwo\r\n\nthree",
    });
    let mut chance = Chance(0x5eed_1234_abcd_0001);
    let sources: Vec<String> = (0..1500).map(|_| piece(&mut chance, 0)).collect();
    let cases: Vec<_> = sources
        .iter()
        .map(|source| (None, Some(source.as_str()), &variables))
        .collect();
    let engine = Engine::builder().insecure_urlize_http().build();
    let (same, different) = compare(&python, &engine, &cases);
    assert!(
        different.is_empty(),
        "{} differ, {same} do not:\n{}",
        different.len(),
        different.join("\n")
    );
    assert!(
        same > 700,
        "only {same} of {} were rendered by both",
        cases.len()
    );
}
