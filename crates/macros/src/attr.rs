//! What the derives' attributes have in common: helpful errors and values of any shape.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{LitStr, Result, Token};

/// The key of one entry: `max_length` in `#[field(max_length = 200)]`.
pub(crate) fn key(meta: &ParseNestedMeta<'_>) -> Result<String> {
    meta.path
        .get_ident()
        .map(|name| name.unraw().to_string())
        .ok_or_else(|| meta.error("expected one of the attribute's own words"))
}

/// An error that names the nearest word that would have been right.
pub(crate) fn unknown(
    meta: &ParseNestedMeta<'_>,
    what: &str,
    given: &str,
    known: &[&str],
) -> syn::Error {
    meta.error(unknown_text(what, given, known))
}

/// The words of [`unknown`].
pub(crate) fn unknown_text(what: &str, given: &str, known: &[&str]) -> String {
    match nearest(given, known) {
        Some(guess) => format!("unknown {what} `{given}`: did you mean `{guess}`?"),
        None => format!(
            "unknown {what} `{given}`: expected one of {}",
            known.join(", ")
        ),
    }
}

/// A flag: `unique`, or `unique = true`, as Django writes it.
pub(crate) fn flag(meta: &ParseNestedMeta<'_>) -> Result<bool> {
    if meta.input.peek(Token![=]) {
        return Ok(meta.value()?.parse::<syn::LitBool>()?.value);
    }
    Ok(true)
}

/// A text: `app = "blog"`.
pub(crate) fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    meta.value()?.parse()
}

/// Any expression, up to the next comma, as it stands.
pub(crate) fn expression(meta: &ParseNestedMeta<'_>) -> Result<TokenStream> {
    let input = meta.value()?;
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    if tokens.is_empty() {
        return Err(input.error("expected an expression"));
    }
    Ok(tokens)
}

/// Names in parentheses: `(author, title)`.
pub(crate) fn names(meta: &ParseNestedMeta<'_>) -> Result<Vec<Ident>> {
    list(meta, Ident::parse_any)
}

/// Anything in parentheses, between commas.
pub(crate) fn list<T>(
    meta: &ParseNestedMeta<'_>,
    one: fn(ParseStream<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let inner;
    syn::parenthesized!(inner in meta.input);
    let items = Punctuated::<T, Token![,]>::parse_terminated_with(&inner, one)?;
    Ok(items.into_iter().collect())
}

/// The first error, with the others behind it, so that a struct shows all of them at once.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds one.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            none => *none = Some(error),
        }
    }

    /// Adds one at a place.
    pub(crate) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Fails if there was any.
    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// The known word that is at most two letters in five away.
pub(crate) fn nearest<'k>(given: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|word| (distance(given, word), *word))
        .filter(|(steps, word)| *steps <= word.len().max(given.len()) * 2 / 5)
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, word)| word)
}

/// How many letters have to be changed, added or removed.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{nearest, unknown_text};

    const KNOWN: &[&str] = &["max_length", "unique", "db_index"];

    #[test]
    fn a_typing_mistake_finds_its_word() {
        assert_eq!(nearest("max_lenght", KNOWN), Some("max_length"));
        assert_eq!(nearest("uniqe", KNOWN), Some("unique"));
        assert_eq!(nearest("colour", KNOWN), None);
    }

    #[test]
    fn an_unknown_word_lists_the_known_ones() {
        assert_eq!(
            unknown_text("option", "colour", KNOWN),
            "unknown option `colour`: expected one of max_length, unique, db_index",
        );
    }
}
