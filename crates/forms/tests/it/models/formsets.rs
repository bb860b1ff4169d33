//! Formsets over rows.

use nuages_db::Db;
use nuages_forms::{CharField, Form, FormData, ModelChoiceField, ModelFormSet};
use nuages_orm::{Model, Result};

use super::{Author, Portrait, Shelf, Ticket, database};

fn named(field: &'static str) -> Form {
    Form::new().field(field, CharField::new())
}

pub(super) fn authors(rows: nuages_orm::QuerySet<Author>) -> ModelFormSet<Author> {
    ModelFormSet::new(rows, named("name")).change(|set| set.can_delete(true))
}

fn shelves(rows: nuages_orm::QuerySet<Shelf>) -> ModelFormSet<Shelf> {
    let form = named("code").field("place", CharField::new());
    ModelFormSet::new(rows, form).change(|set| set.can_delete(true))
}

/// The key is not a field of the form, so it is hidden.
fn hidden_shelves(rows: nuages_orm::QuerySet<Shelf>) -> ModelFormSet<Shelf> {
    ModelFormSet::new(rows, named("place")).change(|set| set.can_delete(true))
}

fn portraits(rows: nuages_orm::QuerySet<Portrait>) -> ModelFormSet<Portrait> {
    ModelFormSet::new(rows, named("painter")).change(|set| set.can_delete(true))
}

fn tickets(rows: nuages_orm::QuerySet<Ticket>) -> ModelFormSet<Ticket> {
    ModelFormSet::new(rows, named("seat")).change(|set| set.can_delete(true))
}

fn post(total: &str, initial: &str, values: &[(&str, &str)]) -> FormData {
    let counts = [("form-TOTAL_FORMS", total), ("form-INITIAL_FORMS", initial)];
    counts.iter().chain(values).copied().collect()
}

/// All there is in the tables.
async fn everything(db: &Db) -> Result<String> {
    let authors = Author::objects().or_by_key().all(db).await?;
    let shelves = Shelf::objects().or_by_key().all(db).await?;
    let portraits = Portrait::objects().or_by_key().all(db).await?;
    let tickets = Ticket::objects().or_by_key().all(db).await?;
    Ok(format!("{authors:?} {shelves:?} {portraits:?} {tickets:?}"))
}

/// Binds and saves, and gives how many rows were created, changed and deleted, and whether it was valid.
async fn saved<M: Model>(
    set: ModelFormSet<M>,
    data: &FormData,
    db: &Db,
) -> Result<(bool, [usize; 3])> {
    let set = set.bind(data, db).await?;
    let valid = set.is_valid();
    let counts = match set.save(db).await? {
        Ok(saved) => [
            saved.created.len(),
            saved.changed.len(),
            saved.deleted.len(),
        ],
        Err(_) => [0; 3],
    };
    Ok((valid, counts))
}

#[test]
fn d11_cve_2026_87975_an_edit_of_a_forged_editable_key_makes_and_changes_nothing() {
    database(async |db| {
        let before = everything(&db).await?;
        // A key that is nowhere, one of somebody else, and one that is no key.
        for forged in ["forged", "c", ""] {
            for edit_only in [true, false] {
                let own = Shelf::objects().filter(|s| s.owner().eq(1));
                let data = post(
                    "1",
                    "1",
                    &[("form-0-code", forged), ("form-0-place", "mine")],
                );
                let set = shelves(own).edit_only(edit_only);
                let (valid, counts) = saved(set, &data, &db).await?;
                assert_eq!(counts, [0; 3], "{forged}");
                assert_eq!(valid, !forged.is_empty(), "{forged}");
                assert_eq!(everything(&db).await?, before, "{forged}");
            }
        }
        Ok(())
    });
}

#[test]
fn d11_cve_2026_87975_pair_a_key_of_the_queryset_is_edited() {
    database(async |db| {
        let data = post("1", "1", &[("form-0-code", "c"), ("form-0-place", "mine")]);
        let set = shelves(Shelf::objects()).edit_only(true);
        assert_eq!(saved(set, &data, &db).await?, (true, [0, 1, 0]));
        let shelf = Shelf::objects().get(|s| s.code().eq("c"), &db).await?;
        assert_eq!((shelf.place.as_str(), shelf.owner), ("mine", 2));
        Ok(())
    });
}

