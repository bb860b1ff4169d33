//! Writing rows.

use jiff::{SignedDuration, Timestamp};
use nuages_base::Clock;
use nuages_orm::{Auto, ForeignKey, Model, schema};

use crate::library::{Author, Book, database};

#[derive(Model, Debug, Clone)]
#[model(app = "library")]
struct Note {
    id: Auto<i32>,
    #[field(max_length = 50, unique, default = "untitled")]
    title: String,
    #[field(auto_now_add)]
    made: Timestamp,
    #[field(auto_now)]
    changed: Timestamp,
}

#[derive(Model, Debug, Clone)]
#[model(app = "library")]
struct Tag {
    #[field(primary_key, max_length = 20)]
    slug: String,
}

#[test]
fn a_new_row_gets_its_key_and_a_saved_one_is_updated() {
    database(async |db| {
        let mut author = Author {
            name: "Cy".into(),
            ..Author::blank()
        };
        assert_eq!(author.id.get(), None);
        author.save(&db).await?;
        assert_eq!(author.id, 3);
        author.name = "Cyd".into();
        author.save(&db).await?;
        assert_eq!(Author::objects().count(&db).await?, 3);
        let again = Author::objects().get(|a| a.id().eq(author.id), &db).await?;
        assert_eq!(again.name, "Cyd");
        Ok(())
    });
}

#[test]
fn a_row_with_a_key_that_is_not_there_is_inserted() {
    database(async |db| {
        let mut author = Author {
            id: 77.into(),
            name: "Dee".into(),
        };
        author.save(&db).await?;
        assert_eq!(
            Author::objects().get(|a| a.id().eq(77), &db).await?.name,
            "Dee"
        );
        let error = author.insert(&db).await.unwrap_err();
        assert!(error.is_unique_violation());
        Ok(())
    });
}

#[test]
fn a_key_that_is_no_number_works_as_well() {
    database(async |db| {
        schema::create_table::<Tag>(&db).await?;
        let mut tag = Tag { slug: "tea".into() };
        tag.save(&db).await?;
        tag.save(&db).await?;
        assert_eq!(Tag::objects().count(&db).await?, 1);
        assert_eq!(
            Tag::objects().get(|t| t.pk().eq("tea"), &db).await?.slug,
            "tea"
        );
        assert_eq!(tag.delete(&db).await?, 1);
        Ok(())
    });
}

#[test]
fn a_foreign_key_to_nothing_is_told_by_its_name() {
    database(async |db| {
        let error = Book::blank().save(&db).await.unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("Book.author refers to nothing"),
            "{error}"
        );
        let unsaved = Author::blank();
        let mut book = Book {
            author: ForeignKey::to(&unsaved),
            ..Book::blank()
        };
        assert!(book.save(&db).await.is_err());
        let mut book = Book {
            author: ForeignKey::new(99),
            ..Book::blank()
        };
        assert!(book.save(&db).await.unwrap_err().is_foreign_key_violation());
        Ok(())
    });
}

#[test]
fn times_are_set_by_the_clock_that_the_handle_carries() {
    database(async |db| {
        schema::create_table::<Note>(&db).await?;
        let begin: Timestamp = "2026-01-02T03:04:05.000006Z".parse().unwrap();
        let clock = Clock::held(begin);
        let db = db.with_extension(clock.clone());
        let mut note = Note::blank();
        assert_eq!(note.title, "untitled");
        note.save(&db).await?;
        clock.advance(SignedDuration::from_secs(60));
        note.save(&db).await?;
        note.refresh(&db).await?;
        assert_eq!(note.made, begin);
        assert_eq!(note.changed, begin + SignedDuration::from_secs(60));
        Ok(())
    });
}

#[test]
fn only_the_named_columns_are_saved() {
    database(async |db| {
        let mut book = Book::objects().get(|b| b.title().eq("Tea"), &db).await?;
        book.title = "Green tea".into();
        book.price = 100;
        book.rating = None;
        book.save_only(|b| (b.price(), b.rating()), &db).await?;
        book.refresh(&db).await?;
        assert_eq!(
            (book.title.as_str(), book.price, book.rating),
            ("Tea", 100, None)
        );
        book.delete(&db).await?;
        assert!(
            book.save_only(|b| b.price(), &db)
                .await
                .unwrap_err()
                .is_not_found()
        );
        assert!(book.refresh(&db).await.unwrap_err().is_not_found());
        Ok(())
    });
}

