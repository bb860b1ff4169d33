//! What the log holds: one line an event, whatever a request says.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use nuages::prelude::*;
use nuages::testing::TestSite;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// The events of this thread, each as its fields were written.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// Begins to listen, until the guard is dropped.
    pub(crate) fn listen() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::registry().with(log.clone());
        (log, tracing::subscriber::set_default(subscriber))
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, " {}={value}", field.name());
    }
}

impl<S: tracing::Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        // What other crates say about bytes that they drop is their business.
        if !metadata.target().starts_with("nuages") {
            return;
        }
        let mut text = Text(format!("{} {}", metadata.level(), metadata.target()));
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }
}

/// What would end a line, or colour it, or turn it round, for somebody who reads the log.
fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[tokio::test]
async fn l3_cve_2025_48432_no_request_writes_a_line_of_the_log() {
    let urls = Urls::new()
        .path("fails/<str:word>/", get(fails), "fails")
        .path("form/<str:word>/", post(async || "posted"), "form");
    let site = TestSite::new(Site::new().urls(urls)).await;
    let (log, _guard) = Log::listen();
    let words = [
        "%1B[1;31mNOW%0A1984%20INFO%20ok",
        "a%0D%0AERROR%20forged",
        "%E2%80%A8forged",
        "%C2%85forged",
        "%E2%80%AEdegrof",
        "%07%00%7F",
        // Not escaped by the client, which is allowed to send letters of any script.
        "\u{2028}forged",
        "\u{85}forged",
        "\u{202e}degrof",
    ];
    for word in words {
        let before = log.events().len();
        let mut client = site.client().enforce_csrf_checks();
        assert_eq!(
            client.get(&format!("/{word}/")).await.status(),
            404,
            "{word}"
        );
        assert_eq!(
            client.get(&format!("/fails/{word}/")).await.status(),
            500,
            "{word}"
        );
        assert_eq!(
            client.post(&format!("/form/{word}/")).await.status(),
            403,
            "{word}"
        );
        assert_eq!(
            client.get(&format!("/form/{word}/")).await.status(),
            405,
            "{word}"
        );
        let request = client.post(&format!("/form/{word}/"));
        let forged = request
            .header("origin", "https://evil\u{2028}.com")
            .header("referer", "\u{85}x");
        assert_eq!(forged.await.status(), 403, "{word}");
        let forged = client.get("/").header("host", format!("evil{word}.com"));
        assert_eq!(forged.await.status(), 400, "{word}");
        let events = log.events();
        assert!(
            events.len() >= before + 6,
            "{word}: {:?}",
            &events[before..]
        );
        for event in &events[before..] {
            assert!(!event.contains(is_treacherous), "{word}: {event:?}");
        }
    }
}

async fn fails(Path(word): Path<String>) -> Result<String> {
    Err(nuages::web::Error::server(format!("no {word}")))
}

#[tokio::test]
async fn l3_pair_a_path_written_as_it_is_forges_a_line() {
    let (log, _guard) = Log::listen();
    let path = "/\u{1b}[1;31mNOW\n1984 INFO ok/";
    tracing::warn!(target: "nuages.careless", "Not Found: {path}");
    assert!(log.events()[0].contains(is_treacherous));
}
