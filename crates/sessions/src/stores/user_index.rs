//! Whose sessions are whose: a table of our own beside Django's.

use std::collections::HashSet;

use jiff::Timestamp;
use nuages_db::{Db, Row};
use nuages_sql::{Delete, Expr, Insert, Join, Order, Prepared, Select, Value};

use super::db::TABLE;
use crate::store::Listed;
use crate::{Error, SessionCodec, SessionInfo};

const INDEX: &str = "nuages_session_user";
/// How many sessions are read at once that the index does not know.
const BATCH: u64 = 500;

/// The sessions that the index does not know, as far as keys tell: only theirs are read, of the others the indexes.
static UNKNOWN: Prepared = Prepared::new(|| {
    let index = |name| Expr::column(INDEX, name);
    let session = |name| Expr::column(TABLE, name);
    let of_key = index("session_key").eq(session("session_key"));
    sessions(Select::from(TABLE))
        .join(Join::left(INDEX, INDEX, of_key))
        .filter(session("session_key").gt(Expr::Slot))
        .filter(index("session_key").is_null())
        .order_by(Order::asc(session("session_key")))
        .limit(BATCH)
        .into()
});

/// The anonymous sessions that have been saved since they were looked at.
static CHANGED: Prepared = Prepared::new(|| {
    let index = |name| Expr::column(INDEX, name);
    let session = |name| Expr::column(TABLE, name);
    let of_key = session("session_key").eq(index("session_key"));
    sessions(Select::from(INDEX))
        .join(Join::inner(TABLE, TABLE, of_key))
        .filter(index("session_key").gt(Expr::Slot))
        .filter(index("user_key").eq(Expr::value("")))
        .filter(index("expire_date").ne(session("expire_date")))
        .order_by(Order::asc(index("session_key")))
        .limit(BATCH)
        .into()
});

fn sessions(select: Select) -> Select {
    let columns = ["session_key", "session_data", "expire_date"];
    columns
        .into_iter()
        .fold(select, |select, name| select.column(TABLE, name))
}

static OF_USER: Prepared = Prepared::new(|| {
    let index = |name| Expr::column(INDEX, name);
    let session = |name| Expr::column(TABLE, name);
    sessions(Select::from(INDEX))
        .join(Join::inner(
            TABLE,
            TABLE,
            session("session_key").eq(index("session_key")),
        ))
        .filter(index("user_key").eq(Expr::Slot))
        .filter(session("expire_date").gt(Expr::Slot))
        .into()
});

/// Only while the session is still the one that was read: a login that came meanwhile has noted its user.
static LEARN: Prepared = Prepared::new(|| {
    let session = |name| Expr::column(TABLE, name);
    let select = Select::from(TABLE)
        .column(TABLE, "session_key")
        .expr(Expr::Slot)
        .column(TABLE, "expire_date")
        .filter(session("session_key").eq(Expr::Slot))
        .filter(session("session_data").eq(Expr::Slot));
    noting().select(select).into()
});

static NOTE: Prepared = Prepared::new(|| noting().row([Expr::Slot, Expr::Slot, Expr::Slot]).into());

static FORGET: Prepared = Prepared::new(|| {
    Delete::from(INDEX)
        .filter(Expr::column(INDEX, "session_key").eq(Expr::Slot))
        .into()
});

/// Entries whose session is gone.
static SWEEP: Prepared = Prepared::new(|| {
    let session = Select::from(TABLE)
        .column(TABLE, "session_key")
        .filter(Expr::column(TABLE, "session_key").eq(Expr::column(INDEX, "session_key")));
    Delete::from(INDEX).filter(Expr::not_exists(session)).into()
});

fn noting() -> Insert {
    let columns = ["session_key", "user_key", "expire_date"];
    let update = ["user_key", "expire_date"];
    Insert::into(INDEX).columns(columns).on_conflict_update(
        ["session_key"],
        update.map(|name| (name.into(), Expr::Excluded(name.into()))),
    )
}

