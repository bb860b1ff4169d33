//! The query log.

use nuages_db::{Db, Error};

use crate::scratch::{insert, memory, teas};

#[tokio::test]
async fn a_log_counts_the_queries_of_its_handle_only() {
    let db = memory().await;
    let (noted, log) = db.with_log();
    let (inner, inner_log) = noted.with_log();
    noted
        .atomic(async |tx: Db| {
            tx.execute(insert("s3cret")).await?;
            teas(&tx).await;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    teas(&db).await;
    teas(&inner).await;
    assert_eq!((log.len(), inner_log.len()), (3, 1));
    assert_eq!(log.queries()[0].sql, "INSERT INTO tea (name) VALUES (?)");
    assert!(!format!("{log:?}").contains("s3cret"));
    log.clear();
    assert!(log.is_empty());
}
