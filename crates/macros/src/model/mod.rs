//! `derive(Model)`: a struct becomes a table of facts, typed paths to its columns, and one-line calls.

mod emit;
mod field;
mod input;
mod options;
mod template;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use syn::Result;

/// The derive's work: parse, then write what was found.
pub(crate) fn expand(input: TokenStream, home: &TokenStream) -> Result<TokenStream> {
    let model = input::Model::parse(syn::parse2(input)?)?;
    Ok(emit::model(&model, home))
}
