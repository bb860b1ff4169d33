//! Sessions in the database.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_crypto::KeyRing;
use nuages_db::{Db, Row};
use nuages_sql::{Delete, Expr, Insert, Prepared, Select, Update, Value};

use super::user_index::UserIndex;
use crate::store::{Listed, Replaced, Revision, Stored, only_of};
use crate::{Error, SessionCodec, SessionData, SessionInfo, SessionStore};

pub(super) const TABLE: &str = "django_session";

static LOAD: Prepared = Prepared::new(|| {
    Select::from(TABLE)
        .column(TABLE, "session_data")
        .column(TABLE, "expire_date")
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
        .filter(Expr::column(TABLE, "session_data").eq(Expr::Slot))
        .into()
});

static ALL: Prepared = Prepared::new(|| {
    Select::from(TABLE)
        .column(TABLE, "session_key")
        .column(TABLE, "session_data")
        .column(TABLE, "expire_date")
        .filter(Expr::column(TABLE, "expire_date").gt(Expr::Slot))
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
    index: Option<UserIndex>,
}

impl DbStore {
    /// Sessions in this database, signed with these keys.
    pub fn new(db: Db, keys: &KeyRing, clock: Clock) -> Self {
        Self {
            db,
            codec: SessionCodec::new(keys),
            clock,
            index: None,
        }
    }

    /// With an index of users in the table of [`user_index_migrations`](crate::user_index_migrations), so that the sessions
    /// of one are found without reading those of all.
    ///
    /// A login and a logout write one row more. Sessions that Django makes or ends need no entry: they are found all the same.
    pub fn with_user_index(mut self) -> Self {
        self.index = Some(UserIndex::new(self.db.clone()));
        self
    }

    /// Notes the user of a session that had another before, or nobody.
    async fn note_user(&self, key: &str, before: &SessionData, data: &SessionData, end: Timestamp) {
        let user = SessionInfo::user_of(data);
        if let (Some(index), Some(user)) = (&self.index, user)
            && SessionInfo::user_of(before) != Some(user)
        {
            index.note(key, user, end).await;
        }
    }

    async fn row(&self, key: &str, now: Timestamp) -> Result<Option<Row>, Error> {
        let values = [Value::from(key), Value::from(now)];
        let row = self.db.fetch_optional(LOAD.bind(&values)).await;
        row.map_err(Error::store)
    }

    /// The stored text of a session that has not expired.
    pub(super) async fn text(&self, key: &str, now: Timestamp) -> Result<Option<String>, Error> {
        let row = self.row(key, now).await?;
        row.map(|mut row| row.take(0))
            .transpose()
            .map_err(Error::store)
    }

    /// A session that has not expired, and when it does.
    pub(super) async fn load_with_end(
        &self,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<(Stored, Timestamp)>, Error> {
        let Some(mut row) = self.row(key, now).await? else {
            return Ok(None);
        };
        let text: String = row.take(0).map_err(Error::store)?;
        let expires = row.take(1).map_err(Error::store)?;
        let stored = Stored {
            data: self.codec.decode(&text),
            revision: Some(Revision::text(text)),
        };
        Ok(Some((stored, expires)))
    }
}

impl SessionStore for DbStore {
    fn load<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>> {
        Box::pin(async move {
            let Some(text) = self.text(key, now).await? else {
                return Ok(None);
            };
            Ok(Some(Stored {
                data: self.codec.decode(&text),
                revision: Some(Revision::text(text)),
            }))
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
            let created = rows.map_err(Error::store)? > 0;
            if created {
                let nobody = SessionData::new();
                self.note_user(key, &nobody, data, expires).await;
            }
            Ok(created)
        })
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        revision: &'a Revision,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<Replaced, Error>> {
        Box::pin(async move {
            let Some(before) = revision.as_text() else {
                return Ok(Replaced::Changed);
            };
            let text = self.codec.encode(data, self.clock.now())?;
            let values = [
                Value::from(text.as_str()),
                Value::from(expires),
                Value::from(key),
                Value::from(before),
            ];
            let rows = self.db.execute(UPDATE.bind(&values)).await;
            if rows.map_err(Error::store)? == 0 {
                return Ok(Replaced::Changed);
            }
            if self.index.is_some() {
                let before = self.codec.decode(before);
                self.note_user(key, &before, data, expires).await;
            }
            Ok(Replaced::Saved {
                key: Arc::from(key),
                revision: Some(Revision::text(text)),
            })
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let values = [Value::from(key)];
            let rows = self.db.execute(DELETE.bind(&values)).await;
            rows.map_err(Error::store)?;
            if let Some(index) = &self.index {
                index.forget(key).await;
            }
            Ok(())
        })
    }

    fn clear_expired(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, Error>> {
        Box::pin(async move {
            let values = [Value::from(now)];
            let rows = self.db.execute(CLEAR_EXPIRED.bind(&values)).await;
            let rows = rows.map_err(Error::store)?;
            if let Some(index) = &self.index {
                index.sweep().await;
            }
            Ok(rows)
        })
    }

    fn each<'a>(
        &'a self,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let values = [Value::from(now)];
            let take = |row: &mut Row| {
                let text: String = row.take(1)?;
                look(Listed {
                    key: row.take(0)?,
                    data: self.codec.decode(&text),
                    expires: Some(row.take(2)?),
                });
                Ok(())
            };
            let done = self.db.fetch_each(ALL.bind(&values), take).await;
            done.map_err(Error::store)
        })
    }

    fn each_of<'a>(
        &'a self,
        user: &'a str,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            match &self.index {
                Some(index) => index.each(&self.codec, user, now, look).await,
                None => self.each(now, &mut only_of(user, look)).await,
            }
        })
    }
}
