//! Finds what else has to go, and then deletes it, children first.

use std::collections::HashSet;

use nuages_db::Db;
use nuages_sql::{Delete, Expr, Select, Update, Value};

use super::Models;
use crate::compile;
use crate::error::{Error, Result};
use crate::expressions::{Anchor, Node};
use crate::meta::{FieldMeta, ModelMeta, OnDelete};
use crate::queryset::{Ordering, Query};

/// How many keys one statement is given.
const BATCH: usize = 500;

/// Deletes the rows of a query and what refers to them.
pub(crate) async fn delete_query(mut query: Query, db: &Db) -> Result<u64> {
    let meta = query.meta();
    if !is_referred_to(meta, db) {
        let delete = compile::delete(query)?;
        return Ok(db.execute(&delete).await?);
    }
    let transaction = db.begin().await?;
    query.branches.clear();
    if !query.is_sliced() {
        query.order = Ordering::By(Vec::new());
    }
    query.selected = vec![Node::Column(Anchor::of(&query.root), meta.pk())];
    let keys = first_column(&compile::rows(query)?, transaction.db()).await?;
    let deleted = delete_within(meta, keys, transaction.db()).await?;
    transaction.commit().await?;
    Ok(deleted)
}

/// Deletes the rows with these keys and what refers to them.
pub(crate) async fn delete_rows(
    meta: &'static ModelMeta,
    keys: Vec<Value>,
    db: &Db,
) -> Result<u64> {
    if !is_referred_to(meta, db) && keys.len() <= BATCH {
        return delete_where(meta, meta.pk(), &keys, db).await;
    }
    let transaction = db.begin().await?;
    let deleted = delete_within(meta, keys, transaction.db()).await?;
    transaction.commit().await?;
    Ok(deleted)
}

fn is_referred_to(meta: &'static ModelMeta, db: &Db) -> bool {
    db.extension::<Models>()
        .is_some_and(|models| models.referring_to(meta).next().is_some())
}

/// Deletes within a transaction.
async fn delete_within(meta: &'static ModelMeta, keys: Vec<Value>, db: &Db) -> Result<u64> {
    let nobody = Models::default();
    let models = db.extension::<Models>().unwrap_or(&nobody);
    let mut collector = Collector::default();
    collector.collect(meta, keys, models, db).await?;
    collector.delete(db).await
}

/// What is to be done, in the order in which it was found.
#[derive(Default)]
struct Collector {
    /// Rows by their keys, those that others refer to first.
    rows: Vec<(&'static ModelMeta, Vec<Value>)>,
    seen: HashSet<(&'static str, Identity)>,
    /// Rows that nothing refers to, by whom they refer to.
    leaves: Vec<Referring>,
    /// Foreign keys that will refer to nothing.
    emptied: Vec<Referring>,
}

/// The rows of a model that refer to some keys.
struct Referring {
    meta: &'static ModelMeta,
    field: &'static FieldMeta,
    keys: Vec<Value>,
}

/// A key that can be looked up.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    Number(i64),
    Text(String),
}

impl From<&Value> for Identity {
    fn from(value: &Value) -> Self {
        match value {
            Value::Int(number) => Self::Number(*number),
            Value::Text(text) => Self::Text(text.clone()),
            other => Self::Text(format!("{other:?}")),
        }
    }
}

impl Collector {
    /// Finds all rows that have to go with the given ones.
    async fn collect(
        &mut self,
        meta: &'static ModelMeta,
        keys: Vec<Value>,
        models: &Models,
        db: &Db,
    ) -> Result<()> {
        self.add(meta, keys);
        let mut next = 0;
        while let Some((meta, keys)) = self.rows.get(next).cloned() {
            next += 1;
            for (by, field, rule) in models.referring_to(meta) {
                let referring = Referring {
                    meta: by,
                    field,
                    keys: keys.clone(),
                };
                match rule {
                    OnDelete::Protect => referring.protect(meta, db).await?,
                    OnDelete::SetNull => self.emptied.push(referring),
                    OnDelete::Cascade if models.referring_to(by).next().is_none() => {
                        self.leaves.push(referring);
                    }
                    OnDelete::Cascade => {
                        let found = referring.found(db).await?;
                        self.add(by, found);
                    }
                    OnDelete::DoNothing => {}
                }
            }
        }
        Ok(())
    }

    /// Adds rows that were not found before.
    fn add(&mut self, meta: &'static ModelMeta, keys: Vec<Value>) {
        let new: Vec<Value> = keys
            .into_iter()
            .filter(|key| self.seen.insert((meta.table, Identity::from(key))))
            .collect();
        if !new.is_empty() {
            self.rows.push((meta, new));
        }
    }

    /// Does it all.
    async fn delete(self, db: &Db) -> Result<u64> {
        let mut deleted = 0;
        for Referring { meta, field, keys } in &self.leaves {
            deleted += delete_where(meta, field, keys, db).await?;
        }
        for Referring { meta, field, keys } in &self.emptied {
            for some in keys.chunks(BATCH) {
                let update = Update::table(meta.table)
                    .set(field.column, Expr::null())
                    .filter(one_of(meta, field, some));
                db.execute(&update).await?;
            }
        }
        for (meta, keys) in self.rows.iter().rev() {
            deleted += delete_where(meta, meta.pk(), keys, db).await?;
        }
        Ok(deleted)
    }
}

impl Referring {
    /// The keys of these rows.
    async fn found(&self, db: &Db) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for some in self.keys.chunks(BATCH) {
            let select = Select::from(self.meta.table)
                .column(self.meta.table, self.meta.pk().column)
                .filter(one_of(self.meta, self.field, some));
            found.extend(first_column(&select, db).await?);
        }
        Ok(found)
    }

    /// Refuses when there is such a row.
    async fn protect(&self, target: &'static ModelMeta, db: &Db) -> Result<()> {
        let found = self.found(db).await?;
        if found.is_empty() {
            return Ok(());
        }
        let by = format!("{}.{}", self.meta.name, self.field.name);
        Err(Error::protected(target, found.len(), by))
    }
}

async fn delete_where(
    meta: &'static ModelMeta,
    field: &'static FieldMeta,
    keys: &[Value],
    db: &Db,
) -> Result<u64> {
    let mut deleted = 0;
    for some in keys.chunks(BATCH) {
        let delete = Delete::from(meta.table).filter(one_of(meta, field, some));
        deleted += db.execute(&delete).await?;
    }
    Ok(deleted)
}

/// `field IN (keys)`.
fn one_of(meta: &'static ModelMeta, field: &'static FieldMeta, keys: &[Value]) -> Expr {
    Expr::column(meta.table, field.column).is_in(keys.iter().cloned())
}

async fn first_column(select: &Select, db: &Db) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    db.fetch_each(select, |row| {
        values.push(row.take(0)?);
        Ok(())
    })
    .await?;
    Ok(values)
}
