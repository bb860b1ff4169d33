//! A form, and a flash message when it was sent.

use nuages::prelude::*;

use crate::forms::Contact;
use crate::models::Enquiry;

/// Shows the empty form.
///
/// # Errors
/// When the database or the template fails.
pub async fn show(page: Page) -> Result<Response> {
    let form = Contact::unbound();
    page.render("contact.html", context! { form }).await
}

/// Keeps the message and says so, or shows what is wrong.
///
/// # Errors
/// When the database or the template fails.
pub async fn submit(db: Db, page: Page, messages: Messages, data: FormData) -> Result<Response> {
    match Contact::bound(&data).clean() {
        Ok(Contact {
            name,
            email,
            message,
        }) => {
            let thanks = format!("Thank you, {name}. We have your message.");
            Enquiry {
                name,
                email,
                message,
                ..Enquiry::blank()
            }
            .save(&db)
            .await?;
            messages.success(thanks);
            page.redirect("contact")
        }
        Err(form) => page.render("contact.html", context! { form }).await,
    }
}
