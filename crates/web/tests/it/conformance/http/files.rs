//! Downloads, and what their names say.

use axum::response::IntoResponse;
use http::{HeaderName, HeaderValue};
use nuages_web::{FileResponse, StreamResponse, guess_content_type};
use serde_json::{Value, json};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::{body_of, expected_headers, found_headers, wait};
use crate::conformance::{bytes_of, compare, replay};

#[test]
fn names_tell_the_types_that_they_tell_django() {
    replay("http.jsonl", &["mime_guess"], |record| {
        let name = record["inputs"]["name"].as_str().unwrap();
        compare(
            &json!(guess_content_type(name)),
            &record["expected"]["content_type"],
        )
    });
}

/// The record's file, standing where the record has it stand.
async fn file_of(inputs: &Value) -> FileResponse {
    let content = match inputs.get("body_b64") {
        Some(body) => bytes_of(body),
        None => b"data".to_vec(),
    };
    let name = inputs["file_name"].as_str().unwrap_or("");
    let Some(position) = inputs["seek"].as_u64() else {
        return FileResponse::of_bytes(name, content);
    };
    let place = std::env::temp_dir().join(format!("nuages-{}-{position}", std::process::id()));
    let open = tokio::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&place)
        .await;
    let mut file = open.unwrap();
    tokio::fs::remove_file(&place).await.unwrap();
    file.write_all(&content).await.unwrap();
    file.flush().await.unwrap();
    file.seek(std::io::SeekFrom::Start(position)).await.unwrap();
    FileResponse::of_file(file, name).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn downloads_are_those_of_django() {
    replay("http.jsonl", &["file_response"], |record| {
        let inputs = &record["inputs"];
        let expected = &record["expected"];
        wait(async {
            let response = if inputs["iterator"] == json!(true) {
                let pieces = ["a", "b"].map(Ok::<_, std::io::Error>);
                StreamResponse::new(futures_util::stream::iter(pieces)).into_response()
            } else {
                let mut file = file_of(inputs).await;
                let name = inputs["filename"].as_str().unwrap_or("");
                file = if inputs["as_attachment"] == json!(true) {
                    file.attachment(name)
                } else {
                    file.named(name)
                };
                if let Some(content_type) = inputs["content_type"].as_str() {
                    file = file.content_type(content_type);
                }
                for pair in inputs["headers"].as_array().into_iter().flatten() {
                    file = file.header(
                        HeaderName::try_from(pair[0].as_str().unwrap()).unwrap(),
                        HeaderValue::try_from(pair[1].as_str().unwrap()).unwrap(),
                    );
                }
                let mut response = file.into_response();
                // Ours says this even without the layer that says it everywhere.
                assert_eq!(
                    response
                        .headers_mut()
                        .remove("x-content-type-options")
                        .unwrap(),
                    "nosniff"
                );
                response
            };
            let found_headers = found_headers(response.headers());
            let body = body_of(response).await;
            let mut wanted_headers = expected_headers(&expected["headers"]);
            for pair in wanted_headers.as_array_mut().unwrap() {
                // Django counts back from behind the end of a file; no length is less than none.
                if pair[0] == "content-length" && pair[1].as_str().unwrap().starts_with('-') {
                    pair[1] = json!("0");
                }
            }
            compare(
                &json!([found_headers, body]),
                &json!([wanted_headers, bytes_of(&expected["body_b64"])]),
            )
        })
    });
}
