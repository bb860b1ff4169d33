//! Redirects and names of downloads.

use nuages_web::{Redirect, Urls, content_disposition};
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
        let wanted = &record["expected"]["header"];
        if wanted.as_str().is_some_and(|text| text.contains('\n')) && name.ends_with('\n') {
            return Outcome::Excepted(
                "a name that ends with a line end is escaped: Django leaves it as it is, for the header to refuse",
            );
        }
        compare(&json!(header), wanted)
    });
}

#[test]
fn redirects_are_those_of_django() {
    replay("http.jsonl", &["redirect_shortcut"], |record| {
        let inputs = &record["inputs"];
        let expected = &record["expected"];
        let Some(to) = inputs["to"].as_str() else {
            // A number or the like, which the types do not let through.
            return compare(&json!(true), &json!(expected.get("error").is_some()));
        };
        let table = Urls::new().freeze().unwrap();
        let to = match table.resolve_url(to, &[], &[]) {
            Ok(url) => url,
            Err(error) => return compare(&json!(error.message()), &expected["error"]["message"]),
        };
        let to = to.as_str();
        let is_set = |name: &str| {
            let mut kwargs = inputs["kwargs"].as_array().into_iter().flatten();
            kwargs.any(|pair| pair[0] == name && pair[1] == json!(true))
        };
        let response = match (is_set("preserve_request"), is_set("permanent")) {
            (true, permanent) => Redirect::preserving(to, permanent),
            (false, true) => Redirect::permanent(to),
            (false, false) => Redirect::to(to),
        };
        match response {
            Err(error) => compare(&json!(error.message()), &expected["error"]["message"]),
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
