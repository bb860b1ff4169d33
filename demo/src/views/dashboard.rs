//! A user's own notes. The route says `.login_required()`, so there is always a user here.

use nuages::prelude::*;

use crate::forms::NewNote;
use crate::models::Note;

/// Shows the notes and the form for the next one.
///
/// # Errors
/// When the database or the template fails.
pub async fn show(user: CurrentUser, db: Db, page: Page) -> Result<Response> {
    render(&user, &db, &page, NewNote::unbound()).await
}

/// Adds a note.
///
/// # Errors
/// When the database or the template fails.
pub async fn add(
    user: CurrentUser,
    db: Db,
    page: Page,
    messages: Messages,
    data: FormData,
) -> Result<Response> {
    match NewNote::bound(&data).clean() {
        Ok(new) => {
            Note {
                author: (&*user).into(),
                text: new.text,
                ..Note::blank()
            }
            .save(&db)
            .await?;
            messages.success("The note is kept.");
            page.redirect("dashboard")
        }
        Err(form) => render(&user, &db, &page, form).await,
    }
}

async fn render(
    user: &CurrentUser,
    db: &Db,
    page: &Page,
    form: BoundForm<NewNote>,
) -> Result<Response> {
    let notes = Note::objects()
        .filter(|note| note.author().eq(&**user))
        .all(db)
        .await?;
    page.render("dashboard.html", context! { form, notes })
        .await
}
