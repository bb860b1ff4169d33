//! All or nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nuages_db::{Db, DbSettings, Error, ErrorKind};
use nuages_sql::RawSql;

use crate::scratch::{Folder, insert, memory, teas, with_tables};

#[tokio::test]
async fn a_failure_undoes_all_of_it() {
    let db = memory().await;
    let result: Result<(), Error> = db
        .atomic(async |tx: Db| {
            tx.execute(insert("a")).await?;
            assert_eq!(teas(&tx).await, 1);
            tx.execute(insert("a")).await?;
            Ok(())
        })
        .await;
    assert!(result.unwrap_err().is_unique_violation());
    assert_eq!(teas(&db).await, 0);
}

#[tokio::test]
async fn an_inner_failure_undoes_the_inner_part() {
    let db = memory().await;
    db.atomic(async |tx: Db| {
        tx.execute(insert("outer")).await?;
        let inner: Result<(), Error> = tx
            .atomic(async |tx: Db| {
                tx.execute(insert("inner")).await?;
                tx.atomic(async |tx: Db| tx.execute(insert("innermost")).await)
                    .await?;
                tx.execute(insert("outer")).await?;
                Ok(())
            })
            .await;
        assert!(inner.is_err());
        assert_eq!(teas(&tx).await, 1);
        tx.atomic(async |tx: Db| tx.execute(insert("again")).await)
            .await
    })
    .await
    .unwrap();
    assert_eq!(teas(&db).await, 2);
}

#[tokio::test]
async fn others_do_not_see_what_is_not_committed() {
    let folder = Folder::new();
    let db = with_tables(&folder.settings()).await;
    let open = db.begin().await.unwrap();
    open.db().execute(insert("a")).await.unwrap();
    assert_eq!((teas(open.db()).await, teas(&db).await), (1, 0));
    open.commit().await.unwrap();
    assert_eq!(teas(&db).await, 1);
}

#[tokio::test]
async fn a_dropped_future_is_rolled_back() {
    let folder = Folder::new();
    for settings in [DbSettings::default(), folder.settings()] {
        let db = with_tables(&settings).await;
        let endless = db.atomic(async |tx: Db| {
            tx.execute(insert("a")).await?;
            let inner = tx.begin().await?;
            inner.db().execute(insert("b")).await?;
            std::future::pending::<()>().await;
            Ok::<_, Error>(())
        });
        assert!(
            tokio::time::timeout(Duration::from_millis(10), endless)
                .await
                .is_err()
        );
        assert_eq!(teas(&db).await, 0);
        // The connection is free and clean.
        db.atomic(async |tx: Db| tx.execute(insert("c")).await)
            .await
            .unwrap();
        assert_eq!(teas(&db).await, 1);
    }
}

