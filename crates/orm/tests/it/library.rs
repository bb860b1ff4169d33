// A small library, for the tests and for the examples of the documentation.

use nuages_db::{Db, DbSettings};
use nuages_orm::{Auto, ForeignKey, Model, Result, schema};

#[derive(Model, Debug, Clone)]
#[model(app = "library")]
pub struct Author {
    pub id: Auto<i64>,
    #[field(max_length = 100)]
    pub name: String,
}

#[derive(Model, Debug, Clone)]
#[model(app = "library", ordering(title))]
pub struct Book {
    pub id: Auto<i64>,
    #[field(max_length = 200)]
    pub title: String,
    #[field(related_name = "books", on_delete = Cascade)]
    pub author: ForeignKey<Author>,
    #[field(related_name = "edited", on_delete = SetNull)]
    pub editor: Option<ForeignKey<Author>>,
    pub price: i64,
    pub cost: i64,
    pub rating: Option<i32>,
}

/// Runs a test with a database of two authors and three books.
pub fn database(work: impl AsyncFnOnce(Db) -> Result<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(async {
            let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
            schema::create_table::<Author>(&db).await?;
            schema::create_table::<Book>(&db).await?;
            fill(&db).await?;
            work(db).await
        })
        .unwrap();
}

/// Ann wrote "Tea" (rated 5) and "Air"; Bob wrote "Water", which Ann edited.
async fn fill(db: &Db) -> Result<()> {
    let mut ann = Author { name: "Ann".into(), ..Author::blank() };
    ann.save(db).await?;
    let mut bob = Author { name: "Bob".into(), ..Author::blank() };
    bob.save(db).await?;
    let book = |title: &str, author: &Author, price, cost| Book {
        title: title.into(),
        author: author.into(),
        price,
        cost,
        ..Book::blank()
    };
    Book { rating: Some(5), ..book("Tea", &ann, 9, 4) }.save(db).await?;
    Book { rating: None, ..book("Air", &ann, 3, 2) }.save(db).await?;
    Book { editor: Some((&ann).into()), ..book("Water", &bob, 9, 2) }.save(db).await?;
    Ok(())
}
