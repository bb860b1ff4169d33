//! Fields that offer rows.

use nuages_db::QueryLog;
use nuages_forms::widgets::RadioSelect;
use nuages_forms::{
    CharField, Field, Form, FormData, FormSet, ModelChoiceField, ModelMultipleChoiceField,
};
use nuages_orm::{ForeignKey, Model as _};

use super::{Author, database, one};

/// How many parameters the queries have.
fn parameters(log: &QueryLog) -> usize {
    let queries = log.queries();
    let holes = queries.iter().map(|query| query.sql.matches('?').count());
    holes.sum()
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
        let (db, log) = db.with_log();
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
        let (db, log) = db.with_log();
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
            let (db, log) = db.with_log();
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
        let (db, log) = db.with_log();
        let set = FormSet::new(one(Author::objects()))
            .bind_with(&data, &db)
            .await?;
        assert!(set.is_valid());
        assert_eq!(set.forms()[899].value::<i64>("author"), Some(2));
        assert_eq!((log.len(), parameters(&log)), (1, 2));
        Ok(())
    });
}
