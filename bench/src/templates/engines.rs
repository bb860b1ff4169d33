//! Four engines with the same pages: ours, minijinja, tera, and askama, whose templates are compiled into Rust.

use std::error::Error;
use std::hint::black_box;

use askama::Template as _;
use minijinja::value::{Kwargs, Serde, Value};
use nuages_template::{Engine, MemoryLoader};

use super::data::{Page, Shown, Table};
use super::urls::{Routes, path_of};

/// What can go wrong: another engine's error, or a page that is not the same.
pub type Failure = Box<dyn Error>;

/// A name and a source.
type Source = (&'static str, &'static str);

macro_rules! sources {
    ($folder:literal) => {
        [
            (
                "base.html",
                include_str!(concat!("../../templates/", $folder, "/base.html")),
            ),
            (
                "table.html",
                include_str!(concat!("../../templates/", $folder, "/table.html")),
            ),
            (
                "sidebar.html",
                include_str!(concat!("../../templates/", $folder, "/sidebar.html")),
            ),
            (
                "section.html",
                include_str!(concat!("../../templates/", $folder, "/section.html")),
            ),
            (
                "card.html",
                include_str!(concat!("../../templates/", $folder, "/card.html")),
            ),
        ]
    };
}

/// Ours.
pub const DTL: [Source; 5] = sources!("dtl");

/// The same in Jinja's language.
pub const JINJA: [Source; 5] = sources!("jinja");

/// One way to make a page.
#[expect(missing_debug_implementations, reason = "closures have no Debug")]
pub struct Way<'w> {
    /// The engine; `-prebuilt`: its context was made before.
    pub stack: &'static str,
    /// Makes the page.
    pub run: Box<dyn FnMut() -> String + 'w>,
}

fn way<'w, E>(
    stack: &'static str,
    mut run: impl FnMut() -> Result<String, E> + 'w,
) -> Result<Way<'w>, E> {
    run()?;
    // It went well once, and nothing changes.
    let run = Box::new(move || run().unwrap_or_default());
    Ok(Way { stack, run })
}

/// All engines, with their templates compiled.
#[derive(Debug)]
pub struct Engines {
    ours: Engine,
    routes: Routes,
    minijinja: minijinja::Environment<'static>,
    tera: tera::Tera,
}

impl Engines {
    /// Compiles the templates.
    ///
    /// # Errors
    /// When one does not compile.
    pub fn new() -> Result<Self, Failure> {
        let ours = Engine::builder().loader(MemoryLoader::new(DTL)).build();
        let mut minijinja = minijinja::Environment::new();
        for (name, source) in JINJA {
            minijinja.add_template(name, source)?;
        }
        minijinja.add_function(
            "url",
            |kwargs: Kwargs| -> Result<String, minijinja::Error> {
                let name: &str = kwargs.get("name")?;
                Ok(match kwargs.get::<Option<Value>>("arg")? {
                    Some(argument) => path_of(name, argument),
                    None => path_of(name, ""),
                })
            },
        );
        let mut tera = tera::Tera::new();
        tera.register_function(
            "url",
            |kwargs: tera::Kwargs, _: &tera::State<'_>| -> tera::TeraResult<String> {
                let name: &str = kwargs.must_get("name")?;
                Ok(match kwargs.get::<tera::Value>("arg")? {
                    Some(argument) => path_of(name, argument),
                    None => path_of(name, ""),
                })
            },
        );
        tera.add_raw_templates(
            JINJA.map(|(name, source)| (name, source.replace("default('", "default(value='"))),
        )?;
        Ok(Self {
            ours,
            routes: Routes::sample()?,
            minijinja,
            tera,
        })
    }

    /// The ways to make the table; askama's, the limit, comes first.
    ///
    /// # Errors
    /// When an engine fails.
    pub fn table<'w>(&'w self, data: &'w Table) -> Result<Vec<Way<'w>>, Failure> {
        let mut ways = vec![way("askama", || data.render())?];
        self.run_time("table.html", data, &mut ways)?;
        Ok(ways)
    }

    /// The ways to make the page; askama's, the limit, comes first.
    ///
    /// # Errors
    /// When an engine fails.
    pub fn page<'w>(&'w self, data: &'w Page) -> Result<Vec<Way<'w>>, Failure> {
        let mut ways = vec![way("askama", || data.render())?];
        self.run_time("section.html", data, &mut ways)?;
        Ok(ways)
    }

    fn run_time<'w, T: Shown + serde::Serialize>(
        &'w self,
        name: &'static str,
        data: &'w T,
        ways: &mut Vec<Way<'w>>,
    ) -> Result<(), Failure> {
        let ours = self.ours.get_template(name)?;
        let prebuilt = data.context();
        ways.push(way("nuages", {
            let ours = ours.clone();
            move || ours.render(&data.context(), &self.routes)
        })?);
        ways.push(way("nuages-prebuilt", move || {
            ours.render(&prebuilt, &self.routes)
        })?);
        let jinja = self.minijinja.get_template(name)?;
        let prebuilt = Value::from(Serde(data));
        ways.push(way("minijinja", {
            let jinja = jinja.clone();
            move || jinja.render(Value::from(Serde(data)))
        })?);
        ways.push(way("minijinja-prebuilt", move || {
            jinja.render(prebuilt.clone())
        })?);
        let prebuilt = tera::Context::from_serialize(data)?;
        ways.push(way("tera", || {
            self.tera
                .render(name, &tera::Context::from_serialize(data)?)
        })?);
        ways.push(way("tera-prebuilt", move || {
            self.tera.render(name, &prebuilt)
        })?);
        Ok(())
    }
}

/// Compiles one template with our engine; the text is only there to have the shape of a rendering.
pub fn compile_ours<'w>(engine: &'w Engine, source: &'static str) -> Way<'w> {
    let run = Box::new(move || {
        let _ = black_box(engine.from_str(source));
        String::new()
    });
    Way {
        stack: "nuages",
        run,
    }
}

/// Compiles one template with minijinja.
pub fn compile_minijinja<'w>(
    environment: &'w minijinja::Environment<'static>,
    source: &'static str,
) -> Way<'w> {
    let run = Box::new(move || {
        let _ = black_box(environment.template_from_str(source));
        String::new()
    });
    Way {
        stack: "minijinja",
        run,
    }
}
