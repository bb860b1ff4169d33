//! The start page.

use nuages::prelude::*;

/// Shows the start page.
pub async fn show(page: Page) -> Result<Response> {
    page.render("home.html", context! {}).await
}