#[test]
fn many_rows_are_inserted_with_few_statements() {
    database(async |db| {
        let (db, log) = db.with_log();
        let many = (0..5000).map(|n| Author {
            name: format!("A{n}"),
            ..Author::blank()
        });
        let saved = Author::objects().bulk_create(many.collect(), &db).await?;
        assert!(log.len() < 10, "{}", log.len());
        assert_eq!(saved[4999].id, 5002);
        assert_eq!(
            Author::objects().get(|a| a.id().eq(5002), &db).await?.name,
            "A4999"
        );
        Ok(())
    });
}

#[test]
fn rows_that_are_there_already_can_be_left_out() {
    database(async |db| {
        schema::create_table::<Tag>(&db).await?;
        let tags = |slugs: &[&str]| {
            slugs
                .iter()
                .map(|slug| Tag {
                    slug: (*slug).into(),
                })
                .collect()
        };
        let inserted = Tag::objects().bulk_create(tags(&["a", "b"]), &db).await?;
        assert_eq!(inserted.len(), 2);
        assert_eq!(
            Tag::objects()
                .bulk_create_new(tags(&["b", "c"]), &db)
                .await?,
            1
        );
        let error = Tag::objects()
            .bulk_create(tags(&["d", "a"]), &db)
            .await
            .unwrap_err();
        assert!(error.is_unique_violation());
        assert_eq!(Tag::objects().count(&db).await?, 3);
        Ok(())
    });
}

#[test]
fn get_or_create_makes_a_row_once() {
    database(async |db| {
        let create = || Author {
            name: "Eve".into(),
            ..Author::blank()
        };
        let (eve, new) = Author::objects()
            .get_or_create(|a| a.name().eq("Eve"), create, &db)
            .await?;
        assert!(new);
        let (same, new) = Author::objects()
            .get_or_create(|a| a.name().eq("Eve"), create, &db)
            .await?;
        assert!(!new);
        assert_eq!(eve.id, same.id);
        let change = |author: &mut Author| author.name.push('!');
        let (eve, new) = Author::objects()
            .update_or_create(|a| a.name().eq("Eve"), create, change, &db)
            .await?;
        assert!(!new);
        assert_eq!(eve.name, "Eve!");
        let (eve, new) = Author::objects()
            .update_or_create(|a| a.name().eq("Eve"), create, change, &db)
            .await?;
        assert!(new);
        assert_eq!(eve.name, "Eve!");
        Ok(())
    });
}

#[test]
fn updates_reach_the_filtered_rows_only() {
    database(async |db| {
        let anns = Book::objects().filter(|b| b.author().name().eq("Ann"));
        let changed = anns
            .clone()
            .update(
                |b| (b.price().set(b.price() + b.cost()), b.rating().set(4)),
                &db,
            )
            .await?;
        assert_eq!(changed, 2);
        let rows = anns
            .order_by(|b| b.id().asc())
            .select(|b| (b.price(), b.rating()));
        assert_eq!(rows.all(&db).await?, [(13, Some(4)), (5, Some(4))]);
        let one = Book::objects().order_by(|b| b.price().asc()).limit(1);
        assert_eq!(one.update(|b| b.rating().set(None), &db).await?, 1);
        let nobodys = Book::objects()
            .update(|b| b.editor().set_null(), &db)
            .await?;
        assert_eq!(nobodys, 3);
        let bob = Author::objects().get(|a| a.name().eq("Bob"), &db).await?;
        Book::objects()
            .update(|b| (b.editor().set(&bob), b.author().set(bob.id)), &db)
            .await?;
        assert_eq!(
            Book::objects()
                .filter(|b| b.editor().eq(b.author()))
                .count(&db)
                .await?,
            3
        );
        Ok(())
    });
}

#[test]
fn a_failed_transaction_leaves_nothing_behind() {
    database(async |db| {
        let failed = db
            .atomic(async |tx| {
                Author {
                    name: "Flo".into(),
                    ..Author::blank()
                }
                .save(&tx)
                .await?;
                Author::objects().get(|a| a.name().eq("nobody"), &tx).await
            })
            .await;
        assert!(failed.unwrap_err().is_not_found());
        assert_eq!(Author::objects().count(&db).await?, 2);
        Ok(())
    });
}

#[tokio::test]
async fn queries_can_be_sent_to_another_thread() {
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let db = nuages_db::Db::connect(&nuages_db::DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    schema::create_table::<Author>(&db).await.unwrap();
    let task = tokio::spawn(sendable(async move {
        let mut author = Author {
            name: "Gil".into(),
            ..Author::blank()
        };
        author.save(&db).await?;
        author.refresh(&db).await?;
        Author::objects()
            .get_or_create(|a| a.id().eq(1), Author::blank, &db)
            .await?;
        Author::objects()
            .filter(|a| a.name().eq("Gil"))
            .delete(&db)
            .await
    }));
    assert_eq!(task.await.unwrap().unwrap(), 1);
}
