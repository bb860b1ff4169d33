//! The library `humanize`: numbers and days as people say them, in the language of the page.
//!
//! `apnumber`, `intcomma`, `intword`, `naturalday`, `naturaltime`, `ordinal`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str(
//!     "{% load humanize %}{{ n|intcomma }}, {{ n|intword }}, {{ 3|apnumber }}, {{ 22|ordinal }}",
//! )?;
//! assert_eq!(page.render(&context! { n: 1_200_000 }, &NoServices)?, "1,200,000, 1.2 million, three, 22nd");
//! # Ok::<(), nuages_template::Error>(())
//! ```
//!
//! # Django
//! `django.contrib.humanize`, which has to be installed there.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "all filters have one signature, whatever they need of it"
)]

mod moments;
mod numbers;

use crate::library::{Filter, Library};

/// What `{% load humanize %}` brings.
pub(crate) fn library() -> Library {
    Library::new()
        .filter(Filter::new("apnumber", numbers::apnumber).is_safe())
        .filter(
            Filter::new("intcomma", numbers::intcomma)
                .optional()
                .is_safe(),
        )
        .filter(Filter::new("intword", numbers::intword))
        .filter(
            Filter::new("naturalday", moments::naturalday)
                .optional()
                .local_time(),
        )
        .filter(Filter::new("naturaltime", moments::naturaltime))
        .filter(Filter::new("ordinal", numbers::ordinal).is_safe())
}
