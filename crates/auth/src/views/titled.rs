//! Pages that say something and ask nothing.

use std::sync::Arc;

use nuages_template::context;
use nuages_web::{Page, View, get};

/// A page of this template that sees its title.
pub(super) fn titled_page(template: String, title: &'static str) -> View {
    let template: Arc<str> = template.into();
    get(move |page: Page| {
        let template = Arc::clone(&template);
        async move { page.render(&template, context! { title }).await }
    })
}
