//! Saving the rows of a formset, in one transaction.

use std::collections::HashSet;

use nuages_db::Db;
use nuages_orm::{AutoNow, Error, FieldMeta, Model, Record};
use nuages_sql::{self as sql, ColumnType, Expr, Select};

use super::formset::{ModelFormSet, SavedRows};
use super::key;
use crate::errors::{ErrorList, ValidationError};
use crate::form::Form;
use crate::number::{Whole, parse_int};
use crate::value::Value;

/// Why nothing was saved.
enum Stop {
    /// Something is wrong with a form, or with one of its fields.
    Refused(usize, Option<&'static str>, ErrorList),
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// An error of a field, or of the form as a whole.
type Refusal = (Option<&'static str>, ErrorList);

fn error(message: impl Into<crate::Text>, code: &'static str) -> ErrorList {
    ValidationError::new(message).code(code).into()
}

impl<M: Model> ModelFormSet<M> {
    /// Saves what was filled in: changes and deletes rows of the queryset, and makes new ones; all of it or, when
    /// something is wrong, nothing.
    ///
    /// # Errors
    /// When the database fails. What a person can mend (a value that is taken, a row that others need) comes back
    /// as the formset with its errors.
    ///
    /// # Django
    /// `save()`. Whether values are unique is looked up here and not in `is_valid()`.
    pub async fn save(mut self, db: &Db) -> Result<Result<SavedRows<M>, Self>, Error> {
        if !self.set.is_valid() {
            return Ok(Err(self));
        }
        let transaction = db.begin().await?;
        match self.save_in(transaction.db()).await {
            Ok(saved) => match transaction.commit().await {
                Ok(()) => Ok(Ok(saved)),
                // Some databases look only now whether foreign keys lead to rows.
                Err(refusal) if refusal.is_foreign_key_violation() => {
                    let words = "A row that is referred to is not there.";
                    self.set.add_error(error(words, "invalid_choice"));
                    Ok(Err(self))
                }
                Err(failure) => Err(failure.into()),
            },
            Err(Stop::Refused(index, field, error)) => {
                transaction.rollback().await?;
                self.set.add_form_error(index, field, error);
                Ok(Err(self))
            }
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    async fn save_in(&mut self, tx: &Db) -> Result<SavedRows<M>, Stop> {
        let mut saved = SavedRows {
            created: Vec::new(),
            changed: Vec::new(),
            deleted: Vec::new(),
            skipped: Vec::new(),
        };
        let deleted = self.set.deleted_forms();
        let mut old: Vec<usize> = Vec::new();
        let mut new: Vec<usize> = Vec::new();
        for index in self.set.filled_forms() {
            if !self.set.is_initial(index) {
                new.push(index);
            } else if self.set.forms()[index].has_changed() {
                old.push(index);
            }
        }
        old.extend(deleted.iter().filter(|index| self.set.is_initial(**index)));
        old.sort_unstable();
        let deleted: HashSet<usize> = deleted.into_iter().collect();
        let there = self.still_there(&old, tx).await?;
        for index in old {
            let place = self.row_of.get(&index);
            let row = place.and_then(|place| self.found[*place].take());
            let Some(row) = row.filter(|row| there.contains(&text(row))) else {
                saved.skipped.push(index);
                continue;
            };
            if deleted.contains(&index) {
                delete(&row, tx).await.map_err(|stop| stop.at(index))?;
                saved.deleted.push(row);
            } else {
                let row = self.change_row(index, row, tx).await;
                saved.changed.push(row.map_err(|stop| stop.at(index))?);
            }
        }
        if self.edit_only {
            return Ok(saved);
        }
        for index in new {
            let row = self.create_row(index, tx).await;
            saved.created.push(row.map_err(|stop| stop.at(index))?);
        }
        Ok(saved)
    }

    /// The keys of the rows of these forms that the queryset has now.
    async fn still_there(&self, forms: &[usize], tx: &Db) -> Result<HashSet<String>, Error> {
        let rows = forms.iter().filter_map(|index| self.row(*index));
        let keys: Vec<_> = rows.filter_map(Model::key).collect();
        let rows = self.rows.clone().with_keys(keys, tx).await?;
        Ok(rows.iter().map(text).collect())
    }

    async fn change_row(&self, index: usize, mut row: M, tx: &Db) -> Result<M, Trouble> {
        let form = &self.set.forms()[index];
        let mut names = apply(&mut row, form, false)?;
        let key = row.sql_value(M::meta().pk_index);
        check_unique(&row, &names, Some(&key), tx).await?;
        let fields = M::meta().fields.iter();
        let stamped = fields.filter(|field| field.auto_now == Some(AutoNow::EverySave));
        for field in stamped {
            if !names.contains(&field.name) {
                names.push(field.name);
            }
        }
        row.save_fields(&names, tx).await?;
        Ok(row)
    }

    async fn create_row(&self, index: usize, tx: &Db) -> Result<M, Trouble> {
        let mut row = (self.new_row)();
        let with_key = !self.hidden_key;
        let names = apply(&mut row, &self.set.forms()[index], with_key)?;
        check_unique(&row, &names, None, tx).await?;
        // Never `save`, which would change a row that has this key already.
        row.insert(tx).await?;
        Ok(row)
    }
}

/// What went wrong with one row.
enum Trouble {
    Refused(Refusal),
    Failed(Error),
}

impl Trouble {
    fn at(self, index: usize) -> Stop {
        match self {
            Self::Refused((field, error)) => Stop::Refused(index, field, error),
            Self::Failed(failure) if failure.is_unique_violation() => {
                let words = "A row with these values already exists.";
                Stop::Refused(index, None, error(words, "unique"))
            }
            Self::Failed(failure) if failure.is_foreign_key_violation() => {
                let words =
                    "Select a valid choice. That choice is not one of the available choices.";
                Stop::Refused(index, None, error(words, "invalid_choice"))
            }
            Self::Failed(failure) if failure.is_protected() => {
                let words = "It cannot be deleted: others refer to it.";
                Stop::Refused(index, None, error(words, "protected"))
            }
            Self::Failed(failure) => Stop::Failed(failure),
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

fn text<M: Model>(row: &M) -> String {
    row.key()
        .map(|key| key::text::<M>(&key))
        .unwrap_or_default()
}

async fn delete<M: Model>(row: &M, tx: &Db) -> Result<(), Trouble> {
    row.delete(tx).await?;
    Ok(())
}

/// Sets the fields of a row that its form has, and gives their names.
fn apply(row: &mut dyn Record, form: &Form, with_key: bool) -> Result<Vec<&'static str>, Refusal> {
    let meta = row.model_meta();
    let mut names = Vec::new();
    for (name, value) in form.cleaned_data().iter() {
        let Some(index) = meta.position(name) else {
            continue;
        };
        if index == meta.pk_index && !with_key {
            continue;
        }
        let field = &meta.fields[index];
        let value = column_value(value.clone(), field);
        let Some(value) = value else {
            return Err((Some(field.name), error("Enter a valid value.", "invalid")));
        };
        if value.is_null() && !field.null {
            return Err((
                Some(field.name),
                error("This field cannot be null.", "null"),
            ));
        }
        if row.set_sql_value(index, value).is_err() {
            return Err((Some(field.name), error("Enter a valid value.", "invalid")));
        }
        names.push(field.name);
    }
    Ok(names)
}

/// A cleaned value as a column of this kind holds it.
fn column_value(value: Value, field: &FieldMeta) -> Option<sql::Value> {
    let is_text = matches!(
        field.column_type(),
        ColumnType::Varchar(_) | ColumnType::Text
    );
    match value {
        // No text is NULL where there may be NULL.
        Value::Str(text) if text.is_empty() && (field.null || !is_text) => Some(sql::Value::Null),
        Value::Str(text) if is_text => Some(sql::Value::Text(text)),
        // A choice of texts over a column of numbers.
        Value::Str(text) => Some(match parse_int(&text) {
            Some(Whole::Fits(number)) if key::is_whole(field.column_type()) => {
                sql::Value::Int(number)
            }
            _ => sql::Value::Text(text),
        }),
        other => key::into_sql(other),
    }
}

/// Looks whether values that occur once are there already.
async fn check_unique(
    row: &dyn Record,
    names: &[&'static str],
    own_key: Option<&sql::Value>,
    tx: &Db,
) -> Result<(), Trouble> {
    let meta = row.model_meta();
    let inserted = own_key.is_none();
    let mut checks: Vec<Vec<&'static str>> = Vec::new();
    for (index, field) in meta.fields.iter().enumerate() {
        let is_key = index == meta.pk_index;
        if is_key && inserted && !field.auto || !is_key && field.unique {
            checks.push(vec![field.name]);
        }
    }
    checks.extend(meta.unique_together.iter().map(|names| names.to_vec()));
    for check in checks {
        if !inserted && !check.iter().any(|name| names.contains(name)) {
            continue;
        }
        if !is_taken(row, &check, own_key, tx).await? {
            continue;
        }
        let labels: Vec<_> = check
            .iter()
            .filter_map(|name| Some(capital(&meta.field(name)?.verbose_name())))
            .collect();
        let words = format!(
            "{} with this {} already exists.",
            capital(&meta.verbose_name()),
            and(&labels),
        );
        return Err(Trouble::Refused(match check[..] {
            [field] => (Some(field), error(words, "unique")),
            _ => (None, error(words, "unique_together")),
        }));
    }
    Ok(())
}

/// Is there another row with these values? NULL is never the same.
async fn is_taken(
    row: &dyn Record,
    names: &[&'static str],
    own_key: Option<&sql::Value>,
    tx: &Db,
) -> Result<bool, Error> {
    let meta = row.model_meta();
    let column = |field: &FieldMeta| Expr::column(meta.table, field.column);
    let mut select = Select::from(meta.table).limit(1);
    for name in names {
        let Some(index) = meta.position(name) else {
            return Ok(false);
        };
        let value = row.sql_value(index);
        if value.is_null() {
            return Ok(false);
        }
        select = select.filter(column(&meta.fields[index]).eq(value));
    }
    if let Some(key) = own_key {
        select = select.filter(column(meta.pk()).ne(key.clone()));
    }
    Ok(tx.fetch_optional(&select).await?.is_some())
}

/// With a capital letter at its beginning.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// `A, B and C`.
fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
