//! Multipart forms: the way in which the body is cut into pieces makes no difference.
#![no_main]

use std::cell::RefCell;
use std::convert::Infallible;

use axum::body::Body;
use futures_util::stream;
use http::Request;
use libfuzzer_sys::fuzz_target;
use nuages_web::{PostData, WebSettings};
use tokio::runtime::{Builder, Runtime};

thread_local! {
    static RUNTIME: RefCell<Option<Runtime>> = RefCell::new(Builder::new_current_thread().build().ok());
}

/// Fields and files, as text.
fn read(runtime: &Runtime, body: Body) -> Result<String, http::StatusCode> {
    let request = Request::post("/")
        .header("content-type", "multipart/form-data; boundary=X")
        .body(body);
    let settings = WebSettings::default();
    runtime.block_on(async {
        let data = PostData::read(request.unwrap(), &settings)
            .await
            .map_err(|error| error.status())?;
        let mut text = String::new();
        for (name, value) in data.pairs() {
            text.push_str(&format!("{name:?}={value:?};"));
        }
        for (name, file) in data.files() {
            assert!(!file.name().contains(['/', '\\', '\0']));
            let bytes = file.read().await.unwrap();
            text.push_str(&format!("{name:?}={:?} {bytes:?};", file.name()));
        }
        Ok(text)
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((cut, body)) = data.split_first() else {
        return;
    };
    RUNTIME.with_borrow(|runtime| {
        let Some(runtime) = runtime else { return };
        let whole = read(runtime, Body::from(body.to_vec()));
        let pieces: Vec<_> = body
            .chunks(usize::from(*cut).max(1))
            .map(|piece| Ok::<_, Infallible>(piece.to_vec()))
            .collect();
        assert_eq!(
            whole,
            read(runtime, Body::from_stream(stream::iter(pieces)))
        );
    });
});
