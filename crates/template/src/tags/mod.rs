//! The built-in tags, one file each, through the very API that other libraries use.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all compile functions have one signature"
)]

mod autoescape;
mod block;
pub(crate) mod cache;
mod comment;
mod csrf_token;
mod cycle;
mod debug;
mod extends;
mod filter;
mod firstof;
mod for_loop;
pub(crate) mod i18n;
mod if_else;
mod ifchanged;
mod include;
pub(crate) mod l10n;
mod load;
mod lorem;
mod now;
mod partial;
mod querystring;
mod regroup;
mod spaceless;
mod static_url;
mod templatetag;
pub(crate) mod tz;
mod url;
mod verbatim;
mod widthratio;
mod with;

pub(crate) use cycle::Cycle;

use crate::library::Library;

/// The tags that need no `{% load %}`.
pub(crate) fn library() -> Library {
    Library::new()
        .tag("autoescape", autoescape::compile)
        .tag("block", block::compile)
        .tag("comment", comment::compile)
        .tag("csrf_token", csrf_token::compile)
        .tag("cycle", cycle::compile)
        .tag("debug", debug::compile)
        .tag("extends", extends::compile)
        .tag("filter", filter::compile)
        .tag("firstof", firstof::compile)
        .tag("for", for_loop::compile)
        .tag("if", if_else::compile)
        .tag("ifchanged", ifchanged::compile)
        .tag("include", include::compile)
        .tag("load", load::compile)
        .tag("lorem", lorem::compile)
        .tag("now", now::compile)
        .tag("partial", partial::compile_use)
        .tag("partialdef", partial::compile_definition)
        .tag("querystring", querystring::compile)
        .tag("regroup", regroup::compile)
        .tag("resetcycle", cycle::compile_reset)
        .tag("spaceless", spaceless::compile)
        .tag("templatetag", templatetag::compile)
        .tag("url", url::compile)
        .tag("verbatim", verbatim::compile)
        .tag("widthratio", widthratio::compile)
        .tag("with", with::compile)
}

/// What `{% load static %}` loads.
pub(crate) fn static_library() -> Library {
    Library::new()
        .tag("static", static_url::compile)
        .tag("get_static_prefix", static_url::compile_static_prefix)
        .tag("get_media_prefix", static_url::compile_media_prefix)
}

/// Takes `as name` from the end of a tag's words.
fn take_target(words: &mut Vec<&str>) -> Option<crate::render::Name> {
    let [.., "as", name] = words.as_slice() else {
        return None;
    };
    let name = crate::render::Name::new(name);
    words.truncate(words.len() - 2);
    Some(name)
}
