//! Sessions in the database.

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_crypto::KeyRing;
use nuages_db::Db;
use nuages_sql::{Delete, Expr, Insert, Prepared, Select, Update, Value};

use crate::{Error, SessionCodec, SessionData, SessionStore};

const TABLE: &str = "django_session";

static LOAD: Prepared = Prepared::new(|| {
    Select::from(TABLE)
        .column(TABLE, "session_data")
        .filter(Expr::column(TABLE, "session_key").eq(Expr::Slot))
        .filter(Expr::column(TABLE, "expire_date").gt(Expr::Slot))
        .into()
});

static CREATE: Prepared = Prepared::new(|| {
    Insert::into(TABLE)
        .columns(["session_key", "session_data", "expire_date"])
        .row([Expr::Slot, Expr::Slot, Expr::Slot])
        .on_conflict_do_nothing()
        .into()
});

static UPDATE: Prepared = Prepared::new(|| {
    Update::table(TABLE)
        .set("session_data", Expr::Slot)
        .set("expire_date", Expr::Slot)
        .filter(Expr::column(TABLE, "session_key").eq(Expr::Slot))
        .into()
});

static DELETE: Prepared = Prepared::new(|| {
    Delete::from(TABLE)
        .filter(Expr::column(TABLE, "session_key").eq(Expr::Slot))
        .into()
});

static CLEAR_EXPIRED: Prepared = Prepared::new(|| {
    Delete::from(TABLE)
        .filter(Expr::column(TABLE, "expire_date").lt(Expr::Slot))
        .into()
});

/// Sessions in the table `django_session`, in Django's format.
///
/// # Django
/// `django.contrib.sessions.backends.db.SessionStore`.
#[derive(Debug, Clone)]
pub struct DbStore {
    db: Db,
    codec: SessionCodec,
    clock: Clock,
}

impl DbStore {
    /// Sessions in this database, signed with these keys.
    pub fn new(db: Db, keys: &KeyRing, clock: Clock) -> Self {
        Self {
            db,
            codec: SessionCodec::new(keys),
            clock,
        }
    }
}

impl SessionStore for DbStore {
    fn load<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<SessionData>, Error>> {
        Box::pin(async move {
            let values = [Value::from(key), Value::from(now)];
            let text: Option<String> = self
                .db
                .fetch_value(LOAD.bind(&values))
                .await
                .map_err(Error::store)?;
            Ok(text.map(|text| self.codec.decode(&text)))
        })
    }

    fn create<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(async move {
            let text = self.codec.encode(data, self.clock.now())?;
            let values = [Value::from(key), Value::from(text), Value::from(expires)];
            let rows = self.db.execute(CREATE.bind(&values)).await;
            Ok(rows.map_err(Error::store)? > 0)
        })
    }

    fn update<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(async move {
            let text = self.codec.encode(data, self.clock.now())?;
            let values = [Value::from(text), Value::from(expires), Value::from(key)];
            let rows = self.db.execute(UPDATE.bind(&values)).await;
            Ok(rows.map_err(Error::store)? > 0)
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let values = [Value::from(key)];
            let rows = self.db.execute(DELETE.bind(&values)).await;
            rows.map(drop).map_err(Error::store)
        })
    }

    fn clear_expired(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, Error>> {
        Box::pin(async move {
            let values = [Value::from(now)];
            let rows = self.db.execute(CLEAR_EXPIRED.bind(&values)).await;
            rows.map_err(Error::store)
        })
    }
}
