//! The built-in filters, one file for each family.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "all filters have one signature, whatever they need of it"
)]

mod align;
mod case;
mod dates;
mod escaping;
mod filesizeformat;
mod floatformat;
mod json;
mod linebreaks;
mod lists;
mod logic;
mod numbers;
mod pprint;
mod slugify;
mod sort;
mod stringformat;
mod striptags;
mod truncate;
mod unordered_list;
mod url;
mod urlize;
mod words;

use crate::library::{Filter, Library};

/// The filters that need no `{% load %}`.
pub(crate) fn library() -> Library {
    Library::new()
        .filter(Filter::new("add", numbers::add).required())
        .filter(
            Filter::new("addslashes", escaping::addslashes)
                .text()
                .is_safe(),
        )
        .filter(Filter::new("capfirst", case::capfirst).text().is_safe())
        .filter(
            Filter::new("center", align::center)
                .required()
                .text()
                .is_safe(),
        )
        .filter(Filter::new("cut", words::cut).required().text())
        .filter(Filter::new("date", dates::date).optional().local_time())
        .filter(Filter::new("default", logic::default).required())
        .filter(Filter::new("default_if_none", logic::default_if_none).required())
        .filter(Filter::new("dictsort", sort::dictsort).required())
        .filter(Filter::new("dictsortreversed", sort::dictsortreversed).required())
        .filter(Filter::new("divisibleby", numbers::divisibleby).required())
        .filter(Filter::new("escape", escaping::escape).text().is_safe())
        .filter(Filter::new("escapejs", escaping::escapejs).text())
        .filter(Filter::new("escapeseq", escaping::escapeseq).is_safe())
        .filter(Filter::new("filesizeformat", filesizeformat::filesizeformat).is_safe())
        .filter(Filter::new("first", lists::first))
        .filter(
            Filter::new("floatformat", floatformat::floatformat)
                .optional()
                .is_safe(),
        )
        .filter(
            Filter::new("force_escape", escaping::force_escape)
                .text()
                .is_safe(),
        )
        .filter(Filter::new("get_digit", numbers::get_digit).required())
        .filter(Filter::new("iriencode", url::iriencode).text().is_safe())
        .filter(Filter::new("join", lists::join).required().is_safe())
        .filter(
            Filter::new("json_script", json::json_script)
                .optional()
                .is_safe(),
        )
        .filter(Filter::new("last", lists::last).is_safe())
        .filter(Filter::new("length", lists::length))
        .filter(
            Filter::new("linebreaks", linebreaks::linebreaks)
                .text()
                .is_safe(),
        )
        .filter(
            Filter::new("linebreaksbr", linebreaks::linebreaksbr)
                .text()
                .is_safe(),
        )
        .filter(
            Filter::new("linenumbers", linebreaks::linenumbers)
                .text()
                .is_safe(),
        )
        .filter(
            Filter::new("ljust", align::ljust)
                .required()
                .text()
                .is_safe(),
        )
        .filter(Filter::new("lower", case::lower).text().is_safe())
        .filter(Filter::new("make_list", lists::make_list).text())
        .filter(Filter::new("phone2numeric", words::phone2numeric).is_safe())
        .filter(Filter::new("pluralize", logic::pluralize).optional())
        .filter(Filter::new("pprint", pprint::pprint).is_safe())
        .filter(Filter::new("random", lists::random).is_safe())
        .filter(
            Filter::new("rjust", align::rjust)
                .required()
                .text()
                .is_safe(),
        )
        .filter(Filter::new("safe", escaping::safe).text().is_safe())
        .filter(Filter::new("safeseq", escaping::safeseq).is_safe())
        .filter(Filter::new("slice", lists::slice).required().is_safe())
        .filter(Filter::new("slugify", slugify::slugify).text().is_safe())
        .filter(
            Filter::new("stringformat", stringformat::stringformat)
                .required()
                .is_safe(),
        )
        .filter(
            Filter::new("striptags", striptags::striptags)
                .text()
                .is_safe(),
        )
        .filter(Filter::new("time", dates::time).optional().local_time())
        .filter(Filter::new("timesince", dates::timesince).optional())
        .filter(Filter::new("timeuntil", dates::timeuntil).optional())
        .filter(Filter::new("title", case::title).text().is_safe())
        .filter(
            Filter::new("truncatechars", truncate::truncatechars)
                .required()
                .text()
                .is_safe(),
        )
        .filter(
            Filter::new("truncatechars_html", truncate::truncatechars_html)
                .required()
                .text()
                .is_safe(),
        )
        .filter(
            Filter::new("truncatewords", truncate::truncatewords)
                .required()
                .text()
                .is_safe(),
        )
        .filter(
            Filter::new("truncatewords_html", truncate::truncatewords_html)
                .required()
                .text()
                .is_safe(),
        )
        .filter(Filter::new("unordered_list", unordered_list::unordered_list).is_safe())
        .filter(Filter::new("upper", case::upper).text())
        .filter(Filter::new("urlencode", url::urlencode).optional().text())
        .filter(Filter::new("urlize", urlize::urlize).text().is_safe())
        .filter(
            Filter::new("urlizetrunc", urlize::urlizetrunc)
                .required()
                .text()
                .is_safe(),
        )
        .filter(Filter::new("wordcount", words::wordcount).text())
        .filter(
            Filter::new("wordwrap", words::wordwrap)
                .required()
                .text()
                .is_safe(),
        )
        .filter(Filter::new("yesno", logic::yesno).optional())
}

#[cfg(test)]
pub(crate) mod testing {
    //! One way to check a filter: a template with the variable `v`.

    use crate::{Context, Engine, NoServices, Value};

    /// Renders `{{ v|filters }}`.
    pub(crate) fn render<'v>(filters: &str, value: impl Into<Value<'v>>) -> String {
        let page = Engine::default()
            .from_str(&format!("{{{{ v|{filters} }}}}"))
            .unwrap();
        page.render(&Context::new().with("v", value), &NoServices)
            .unwrap()
    }
}
