//! The SQL of querysets is Django's, but for quotes around aliases and parentheses around outer columns.

use nuages_db::Db;
use nuages_orm::{Model, Models, QuerySet, exists};

use crate::library::{Author, Book, database};

const BOOK: &str = r#"SELECT "library_book"."id", "library_book"."title", "library_book"."author_id", "library_book"."editor_id", "library_book"."price", "library_book"."cost", "library_book"."rating" FROM "library_book""#;
const AUTHOR: &str =
    r#" INNER JOIN "library_author" ON ("library_book"."author_id" = "library_author"."id")"#;
const EDITOR: &str = r#" "library_author" ON ("library_book"."editor_id" = "library_author"."id")"#;
const BY_TITLE: &str = r#" ORDER BY "library_book"."title" ASC"#;

/// The one statement that `work` makes.
async fn sql<T>(db: &Db, work: impl AsyncFnOnce(Db) -> nuages_orm::Result<T>) -> String {
    let (db, log) = db.with_log();
    assert!(work(db).await.is_ok());
    let queries = log.queries();
    assert_eq!(queries.len(), 1, "{queries:?}");
    queries[0].sql.clone()
}

async fn check<M: Model>(db: &Db, queryset: QuerySet<M>, expect: &str) {
    let made = sql(db, async |db| queryset.all(&db).await).await;
    assert_eq!(made, expect);
}

