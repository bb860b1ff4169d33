//! Reading rows.

use nuages_orm::{Model, Q, exists};

use crate::library::{Author, Book, database};

#[test]
fn the_closures_of_the_house_are_understood() {
    database(async |db| {
        let found = Book::objects()
            .filter(|b| b.author().name().icontains("ann") | b.price().gt(b.cost() * 2))
            .order_by(|b| b.title().asc())
            .all(&db)
            .await?;
        let titles: Vec<_> = found.iter().map(|book| book.title.as_str()).collect();
        assert_eq!(titles, ["Air", "Tea", "Water"]);
        let cheap = Book::objects().filter(|b| b.price().gt(b.cost() * 3));
        assert_eq!(cheap.select(|b| b.title()).all(&db).await?, ["Water"]);
        Ok(())
    });
}

#[test]
fn an_outer_column_is_a_captured_variable() {
    database(async |db| {
        let editors = Author::objects()
            .filter(|author| exists(Book::objects().filter(|b| b.editor().eq(author.id()))));
        assert_eq!(editors.select(|a| a.name()).all(&db).await?, ["Ann"]);
        let idle = Author::objects()
            .exclude(|author| exists(Book::objects().filter(|b| b.editor().eq(author.id()))));
        assert_eq!(idle.select(|a| a.name()).all(&db).await?, ["Bob"]);
        Ok(())
    });
}

#[test]
fn what_a_subquery_wants_of_an_outer_relation_drops_no_outer_row() {
    database(async |db| {
        let uncredited = Book::objects().filter(|book| {
            !exists(Author::objects().filter(|a| a.name().eq(book.editor().name())))
        });
        let titles = uncredited.select(|b| b.title()).all(&db).await?;
        assert_eq!(titles, ["Air", "Tea"]);
        Ok(())
    });
}

#[test]
fn a_queryset_can_be_a_subquery_of_its_own_clone() {
    database(async |db| {
        let books = Book::objects();
        let dearest = books
            .clone()
            .filter(|b| !exists(books.filter(|other| other.price().gt(b.price()))));
        assert_eq!(
            dearest.select(|b| b.title()).all(&db).await?,
            ["Tea", "Water"]
        );
        Ok(())
    });
}

#[test]
fn a_column_of_a_foreign_queryset_is_refused() {
    database(async |db| {
        let mut stolen = None;
        let authors = Author::objects().filter(|author| {
            stolen = Some(author.id());
            Q::all([])
        });
        drop(authors);
        let books = Book::objects().filter(|b| b.author().eq(stolen.unwrap()));
        let error = books.all(&db).await.unwrap_err();
        assert!(error.to_string().contains("not inside of it"), "{error}");
        Ok(())
    });
}

#[test]
fn get_wants_exactly_one_row() {
    database(async |db| {
        assert_eq!(
            Book::objects().get(|b| b.id().eq(1), &db).await?.title,
            "Tea"
        );
        let error = Book::objects()
            .get(|b| b.id().eq(99), &db)
            .await
            .unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.to_string(), "Book matching query does not exist.");
        let error = Book::objects()
            .get(|b| b.price().eq(9), &db)
            .await
            .unwrap_err();
        assert!(error.is_multiple_objects());
        assert_eq!(
            error.to_string(),
            "get() returned more than one Book -- it returned 2!"
        );
        assert!(
            Book::objects()
                .get_or_none(|b| b.id().eq(99), &db)
                .await?
                .is_none()
        );
        Ok(())
    });
}

#[test]
fn what_is_unknown_does_not_match_and_so_is_excluded_from_exclusion() {
    database(async |db| {
        let rated = Book::objects().filter(|b| b.rating().eq(5));
        assert_eq!(rated.count(&db).await?, 1);
        let others = Book::objects().exclude(|b| b.rating().eq(5));
        assert_eq!(others.count(&db).await?, 2);
        let others = Book::objects().filter(|b| b.editor().name().ne("Ann"));
        assert_eq!(others.count(&db).await?, 2);
        Ok(())
    });
}

