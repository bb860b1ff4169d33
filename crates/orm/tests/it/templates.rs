//! Models in templates.

use std::fmt;

use nuages_orm::{Auto, Model};
use nuages_template::Object as _;

use crate::library::{Author, Book, database};

#[derive(Model, Debug, Clone)]
#[model(app = "library", display, template(initials))]
struct Reader {
    id: Auto<i64>,
    name: String,
}

impl Reader {
    fn initials(&self) -> String {
        self.name.chars().take(1).collect()
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn text(object: &dyn nuages_template::Object, name: &str) -> Option<String> {
    Some(object.attr(name)?.to_text().into_owned())
}

#[expect(
    clippy::unwrap_used,
    reason = "a model that cannot be printed fails the test"
)]
fn printed(object: &dyn nuages_template::Object) -> String {
    let mut out = String::new();
    object.display(&mut out).unwrap();
    out
}

#[test]
fn fields_keys_and_loaded_relations_are_seen() {
    database(async |db| {
        let books = Book::objects().select_related(|b| b.author());
        let book = books.get(|b| b.title().eq("Tea"), &db).await?;
        assert_eq!(text(&book, "title").unwrap(), "Tea");
        assert_eq!(text(&book, "pk").unwrap(), "1");
        assert_eq!(text(&book, "author_id").unwrap(), "1");
        assert!(book.attr("editor").unwrap().is_none());
        assert!(book.attr("secret").is_none() && book.unloaded("secret").is_none());
        let author = book.attr("author").unwrap();
        assert_eq!(author.attr("name").unwrap().to_text(), "Ann");
        assert_eq!(printed(&book), "Book object (1)");
        Ok(())
    });
}

#[test]
fn a_relation_that_is_not_loaded_is_told_with_a_hint() {
    database(async |db| {
        let book = Book::objects().get(|b| b.title().eq("Tea"), &db).await?;
        assert!(book.attr("author").is_none());
        assert_eq!(
            book.unloaded("author").unwrap(),
            "Book.author was not loaded: add `.select_related(|b| b.author())` to the query of Book"
        );
        Ok(())
    });
}

#[test]
fn the_model_chooses_what_templates_see_besides() {
    let reader = Reader {
        id: 7.into(),
        name: "Zoe".into(),
    };
    assert_eq!(printed(&reader), "Zoe");
    assert_eq!(text(&reader, "initials").unwrap(), "Z");
    assert!(reader.identity().is_some());
    assert!(Author::blank().identity().is_none());
}
