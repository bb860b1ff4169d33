//! The pages `docs/filters.md` and `docs/tags.md`: every example renders to what stands there, and no tag or filter is missing.
//!
//! A section is `### name`. An example in it is a fence `django` with a template, directly followed by a fence `html` with its output.
//! The template may begin with lines that are not part of it: `{# context: {..} #}` gives the variables as JSON,
//! `{# templates: {"name.html": ".."} #}` what a loader finds. A fence `django` that begins with `{# file: name.html #}`
//! has no output: it is a template that the next example of the section finds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use nuages_template::{
    Context, Engine, Entries, Items, Kind, Library, MemoryFragments, MemoryLoader, Object,
    Services, UrlRequest, Value,
};
use serde_json::Value as Json;

/// The site of the examples: a clock that stands still, and an address for every name but `missing`.
struct Site(MemoryFragments);

impl Services for Site {
    fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
        if request.name == "missing" {
            return Err("no route is called 'missing'".into());
        }
        let mut path = format!("/{}/", request.name.replace(':', "/"));
        let named = request.kwargs.iter().map(|(_, value)| value);
        for value in request.args.iter().chain(named) {
            path.push_str(&value.to_text());
            path.push('/');
        }
        Ok(path)
    }

    fn static_url(&self, path: &str) -> Result<String, String> {
        Ok(format!("/static/{path}"))
    }

    fn static_prefix(&self) -> String {
        "/static/".into()
    }

    fn media_prefix(&self) -> String {
        "/media/".into()
    }

    fn fragments(&self, _: Option<&str>) -> Option<&dyn nuages_template::FragmentStore> {
        Some(&self.0)
    }

    fn now(&self) -> Timestamp {
        "2026-07-01T12:00:00Z".parse().unwrap()
    }
}

struct Example {
    section: String,
    line: usize,
    files: Vec<(String, String)>,
    template: String,
    output: String,
}

/// The page, if it is written.
fn page(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name);
    std::fs::read_to_string(path).ok()
}

/// The sections of a page and its examples; what is not of the format is a complaint.
fn read(page: &str) -> Result<(Vec<String>, Vec<Example>), String> {
    let (mut sections, mut examples) = (Vec::new(), Vec::new());
    let (mut template, mut files) = (None::<(usize, String)>, Vec::new());
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let kind = line.strip_prefix("```");
        if kind.is_none()
            && let Some((at, _)) = template
        {
            return Err(format!("line {at}: a template without its output"));
        }
        if let Some(name) = line.strip_prefix("### ") {
            if !files.is_empty() {
                return Err(format!("line {}: a file without an example", at + 1));
            }
            sections.push(name.to_owned());
        }
        let Some(kind) = kind else { continue };
        let text: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| *line != "```")
            .collect();
        let text = text.join("\n");
        template = match (kind, template.take()) {
            ("django", None) if text.starts_with("{# file: ") => {
                files.push(file(&text).ok_or_else(|| format!("line {}: no name", at + 1))?);
                None
            }
            ("django", None) => Some((at + 1, text)),
            ("html", Some((line, template))) => {
                examples.push(Example {
                    section: sections.last().cloned().unwrap_or_default(),
                    line,
                    files: std::mem::take(&mut files),
                    template,
                    output: text,
                });
                None
            }
            ("rust" | "text" | "toml", None) => None,
            _ => return Err(format!("line {}: a fence out of place: {kind}", at + 1)),
        };
    }
    Ok((sections, examples))
}

/// The name and the text of a template behind `{# file: name #}`.
fn file(text: &str) -> Option<(String, String)> {
    let (line, rest) = text.split_once('\n')?;
    let name = line.strip_prefix("{# file: ")?.strip_suffix(" #}")?;
    Some((name.to_owned(), rest.to_owned()))
}

