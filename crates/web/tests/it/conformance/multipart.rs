//! Posted forms.

use axum::body::Body;
use http::Request;
use nuages_web::{PostData, WebSettings};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Outcome, bytes_of, compare, replay};

fn settings(record: &Value) -> WebSettings {
    let number = |name: &str, default: usize| match record["settings"].get(name) {
        None => default,
        Some(Value::Null) => usize::MAX,
        Some(value) => usize::try_from(value.as_u64().unwrap()).unwrap(),
    };
    let default = WebSettings::default();
    WebSettings {
        data_upload_max_memory_size: number(
            "DATA_UPLOAD_MAX_MEMORY_SIZE",
            default.data_upload_max_memory_size,
        ),
        data_upload_max_number_fields: number(
            "DATA_UPLOAD_MAX_NUMBER_FIELDS",
            default.data_upload_max_number_fields,
        ),
        data_upload_max_number_files: number(
            "DATA_UPLOAD_MAX_NUMBER_FILES",
            default.data_upload_max_number_files,
        ),
        file_upload_max_memory_size: number(
            "FILE_UPLOAD_MAX_MEMORY_SIZE",
            default.file_upload_max_memory_size,
        ),
        ..default
    }
}

fn lists(post: &PostData) -> Value {
    post.fields()
        .lists()
        .map(|(name, values)| json!([name, values]))
        .collect()
}

async fn files(post: &PostData) -> Value {
    let mut lists: Vec<(String, Vec<Value>)> = Vec::new();
    for (field, file) in post.files() {
        let digest = Sha256::digest(file.read().await.unwrap());
        let digest: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let params: Vec<(&str, &str)> = file.content_type_params().collect();
        let charset = params
            .iter()
            .find(|(name, _)| *name == "charset")
            .map(|(_, value)| *value);
        let described = json!({
            "name": file.name(), "size": file.size(), "content_type": file.content_type(),
            "charset": charset, "sha256": digest.concat(), "in_memory": file.bytes().is_some(),
        });
        match lists.iter_mut().find(|(name, _)| name == field) {
            Some((_, list)) => list.push(described),
            None => lists.push((field.to_owned(), vec![described])),
        }
    }
    json!(lists)
}

/// What Django says of a file that we say too.
fn comparable(files: &Value) -> Value {
    let mut files = files.clone();
    for list in files.as_array_mut().into_iter().flatten() {
        for file in list[1].as_array_mut().into_iter().flatten() {
            if let Some(file) = file.as_object_mut() {
                file.remove("content_type_extra");
                if file["charset"].get("bytes_b64").is_some() {
                    let bytes = bytes_of(&file["charset"]["bytes_b64"]);
                    file.insert("charset".into(), json!(String::from_utf8_lossy(&bytes)));
                }
            }
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_are_read_as_by_django() {
    replay("multipart.jsonl", &["multipart"], |record| {
        let inputs = &record["inputs"];
        let expected = &record["expected"];
        if !matches!(inputs["encoding"].as_str(), None | Some("utf-8")) {
            return Outcome::Skipped("another encoding than UTF-8");
        }
        let content_type = inputs["content_type"].as_str().unwrap();
        let essence = content_type.split(';').next().unwrap_or("");
        if essence.trim_end() != "multipart/form-data" {
            return Outcome::Skipped("not a form");
        }
        if !content_type.is_ascii() {
            return Outcome::Skipped("a header that is not ASCII");
        }
        let mut body = bytes_of(&inputs["body_b64"]);
        let mut request = Request::post("/").header("content-type", content_type);
        match inputs.get("content_length") {
            None => request = request.header("content-length", body.len()),
            Some(length) => {
                let text = length
                    .as_str()
                    .map_or_else(|| length.to_string(), str::to_owned);
                body.truncate(text.trim().parse().unwrap_or(0));
                request = request.header("content-length", text);
            }
        }
        let Ok(request) = request.body(Body::from(body)) else {
            return Outcome::Skipped("a header that no server lets through");
        };
        let settings = settings(record);
        let read = async {
            match PostData::read(request, &settings).await {
                Ok(post) => {
                    json!({"error": null, "post": lists(&post), "files": files(&post).await})
                }
                Err(error) => json!({"error": error.message(), "status": error.status().as_u16()}),
            }
        };
        // The reader waits for files only, which the blocking pool of the runtime writes.
        let found =
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(read));
        let expected = if expected["error"].is_null() {
            json!({"error": null, "post": expected["post"], "files": comparable(&expected["files"])})
        } else {
            json!({"error": expected["error"]["message"], "status": expected["error"]["status"]})
        };
        compare(&found, &expected)
    });
}
