//! One row: saved, deleted, read again. Nothing here knows a model's type.

use jiff::Timestamp;
use jiff::tz::Offset;
use nuages_base::Clock;
use nuages_db::Db;
use nuages_sql::{ColumnType, Expr, Insert, Select, Update, Value};

use crate::deletion;
use crate::error::{Error, Result};
use crate::expressions::{Node, Untyped};
use crate::meta::{AutoNow, FieldMeta, ModelMeta};
use crate::model::{Model, Record};
use crate::queryset::QuerySet;
use crate::statements::returned;

/// What an insert does about a row that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conflict {
    Error,
    Ignore,
}

/// Updates a row that has a key, and inserts it when there was nothing to update.
pub(crate) async fn save(record: &mut dyn Record, db: &Db) -> Result<()> {
    let meta = record.model_meta();
    if record.sql_value(meta.pk_index).is_null() {
        return insert(record, db).await;
    }
    check_relations(record)?;
    stamp(record, AutoNow::EverySave, db)?;
    let updated = if meta.fields.len() > 1 {
        let mut values = values(record, |index, _| index != meta.pk_index);
        values.push(record.sql_value(meta.pk_index));
        db.execute(meta.statements.update.bind(&values)).await? > 0
    } else {
        is_there(record, db).await?
    };
    if updated {
        return Ok(());
    }
    insert(record, db).await
}

/// Inserts a row.
pub(crate) async fn insert(record: &mut dyn Record, db: &Db) -> Result<()> {
    let meta = record.model_meta();
    let counted = meta.pk().auto;
    if counted && !record.sql_value(meta.pk_index).is_null() {
        insert_all(vec![record], Conflict::Error, db).await?;
        return Ok(());
    }
    prepare(record, db)?;
    let values = values(record, |_, field| !field.auto);
    let insert = meta.statements.insert.bind(&values);
    if counted {
        let key = db.fetch_one(insert).await?.take(0)?;
        set(record, meta.pk_index, key)?;
    } else {
        db.execute(insert).await?;
    }
    Ok(())
}

/// Inserts rows of one model with as few statements as there may be parameters in one.
pub(crate) async fn insert_all(
    mut records: Vec<&mut dyn Record>,
    conflict: Conflict,
    db: &Db,
) -> Result<u64> {
    let Some(first) = records.first() else {
        return Ok(0);
    };
    let meta = first.model_meta();
    for record in &mut records {
        prepare(&mut **record, db)?;
    }
    let (mut uncounted, mut with_keys): (Vec<_>, Vec<_>) = records
        .into_iter()
        .partition(|record| meta.pk().auto && record.sql_value(meta.pk_index).is_null());
    let chunk = |columns: usize| (db.dialect().max_params() / columns.max(1)).max(1);
    let one = with_keys.len() + uncounted.len() <= chunk(meta.fields.len())
        && (with_keys.is_empty() || uncounted.is_empty());
    let transaction = if one { None } else { Some(db.begin().await?) };
    let inner = transaction
        .as_ref()
        .map_or(db, |transaction| transaction.db());
    let mut inserted = 0;
    for some in with_keys.chunks_mut(chunk(meta.fields.len())) {
        inserted += insert_some(meta, some, false, conflict, inner).await?;
    }
    for some in uncounted.chunks_mut(chunk(meta.fields.len() - 1)) {
        inserted += insert_some(meta, some, true, conflict, inner).await?;
    }
    if let Some(transaction) = transaction {
        transaction.commit().await?;
    }
    Ok(inserted)
}

/// Inserts rows in one statement; `counted` rows get their keys from the database.
async fn insert_some(
    meta: &'static ModelMeta,
    records: &mut [&mut dyn Record],
    counted: bool,
    conflict: Conflict,
    db: &Db,
) -> Result<u64> {
    let given = |field: &FieldMeta| !(counted && field.auto);
    let columns = meta.fields.iter().filter(|field| given(field));
    let mut insert = Insert::into(meta.table).columns(columns.map(|field| field.column));
    for record in &*records {
        let values = values(&**record, |_, field| given(field));
        insert = insert.row(values.into_iter().map(Expr::Value));
    }
    if conflict == Conflict::Ignore {
        return Ok(db.execute(&insert.on_conflict_do_nothing()).await?);
    }
    if !counted {
        return Ok(db.execute(&insert).await?);
    }
    let insert = insert.returning(returned(meta));
    let mut keys = db.fetch_all(&insert).await?;
    for (record, key) in records.iter_mut().zip(&mut keys) {
        set(&mut **record, meta.pk_index, key.take(0)?)?;
    }
    Ok(keys.len() as u64)
}

/// Updates some columns of a row, which must be there.
pub(crate) async fn save_only(
    record: &mut dyn Record,
    columns: Vec<Untyped>,
    db: &Db,
) -> Result<()> {
    let meta = record.model_meta();
    let mut chosen = Vec::with_capacity(columns.len());
    for column in columns {
        let Node::Column(anchor, field) = column.0 else {
            return Err(Error::query("only columns can be saved"));
        };
        let index = meta.position(field.name).filter(|_| anchor.hops.is_empty());
        chosen.push(index.ok_or_else(|| {
            Error::query("a row saves columns of its own model only, not of related ones")
        })?);
    }
    save_some(record, &chosen, db).await
}