#[test]
fn d11_cve_2026_87975_a_forged_hidden_key_is_refused_for_keys_of_every_kind() {
    database(async |db| {
        let before = everything(&db).await?;
        for forged in ["3", "99", "x", "", "3\0"] {
            let own = Author::objects().filter(|a| a.owner().eq(1));
            let data = post("1", "1", &[("form-0-id", forged), ("form-0-name", "mine")]);
            assert_eq!(
                saved(authors(own), &data, &db).await?,
                (false, [0; 3]),
                "{forged}"
            );
            let own = Portrait::objects().filter(|p| p.owner().eq(1));
            let data = post(
                "1",
                "1",
                &[("form-0-author", forged), ("form-0-painter", "mine")],
            );
            assert_eq!(
                saved(portraits(own), &data, &db).await?,
                (false, [0; 3]),
                "{forged}"
            );
        }
        for forged in ["c", "forged", ""] {
            let own = Shelf::objects().filter(|s| s.owner().eq(1));
            let data = post(
                "1",
                "1",
                &[("form-0-code", forged), ("form-0-place", "mine")],
            );
            assert_eq!(
                saved(hidden_shelves(own), &data, &db).await?,
                (false, [0; 3]),
                "{forged}"
            );
        }
        assert_eq!(everything(&db).await?, before);
        Ok(())
    });
}

#[test]
fn d11_cve_2026_87975_a_deletion_outside_of_the_queryset_deletes_nothing() {
    database(async |db| {
        let before = everything(&db).await?;
        let own = || Author::objects().filter(|a| a.owner().eq(1));
        for edit_only in [true, false] {
            let data = post("1", "1", &[("form-0-id", "3"), ("form-0-DELETE", "on")]);
            let set = authors(own()).edit_only(edit_only);
            assert_eq!(saved(set, &data, &db).await?, (true, [0; 3]));
            let data = post("1", "1", &[("form-0-code", "c"), ("form-0-DELETE", "on")]);
            let rows = Shelf::objects().filter(|s| s.owner().eq(1));
            let set = shelves(rows.clone()).edit_only(edit_only);
            assert_eq!(saved(set, &data, &db).await?, (true, [0; 3]));
            let set = hidden_shelves(rows).edit_only(edit_only);
            assert_eq!(saved(set, &data, &db).await?, (true, [0; 3]));
            let data = post("1", "1", &[("form-0-author", "3"), ("form-0-DELETE", "on")]);
            let rows = Portrait::objects().filter(|p| p.owner().eq(1));
            let set = portraits(rows).edit_only(edit_only);
            assert_eq!(saved(set, &data, &db).await?, (true, [0; 3]));
            // The limit of a queryset holds too.
            let first = Author::objects().order_by(|a| a.id().asc()).limit(1);
            let data = post("1", "1", &[("form-0-id", "2"), ("form-0-DELETE", "on")]);
            assert_eq!(saved(authors(first), &data, &db).await?, (true, [0; 3]));
        }
        // Without `can_delete` the box means nothing.
        let data = post(
            "1",
            "1",
            &[
                ("form-0-id", "1"),
                ("form-0-name", "a"),
                ("form-0-DELETE", "on"),
            ],
        );
        let set = authors(own()).change(|set| set.can_delete(false));
        assert_eq!(saved(set, &data, &db).await?, (true, [0; 3]));
        assert_eq!(everything(&db).await?, before);
        Ok(())
    });
}

#[test]
fn d11_cve_2026_87975_pair_a_row_of_the_queryset_is_deleted() {
    database(async |db| {
        let data = post("1", "1", &[("form-0-author", "3"), ("form-0-DELETE", "on")]);
        assert_eq!(
            saved(portraits(Portrait::objects()), &data, &db).await?,
            (true, [0, 0, 1])
        );
        let data = post("1", "1", &[("form-0-id", "3"), ("form-0-DELETE", "on")]);
        assert_eq!(
            saved(authors(Author::objects()), &data, &db).await?,
            (true, [0, 0, 1])
        );
        let data = post("1", "1", &[("form-0-code", "c"), ("form-0-DELETE", "on")]);
        assert_eq!(
            saved(shelves(Shelf::objects()), &data, &db).await?,
            (true, [0, 0, 1])
        );
        assert_eq!(Author::objects().count(&db).await?, 2);
        assert_eq!(Shelf::objects().count(&db).await?, 2);
        assert_eq!(Portrait::objects().count(&db).await?, 2);
        Ok(())
    });
}