#[test]
fn conditions() {
    database(async |db| {
        let books = Book::objects;
        check(&db, books(), &format!("{BOOK}{BY_TITLE}")).await;
        check(
            &db,
            books().filter(|b| b.author().name().icontains("a") | b.price().gt(b.cost() * 2)),
            &format!(r#"{BOOK}{AUTHOR} WHERE "library_author"."name" LIKE ? ESCAPE '\' OR "library_book"."price" > ("library_book"."cost" * ?){BY_TITLE}"#),
        )
        .await;
        check(
            &db,
            books().exclude(|b| b.rating().eq(5)),
            &format!(r#"{BOOK} WHERE NOT ("library_book"."rating" = ? AND "library_book"."rating" IS NOT NULL){BY_TITLE}"#),
        )
        .await;
        check(
            &db,
            books().exclude(|b| b.price().eq(5)),
            &format!(r#"{BOOK} WHERE NOT ("library_book"."price" = ?){BY_TITLE}"#),
        )
        .await;
        check(
            &db,
            books().exclude(|b| b.rating().in_([1, 2])),
            &format!(r#"{BOOK} WHERE NOT ("library_book"."rating" IN (?, ?) AND "library_book"."rating" IS NOT NULL){BY_TITLE}"#),
        )
        .await;
        Ok(())
    });
}

#[test]
fn joins() {
    database(async |db| {
        let books = Book::objects;
        // The key of a related row is in the table already.
        check(
            &db,
            books().filter(|b| b.author().id().eq(5)),
            &format!(r#"{BOOK} WHERE "library_book"."author_id" = ?{BY_TITLE}"#),
        )
        .await;
        // A row without an editor cannot match: an inner join does.
        check(
            &db,
            books().filter(|b| b.editor().name().eq("x")),
            &format!(r#"{BOOK} INNER JOIN{EDITOR} WHERE "library_author"."name" = ?{BY_TITLE}"#),
        )
        .await;
        check(
            &db,
            books().filter(|b| b.editor().name().eq("x") | b.price().eq(1)),
            &format!(r#"{BOOK} LEFT OUTER JOIN{EDITOR} WHERE "library_author"."name" = ? OR "library_book"."price" = ?{BY_TITLE}"#),
        )
        .await;
        check(
            &db,
            books().exclude(|b| b.editor().name().eq("x")),
            &format!(r#"{BOOK} LEFT OUTER JOIN{EDITOR} WHERE NOT ("library_author"."name" = ? AND "library_author"."name" IS NOT NULL){BY_TITLE}"#),
        )
        .await;
        check(
            &db,
            books().filter(|b| b.editor().name().is_null()),
            &format!(
                r#"{BOOK} LEFT OUTER JOIN{EDITOR} WHERE "library_author"."name" IS NULL{BY_TITLE}"#
            ),
        )
        .await;
        let both = BOOK.replace(
            " FROM",
            r#", "library_author"."id", "library_author"."name", "T3"."id", "T3"."name" FROM"#,
        );
        check(
            &db,
            books().select_related(|b| (b.author(), b.editor())),
            &format!(r#"{both}{AUTHOR} LEFT OUTER JOIN "library_author" "T3" ON ("library_book"."editor_id" = "T3"."id"){BY_TITLE}"#),
        )
        .await;
        Ok(())
    });
}

#[test]
fn subqueries() {
    database(async |db| {
        check(
            &db,
            Author::objects().filter(|author| exists(Book::objects().filter(|b| b.author().eq(author.id())))),
            r#"SELECT "library_author"."id", "library_author"."name" FROM "library_author" WHERE EXISTS(SELECT 1 FROM "library_book" "U0" WHERE "U0"."author_id" = "library_author"."id" LIMIT 1)"#,
        )
        .await;
        check(
            &db,
            Book::objects().filter(|b| b.author().in_(Author::objects().filter(|a| a.name().eq("x")))),
            &format!(r#"{BOOK} WHERE "library_book"."author_id" IN (SELECT "U0"."id" FROM "library_author" "U0" WHERE "U0"."name" = ?){BY_TITLE}"#),
        )
        .await;
        check(
            &db,
            Book::objects().filter(|book| {
                exists(Book::objects().filter(|b| b.author().name().eq("x") & b.price().eq(book.price())))
            }),
            &format!(r#"{BOOK} WHERE EXISTS(SELECT 1 FROM "library_book" "U0" INNER JOIN "library_author" "U1" ON ("U0"."author_id" = "U1"."id") WHERE "U1"."name" = ? AND "U0"."price" = "library_book"."price" LIMIT 1){BY_TITLE}"#),
        )
        .await;
        Ok(())
    });
}

#[test]
fn the_ends_of_a_queryset() {
    database(async |db| {
        let cheap = || Book::objects().filter(|b| b.price().lt(5));
        assert_eq!(
            sql(&db, async |db| Book::objects()
                .get(|b| b.id().eq(1), &db)
                .await)
            .await,
            format!(r#"{BOOK} WHERE "library_book"."id" = ? LIMIT 21"#)
        );
        assert_eq!(
            sql(&db, async |db| cheap().first(&db).await).await,
            format!(r#"{BOOK} WHERE "library_book"."price" < ?{BY_TITLE} LIMIT 1"#)
        );
        assert_eq!(
            sql(&db, async |db| cheap().count(&db).await).await,
            r#"SELECT COUNT(*) AS "__count" FROM "library_book" WHERE "library_book"."price" < ?"#
        );
        assert_eq!(
            sql(&db, async |db| cheap().exists(&db).await).await,
            r#"SELECT 1 FROM "library_book" WHERE "library_book"."price" < ? LIMIT 1"#
        );
        assert_eq!(
            sql(&db, async |db| cheap()
                .update(|b| b.price().set(b.price() + 1), &db)
                .await)
            .await,
            r#"UPDATE "library_book" SET "price" = ("library_book"."price" + ?) WHERE "library_book"."price" < ?"#
        );
        assert_eq!(
            sql(&db, async |db| {
                let anns = Book::objects().filter(|b| b.author().name().eq("Ann"));
                anns.update(|b| b.rating().set(None), &db).await
            })
            .await,
            r#"UPDATE "library_book" SET "rating" = ? WHERE "library_book"."id" IN (SELECT "U0"."id" FROM "library_book" "U0" INNER JOIN "library_author" "U1" ON ("U0"."author_id" = "U1"."id") WHERE "U1"."name" = ?)"#
        );
        assert_eq!(
            sql(&db, async |db| cheap().delete(&db).await).await,
            r#"DELETE FROM "library_book" WHERE "library_book"."price" < ?"#
        );
        assert_eq!(
            sql(&db, async |db| Author {
                name: "Cy".into(),
                ..Author::blank()
            }
            .save(&db)
            .await)
            .await,
            r#"INSERT INTO "library_author" ("name") VALUES (?) RETURNING "library_author"."id""#
        );
        assert_eq!(
            sql(&db, async |db| Author {
                id: 1.into(),
                name: "Cy".into()
            }
            .save(&db)
            .await)
            .await,
            r#"UPDATE "library_author" SET "name" = ? WHERE "library_author"."id" = ?"#
        );
        Ok(())
    });
}

#[test]
fn a_leaf_goes_without_being_looked_at() {
    database(async |db| {
        let db = db.with_extension(Models::new([Author::meta(), Book::meta()]));
        let (db, log) = db.with_log();
        let bob = Author {
            id: 2.into(),
            ..Author::blank()
        };
        bob.delete(&db).await?;
        let made: Vec<String> = log.queries().into_iter().map(|query| query.sql).collect();
        assert_eq!(
            made,
            [
                r#"DELETE FROM "library_book" WHERE "library_book"."author_id" IN (?)"#,
                r#"UPDATE "library_book" SET "editor_id" = ? WHERE "library_book"."editor_id" IN (?)"#,
                r#"DELETE FROM "library_author" WHERE "library_author"."id" IN (?)"#,
            ]
        );
        Ok(())
    });
}
