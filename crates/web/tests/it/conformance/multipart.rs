//! Posted forms.

use std::io::BufRead;

use axum::body::Body;
use axum::extract::FromRequestParts;
use http::Request;
use http_body_util::BodyExt;
use nuages_web::{GetData, PostData, RawBody, RequestInfo, WebSettings};
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
        // A form names its encoding in its content type.
        let content_type = match inputs["encoding"].as_str() {
            Some(encoding) => format!(
                "{}; charset={encoding}",
                inputs["content_type"].as_str().unwrap()
            ),
            None => inputs["content_type"].as_str().unwrap().to_owned(),
        };
        let essence = content_type.split(';').next().unwrap_or("");
        if essence.trim_end() != "multipart/form-data" {
            return Outcome::Skipped("not a form");
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

/// A request of a record; `None` when no server would let it through.
fn request_of(inputs: &Value, encoding: Option<&str>) -> Option<Request<Body>> {
    let mut body = bytes_of(&inputs["body_b64"]);
    let target = match inputs["query_string"].as_str() {
        Some(query) => format!("/?{query}"),
        None => "/".to_owned(),
    };
    let mut request = Request::builder()
        .method(inputs["method"].as_str().unwrap_or("POST"))
        .uri(target);
    if let Some(content_type) = inputs["content_type"].as_str() {
        let content_type = match encoding {
            Some(encoding) => format!("{content_type}; charset={encoding}"),
            None => content_type.to_owned(),
        };
        request = request.header("content-type", content_type);
    }
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
    request.body(Body::from(body)).ok()
}

/// What a view finds that asks for this first.
async fn first(action: &Value, request: Request<Body>, record: &Value) -> Option<Value> {
    let settings = settings(record);
    let failed = |error: nuages_web::Error| json!({"error": error.message(), "status": error.status().as_u16()});
    let (word, argument) = match action {
        Value::Array(words) => (words[0].as_str().unwrap(), words.get(1)),
        word => (word.as_str().unwrap(), None),
    };
    let info = RequestInfo::new(&request_parts(&request));
    Some(match word {
        "POST" => match PostData::read(request, &settings).await {
            Ok(post) => lists(&post),
            Err(error) => failed(error),
        },
        "FILES" => match PostData::read(request, &settings).await {
            Ok(post) => files(&post).await,
            Err(error) => failed(error),
        },
        "body" => match RawBody::read(request, &settings).await {
            Ok(body) => json!(body.to_vec()),
            Err(error) => failed(error),
        },
        // The bytes of a body are a reader that knows lines.
        "readline" | "lines" => match RawBody::read(request, &settings).await {
            Ok(body) => {
                let mut rest: &[u8] = &body;
                let mut lines = Vec::new();
                while !rest.is_empty() {
                    let mut line = Vec::new();
                    rest.read_until(b'\n', &mut line).unwrap();
                    lines.push(line);
                }
                match word {
                    "lines" => json!(lines),
                    _ => json!(lines.first().cloned().unwrap_or_default()),
                }
            }
            Err(error) => failed(error),
        },
        // A stream of any length, of which a view takes what it wants.
        "read" => {
            let bytes = request.into_body().collect().await.unwrap().to_bytes();
            let length = argument
                .and_then(Value::as_u64)
                .map_or(bytes.len(), |length| {
                    usize::try_from(length).unwrap().min(bytes.len())
                });
            json!(bytes[..length].to_vec())
        }
        "GET" => {
            let mut parts = request_parts(&request);
            let site = crate::site::site(&[], nuages_web::Urls::new()).with_settings(settings);
            parts.extensions.insert(std::sync::Arc::new(site));
            match GetData::from_request_parts(&mut parts, &()).await {
                Ok(data) => {
                    let lists = data.lists();
                    lists.map(|(name, values)| json!([name, values])).collect()
                }
                Err(error) => failed(error),
            }
        }
        "content" => {
            let content_type = info.content_type();
            json!([content_type.value, content_type.params])
        }
        "encoding" => json!(info.encoding()),
        _ => return None,
    })
}

fn request_parts(request: &Request<Body>) -> http::request::Parts {
    let mut parts = Request::new(()).into_parts().0;
    parts.method = request.method().clone();
    parts.uri = request.uri().clone();
    parts.headers = request.headers().clone();
    parts
}

fn wanted(action: &Value, step: &Value) -> Value {
    if let Some(error) = step.get("error").filter(|error| !error.is_null()) {
        return json!({"error": error["message"], "status": error["status"]});
    }
    match action.as_str().or(action[0].as_str()) {
        Some("FILES") => comparable(&step["value"]),
        Some("lines") => {
            let lines = step["value"].as_array().unwrap().iter();
            lines
                .map(|line| json!(bytes_of(&line["bytes_b64"])))
                .collect()
        }
        Some("body" | "read" | "readline") => json!(bytes_of(&step["value"]["bytes_b64"])),
        _ => step["value"].clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_read_as_by_django() {
    replay("multipart.jsonl", &["request_post"], |record| {
        let inputs = &record["inputs"];
        let steps = record["expected"]["steps"].as_array().unwrap();
        let mut encoding = None;
        let mut is_taken = false;
        for (action, step) in inputs["actions"].as_array().unwrap().iter().zip(steps) {
            if action[0] == "set_encoding" {
                encoding = action[1].as_str();
                continue;
            }
            let Some(request) = request_of(inputs, encoding) else {
                return Outcome::Skipped("a request that no server lets through");
            };
            let found = tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(first(action, request, record))
            });
            let Some(found) = found else {
                return Outcome::Skipped(
                    "there are no upload handlers: settings say where a file goes",
                );
            };
            let expected = wanted(action, step);
            if found != expected {
                let numeric = |length: &Value| {
                    length.is_number()
                        || length
                            .as_str()
                            .is_some_and(|text| text.trim().parse::<u64>().is_ok())
                };
                if inputs
                    .get("content_length")
                    .is_some_and(|length| !numeric(length))
                {
                    return Outcome::Skipped("a length that no server lets through");
                }
                if is_taken {
                    return Outcome::Skipped("a body is taken once: the types hold to that");
                }
                return Outcome::Differs(format!("{action}: found {found}, expected {expected}"));
            }
            is_taken |= !matches!(action.as_str(), Some("GET" | "content" | "encoding"));
        }
        Outcome::Same
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_files_are_those_of_django() {
    replay("multipart.jsonl", &["sanitize_file_name"], |record| {
        let Some(name) = record["inputs"]["name"].as_str() else {
            return Outcome::Skipped("lone surrogates");
        };
        // Bytes that could be syntax are written with a percent sign.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let encoded: String = name
            .bytes()
            .map(|byte| {
                if is_plain(byte) {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
        let body = format!(
            "--B\r\nContent-Disposition: form-data; name=\"f\"; filename*=utf-8''{encoded}\r\n\r\nx\r\n--B--\r\n"
        );
        let request = Request::post("/")
            .header("content-type", "multipart/form-data; boundary=B")
            .header("content-length", body.len())
            .body(Body::from(body))
            .unwrap();
        let settings = WebSettings::default();
        let read = PostData::read(request, &settings);
        let post = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(read));
        let Ok(post) = post else {
            return Outcome::Skipped("a name longer than the head of a part may be");
        };
        let found = json!(post.file("f").map(|file| file.name().to_owned()));
        let expected = &record["expected"];
        let wanted = if expected["sanitized"].is_null() {
            &Value::Null
        } else {
            &expected["file_name"]
        };
        compare(&found, wanted)
    });
}