#[tokio::test]
async fn a_panic_is_rolled_back() {
    let db = memory().await;
    let task = tokio::spawn({
        let db = db.clone();
        async move {
            db.atomic(async |tx: Db| {
                tx.execute(insert("a")).await?;
                assert!(teas(&tx).await > 1, "on purpose");
                Ok::<_, Error>(())
            })
            .await
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(teas(&db).await, 0);
}

#[tokio::test]
async fn a_handle_that_outlives_its_transaction_is_refused() {
    let db = memory().await;
    let kept = db.atomic(async |tx: Db| Ok::<_, Error>(tx)).await.unwrap();
    let error = kept.execute(insert("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transaction);
    assert_eq!(teas(&db).await, 0);
}

#[tokio::test]
async fn a_broken_foreign_key_fails_at_the_commit_and_undoes_all() {
    let db = memory().await;
    let result = db
        .atomic(async |tx: Db| {
            tx.execute(insert("a")).await?;
            tx.execute(RawSql::new("INSERT INTO cup (tea_id) VALUES (99)"))
                .await
        })
        .await;
    assert!(result.unwrap_err().is_foreign_key_violation());
    assert_eq!(teas(&db).await, 0);
    // It may be broken for a while.
    db.atomic(async |tx: Db| {
        tx.execute(RawSql::new("INSERT INTO cup (tea_id) VALUES (7)"))
            .await?;
        tx.execute(RawSql::new("INSERT INTO tea (id, name) VALUES (7, 'late')"))
            .await
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn tables_change_with_foreign_keys_checked_at_the_end() {
    let db = memory().await;
    db.execute(insert("a")).await.unwrap();
    db.execute(RawSql::new("INSERT INTO cup (tea_id) VALUES (1)"))
        .await
        .unwrap();
    db.schema_atomic(async |tx: Db| {
        tx.execute(RawSql::new(
            "CREATE TABLE new__tea (id integer NOT NULL PRIMARY KEY, name text)",
        ))
        .await?;
        tx.execute(RawSql::new("INSERT INTO new__tea SELECT id, name FROM tea"))
            .await?;
        tx.execute(RawSql::new("DROP TABLE tea")).await?;
        tx.execute(RawSql::new("ALTER TABLE new__tea RENAME TO tea"))
            .await
    })
    .await
    .unwrap();
    let result = db
        .schema_atomic(async |tx: Db| tx.execute(RawSql::new("DELETE FROM tea")).await)
        .await;
    assert!(result.unwrap_err().is_foreign_key_violation());
    assert_eq!(teas(&db).await, 1);
    // Afterwards, they are enforced again.
    let delete = db.execute(RawSql::new("DELETE FROM tea")).await;
    assert!(delete.unwrap_err().is_foreign_key_violation());
    let nested = db
        .atomic(async |tx: Db| tx.schema_atomic(async |_| Ok::<_, Error>(())).await)
        .await;
    assert_eq!(nested.unwrap_err().kind(), ErrorKind::Transaction);
}

#[tokio::test]
async fn the_outer_handle_within_a_transaction_gives_a_hint_instead_of_waiting_for_ever() {
    let settings = DbSettings {
        timeout: Duration::from_millis(30),
        ..DbSettings::default()
    };
    let db = with_tables(&settings).await;
    let error = db
        .atomic(async |_| db.execute(insert("a")).await)
        .await
        .unwrap_err();
    assert!(error.is_busy());
    assert!(
        error.to_string().contains("use the handle that it gives"),
        "{error}"
    );
}

type Callback = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

fn counter() -> (Arc<AtomicU32>, impl Fn(u32) -> Callback) {
    let sum = Arc::new(AtomicU32::new(0));
    let add = Arc::clone(&sum);
    let callback = move |amount: u32| -> Callback {
        let add = Arc::clone(&add);
        Box::pin(async move {
            add.fetch_add(amount, Ordering::SeqCst);
        })
    };
    (sum, callback)
}

#[tokio::test]
async fn callbacks_run_after_the_outermost_commit() {
    let db = memory().await;
    let (sum, callback) = counter();
    db.atomic(async |tx: Db| {
        tx.on_commit(callback(1)).await;
        tx.atomic(async |tx: Db| {
            tx.on_commit(callback(10)).await;
            // It may use the database again.
            let db = db.clone();
            tx.on_commit(async move {
                db.execute(insert("afterwards")).await.unwrap();
            })
            .await;
            Ok::<_, Error>(())
        })
        .await?;
        assert_eq!(sum.load(Ordering::SeqCst), 0);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(sum.load(Ordering::SeqCst), 11);
    assert_eq!(teas(&db).await, 1);
    db.on_commit(callback(100)).await;
    assert_eq!(sum.load(Ordering::SeqCst), 111);
}

#[tokio::test]
async fn callbacks_are_forgotten_with_what_they_belong_to() {
    let db = memory().await;
    let (sum, callback) = counter();
    db.atomic(async |tx: Db| {
        tx.on_commit(callback(1)).await;
        let inner: Result<(), Error> = tx
            .atomic(async |tx: Db| {
                tx.on_commit(callback(10)).await;
                tx.execute(RawSql::new("nonsense")).await?;
                Ok(())
            })
            .await;
        assert!(inner.is_err());
        let dropped = tx.begin().await?;
        dropped.db().on_commit(callback(100)).await;
        drop(dropped);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(sum.load(Ordering::SeqCst), 1);
    let failed: Result<(), Error> = db
        .atomic(async |tx: Db| {
            tx.on_commit(callback(1000)).await;
            Err(tx.execute(RawSql::new("nonsense")).await.unwrap_err())
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(sum.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_test_runs_callbacks_without_a_commit() {
    let db = memory().await;
    let (sum, callback) = counter();
    let test = db.begin().await.unwrap();
    test.db()
        .atomic(async |tx: Db| {
            tx.on_commit(callback(1)).await;
            tx.execute(insert("a")).await
        })
        .await
        .unwrap();
    assert_eq!(test.run_on_commit().await, 1);
    assert_eq!(sum.load(Ordering::SeqCst), 1);
    test.rollback().await.unwrap();
    assert_eq!(teas(&db).await, 0);
}

#[tokio::test]
async fn savepoints_that_cross_undo_the_whole() {
    let db = memory().await;
    let result: Result<(), Error> = db
        .atomic(async |tx: Db| {
            let first = tx.begin().await?;
            let second = tx.begin().await?;
            tx.execute(insert("a")).await?;
            let crossed = first.commit().await;
            assert_eq!(crossed.unwrap_err().kind(), ErrorKind::Transaction);
            drop(second);
            Ok(())
        })
        .await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Transaction);
    assert_eq!(teas(&db).await, 0);
}

#[tokio::test]
async fn an_interrupted_write_ends_the_transaction_and_nothing_after_it_is_kept() {
    let settings = DbSettings {
        statement_timeout: Some(Duration::from_millis(20)),
        ..DbSettings::default()
    };
    let db = with_tables(&settings).await;
    let result = db
        .atomic(async |tx: Db| {
            tx.execute(insert("before")).await?;
            let endless = RawSql::new(
                "INSERT INTO tea (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                 SELECT 'tea ' || i FROM n",
            );
            assert!(tx.execute(endless).await.unwrap_err().is_timeout());
            // Handled, as if nothing were lost: the transaction must not commit the rest.
            tx.execute(insert("after")).await
        })
        .await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Transaction);
    assert_eq!(teas(&db).await, 0);
}
