//! Fields that offer rows, and formsets that edit them: what a request can reach, and what it costs.

use nuages_db::{Db, DbSettings, QueryLog};
use nuages_forms::widgets::RadioSelect;
use nuages_forms::{
    CharField, Field, Form, FormData, FormSet, ModelChoiceField, ModelFormSet,
    ModelMultipleChoiceField,
};
use nuages_orm::{Auto, ForeignKey, Model, Models, Result, schema};

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
        }
        let models = [Author::meta(), Shelf::meta(), Portrait::meta()];
        work(db.with_extension(Models::new(models))).await
    };
    runtime.block_on(run).unwrap();
}

fn noted(db: &Db) -> (Db, QueryLog) {
    db.with_log()
}

/// How many parameters the queries have.
fn parameters(log: &QueryLog) -> usize {
    let queries = log.queries();
    let holes = queries.iter().map(|query| query.sql.matches('?').count());
    holes.sum()
}

fn one(rows: nuages_orm::QuerySet<Author>) -> Form {
    Form::new().field("author", ModelChoiceField::new(rows))
}

fn several(rows: nuages_orm::QuerySet<Author>) -> Form {
    Form::new().field("authors", ModelMultipleChoiceField::new(rows))
}

fn sent(name: &str, values: &[&str]) -> FormData {
    values.iter().map(|value| (name, *value)).collect()
}

#[test]
fn d12_cve_2015_0222_a_thousand_equal_keys_are_one_query_with_one_parameter() {
    database(async |db| {
        let field = ModelMultipleChoiceField::new(Author::objects());
        let form = Form::new().field("authors", Field::new(field).show_hidden_initial(true));
        let mut data = sent("authors", &["1"; 1000]);
        for _ in 0..1000 {
            data.push("initial-authors", "1");
        }
        let (db, log) = noted(&db);
        let form = form.bind_with(&data, &db).await?;
        assert_eq!(form.value::<Vec<i64>>("authors"), Some(vec![1]));
        let _ = (form.has_changed(), form.changed_data());
        assert_eq!((log.len(), parameters(&log)), (1, 1));

        // Ways to write one key are one key.
        log.clear();
        let data = sent("authors", &["1", " 1", "01", "+1", "１"]);
        let form = several(Author::objects()).bind_with(&data, &db).await?;
        assert_eq!(form.value::<Vec<i64>>("authors"), Some(vec![1]));
        assert_eq!((log.len(), parameters(&log)), (1, 1));
        Ok(())
    });
}

#[test]
fn d12_cve_2015_0222_pair_each_other_key_is_a_parameter() {
    database(async |db| {
        let keys: Vec<String> = (0..1000).map(|key| key.to_string()).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let (db, log) = noted(&db);
        let rows = several(Author::objects());
        let form = rows.bind_with(&sent("authors", &keys), &db).await?;
        assert!(form.has_error("authors", "invalid_choice"));
        assert_eq!(parameters(&log), 1000);
        assert_eq!(log.len(), 2, "one to look, one to show the form again");
        Ok(())
    });
}

#[test]
fn d12_a_key_outside_of_the_queryset_is_no_choice() {
    database(async |db| {
        let own = || Author::objects().filter(|a| a.owner().eq(1));
        let form = one(own()).bind_with(&sent("author", &["3"]), &db).await?;
        assert_eq!(
            form.errors().as_text(),
            "* author\n  * Select a valid choice. That choice is not one of the available choices."
        );
        assert!(form.has_error("author", "invalid_choice"));
        let form = several(own())
            .bind_with(&sent("authors", &["1", "3"]), &db)
            .await?;
        assert_eq!(
            form.errors().as_text(),
            "* authors\n  * Select a valid choice. 3 is not one of the available choices."
        );
        // A limit of the queryset holds too: the second row is not among the first one.
        let first = || own().order_by(|a| a.id().asc()).limit(1);
        let form = one(first()).bind_with(&sent("author", &["2"]), &db).await?;
        assert!(form.has_error("author", "invalid_choice"));
        let form = one(first()).bind_with(&sent("author", &["1"]), &db).await?;
        assert!(form.is_valid());
        Ok(())
    });
}

#[test]
fn d12_pair_a_key_inside_of_the_queryset_is_a_choice() {
    database(async |db| {
        let form = one(Author::objects())
            .bind_with(&sent("author", &["3"]), &db)
            .await?;
        assert_eq!(form.value::<i64>("author"), Some(3));
        let form = several(Author::objects())
            .bind_with(&sent("authors", &["3", "1"]), &db)
            .await?;
        assert_eq!(form.value::<Vec<i64>>("authors"), Some(vec![3, 1]));
        Ok(())
    });
}

#[test]
fn d12_what_is_no_key_is_told_without_asking_for_it() {
    database(async |db| {
        let huge = "9".repeat(30);
        for (value, code) in [
            ("x", "invalid_pk_value"),
            ("1; DROP TABLE library_author", "invalid_pk_value"),
            ("1.0", "invalid_pk_value"),
            ("1\0", "null_characters_not_allowed"),
            (&huge, "invalid_choice"),
            ("-1", "invalid_choice"),
        ] {
            let (db, log) = noted(&db);
            let form = several(Author::objects());
            let form = form.bind_with(&sent("authors", &[value]), &db).await?;
            assert!(
                form.has_error("authors", code),
                "{value:?}: {}",
                form.errors().as_text()
            );
            let looked = usize::from(value == "-1");
            assert_eq!(parameters(&log), looked, "{value:?}");
            let form = one(Author::objects());
            let form = form.bind_with(&sent("author", &[value]), &db).await?;
            let code = if value.contains('\0') {
                code
            } else {
                "invalid_choice"
            };
            assert!(form.has_error("author", code), "{value:?}");
        }
        let form = several(Author::objects())
            .bind_with(&sent("authors", &["x"]), &db)
            .await?;
        assert_eq!(
            form.errors().as_text(),
            "* authors\n  * “x” is not a valid value."
        );
        Ok(())
    });
}

