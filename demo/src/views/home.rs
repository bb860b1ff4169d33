//! The start page.

use nuages::prelude::*;

/// Shows the start page.
///
/// # Errors
/// When the database or the template fails.
pub async fn show(page: Page) -> Result<Response> {
    page.render("home.html", context! {}).await
}
