//! The options of a form's field: `#[field(max_length = 100, label = "Name")]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Result, Token};

use crate::attr::{expression, key, unknown};

/// Options of the field, whatever its kind.
const FIELD: &[&str] = &[
    "label",
    "label_suffix",
    "help_text",
    "initial",
    "disabled",
    "show_hidden_initial",
    "validator",
];

/// Options of some kinds; the compiler says whether this kind has them.
const KIND: &[&str] = &[
    "max_length",
    "min_length",
    "strip",
    "empty_value",
    "max_value",
    "min_value",
    "step_size",
    "max_digits",
    "decimal_places",
    "allow_unicode",
    "assume_scheme",
    "input_formats",
    "allow_empty_file",
];

/// Words that name a kind.
const KINDS: &[(&str, &str)] = &[
    ("email", "EmailField"),
    ("url", "UrlField"),
    ("slug", "SlugField"),
    ("uuid", "UuidField"),
];

/// Options of the form as a whole.
pub(super) const FORM: &[&str] = &[
    "prefix",
    "auto_id",
    "label_suffix",
    "error_css_class",
    "required_css_class",
    "use_required_attribute",
    "empty_permitted",
    "clean",
];

/// What makes the kind of a field.
#[derive(Default)]
pub(super) enum Kind {
    /// The type's own.
    #[default]
    Usual,
    /// A kind of this name, without options in its constructor.
    Named(&'static str),
    /// One that offers these choices.
    Choices(TokenStream),
    /// What the expression gives.
    Given(TokenStream),
}

/// What the attributes of a field say.
#[derive(Default)]
pub(super) struct FieldOptions {
    pub(super) kind: Kind,
    pub(super) of_kind: Vec<TokenStream>,
    pub(super) of_field: Vec<TokenStream>,
    pub(super) required: Option<TokenStream>,
    pub(super) widget: Option<TokenStream>,
    pub(super) clean: Option<TokenStream>,
}

impl FieldOptions {
    /// Reads all `#[field(…)]` attributes.
    pub(super) fn read(attrs: &[Attribute]) -> Result<Self> {
        let mut out = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("field")) {
            attr.parse_nested_meta(|meta| out.read_one(&meta))?;
        }
        Ok(out)
    }

    fn read_one(&mut self, meta: &syn::meta::ParseNestedMeta<'_>) -> Result<()> {
        let key = key(meta)?;
        let has_value = meta.input.peek(Token![=]);
        let method = format_ident!("{key}", span = meta.path.span());
        let named = KINDS.iter().find(|(word, _)| *word == key);
        match key.as_str() {
            _ if named.is_some() => {
                let name = named.map_or("CharField", |(_, name)| name);
                return self.set_kind(meta, Kind::Named(name));
            }
            "kind" => {
                let kind = Kind::Given(expression(meta)?);
                return self.set_kind(meta, kind);
            }
            "choices" => {
                let kind = Kind::Choices(expression(meta)?);
                return self.set_kind(meta, kind);
            }
            "required"
            | "strip"
            | "disabled"
            | "show_hidden_initial"
            | "allow_unicode"
            | "allow_empty_file"
                if !has_value =>
            {
                self.set(&key, &method, quote!(true));
                return Ok(());
            }
            "error_messages" => {
                return meta.parse_nested_meta(|inner| {
                    let code = crate::attr::key(&inner)?;
                    let message = expression(&inner)?;
                    self.of_field.push(quote!(.error_message(#code, #message)));
                    Ok(())
                });
            }
            _ => {}
        }
        let known: Vec<&str> = FIELD
            .iter()
            .chain(KIND)
            .chain(&[
                "widget",
                "required",
                "clean",
                "kind",
                "choices",
                "error_messages",
            ])
            .copied()
            .chain(KINDS.iter().map(|(word, _)| *word))
            .collect();
        if !known.contains(&key.as_str()) {
            return Err(unknown(meta, "option of a field", &key, &known));
        }
        if !has_value {
            return Err(meta.error(format!("expected a value: `{key} = ...`")));
        }
        let value = expression(meta)?;
        self.set(&key, &method, value);
        Ok(())
    }

    fn set(&mut self, key: &str, method: &proc_macro2::Ident, value: TokenStream) {
        match key {
            "required" => self.required = Some(value),
            "clean" => self.clean = Some(value),
            "widget" => self.widget = Some(value),
            _ if FIELD.contains(&key) => self.of_field.push(quote!(.#method(#value))),
            _ => self.of_kind.push(quote!(.#method(#value))),
        }
    }

    fn set_kind(&mut self, meta: &syn::meta::ParseNestedMeta<'_>, kind: Kind) -> Result<()> {
        if !matches!(self.kind, Kind::Usual) {
            return Err(meta.error("a field has one kind: this is the second one"));
        }
        self.kind = kind;
        Ok(())
    }
}