/// The index of one database.
///
/// It is never believed alone: what it names is read, and what it does not know is read and learned.
/// So it may be behind (Django writes sessions past it), and an entry that could not be written costs time only.
/// Of a user's session the entry holds as long as the session: no login leaves another user in it under the same key.
/// That of an anonymous one holds until the session is saved again, which moves its end.
#[derive(Debug, Clone)]
pub(super) struct UserIndex {
    db: Db,
}

impl UserIndex {
    pub(super) fn new(db: Db) -> Self {
        Self { db }
    }

    /// A session belongs to a user from now on.
    pub(super) async fn note(&self, key: &str, user: &str, expires: Timestamp) {
        let values = [key.into(), user.into(), expires.into()];
        complain(self.db.execute(NOTE.bind(&values)).await);
    }

    /// A session is gone.
    pub(super) async fn forget(&self, key: &str) {
        let values = [Value::from(key)];
        complain(self.db.execute(FORGET.bind(&values)).await);
    }

    /// Forgets all sessions that are gone.
    pub(super) async fn sweep(&self) {
        complain(self.db.execute(SWEEP.bind(&[])).await);
    }

    /// Shows the sessions of a user, and learns whose the unknown ones are.
    pub(super) async fn each(
        &self,
        codec: &SessionCodec,
        user: &str,
        now: Timestamp,
        look: &mut (dyn FnMut(Listed) + Send),
    ) -> Result<(), Error> {
        let mut seen = HashSet::new();
        let mut show = |one: Listed| {
            let is_theirs = SessionInfo::user_of(&one.data) == Some(user);
            let lasts = one.expires.is_some_and(|end| end > now);
            if is_theirs && lasts && seen.insert(one.key.clone()) {
                look(one);
            }
            is_theirs
        };
        for missing in [&UNKNOWN, &CHANGED] {
            let mut last = String::new();
            loop {
                let values = [last.into()];
                let batch = self.db.fetch_all(missing.bind(&values)).await;
                let batch = batch.map_err(Error::store)?;
                let is_last = (batch.len() as u64) < BATCH;
                let (listed, learned) = read(codec, batch).map_err(Error::store)?;
                last = listed
                    .last()
                    .map_or_else(String::new, |one| one.key.clone());
                self.learn(learned).await?;
                for one in listed {
                    show(one);
                }
                if is_last {
                    break;
                }
            }
        }
        let values = [user.into(), now.into()];
        let known = self.db.fetch_all(OF_USER.bind(&values)).await;
        let (known, _) = read(codec, known.map_err(Error::store)?).map_err(Error::store)?;
        for one in known {
            let key = one.key.clone();
            if !show(one) {
                // Somebody has given it to another user: it is read anew when it is asked for.
                self.forget(&key).await;
            }
        }
        Ok(())
    }

    /// Notes whose these sessions are.
    async fn learn(&self, learned: Vec<[Value; 3]>) -> Result<(), Error> {
        let done = self.db.atomic(async |tx| {
            for values in &learned {
                tx.execute(LEARN.bind(values)).await?;
            }
            Ok::<(), nuages_db::Error>(())
        });
        done.await.map_err(Error::store)
    }
}

/// The sessions of these rows, and what is to be learned of each: user, key and text.
fn read(
    codec: &SessionCodec,
    rows: Vec<Row>,
) -> Result<(Vec<Listed>, Vec<[Value; 3]>), nuages_db::Error> {
    let (mut listed, mut learned) = (Vec::new(), Vec::new());
    for mut row in rows {
        let (key, text): (String, String) = (row.take(0)?, row.take(1)?);
        let data = codec.decode(&text);
        let user = SessionInfo::user_of(&data).unwrap_or_default().to_owned();
        learned.push([user.into(), key.as_str().into(), text.into()]);
        listed.push(Listed {
            key,
            data,
            expires: Some(row.take(2)?),
        });
    }
    Ok((listed, learned))
}

/// An index that is behind costs time and tells nothing wrong, so a session does not end with it.
fn complain(done: Result<u64, nuages_db::Error>) {
    if let Err(error) = done {
        tracing::warn!(target: "nuages.sessions", error = &error as &dyn std::error::Error, "the index of users' sessions cannot be written: was `migrate` run?");
    }
}