#[test]
fn d11_lies_about_the_number_of_forms_reach_no_row() {
    database(async |db| {
        let before = everything(&db).await?;
        let own = || Shelf::objects().filter(|s| s.owner().eq(1));
        // As a new row, with a key that is taken: refused, and never saved over the other.
        for taken in ["a", "c"] {
            let data = post(
                "1",
                "0",
                &[("form-0-code", taken), ("form-0-place", "mine")],
            );
            let set = shelves(own()).bind(&data, &db).await?;
            let refused = set.save(&db).await?.unwrap_err();
            assert_eq!(
                refused.formset().errors()[0].as_text(),
                "* code\n  * Shelf with this Code already exists."
            );
        }
        // Nothing new where only edits are allowed.
        let data = post(
            "1",
            "0",
            &[("form-0-code", "new"), ("form-0-place", "mine")],
        );
        assert_eq!(
            saved(shelves(own()).edit_only(true), &data, &db).await?,
            (true, [0; 3])
        );
        // More old forms than there are, fewer than none.
        let data = post(
            "1",
            "1000000000",
            &[("form-0-code", "c"), ("form-0-place", "mine")],
        );
        assert_eq!(saved(shelves(own()), &data, &db).await?, (true, [0; 3]));
        let data = post(
            "1000000000",
            "1000000000",
            &[("form-0-code", "c"), ("form-0-place", "x")],
        );
        assert_eq!(saved(shelves(own()), &data, &db).await?, (false, [0; 3]));
        let data = post("1", "-1", &[("form-0-code", "c"), ("form-0-place", "mine")]);
        assert_eq!(saved(shelves(own()), &data, &db).await?, (true, [0; 3]));
        assert_eq!(everything(&db).await?, before);
        Ok(())
    });
}

#[test]
fn d11_one_row_is_not_edited_twice() {
    database(async |db| {
        let before = everything(&db).await?;
        let data = post(
            "2",
            "2",
            &[
                ("form-0-id", "1"),
                ("form-0-DELETE", "on"),
                ("form-1-id", "1"),
                ("form-1-name", "back again"),
            ],
        );
        assert_eq!(
            saved(authors(Author::objects()), &data, &db).await?,
            (false, [0; 3])
        );
        assert_eq!(everything(&db).await?, before);
        Ok(())
    });
}

#[test]
fn d11_a_row_that_leaves_the_queryset_before_it_is_saved_stays_as_it_is() {
    database(async |db| {
        let own = Author::objects().filter(|a| a.owner().eq(1));
        let data = post("1", "1", &[("form-0-id", "1"), ("form-0-name", "mine")]);
        let set = authors(own).bind(&data, &db).await?;
        assert!(set.is_valid());
        let first = Author::objects().filter(|a| a.id().eq(1));
        first.update(|a| a.owner().set(2), &db).await?;
        let saved = set.save(&db).await?.unwrap();
        assert_eq!(saved.skipped, [0]);
        let author = Author::objects().get(|a| a.id().eq(1), &db).await?;
        assert_eq!((author.name.as_str(), author.owner), ("a", 2));
        Ok(())
    });
}