#[test]
fn lookups_find_what_they_say() {
    database(async |db| {
        let check = async |condition: fn(<Book as Model>::Path) -> Q, expect: &[&str]| {
            let books = Book::objects().filter(condition);
            let titles: Vec<String> = books.select(|b| b.title()).all(&db).await.unwrap();
            assert_eq!(titles, expect);
        };
        check(|b| b.title().contains("ea"), &["Tea"]).await;
        check(|b| b.title().starts_with("Wa"), &["Water"]).await;
        check(|b| b.title().ends_with("r"), &["Air", "Water"]).await;
        check(|b| b.title().iexact("tea"), &["Tea"]).await;
        check(|b| b.title().contains("%"), &[]).await;
        check(|b| b.title().in_(["Tea", "Air"]), &["Air", "Tea"]).await;
        check(|b| b.title().in_(Vec::<String>::new()), &[]).await;
        check(|b| b.price().range(4, 9), &["Tea", "Water"]).await;
        check(|b| b.price().lte(3), &["Air"]).await;
        check(|b| b.rating().is_null(), &["Air", "Water"]).await;
        check(|b| b.rating().is_not_null(), &["Tea"]).await;
        check(|b| b.editor().is_null(), &["Air", "Tea"]).await;
        check(|b| b.rating().coalesce(0).lt(5), &["Air", "Water"]).await;
        check(
            |b| b.title().lower().eq("air") & b.title().length().eq(3),
            &["Air"],
        )
        .await;
        check(
            |b| Q::any([b.title().eq("Air"), b.title().eq("Tea")]),
            &["Air", "Tea"],
        )
        .await;
        check(
            |b| {
                b.author()
                    .in_(Author::objects().filter(|a| a.name().eq("Bob")))
            },
            &["Water"],
        )
        .await;
        check(
            |b| {
                b.author().in_(
                    Author::objects()
                        .filter(|a| a.name().eq("Bob"))
                        .select(|a| a.id()),
                )
            },
            &["Water"],
        )
        .await;
        Ok(())
    });
}

#[test]
fn orders_limits_and_ends() {
    database(async |db| {
        let titles = |books: nuages_orm::QuerySet<Book>| books.select(|b| b.title());
        let by_price = Book::objects().order_by(|b| (b.price().desc(), b.title().asc()));
        assert_eq!(
            titles(by_price.clone()).all(&db).await?,
            ["Tea", "Water", "Air"]
        );
        assert_eq!(
            titles(by_price.clone().reverse()).all(&db).await?,
            ["Air", "Water", "Tea"]
        );
        assert_eq!(
            titles(by_price.clone().limit(1).offset(1)).all(&db).await?,
            ["Water"]
        );
        assert_eq!(by_price.clone().limit(2).count(&db).await?, 2);
        assert_eq!(by_price.clone().last(&db).await?.unwrap().title, "Air");
        assert_eq!(Book::objects().first(&db).await?.unwrap().title, "Air");
        assert_eq!(Author::objects().last(&db).await?.unwrap().name, "Bob");
        let by_rating = Book::objects().order_by(|b| b.rating().desc().nulls_first());
        assert_eq!(titles(by_rating).all(&db).await?.last().unwrap(), "Tea");
        let by_author = Book::objects().order_by(|b| [b.author().name().desc(), b.id().desc()]);
        assert_eq!(titles(by_author).all(&db).await?, ["Water", "Air", "Tea"]);
        assert!(Book::objects().none().all(&db).await?.is_empty());
        assert_eq!(Book::objects().none().count(&db).await?, 0);
        Ok(())
    });
}

#[test]
fn select_gives_tuples() {
    database(async |db| {
        let rows: Vec<(i64, String, Option<i32>)> = Book::objects()
            .order_by(|b| b.id().asc())
            .select(|b| (b.id(), b.title(), b.rating()))
            .all(&db)
            .await?;
        assert_eq!(rows[0], (1, "Tea".to_owned(), Some(5)));
        assert_eq!(rows[1], (2, "Air".to_owned(), None));
        let prices = Book::objects()
            .order_by(|b| b.price().asc())
            .select(|b| b.price())
            .distinct();
        assert_eq!(prices.all(&db).await?, [3, 9]);
        let editors = Book::objects().select(|b| (b.author().name(), b.editor().name().nullable()));
        assert_eq!(editors.first(&db).await?.unwrap(), ("Ann".to_owned(), None));
        let keys: Vec<Option<i64>> = Book::objects().select(|b| b.editor()).all(&db).await?;
        assert_eq!(keys, [None, None, Some(1)]);
        Ok(())
    });
}

#[test]
fn related_rows_come_with_the_query() {
    database(async |db| {
        let (db, log) = db.with_log();
        let books = Book::objects()
            .select_related(|b| (b.author(), b.editor()))
            .order_by(|b| b.id().asc())
            .all(&db)
            .await?;
        assert_eq!(log.len(), 1);
        assert_eq!(books[0].author.loaded()?.name, "Ann");
        assert!(books[0].editor.is_none());
        assert_eq!(books[2].author.loaded()?.name, "Bob");
        assert_eq!(books[2].editor.as_ref().unwrap().loaded()?.name, "Ann");
        Ok(())
    });
}

#[test]
fn in_bulk_gives_rows_by_key() {
    database(async |db| {
        let books = Book::objects().in_bulk([1, 3, 9], &db).await?;
        assert_eq!(books.len(), 2);
        assert_eq!(books[&3].title, "Water");
        Ok(())
    });
}

#[test]
fn an_unsaved_row_cannot_be_compared_with() {
    database(async |db| {
        let nobody = Author::blank();
        let books = Book::objects().filter(|b| b.author().eq(&nobody));
        let error = books.all(&db).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot compare with a row: it has no primary key yet\n\tHINT: save it first"
        );
        Ok(())
    });
}
