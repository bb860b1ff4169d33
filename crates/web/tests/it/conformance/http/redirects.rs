//! Redirects and names of downloads.

use nuages_web::{Redirect, content_disposition};
use serde_json::{Value, json};

use crate::conformance::{Outcome, compare, replay};

#[test]
fn downloads_are_named_as_by_django() {
    replay("http.jsonl", &["content_disposition"], |record| {
        let inputs = &record["inputs"];
        let Some(name) = inputs["filename"].as_str() else {
            return Outcome::Skipped("lone surrogates");
        };
        let header = content_disposition(inputs["as_attachment"] == json!(true), name);
        let header = header.map(|value| value.to_str().unwrap().to_owned());
        compare(&json!(header), &record["expected"]["header"])
    });
}

#[test]
fn redirects_are_those_of_django() {
    replay("http.jsonl", &["redirect_shortcut"], |record| {
        let inputs = &record["inputs"];
        let to = inputs["to"].as_str().unwrap_or("");
        if !to.contains(['/', '.']) {
            return Outcome::Skipped("a name: `redirect` takes URLs, `page.redirect` names");
        }
        let is_set = |name: &str| {
            let mut kwargs = inputs["kwargs"].as_array().into_iter().flatten();
            kwargs.any(|pair| pair[0] == name && pair[1] == json!(true))
        };
        let response = match (is_set("preserve_request"), is_set("permanent")) {
            (true, permanent) => Redirect::preserving(to, permanent),
            (false, true) => Redirect::permanent(to),
            (false, false) => Redirect::to(to),
        };
        let expected = &record["expected"];
        match response {
            Err(_) if expected.get("error").is_some() => Outcome::Same,
            Err(error) => Outcome::Differs(error.to_string()),
            Ok(response) => {
                let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
                let found: Value = json!({
                    "status": response.status().as_u16(),
                    "headers": [["Content-Type", header("content-type")], ["Location", header("location")]],
                });
                compare(
                    &found,
                    &json!({"status": expected["status"], "headers": expected["headers"]}),
                )
            }
        }
    });
}