/// Updates the fields of these names of a row, which must be there.
pub(crate) async fn save_fields(record: &mut dyn Record, names: &[&str], db: &Db) -> Result<()> {
    let meta = record.model_meta();
    let chosen = names.iter().map(|name| meta.position(name));
    let chosen: Option<Vec<usize>> = chosen.collect();
    let chosen = chosen.ok_or_else(|| Error::query("the model has no field of that name"))?;
    save_some(record, &chosen, db).await
}

async fn save_some(record: &mut dyn Record, chosen: &[usize], db: &Db) -> Result<()> {
    let meta = record.model_meta();
    let key = key_of(record, "save some columns of")?;
    let mut update = Update::table(meta.table);
    for &index in chosen {
        let field = &meta.fields[index];
        if field.auto_now == Some(AutoNow::EverySave) {
            stamp_field(record, index, field, db)?;
        }
        update = update.set(field.column, Expr::Value(record.sql_value(index)));
    }
    if update.assignments.is_empty() {
        return Ok(());
    }
    let update = update.filter(Expr::column(meta.table, meta.pk().column).eq(key));
    if db.execute(&update).await? == 0 {
        return Err(Error::not_found(meta));
    }
    Ok(())
}

/// Deletes a row and what refers to it.
pub(crate) async fn delete(record: &dyn Record, db: &Db) -> Result<u64> {
    let key = key_of(record, "delete")?;
    deletion::delete_rows(record.model_meta(), vec![key], db).await
}

/// The row as it is in the database now.
pub(crate) async fn reread<M: Model>(record: &M, db: &Db) -> Result<M> {
    let key = key_of(record, "refresh")?;
    let mut again = QuerySet::<M>::new();
    let pk = Node::Column(
        crate::expressions::Anchor::of(&again.query.root),
        M::meta().pk(),
    );
    again
        .query
        .restrict(pk.binary(nuages_sql::BinaryOp::Eq, Node::Value(key)));
    again
        .get(|_| crate::expressions::Q(Node::And(Vec::new())), db)
        .await
}

fn key_of(record: &dyn Record, action: &str) -> Result<Value> {
    let meta = record.model_meta();
    let key = record.sql_value(meta.pk_index);
    if key.is_null() {
        return Err(Error::unsaved(format!("{action} a {}", meta.name)));
    }
    Ok(key)
}

async fn is_there(record: &dyn Record, db: &Db) -> Result<bool> {
    let meta = record.model_meta();
    let key = Expr::Value(record.sql_value(meta.pk_index));
    let select = Select::from(meta.table)
        .filter(Expr::column(meta.table, meta.pk().column).eq(key))
        .limit(1);
    Ok(db.fetch_optional(&select).await?.is_some())
}

/// Checks a row before it is inserted, and sets its times.
fn prepare(record: &mut dyn Record, db: &Db) -> Result<()> {
    check_relations(record)?;
    stamp(record, AutoNow::FirstSave, db)
}

/// A foreign key that refers to nothing is told by its name, before the database refuses it.
fn check_relations(record: &dyn Record) -> Result<()> {
    let meta = record.model_meta();
    for (index, field) in meta.fields.iter().enumerate() {
        if field.relation.is_some() && !field.null && record.sql_value(index).is_null() {
            return Err(Error::unset(meta, field));
        }
    }
    Ok(())
}

/// Sets the fields that take the present time: all of them at the first save, else those that
/// take it each time.
fn stamp(record: &mut dyn Record, when: AutoNow, db: &Db) -> Result<()> {
    for (index, field) in record.model_meta().fields.iter().enumerate() {
        let wanted = match field.auto_now {
            None => false,
            Some(AutoNow::EverySave) => true,
            Some(AutoNow::FirstSave) => when == AutoNow::FirstSave,
        };
        if wanted {
            stamp_field(record, index, field, db)?;
        }
    }
    Ok(())
}

fn stamp_field(record: &mut dyn Record, index: usize, field: &FieldMeta, db: &Db) -> Result<()> {
    let clock = db.extension::<Clock>().cloned().unwrap_or_default();
    set(record, index, present(clock.now(), field.kind))
}

/// The present time as a column holds it, to the microsecond.
fn present(now: Timestamp, kind: ColumnType) -> Value {
    let now = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
    let civil = Offset::UTC.to_datetime(now);
    match kind {
        ColumnType::Date => Value::Date(civil.date()),
        ColumnType::Time => Value::Time(civil.time()),
        _ => Value::Timestamp(now),
    }
}

fn set(record: &mut dyn Record, index: usize, value: Value) -> Result<()> {
    let meta = record.model_meta();
    record
        .set_sql_value(index, value)
        .map_err(|error| Error::value(meta.name, meta.fields[index].name, error))
}

/// The values of some of the fields, in order.
fn values(record: &dyn Record, wanted: impl Fn(usize, &FieldMeta) -> bool) -> Vec<Value> {
    let fields = record.model_meta().fields.iter().enumerate();
    fields
        .filter(|(index, field)| wanted(*index, field))
        .map(|(index, _)| record.sql_value(index))
        .collect()
}
