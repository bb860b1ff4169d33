//! Fields that offer rows, and formsets that edit them: what a request can reach, and what it costs.

mod choices;
mod formsets;

use nuages_db::{Db, DbSettings};
use nuages_forms::{Form, FormData, FormSet, ModelChoiceField};
use nuages_orm::{Auto, FieldError, FieldType, ForeignKey, Model, Models, Result, schema};
use nuages_sql::{ColumnType, Value};
use nuages_template::{ToValue, Value as Shown};

#[derive(Model, Debug, Clone)]
#[model(app = "library")]
pub(crate) struct Author {
    pub(crate) id: Auto<i64>,
    #[field(max_length = 100, unique)]
    pub(crate) name: String,
    pub(crate) owner: i64,
}

/// A key that people choose themselves.
#[derive(Model, Debug, Clone)]
#[model(app = "library")]
pub(crate) struct Shelf {
    #[field(primary_key, max_length = 20)]
    pub(crate) code: String,
    #[field(max_length = 50)]
    pub(crate) place: String,
    pub(crate) owner: i64,
}

/// The key is another row's.
#[derive(Model, Debug, Clone)]
#[model(app = "library")]
pub(crate) struct Portrait {
    #[field(primary_key, on_delete = Cascade)]
    pub(crate) author: ForeignKey<Author>,
    #[field(max_length = 50)]
    pub(crate) painter: String,
    pub(crate) owner: i64,
}

/// A type of key of one's own: a UUID, kept without hyphens.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Uid(pub(crate) String);

impl FieldType for Uid {
    const COLUMN: ColumnType = ColumnType::Uuid;

    fn from_sql(value: Value) -> Result<Self, FieldError> {
        match &value {
            Value::Text(text) => {
                let digits: String = text.chars().filter(|c| *c != '-').collect();
                let good = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
                good.then_some(Self(digits))
            }
            _ => None,
        }
        .ok_or_else(|| FieldError::expected("a UUID", &value))
    }

    fn to_sql(&self) -> Value {
        Value::Text(self.0.clone())
    }
}

impl ToValue for Uid {
    fn to_value(&self) -> Shown<'_> {
        self.0.to_value()
    }
}

#[derive(Model, Debug, Clone)]
#[model(app = "library")]
pub(crate) struct Ticket {
    #[field(primary_key)]
    pub(crate) id: Uid,
    #[field(max_length = 50)]
    pub(crate) seat: String,
    pub(crate) owner: i64,
}

/// Rows 1 and 2 (`a`, `b`) are those of owner 1; 3 (`c`) is that of owner 2.
#[expect(clippy::unwrap_used, reason = "a test that cannot begin has failed")]
fn database(work: impl AsyncFnOnce(Db) -> Result<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let run = async {
        let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
        schema::create_table::<Author>(&db).await?;
        schema::create_table::<Shelf>(&db).await?;
        schema::create_table::<Portrait>(&db).await?;
        schema::create_table::<Ticket>(&db).await?;
        for (name, owner) in [("a", 1), ("b", 1), ("c", 2)] {
            let mut author = Author {
                name: name.into(),
                owner,
                ..Author::blank()
            };
            author.save(&db).await?;
            let mut shelf = Shelf {
                code: name.into(),
                place: name.into(),
                owner,
            };
            shelf.insert(&db).await?;
            let mut portrait = Portrait {
                author: (&author).into(),
                painter: name.into(),
                owner,
            };
            portrait.insert(&db).await?;
            let mut ticket = Ticket {
                id: Uid(name.repeat(32)),
                seat: name.into(),
                owner,
            };
            ticket.insert(&db).await?;
        }
        let models = [Author::meta(), Shelf::meta(), Portrait::meta()];
        work(db.with_extension(Models::new(models))).await
    };
    runtime.block_on(run).unwrap();
}

fn one(rows: nuages_orm::QuerySet<Author>) -> Form {
    Form::new().field("author", ModelChoiceField::new(rows))
}

#[test]
fn views_can_wait_for_them_on_any_thread() {
    fn is_send<T: Send>(_: &T) {}
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let db = runtime
        .block_on(Db::connect(&DbSettings::new("sqlite::memory:")))
        .unwrap();
    let data = FormData::new();
    is_send(&one(Author::objects()).bind_with(&data, &db));
    is_send(&FormSet::new(one(Author::objects())).bind_with(&data, &db));
    is_send(&formsets::authors(Author::objects()).load(&db));
    is_send(&formsets::authors(Author::objects()).bind(&data, &db));
    is_send(&formsets::authors(Author::objects()).save(&db));
}
