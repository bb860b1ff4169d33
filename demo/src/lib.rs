//! A small site to copy from: one file a page in `views/`, one template each in `templates/`.
//!
//! Read on in this order: [`urls`] (what there is), [`views`] (what it does), [`models`] and [`migrations`]
//! (what it keeps), [`forms`] (what it asks for).

pub mod forms;
pub mod migrations;
pub mod models;
pub mod urls;
pub mod views;

use nuages::prelude::*;

/// The whole site: users, our own app, and the URLs.
pub fn site() -> Site {
    Site::new()
        .install(nuages::auth::app())
        .install(notes())
        .urls(urls::urls())
}

/// Our own app: what it keeps and how the tables come to be.
pub fn notes() -> App {
    App::new("notes")
        .models([models::Note::meta(), models::Enquiry::meta()])
        .migrations(migrations::all())
}
