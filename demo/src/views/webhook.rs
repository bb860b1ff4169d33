//! A webhook: exempt from CSRF protection, because the sender is a machine without cookies.

use nuages::prelude::*;
use serde::{Deserialize, Serialize};

/// What the payment service sends.
#[derive(Debug, Deserialize)]
pub struct Event {
    kind: String,
}

/// What it gets back.
#[derive(Debug, Serialize)]
pub struct Received {
    received: String,
}

/// Takes note of an event. A real one checks the sender's signature over the body first.
pub async fn payment(Json(event): Json<Event>) -> Json<Received> {
    Json(Received {
        received: event.kind,
    })
}
