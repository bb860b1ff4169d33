//! Many tasks at once.

use nuages_db::{Db, DbSettings, Error};
use nuages_sql::RawSql;

use crate::scratch::{Folder, insert, teas, with_tables};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_share_one_database() {
    let folder = Folder::new();
    for settings in [DbSettings::default(), folder.settings()] {
        let db = with_tables(&settings).await;
        let tasks: Vec<_> = (0..20)
            .map(|task| {
                let db = db.clone();
                tokio::spawn(async move {
                    for round in 0..10 {
                        let name = format!("{task} {round}");
                        // A write, a read of it within the transaction, and one outside.
                        db.atomic(async |tx: Db| {
                            let before = teas(&tx).await;
                            tx.execute(insert(&name)).await?;
                            tokio::task::yield_now().await;
                            assert_eq!(teas(&tx).await, before + 1);
                            Ok::<_, Error>(())
                        })
                        .await?;
                        let find = RawSql::new("SELECT id FROM tea WHERE name = ?").bind(name);
                        assert!(db.fetch_optional(find).await?.is_some());
                    }
                    Ok::<_, Error>(())
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(teas(&db).await, 200);
    }
}
