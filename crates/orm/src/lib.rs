//! Models to SQL and rows to models.
//!
//! A model is a struct; a query is closures over its typed columns. What the compiler accepts is a
//! query that the database understands: a column that is misspelt, a lookup that its type does not
//! have, or a value of the wrong type does not compile.
//!
//! ```
//! use nuages_db::{Db, DbSettings};
//! use nuages_orm::{Auto, Error, ForeignKey, Model, exists, schema};
//!
//! #[derive(Model, Debug, Clone)]
//! #[model(app = "library")]
//! pub struct Author {
//!     pub id: Auto<i64>,
//!     #[field(max_length = 100)]
//!     pub name: String,
//! }
//!
//! #[derive(Model, Debug, Clone)]
//! #[model(app = "library", ordering(title))]
//! pub struct Book {
//!     pub id: Auto<i64>,
//!     #[field(max_length = 200)]
//!     pub title: String,
//!     #[field(on_delete = Cascade)]
//!     pub author: ForeignKey<Author>,
//!     pub pages: i32,
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
//! schema::create_table::<Author>(&db).await?;
//! schema::create_table::<Book>(&db).await?;
//!
//! let mut ann = Author { name: "Ann".into(), ..Author::blank() };
//! ann.save(&db).await?; // the key comes back
//! let mut book = Book { title: "Tea".into(), author: (&ann).into(), pages: 90, ..Book::blank() };
//! book.save(&db).await?;
//!
//! let long = Book::objects().filter(|b| b.author().name().icontains("an") & b.pages().gt(50));
//! assert_eq!(long.count(&db).await?, 1);
//!
//! // A column of an enclosing queryset is a captured variable.
//! let writers = Author::objects()
//!     .filter(|author| exists(Book::objects().filter(|b| b.author().eq(author.id()))))
//!     .order_by(|a| a.name().asc());
//! assert_eq!(writers.all(&db).await?.len(), 1);
//!
//! // A relation never loads itself: reading one that is not loaded is an error with a hint.
//! let book = Book::objects().get(|b| b.title().eq("Tea"), &db).await?;
//! assert!(book.author.loaded().unwrap_err().is_not_loaded());
//! let book = Book::objects().select_related(|b| b.author()).get(|b| b.title().eq("Tea"), &db).await?;
//! assert_eq!(book.author.loaded()?.name, "Ann");
//! # Ok::<(), Error>(()) }).unwrap();
//! ```
//!
//! - A model: [`Model`], its fields ([`FieldType`], [`Auto`], [`ForeignKey`]), its [`ModelMeta`].
//! - A query: [`QuerySet`], the expressions in its closures ([`Expr`], [`Q`], [`exists`]).
//! - Deleting, with the rows that refer to it: [`Models`], [`OnDelete`].
//! - A model's table: [`schema`].
//!
//! # The attributes of a model
//! `#[model(…)]`: `app = "…"` (needed), `table = "…"`, `ordering(-published, title)`,
//! `unique_together(a, b)`, `index(-published, title, name = "…")`,
//! `permissions(feature = "Can feature a post")`, `default_permissions(view)`,
//! `verbose_name = "…"`, `verbose_name_plural = "…"`, `managed = false`,
//! `display` (templates print the model by its `Display`),
//! `template(full_name)` (templates may call these methods).
//!
//! `#[field(…)]`: `max_length = 200`, `unique`, `db_index`, `default = …`, `db_column = "…"`,
//! `blank`, `primary_key`, `related_name = "…"`,
//! `on_delete = Cascade` (or `Protect`, `SetNull`, `DoNothing`; needed on a foreign key),
//! `auto_now`, `auto_now_add`, `verbose_name = "…"`, `help_text = "…"`.
//! A column that may be NULL is an `Option`.
//!
//! # Django
//! `django.db.models`. Lengths and other validators are checked by forms, not by `save`, as in
//! Django. `auto_now` asks the [`Clock`](nuages_base::Clock) that the handle carries
//! (`db.with_extension(clock)`), else the machine's.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
#![forbid(unsafe_code)]

#[doc(hidden)]
#[path = "derive.rs"]
pub mod __derive;
mod compile;
mod deletion;
mod error;
mod expressions;
mod fields;
mod instance;
mod meta;
mod model;
mod paginator;
mod queryset;
mod relations;
mod rows;
pub mod schema;
mod statements;
mod template;

pub use nuages_macros::Model;

pub use deletion::Models;
pub use error::{Error, ErrorKind, Result};
pub use expressions::{
    Assignment, Assignments, Column, Computed, Expr, Members, Operand, Order, Orders, Q, Stored,
    exists,
};
pub use fields::{
    Auto, AutoKey, Field, FieldError, FieldType, ForeignKey, NumberType, SqlType, TextType,
};
pub use meta::{AutoNow, FieldMeta, IndexMeta, ModelMeta, OnDelete, Sorted};
pub use model::{Model, Record};
pub use paginator::{ElidedPage, InvalidPage, Page, PageNumber, Pages, Paginator};
pub use queryset::{Columns, QuerySet, Selected, Selection, Values};
pub use relations::{KeyOf, Related, Relations};