/// Takes a line `{# name: {..} #}` off the beginning.
fn heading(template: &mut &str, name: &str) -> serde_json::Map<String, Json> {
    let (line, rest) = template.split_once('\n').unwrap_or((template, ""));
    let json = line
        .strip_prefix(&format!("{{# {name}: "))
        .and_then(|line| line.strip_suffix(" #}"));
    let Some(json) = json else {
        return serde_json::Map::new();
    };
    *template = rest;
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// A dictionary of an example, in the order of its keys.
struct Dict(BTreeMap<String, Value<'static>>);

impl Object for Dict {
    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        self.0.get(name).map(Value::reborrow)
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.0.keys().map(|key| Value::from(key.as_str()))))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        let entries = self.0.iter();
        Some(Box::new(entries.map(|(key, value)| {
            (Value::from(key.as_str()), value.reborrow())
        })))
    }

    fn len(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// JSON, in which texts that read as dates, times and moments are such.
fn value(json: &Json) -> Value<'static> {
    match json {
        Json::Null => Value::None,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap()),
        },
        Json::String(text) => moment(text).unwrap_or_else(|| Value::from(text.clone())),
        Json::Array(items) => Value::list(items.iter().map(value).collect()),
        Json::Object(map) => {
            let entries = map.iter().map(|(key, item)| (key.clone(), value(item)));
            Value::object(Dict(entries.collect()))
        }
    }
}

fn moment(text: &str) -> Option<Value<'static>> {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    Some(match shape.as_str() {
        "0000-00-00" => Value::Date(text.parse::<Date>().ok()?),
        "00:00:00" => Value::Time(text.parse::<Time>().ok()?),
        "0000-00-00T00:00:00" => Value::DateTime(text.parse::<DateTime>().ok()?),
        "0000-00-00T00:00:00Z" => Value::Timestamp(text.parse::<Timestamp>().ok()?),
        _ => return None,
    })
}

fn render(example: &Example) -> Result<String, nuages_template::Error> {
    let mut source = example.template.as_str();
    let variables = heading(&mut source, "context");
    let templates = heading(&mut source, "templates");
    let templates = templates
        .into_iter()
        .map(|(name, text)| (name, text.as_str().unwrap().to_owned()))
        .chain(example.files.clone());
    let engine = Engine::builder()
        .loader(MemoryLoader::new(templates))
        .build();
    let mut context = Context::new();
    for (name, json) in &variables {
        context = context.with(name.clone(), value(json));
    }
    engine
        .from_str(source)?
        .render(&context, &Site(MemoryFragments::new(10)))
}

fn complaints(name: &str, names_of: fn(&Library) -> Vec<&str>) -> Vec<String> {
    let Some(text) = page(name) else {
        return Vec::new();
    };
    let (sections, examples) = match read(&text) {
        Ok(read) => read,
        Err(complaint) => return vec![format!("{name}: {complaint}")],
    };
    let mut complaints = Vec::new();
    for example in &examples {
        let got = render(example);
        if got.as_ref().ok() != Some(&example.output) {
            complaints.push(format!(
                "{name}:{}: {}\n  said: {:?}\n  came: {got:?}",
                example.line, example.section, example.output
            ));
        }
    }
    let engine = Engine::default();
    let libraries = engine.libraries().map(|(_, library)| library);
    let known: BTreeSet<&str> = std::iter::once(engine.builtins())
        .chain(libraries)
        .flat_map(names_of)
        .collect();
    let shown: BTreeSet<&str> = examples
        .iter()
        .map(|example| example.section.as_str())
        .collect();
    for missing in known.difference(&shown) {
        complaints.push(format!("{name}: no section with an example for {missing}"));
    }
    for section in &sections {
        if !known.contains(section.as_str()) {
            complaints.push(format!("{name}: nothing is called {section}"));
        }
    }
    complaints
}

#[test]
fn every_filter_has_a_section_whose_examples_are_true() {
    assert!(page("filters.md").is_some(), "the page is gone");
    let complaints = complaints("filters.md", |library| library.filter_names().collect());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_tag_has_a_section_whose_examples_are_true() {
    let complaints = complaints("tags.md", |library| library.tag_names().collect());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_page_that_is_not_of_the_format_is_refused() {
    assert!(read("### a\n```django\nx\n```\n\n```html\nx\n```").is_err());
    assert!(read("```html\nx\n```").is_err());
    assert!(read("### a\n```django\n{# file: x #}\ny\n```\n### b").is_err());
    let (sections, examples) = read("### a\n```django\nx\n```\n```html\ny\nz\n```").unwrap();
    assert_eq!(sections, ["a"]);
    assert_eq!(examples[0].output, "y\nz");
}
