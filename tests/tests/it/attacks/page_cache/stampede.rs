//! K8: many who miss a page at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use nuages::prelude::*;
use nuages::testing::TestSite;
use nuages::web::page_cache::CachePage;

use super::target::AGE;

const SLOW: Duration = Duration::from_secs(1);

async fn site(how: CachePage, sets_cookie: bool) -> (TestSite, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let count = runs.clone();
    let slow = move || {
        count.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(SLOW).await;
            let mut res: Response = Response::new("slow".into());
            if sets_cookie {
                res.headers_mut()
                    .insert("set-cookie", "a=b".parse().unwrap());
            }
            res
        }
    };
    let urls = Urls::new().path("", get(slow).cache_page(how), "slow");
    (TestSite::new(Site::new().urls(urls)).await, runs)
}

async fn all_at_once(site: &TestSite, visitors: usize) {
    let visits = (0..visitors).map(|_| async {
        let answer = site.client().get("/").await;
        assert_eq!(answer.text(), "slow");
    });
    join_all(visits).await;
}

#[tokio::test]
async fn k8_of_two_hundred_who_miss_a_page_one_works_it_out() {
    let (site, runs) = site(AGE.into(), false).await;
    all_at_once(&site, 200).await;
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn k8_pair_without_the_lock_all_of_them_do() {
    let (site, runs) = site(CachePage::new(AGE).without_lock(), false).await;
    all_at_once(&site, 200).await;
    assert!(runs.load(Ordering::SeqCst) > 100);
}

#[tokio::test]
async fn k8_legit_a_page_that_cannot_be_kept_is_not_made_one_by_one() {
    let (site, runs) = site(AGE.into(), true).await;
    let begin = Instant::now();
    all_at_once(&site, 50).await;
    assert_eq!(runs.load(Ordering::SeqCst), 50);
    // The first, and then all others at the same time.
    assert!(begin.elapsed() < 5 * SLOW, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn k8_who_goes_away_while_others_wait_leaves_the_turn_to_one_of_them() {
    let (site, runs) = site(AGE.into(), false).await;
    let first = async {
        let mut browser = site.client();
        let visit = std::pin::pin!(async { browser.get("/").await });
        tokio::time::timeout(SLOW / 4, visit).await.unwrap_err();
    };
    let others = async {
        tokio::time::sleep(SLOW / 10).await;
        all_at_once(&site, 50).await;
    };
    futures_util::future::join(first, others).await;
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}
