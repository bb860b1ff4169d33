//! Values in a table.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_db::Db;
use nuages_sql::{
    Column, ColumnType, Delete, Expr, Index, Insert, Name, Select, Table, Update, Value as Sql,
};

use crate::{CacheBackend, Keep, Result, Token, Ttl, Value, pickle};

/// The end of a value that is kept for ever: Django writes the last second of the year 9999, which compares the same.
const FOR_EVER: Timestamp = Timestamp::MAX;

/// Values in a table of the site's database, as pickles in base64.
///
/// The table is made by the command `createcachetable`, or by [`create_table`](Self::create_table).
///
/// # Django
/// `DatabaseCache`. Its table and rows are the same.
#[derive(Debug, Clone)]
pub struct DbCache {
    db: Db,
    table: Name,
    clock: Clock,
    max_entries: usize,
    cull_frequency: usize,
}

impl DbCache {
    /// Values in this table, room for 300.
    pub fn new(db: Db, table: impl Into<Name>, clock: Clock) -> Self {
        Self {
            db,
            table: table.into(),
            clock,
            max_entries: 300,
            cull_frequency: 3,
        }
    }

    /// Room for so many values; when there are more, one in `cull_frequency` goes (0: all).
    pub fn sized(self, max_entries: usize, cull_frequency: usize) -> Self {
        Self {
            max_entries,
            cull_frequency,
            ..self
        }
    }

    /// Makes the table; `false` when there is one of this name.
    ///
    /// # Errors
    /// When the database refuses.
    ///
    /// # Django
    /// The command `createcachetable`.
    pub async fn create_table(&self) -> Result<bool> {
        let name = self.table.to_string();
        if self.db.table_names().await?.contains(&name) {
            return Ok(false);
        }
        let table = Table {
            name: self.table.clone(),
            columns: vec![
                Column::new("cache_key", ColumnType::Varchar(255)).primary_key(),
                Column::new("value", ColumnType::Text),
                Column::new("expires", ColumnType::DateTime),
            ],
            indexes: vec![Index::new(format!("{name}_expires"), ["expires"])],
            ..Table::default()
        };
        for statement in self.db.dialect().create_table(&table) {
            self.db.execute(&statement).await?;
        }
        Ok(true)
    }

    fn column(&self, name: &'static str) -> Expr {
        Expr::column(self.table.clone(), name)
    }

    fn of_key(&self, key: &str) -> Expr {
        self.column("cache_key").eq(Expr::value(key))
    }

    fn is_live(&self) -> Expr {
        self.column("expires").ge(Expr::value(self.clock.now()))
    }

    /// When a value ends that lives so long: whole seconds, as Django writes them.
    fn expires(&self, ttl: Ttl) -> Sql {
        let at = match ttl {
            None => FOR_EVER,
            Some(ttl) => self.clock.now().checked_add(ttl).unwrap_or(FOR_EVER),
        };
        // A part of a second is better kept too long than too short: the value would be gone at once.
        let seconds = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
        let whole = Timestamp::from_second(seconds).unwrap_or(at);
        Sql::from(whole)
    }

    async fn live(&self, key: &str) -> Result<Option<String>> {
        let select = Select::from(self.table.clone())
            .column(self.table.clone(), "value")
            .filter(self.of_key(key))
            .filter(self.is_live());
        Ok(self.db.fetch_value(&select).await?)
    }

    /// Deletes the row of a key if its time is over.
    async fn drop_expired(&self, key: &str) -> Result<()> {
        let delete = Delete::from(self.table.clone())
            .filter(self.of_key(key))
            .filter(self.column("expires").lt(Expr::value(self.clock.now())));
        self.db.execute(&delete).await?;
        Ok(())
    }

    fn insert(&self, key: &str, text: &str, ttl: Ttl) -> Insert {
        Insert::into(self.table.clone())
            .columns(["cache_key", "value", "expires"])
            .row([
                Expr::value(key),
                Expr::value(text),
                Expr::value(self.expires(ttl)),
            ])
    }

