//! How long a page takes: `cargo run --release -p nuages-template --example speed -- FOLDER [DUMP [ROUNDS]]`.
//!
//! FOLDER holds `dtl/` (templates) and `context/` (their data), as the bench has them.

#![expect(clippy::print_stdout, reason = "it is its output")]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use nuages_template::{
    Context, Engine, FileSystemLoader, Object, Services, ToValue, UrlRequest, Value, context,
};
use serde_json::Value as Json;

/// Typed data out of JSON: what a site has after its queries.
macro_rules! data {
    ($($name:ident { $($field:ident: $type:ty),* })*) => {$(
        struct $name { $($field: $type),* }

        impl FromJson for $name {
            fn from_json(json: &Json) -> Self {
                Self { $($field: FromJson::from_json(&json[stringify!($field)])),* }
            }
        }

        impl Object for $name {
            fn attr(&self, name: &str) -> Option<Value<'_>> {
                match name {
                    $(stringify!($field) => Some(self.$field.to_value()),)*
                    _ => None,
                }
            }
        }

        impl ToValue for $name {
            fn to_value(&self) -> Value<'_> {
                Value::Object(self)
            }
        }
    )*};
}

trait FromJson {
    fn from_json(json: &Json) -> Self;
}

impl FromJson for String {
    fn from_json(json: &Json) -> Self {
        json.as_str().unwrap_or_default().to_owned()
    }
}

impl FromJson for i64 {
    fn from_json(json: &Json) -> Self {
        json.as_i64().unwrap_or_default()
    }
}

impl FromJson for bool {
    fn from_json(json: &Json) -> Self {
        *json == true
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json) -> Self {
        json.as_array()
            .map_or(Vec::new(), |items| items.iter().map(T::from_json).collect())
    }
}

data! {
    Row { id: i64, name: String, email: String, city: String, count: i64, active: bool }
    Section { slug: String, title: String }
    User { is_authenticated: bool, first_name: String, last_name: String }
    Comment { text: String }
    Article {
        id: i64, title: String, author: String, date: String, summary: String, views: i64, featured: bool,
        tags: Vec<String>, comments: Vec<Comment>
    }
    Popular { id: i64, title: String }
    Table { rows: Vec<Row> }
    Page {
        site_name: String, heading: String, current: String, sections: Vec<Section>, user: User,
        articles: Vec<Article>, popular: Vec<Popular>
    }
}

struct Site;

impl Services for Site {
    fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
        let arg = request
            .args
            .first()
            .or(request.kwargs.first().map(|(_, value)| value));
        Ok(match (request.name, arg) {
            ("section", Some(arg)) => format!("/section/{arg}/"),
            ("item", Some(arg)) => format!("/item/{arg}/"),
            _ => "/".to_owned(),
        })
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| {
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/bench/templates"
        )
        .to_owned()
    });
    let dump = std::env::args().nth(2);
    if !Path::new(&folder).is_dir() {
        println!("skipped: no templates at {folder}");
        return Ok(());
    }
    let load = |name: &str| -> Result<Json, Box<dyn std::error::Error>> {
        Ok(serde_json::from_str(&std::fs::read_to_string(format!(
            "{folder}/context/{name}.json"
        ))?)?)
    };
    let engine = Engine::builder()
        .loader(FileSystemLoader::new([format!("{folder}/dtl")]))
        .build();
    let table = Table::from_json(&load("table")?);
    let page = Page::from_json(&load("page")?);
    let rows = || context! { rows: &table.rows };
    let all = || {
        context! {
            site_name: &page.site_name, heading: &page.heading, current: &page.current, sections: &page.sections,
            user: &page.user, articles: &page.articles, popular: &page.popular
        }
    };
    measure(&engine, "table.html", &rows, dump.as_deref())?;
    measure(&engine, "section.html", &all, dump.as_deref())
}

fn measure<'v>(
    engine: &Engine,
    name: &str,
    context: &dyn Fn() -> Context<'v>,
    dump: Option<&str>,
) -> Result<(), Box<dyn std::error::Error>> {
    let template = engine.get_template(name)?;
    let html = template.render(&context(), &Site)?;
    if let Some(dump) = dump {
        std::fs::write(format!("{dump}/{name}"), &html)?;
    }
    let mut best = f64::INFINITY;
    for _ in 0..rounds() {
        let start = Instant::now();
        for _ in 0..50 {
            black_box(template.render(&context(), &Site)?);
        }
        best = best.min(start.elapsed().as_secs_f64() / 50.0);
    }
    println!("{name}: {:.1} us, {} bytes", best * 1e6, html.len());
    Ok(())
}

/// How often it is measured: the third argument; few rounds are for a profiler.
fn rounds() -> usize {
    std::env::args()
        .nth(3)
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(20)
}
