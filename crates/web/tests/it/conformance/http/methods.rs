//! Which methods a view answers.

use http::Method;
use nuages_web::{View, any};
use serde_json::{Value, json};

use super::{body_of, request, site_of, wait};
use crate::conformance::{Outcome, compare, replay};
use crate::site::send;

/// The methods of Django's view classes.
const DEFAULT: [&str; 8] = [
    "get", "post", "put", "patch", "delete", "head", "options", "trace",
];

fn check(record: &Value, view: View) -> Outcome {
    let expected = &record["expected"];
    let request = request(record).unwrap();
    let is_head = request.method() == Method::HEAD;
    let (found, mut wanted) = wait(async {
        let response = send(&site_of(view, record), request).await;
        let text = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let mut found = json!({"status": response.status().as_u16(), "allow": text("allow")});
        if let Some(length) = expected.get("content_length")
            && !length.is_null()
        {
            found["content_length"] = json!(text("content-length"));
        }
        if !is_head {
            found["body"] = json!(String::from_utf8(body_of(response).await).unwrap());
        }
        (found, expected.clone())
    });
    let wanted_fields = wanted.as_object_mut().unwrap();
    if wanted_fields.get("content_length") == Some(&Value::Null) {
        wanted_fields.remove("content_length");
    }
    if is_head {
        // Django leaves it to its server to send no body.
        wanted_fields.remove("body");
    }
    compare(&found, &wanted)
}

fn method(name: &str) -> Method {
    name.to_ascii_uppercase().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn views_answer_the_methods_that_django_answers() {
    replay("http.jsonl", &["view_methods"], |record| {
        let inputs = &record["inputs"];
        let texts = |list: &Value| -> Option<Vec<String>> {
            let list = list.as_array()?.iter();
            Some(list.map(|name| name.as_str().unwrap().to_owned()).collect())
        };
        let names = texts(&inputs["http_method_names"]);
        let names = names.unwrap_or_else(|| DEFAULT.map(str::to_owned).to_vec());
        let handlers = texts(&inputs["handlers"]).unwrap();
        let view = View::default().http_method_names(names.iter().map(|name| method(name)));
        let view = handlers.into_iter().fold(view, |view, name| {
            let verb = method(&name);
            view.on(verb, move || std::future::ready(name.clone()))
        });
        check(record, view)
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn other_methods_are_refused_as_by_django() {
    replay("http.jsonl", &["require_methods"], |record| {
        let view = any(async || "ok");
        let view = match &record["inputs"]["decorator"] {
            Value::String(name) => match name.as_str() {
                "require_GET" => view.require_http_methods(["GET"]),
                "require_POST" => view.require_http_methods(["POST"]),
                "require_safe" => view.require_http_methods(["GET", "HEAD"]),
                other => panic!("{other}"),
            },
            names => {
                let names = names.as_array().unwrap().iter();
                view.require_http_methods(names.map(|name| name.as_str().unwrap()))
            }
        };
        check(record, view)
    });
}
