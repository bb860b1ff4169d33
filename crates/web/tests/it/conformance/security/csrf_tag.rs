//! `{% csrf_token %}` and `{{ csrf_token }}` on pages.

use axum::body::Body;
use http::Request;
use nuages_security::csrf::{CsrfLayer, CsrfSecret, CsrfSettings};
use nuages_template::{Context, Engine, MemoryLoader, Value as TemplateValue};
use nuages_web::{Dispatch, Page, ResolveLayer, SharedService, SiteContext, Urls, get};
use serde_json::{Value, json};
use std::sync::Arc;
use tower_layer::Layer;

use super::{replay, text};
use crate::conformance::http::{body_of, wait};
use crate::conformance::{Outcome, compare};
use crate::site::send;

/// A page of this template, whose view gives it these values.
fn service(template: &str, values: &Value, has_layer: bool) -> SharedService {
    let loader = MemoryLoader::new([("page.html".to_owned(), template.to_owned())]);
    let engine = Engine::builder().loader(loader).build();
    let values = values.clone();
    let show = move |page: Page| {
        let values = values.clone();
        async move {
            let mut context = Context::new();
            for (name, value) in values.as_object().into_iter().flatten() {
                context.set(name.clone(), TemplateValue::from(text(value).to_owned()));
            }
            page.render("page.html", context).await
        }
    };
    let urls = Urls::new().path("", get(show), None).freeze().unwrap();
    let site = Arc::new(SiteContext::new(engine, urls));
    let mut service = SharedService::new(Dispatch::new(Arc::clone(&site)));
    if has_layer {
        let layer = CsrfLayer::new(&CsrfSettings::default());
        service = SharedService::new(layer.layer(service));
    }
    SharedService::new(ResolveLayer::new(site).layer(service))
}

/// The text with its one token of 64 characters replaced, and the secret of that token.
fn unmasked(html: &str, token: &str) -> Option<(String, String)> {
    let mut words = html.split(|c: char| !c.is_ascii_alphanumeric());
    let found = words.find(|word| word.len() == 64)?;
    let secret = CsrfSecret::parse(found).ok()?;
    Some((html.replacen(found, token, 1), secret.as_str().to_owned()))
}

fn check(record: &Value) -> Outcome {
    let (inputs, expected) = (&record["inputs"], &record["expected"]);
    if expected["error"]["type"] == "TypeError" {
        return Outcome::Excepted("a text that happens to be NOTPROVIDED is a text");
    }
    let by_request = inputs["context"] == "request";
    let service = service(text(&inputs["template"]), &inputs["context"], by_request);
    let mut request = Request::get("/").header("host", "testserver");
    if let Some(secret) = inputs["secret"].as_str() {
        request = request.header("cookie", format!("csrftoken={secret}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let html = wait(async { body_of(send(&service, request).await).await });
    let html = String::from_utf8(html).unwrap();
    let theirs = text(&expected["html"]);
    if !by_request {
        return compare(&json!(html), &json!(theirs));
    }
    // Nobody chooses our mask: the token is the same when it was made of the same secret.
    let mask = CsrfSecret::parse(text(&inputs["mask"])).unwrap();
    let secret = CsrfSecret::parse(text(&inputs["secret"])).unwrap();
    match unmasked(&html, &secret.mask_with(&mask)) {
        Some((html, found)) => compare(
            &json!([html, found]),
            &json!([theirs, text(&inputs["secret"])]),
        ),
        None => Outcome::Differs(format!("no token in {html}")),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tag_writes_the_field_as_in_django() {
    replay("csrf.jsonl", "csrf_template_tag", check);
}
