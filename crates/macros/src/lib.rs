//! Derives that turn structs into models, forms and template values; they emit data and hold no logic.
//!
//! What a derive writes is a table of facts (a static `ModelMeta`) and one-line calls into
//! `nuages_orm`, so that the generated code is small, and reads like code written by hand.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
#![forbid(unsafe_code)]

mod attr;
mod form;
mod home;
mod model;
mod value;

use proc_macro::TokenStream;

/// Turns a struct into a model. `nuages_orm` describes it and its attributes.
#[proc_macro_derive(Model, attributes(model, field))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    model::expand(input.into(), &home::of("orm"))
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Turns a struct into a form. `nuages_forms` describes it and its attributes.
#[proc_macro_derive(Form, attributes(form, field))]
pub fn derive_form(input: TokenStream) -> TokenStream {
    form::expand(input.into(), &home::of("forms"))
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Turns a struct into something that a template can show. `nuages_template` describes it and its attributes.
#[proc_macro_derive(ToValue, attributes(template))]
pub fn derive_to_value(input: TokenStream) -> TokenStream {
    value::expand(input.into(), &home::of("template"))
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
