//! Deleting rows, and what refers to them.

use nuages_orm::{Auto, ForeignKey, Model, Models, schema};

use crate::library::{Author, Book, database};

#[derive(Model, Debug, Clone)]
#[model(app = "library")]
struct Loan {
    id: Auto<i64>,
    #[field(on_delete = Protect)]
    book: ForeignKey<Book>,
}

#[derive(Model, Debug, Clone)]
#[model(app = "library")]
struct Review {
    id: Auto<i64>,
    #[field(on_delete = Cascade)]
    book: ForeignKey<Book>,
    #[field(on_delete = Cascade)]
    answers: Option<ForeignKey<Review>>,
}

fn models() -> Models {
    Models::new([Author::meta(), Book::meta(), Loan::meta(), Review::meta()])
}

#[test]
fn without_models_a_row_goes_alone_and_the_database_guards_the_rest() {
    database(async |db| {
        let ann = Author::objects().get(|a| a.name().eq("Ann"), &db).await?;
        assert!(
            ann.delete(&db)
                .await
                .unwrap_err()
                .is_foreign_key_violation()
        );
        let book = Book::objects().get(|b| b.title().eq("Tea"), &db).await?;
        assert_eq!(book.delete(&db).await?, 1);
        assert!(Book::blank().delete(&db).await.is_err());
        Ok(())
    });
}

#[test]
fn rows_that_refer_to_it_go_with_it_or_forget_it() {
    database(async |db| {
        schema::create_table::<Loan>(&db).await?;
        schema::create_table::<Review>(&db).await?;
        let db = db.with_extension(models());
        let tea = Book::objects().get(|b| b.title().eq("Tea"), &db).await?;
        let mut review = Review {
            book: (&tea).into(),
            ..Review::blank()
        };
        review.save(&db).await?;
        let mut answer = Review {
            book: (&tea).into(),
            answers: Some((&review).into()),
            ..Review::blank()
        };
        answer.save(&db).await?;
        let ann = Author::objects().get(|a| a.name().eq("Ann"), &db).await?;
        // Ann, her two books, a review and its answer; "Water" loses its editor.
        assert_eq!(ann.delete(&db).await?, 5);
        let water = Book::objects().get(|b| b.title().eq("Water"), &db).await?;
        assert!(water.editor.is_none());
        assert_eq!(Review::objects().count(&db).await?, 0);
        Ok(())
    });
}

#[test]
fn a_protected_row_stays_and_so_does_everything_else() {
    database(async |db| {
        schema::create_table::<Loan>(&db).await?;
        schema::create_table::<Review>(&db).await?;
        let db = db.with_extension(models());
        let tea = Book::objects().get(|b| b.title().eq("Tea"), &db).await?;
        Loan {
            book: (&tea).into(),
            ..Loan::blank()
        }
        .save(&db)
        .await?;
        let ann = Author::objects().get(|a| a.name().eq("Ann"), &db).await?;
        let error = ann.delete(&db).await.unwrap_err();
        assert!(error.is_protected());
        assert!(
            error.to_string().contains("Loan.book refers to it"),
            "{error}"
        );
        assert_eq!(Book::objects().count(&db).await?, 3);
        // Without the loan, it goes.
        Loan::objects().delete(&db).await?;
        assert_eq!(ann.delete(&db).await?, 3);
        Ok(())
    });
}

#[test]
fn a_queryset_is_deleted_with_what_refers_to_it() {
    database(async |db| {
        let db = db.with_extension(Models::new([Author::meta(), Book::meta()]));
        let written = Author::objects().filter(|a| a.name().starts_with("A"));
        assert_eq!(written.delete(&db).await?, 3);
        let of_bob = Book::objects().filter(|b| b.author().name().eq("Bob"));
        assert_eq!(of_bob.delete(&db).await?, 1);
        assert_eq!(Book::objects().count(&db).await?, 0);
        Ok(())
    });
}
