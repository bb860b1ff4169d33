//! What is known of a model.

use jiff::Timestamp;
use nuages_orm::{Auto, FieldError, FieldType, ForeignKey, Model, TextType, schema};
use nuages_sql::{ColumnType, Dialect as _, SQLITE, Value, print_inline};
use nuages_template as template;

use crate::library::{Author, database};

#[derive(Debug, Clone, Default, PartialEq)]
struct Slug(String);

impl FieldType for Slug {
    const COLUMN: ColumnType = ColumnType::Varchar(50);

    fn from_sql(value: Value) -> Result<Self, FieldError> {
        String::from_sql(value).map(Self)
    }

    fn to_sql(&self) -> Value {
        self.0.to_sql()
    }
}

impl TextType for Slug {}

impl template::ToValue for Slug {
    fn to_value(&self) -> template::Value<'_> {
        self.0.to_value()
    }
}

#[derive(Model, Debug, Clone)]
#[model(app = "blog", ordering(-published, title), unique_together(author, slug))]
#[model(permissions(feature = "Can feature a post"), index(-published, title))]
struct BlogPost {
    id: Auto<i64>,
    #[field(max_length = 200, db_index)]
    title: String,
    slug: Slug,
    #[field(on_delete = Protect)]
    author: ForeignKey<Author>,
    #[field(db_column = "when")]
    published: Option<Timestamp>,
    r#final: bool,
    body: String,
    words: u32,
}

#[test]
fn meta_says_what_the_model_says() {
    let meta = BlogPost::meta();
    assert_eq!(meta.to_string(), "blog.BlogPost");
    assert_eq!(meta.table, "blog_blogpost");
    assert_eq!(meta.verbose_name(), "blog post");
    assert_eq!(meta.verbose_name_plural(), "blog posts");
    assert_eq!(meta.permissions, [("feature", "Can feature a post")]);
    let title = meta.field("title").unwrap();
    assert_eq!(title.max_length(), Some(200));
    let author = meta.field("author").unwrap();
    assert_eq!((author.attname, author.column), ("author_id", "author_id"));
    assert_eq!(author.column_type(), ColumnType::BigInteger);
    assert!(author.db_index);
    let published = meta.field("published").unwrap();
    assert!(published.null);
    assert_eq!(published.column, "when");
    assert_eq!(meta.field("final").unwrap().kind, ColumnType::Boolean);
}

#[test]
fn the_table_is_django_s() {
    let statements: Vec<String> = SQLITE
        .create_table(&schema::table(BlogPost::meta()))
        .iter()
        .map(|statement| print_inline(statement, &SQLITE))
        .collect();
    assert_eq!(
        statements,
        [
            r#"CREATE TABLE "blog_blogpost" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "title" varchar(200) NOT NULL, "slug" varchar(50) NOT NULL, "author_id" bigint NOT NULL REFERENCES "library_author" ("id") DEFERRABLE INITIALLY DEFERRED, "when" datetime NULL, "final" bool NOT NULL, "body" text NOT NULL, "words" integer unsigned NOT NULL CHECK ("words" >= 0))"#,
            r#"CREATE UNIQUE INDEX "blog_blogpost_author_id_slug_cbeca374_uniq" ON "blog_blogpost" ("author_id", "slug")"#,
            r#"CREATE INDEX "blog_blogpost_title_a4261c9a" ON "blog_blogpost" ("title")"#,
            r#"CREATE INDEX "blog_blogpost_author_id_ffcc150f" ON "blog_blogpost" ("author_id")"#,
            r#"CREATE INDEX "blog_blogpo_when_a51446_idx" ON "blog_blogpost" ("when" DESC, "title")"#,
        ]
    );
}

#[test]
fn a_type_of_one_s_own_is_a_field_like_any_other() {
    database(async |db| {
        schema::create_table::<BlogPost>(&db).await?;
        let ann = Author::objects().get(|a| a.name().eq("Ann"), &db).await?;
        let mut post = BlogPost {
            slug: Slug("on-tea".into()),
            author: (&ann).into(),
            published: "2026-01-02T03:04:05.6Z".parse().ok(),
            r#final: true,
            words: 7,
            ..BlogPost::blank()
        };
        post.save(&db).await?;
        let found = BlogPost::objects()
            .filter(|p| p.slug().starts_with(Slug("on".into())) & p.r#final().eq(true));
        assert_eq!(
            found.clone().select(|p| p.slug()).all(&db).await?,
            [Slug("on-tea".into())]
        );
        let again = found
            .get(|p| p.published().eq(post.published.unwrap()), &db)
            .await?;
        assert_eq!(again.published, post.published);
        assert_eq!(again.words, 7);
        assert_eq!(again.author, post.author);
        let error = post.insert(&db).await.unwrap_err();
        assert!(error.is_unique_violation());
        Ok(())
    });
}

#[test]
fn a_value_that_does_not_fit_is_told_by_its_field() {
    database(async |db| {
        use nuages_sql::RawSql;
        db.execute(RawSql::new(
            "UPDATE library_book SET price = 'dear' WHERE title = 'Tea'",
        ))
        .await?;
        let error = crate::library::Book::objects().all(&db).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "Book.price: expected a 64-bit number, found text"
        );
        Ok(())
    });
}
