//! Flash messages over two requests.

use axum_core::body::Body;
use futures_util::FutureExt;
use http::header::SET_COOKIE;
use http::{Request, Response};
use nuages_crypto::{KeyRing, random_string};
use nuages_sessions::{MessageSettings, Messages, MessagesLayer, SessionLayer};
use tower_layer::Layer;
use tower_service::Service;

use crate::site::{Site, View, ok, run};

/// One request to a view that says or shows messages.
async fn visit<F, Fut>(site: &mut Site, view: F) -> Response<Body>
where
    F: FnOnce(Messages) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let sessions = SessionLayer::new(
        site.store.clone(),
        site.settings.clone(),
        site.clock.clone(),
    );
    let messages = MessagesLayer::new(
        &KeyRing::new("secret key"),
        MessageSettings::default(),
        site.settings.clone(),
        site.clock.clone(),
    );
    let service = View(move |req: &Request<Body>| {
        let messages = req.extensions().get::<Messages>().unwrap().clone();
        view.clone()(messages).map(|()| ok()).boxed()
    });
    let mut stack = sessions.layer(messages.layer(service));
    let res = stack.call(site.request()).await.unwrap();
    site.keep(&res);
    res
}

async fn texts(messages: &Messages) -> Vec<String> {
    let taken = messages.take().await.unwrap();
    taken.iter().map(ToString::to_string).collect()
}

#[test]
fn a_message_is_shown_once() {
    run(async {
        let mut site = Site::new();
        visit(&mut site, async |messages| {
            messages.success("Saved.");
            messages.debug("dropped");
            messages.info("");
        })
        .await;
        assert!(site.jar.contains_key("messages"));
        visit(&mut site, async |_| ()).await;
        visit(&mut site, async |messages| {
            assert_eq!(texts(&messages).await, ["Saved."]);
        })
        .await;
        assert!(!site.jar.contains_key("messages"));
        visit(&mut site, async |messages| {
            assert!(texts(&messages).await.is_empty());
        })
        .await;
        assert!(site.store.is_empty());
    });
}

#[test]
fn a_message_said_and_shown_at_once_is_not_kept() {
    run(async {
        let mut site = Site::new();
        let res = visit(&mut site, async |messages| {
            messages.error("No.");
            assert_eq!(texts(&messages).await, ["No."]);
        })
        .await;
        assert!(res.headers().get(SET_COOKIE).is_none());
    });
}

#[test]
fn what_does_not_fit_into_the_cookie_waits_in_the_session() {
    run(async {
        let mut site = Site::new();
        let said: Vec<String> = (0..9).map(|_| random_string(400)).collect();
        let copy = said.clone();
        visit(&mut site, async move |messages| {
            for text in copy {
                messages.info(text);
            }
        })
        .await;
        assert_eq!(site.store.len(), 1);
        visit(&mut site, async move |messages| {
            assert_eq!(texts(&messages).await, said);
        })
        .await;
        visit(&mut site, async |messages| {
            assert!(texts(&messages).await.is_empty());
        })
        .await;
    });
}
