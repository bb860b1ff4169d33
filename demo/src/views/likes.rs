//! A button that posts JSON with JavaScript; the count is kept in the visitor's session.

use nuages::prelude::*;
use serde::{Deserialize, Serialize};

/// What the button sends.
#[derive(Debug, Deserialize)]
pub struct Like {
    by: u32,
}

/// What it gets back.
#[derive(Debug, Serialize)]
pub struct Likes {
    count: u32,
}

/// Shows the button.
///
/// # Errors
/// When the database or the template fails.
pub async fn show(session: Session, page: Page) -> Result<Response> {
    let count = session.get::<u32>("likes").await?.unwrap_or_default();
    page.render("likes.html", context! { count }).await
}

/// Counts a like. CSRF protection has checked the X-CSRFToken header before we are called.
///
/// # Errors
/// When the session cannot be read.
pub async fn like(session: Session, Json(like): Json<Like>) -> Result<Json<Likes>> {
    let count = session
        .get::<u32>("likes")
        .await?
        .unwrap_or_default()
        .saturating_add(like.by.min(10));
    session.set("likes", &count).await?;
    Ok(Json(Likes { count }))
}