    /// Makes room for one more: what has expired goes, and where that is not enough, one in so many.
    async fn make_room(&self) -> Result<()> {
        let all = Select::from(self.table.clone()).expr(Expr::count_all());
        let count = async || -> Result<usize> {
            let count: Option<i64> = self.db.fetch_value(&all).await?;
            Ok(usize::try_from(count.unwrap_or_default()).unwrap_or_default())
        };
        if count().await? < self.max_entries {
            return Ok(());
        }
        if self.cull_frequency == 0 {
            return self.clear().await;
        }
        self.clear_expired().await?;
        let left = count().await?;
        if left < self.max_entries {
            return Ok(());
        }
        let excess = (left + 1).saturating_sub(self.max_entries);
        let going = (left / self.cull_frequency).max(excess);
        let first = Select::from(self.table.clone())
            .column(self.table.clone(), "cache_key")
            .order_by(self.column("cache_key").asc())
            .limit(going as u64);
        let delete =
            Delete::from(self.table.clone()).filter(self.column("cache_key").in_select(first));
        self.db.execute(&delete).await?;
        Ok(())
    }
}

fn encode(value: &Value) -> Result<String> {
    Ok(STANDARD.encode(pickle::dumps(value)?))
}

fn decode(key: &str, text: &str) -> Option<Value> {
    // Django's own base64 has line breaks in old rows.
    let compact: String = text.split_ascii_whitespace().collect();
    let value = STANDARD
        .decode(compact)
        .map_err(|_| crate::Error::decode("no base64"))
        .and_then(|bytes| pickle::loads(&bytes));
    super::readable(key, value)
}

impl CacheBackend for DbCache {
    fn get_with_token<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<(Value, Token)>>> {
        Box::pin(async move {
            let found = self.live(key).await?;
            Ok(found.and_then(|text| Some((decode(key, &text)?, Token::bytes(text)))))
        })
    }

    fn set<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let text = encode(&value)?;
            let update = Update::table(self.table.clone())
                .set("value", Expr::value(text.as_str()))
                .set("expires", Expr::value(self.expires(ttl)))
                .filter(self.of_key(key));
            if self.db.execute(&update).await? > 0 {
                return Ok(());
            }
            self.make_room().await?;
            let insert = self.insert(key, &text, ttl).on_conflict_update(
                ["cache_key"],
                [
                    (Name::from("value"), Expr::value(text.as_str())),
                    (Name::from("expires"), Expr::value(self.expires(ttl))),
                ],
            );
            self.db.execute(&insert).await?;
            Ok(())
        })
    }

    fn add<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let text = encode(&value)?;
            self.drop_expired(key).await?;
            self.make_room().await?;
            let insert = self.insert(key, &text, ttl).on_conflict_do_nothing();
            Ok(self.db.execute(&insert).await? > 0)
        })
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        token: &'a Token,
        value: Value,
        keep: Keep,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let crate::backend::Stamp::Bytes(before) = &token.0 else {
                return Ok(false);
            };
            let before = String::from_utf8_lossy(before);
            let mut update = Update::table(self.table.clone())
                .set("value", Expr::value(encode(&value)?))
                .filter(self.of_key(key))
                .filter(self.column("value").eq(Expr::value(&*before)))
                .filter(self.is_live());
            if let Keep::For(ttl) = keep {
                update = update.set("expires", Expr::value(self.expires(ttl)));
            }
            Ok(self.db.execute(&update).await? > 0)
        })
    }

    fn touch<'a>(&'a self, key: &'a str, ttl: Ttl) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let update = Update::table(self.table.clone())
                .set("expires", Expr::value(self.expires(ttl)))
                .filter(self.of_key(key))
                .filter(self.is_live());
            Ok(self.db.execute(&update).await? > 0)
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let delete = Delete::from(self.table.clone()).filter(self.of_key(key));
            Ok(self.db.execute(&delete).await? > 0)
        })
    }

    fn clear(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.db.execute(&Delete::from(self.table.clone())).await?;
            Ok(())
        })
    }

    fn has_key<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move { Ok(self.live(key).await?.is_some()) })
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(async move {
            let select = Select::from(self.table.clone())
                .column(self.table.clone(), "cache_key")
                .filter(self.column("cache_key").ge(Expr::value(prefix)))
                .filter(self.is_live())
                .order_by(self.column("cache_key").asc());
            let mut keys = Vec::new();
            self.db
                .fetch_each(&select, |row| {
                    let key: String = row.take(0)?;
                    if key.starts_with(prefix) {
                        keys.push(key);
                    }
                    Ok(())
                })
                .await?;
            Ok(keys)
        })
    }

    fn clear_expired(&self) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let delete = Delete::from(self.table.clone())
                .filter(self.column("expires").lt(Expr::value(self.clock.now())));
            Ok(self.db.execute(&delete).await?)
        })
    }
}