#[test]
fn rows_are_shown_edited_made_and_deleted_together() {
    database(async |db| {
        let own = || Author::objects().filter(|a| a.owner().eq(1));
        let mine = || {
            authors(own()).new_row(|| Author {
                owner: 1,
                ..Author::blank()
            })
        };
        let page = mine().load(&db).await?.to_string();
        assert!(
            page.contains(r#"name="form-INITIAL_FORMS" value="2""#),
            "{page}"
        );
        assert!(
            page.contains(r#"<input type="hidden" name="form-1-id" value="2" id="id_form-1-id">"#)
        );
        assert!(page.contains(r#"name="form-2-name""#) && !page.contains("value=\"c\""));

        let data = post(
            "3",
            "2",
            &[
                ("form-0-id", "1"),
                ("form-0-name", "anna"),
                ("form-0-owner", "2"),
                ("form-1-id", "2"),
                ("form-1-DELETE", "on"),
                ("form-2-name", "new"),
                ("form-2-owner", "2"),
            ],
        );
        let saved = mine().bind(&data, &db).await?.save(&db).await?.unwrap();
        assert_eq!(saved.changed[0].name, "anna");
        assert_eq!(saved.created[0].id.get(), Some(4));
        assert_eq!(saved.deleted[0].name, "b");
        let names: Vec<_> = own()
            .order_by(|a| a.id().asc())
            .select(|a| a.name())
            .all(&db)
            .await?;
        assert_eq!(names, ["anna", "new"]);

        // What was not changed is not saved.
        let data = post("1", "1", &[("form-0-id", "1"), ("form-0-name", "anna")]);
        let (db, log) = db.with_log();
        let saved = mine().bind(&data, &db).await?.save(&db).await?.unwrap();
        assert!(saved.changed.is_empty());
        assert!(
            log.queries()
                .iter()
                .all(|query| query.sql.starts_with("SELECT"))
        );
        Ok(())
    });
}

#[test]
fn all_is_saved_or_nothing() {
    database(async |db| {
        let before = everything(&db).await?;
        let data = post(
            "3",
            "2",
            &[
                ("form-0-id", "1"),
                ("form-0-name", "anna"),
                ("form-1-id", "2"),
                ("form-1-DELETE", "on"),
                ("form-2-name", "c"),
            ],
        );
        let set = authors(Author::objects()).bind(&data, &db).await?;
        let refused = set.save(&db).await?.unwrap_err();
        assert_eq!(
            refused.formset().forms()[2].errors().as_text(),
            "* name\n  * Author with this Name already exists."
        );
        assert!(!refused.is_valid());
        assert_eq!(everything(&db).await?, before);
        // Two new ones with one name find each other.
        let data = post("2", "0", &[("form-0-name", "x"), ("form-1-name", "x")]);
        let set = authors(Author::objects()).bind(&data, &db).await?;
        let refused = set.save(&db).await?.unwrap_err();
        assert!(refused.formset().forms()[1].has_error("name", "unique"));
        // A row keeps the name that it has.
        let data = post("1", "1", &[("form-0-code", "a"), ("form-0-place", "moved")]);
        assert_eq!(
            saved(shelves(Shelf::objects()), &data, &db).await?,
            (true, [0, 1, 0])
        );
        Ok(())
    });
}

#[test]
fn a_choice_among_rows_can_be_the_key_of_a_new_row() {
    database(async |db| {
        let mut author = Author {
            name: "d".into(),
            ..Author::blank()
        };
        author.save(&db).await?;
        let form = named("painter").field("author", ModelChoiceField::new(Author::objects()));
        let set = ModelFormSet::new(Portrait::objects().none(), form);
        let data = post(
            "1",
            "0",
            &[("form-0-author", "4"), ("form-0-painter", "me")],
        );
        let saved = set.bind(&data, &db).await?.save(&db).await?.unwrap();
        assert_eq!(saved.created[0].author.id(), Some(4));
        assert_eq!(Portrait::objects().count(&db).await?, 4);
        Ok(())
    });
}

#[test]
fn d11_cve_2026_87975_a_uuid_is_a_key_in_each_of_its_spellings_and_only_of_the_queryset() {
    database(async |db| {
        let own = || Ticket::objects().filter(|t| t.owner().eq(1));
        let page = tickets(own()).load(&db).await?.to_string();
        assert!(page.contains(&format!(r#"name="form-0-id" value="{}""#, "a".repeat(32))));
        let before = everything(&db).await?;
        let hyphens = |letter: &str| {
            let part = |length| letter.repeat(length);
            [part(8), part(4), part(4), part(4), part(12)].join("-")
        };
        for forged in [&hyphens("c"), &"c".repeat(32), &hyphens("d"), "c", "c\0"] {
            let data = post("1", "1", &[("form-0-id", forged), ("form-0-seat", "mine")]);
            assert_eq!(
                saved(tickets(own()), &data, &db).await?,
                (false, [0; 3]),
                "{forged}"
            );
            let data = post("1", "1", &[("form-0-id", forged), ("form-0-DELETE", "on")]);
            assert_eq!(
                saved(tickets(own()), &data, &db).await?,
                (true, [0; 3]),
                "{forged}"
            );
        }
        assert_eq!(everything(&db).await?, before);
        // The pair: the same where the row is in the queryset.
        let data = post(
            "1",
            "1",
            &[("form-0-id", &hyphens("c")), ("form-0-seat", "mine")],
        );
        let set = tickets(Ticket::objects());
        assert_eq!(saved(set, &data, &db).await?, (true, [0, 1, 0]));
        Ok(())
    });
}