#[test]
fn without_asking_the_database_no_choice_is_valid() {
    let form = one(Author::objects()).bind(&sent("author", &["1"]));
    assert!(form.has_error("author", "invalid_choice"));
    let form = several(Author::objects()).bind(&sent("authors", &["1"]));
    assert!(form.has_error("authors", "invalid_choice"));
    let form = one(Author::objects()).change_field("author", |field| field.required(false));
    assert!(form.bind(&FormData::new()).is_valid());
}

#[test]
fn choices_are_shown_as_in_django() {
    database(async |db| {
        let labelled =
            || ModelChoiceField::new(Author::objects()).label(|a| format!("<{}>", a.name));
        let form = Form::new().field("author", labelled());
        let page = form.clone().load_choices(&db).await?.to_string();
        assert!(
            page.contains("<option value=\"\" selected>---------</option>"),
            "{page}"
        );
        assert!(
            page.contains("<option value=\"3\">&lt;c&gt;</option>"),
            "{page}"
        );
        let page = one(Author::objects()).load_choices(&db).await?.to_string();
        assert!(page.contains(">Author object (2)</option>"), "{page}");

        let chosen = Form::new().field("author", Field::new(labelled()).initial(2));
        let page = chosen.load_choices(&db).await?.to_string();
        assert!(!page.contains("---------"), "{page}");
        assert!(page.contains("<option value=\"2\" selected>"), "{page}");

        let radio = Form::new().field("author", Field::new(labelled()).widget(RadioSelect));
        let page = radio.load_choices(&db).await?.to_string();
        assert!(!page.contains("---------"), "{page}");
        assert_eq!(page.matches("type=\"radio\"").count(), 3);

        // A form that comes back offers all rows again, and keeps what was chosen.
        let form = form.field("name", CharField::new());
        let form = form.bind_with(&sent("author", &["2"]), &db).await?;
        let page = form.to_string();
        assert!(page.contains("<option value=\"2\" selected>"), "{page}");
        assert!(page.contains("<option value=\"3\">"), "{page}");
        Ok(())
    });
}

#[test]
fn a_disabled_choice_is_its_initial_row() {
    database(async |db| {
        let field = Field::new(ModelChoiceField::new(Author::objects()));
        let form = Form::new().field("author", field.initial(2).disabled(true));
        let form = form.bind_with(&sent("author", &["3"]), &db).await?;
        assert_eq!(form.value::<i64>("author"), Some(2));
        Ok(())
    });
}

#[derive(Form)]
struct Credit {
    author: ForeignKey<Author>,
    editor: Option<ForeignKey<Author>>,
    #[field(kind = ModelMultipleChoiceField::new(Author::objects()), required = false)]
    readers: Vec<i64>,
}

#[test]
fn a_foreign_key_in_a_struct_offers_all_rows() {
    database(async |db| {
        let data = FormData::from([("author", "2"), ("readers", "1"), ("readers", "3")]);
        let credit = Credit::unbound().bind_with(&data, &db).await?;
        let credit = credit.clean().unwrap();
        assert_eq!(credit.author.id(), Some(2));
        assert!(credit.editor.is_none());
        assert_eq!(credit.readers, [1, 3]);
        Ok(())
    });
}

#[test]
fn d12_a_formset_asks_once_for_the_rows_of_all_its_forms() {
    database(async |db| {
        let mut data = FormData::from([("form-TOTAL_FORMS", "900"), ("form-INITIAL_FORMS", "0")]);
        for index in 0..900 {
            data.push(format!("form-{index}-author"), (index % 2 + 1).to_string());
        }
        let (db, log) = noted(&db);
        let set = FormSet::new(one(Author::objects()))
            .bind_with(&data, &db)
            .await?;
        assert!(set.is_valid());
        assert_eq!(set.forms()[899].value::<i64>("author"), Some(2));
        assert_eq!((log.len(), parameters(&log)), (1, 2));
        Ok(())
    });
}

// Formsets over rows.

fn named(field: &'static str) -> Form {
    Form::new().field(field, CharField::new())
}

fn authors(rows: nuages_orm::QuerySet<Author>) -> ModelFormSet<Author> {
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

fn post(total: &str, initial: &str, values: &[(&str, &str)]) -> FormData {
    let counts = [("form-TOTAL_FORMS", total), ("form-INITIAL_FORMS", initial)];
    counts.iter().chain(values).copied().collect()
}

/// All there is in the tables.
async fn everything(db: &Db) -> Result<String> {
    let authors = Author::objects().or_by_key().all(db).await?;
    let shelves = Shelf::objects().or_by_key().all(db).await?;
    let portraits = Portrait::objects().or_by_key().all(db).await?;
    Ok(format!("{authors:?} {shelves:?} {portraits:?}"))
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
        let (db, log) = noted(&db);
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
    is_send(&authors(Author::objects()).load(&db));
    is_send(&authors(Author::objects()).bind(&data, &db));
    is_send(&authors(Author::objects()).save(&db));
}
