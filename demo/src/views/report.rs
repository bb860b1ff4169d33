//! A page for those with the permission `notes.view_report`.

use nuages::prelude::*;

use crate::models::Note;

/// Shows the latest notes of everybody: one query for the notes and their authors, one for the count.
///
/// # Errors
/// When the database or the template fails.
pub async fn show(db: Db, page: Page) -> Result<Response> {
    let notes = Note::objects()
        .select_related(|note| note.author())
        .limit(50)
        .all(&db)
        .await?;
    let total = Note::objects().count(&db).await?;
    page.render("report.html", context! { notes, total }).await
}
