//! `derive(ToValue)`: a struct becomes something that a template can show, field by field and without a copy.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Field, Fields, Generics, Result, parse_quote};

use crate::attr::{Errors, flag, key, names, text, unknown};

/// The implementations, or what is wrong with the struct. `home` is the path of the template room.
pub(crate) fn expand(input: TokenStream, home: &TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(input)?;
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new(
            input.ident.span(),
            "only a struct has fields to show: implement `ToValue` by hand for an enum",
        ));
    };
    let options = Options::read(&input)?;
    let generics = bounded(&input.generics, home);
    let (before, arguments, conditions) = generics.split_for_impl();
    let name = &input.ident;
    let named = match &data.fields {
        Fields::Named(fields) => &fields.named,
        // A wrapper shows what it wraps.
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            return Ok(quote! {
                #[automatically_derived]
                impl #before #home::ToValue for #name #arguments #conditions {
                    fn to_value(&self) -> #home::Value<'_> {
                        #home::ToValue::to_value(&self.0)
                    }
                }
            });
        }
        _ => {
            return Err(syn::Error::new(
                input.ident.span(),
                "templates ask for fields by name: `struct Row { id: i64 }`",
            ));
        }
    };
    let mut errors = Errors::default();
    let mut arms = Vec::new();
    for field in named {
        match arm(field, home) {
            Ok(arm) => arms.push(arm),
            Err(error) => errors.push(error),
        }
    }
    errors.finish()?;
    let methods = options.methods.iter().map(|method| {
        let text = method.unraw().to_string();
        quote!(#text => #home::Value::from(self.#method()),)
    });
    let display = options.display.then(|| {
        quote! {
            fn display(&self, out: &mut dyn ::core::fmt::Write) -> ::core::fmt::Result {
                ::core::write!(out, "{self}")
            }
        }
    });
    Ok(quote! {
        #[automatically_derived]
        impl #before #home::Object for #name #arguments #conditions {
            fn attr(&self, name: &str) -> ::core::option::Option<#home::Value<'_>> {
                ::core::option::Option::Some(match name {
                    #(#arms)*
                    #(#methods)*
                    _ => return ::core::option::Option::None,
                })
            }
            #display
        }

        #[automatically_derived]
        impl #before #home::ToValue for #name #arguments #conditions {
            fn to_value(&self) -> #home::Value<'_> {
                #home::Value::Object(self)
            }
        }
    })
}

/// What `#[template(…)]` on the struct says.
#[derive(Default)]
struct Options {
    /// It prints itself with `Display`.
    display: bool,
    /// Methods without arguments that templates may ask for, too.
    methods: Vec<Ident>,
}

impl Options {
    fn read(input: &DeriveInput) -> Result<Self> {
        let mut options = Self::default();
        for attribute in &input.attrs {
            if !attribute.path().is_ident("template") {
                continue;
            }
            attribute.parse_nested_meta(|meta| {
                let key = key(&meta)?;
                match key.as_str() {
                    "display" => options.display = flag(&meta)?,
                    "methods" => options.methods = names(&meta)?,
                    _ => return Err(unknown(&meta, "option", &key, &["display", "methods"])),
                }
                Ok(())
            })?;
        }
        Ok(options)
    }
}

/// One line of the `match`; nothing for a field that templates must not see.
fn arm(field: &Field, home: &TokenStream) -> Result<Option<TokenStream>> {
    let Some(ident) = &field.ident else {
        return Ok(None);
    };
    let mut label = ident.unraw().to_string();
    let mut skipped = false;
    for attribute in &field.attrs {
        if !attribute.path().is_ident("template") {
            continue;
        }
        attribute.parse_nested_meta(|meta| {
            let key = key(&meta)?;
            match key.as_str() {
                "name" => label = text(&meta)?.value(),
                "skip" => skipped = flag(&meta)?,
                _ => return Err(unknown(&meta, "option", &key, &["name", "skip"])),
            }
            Ok(())
        })?;
    }
    Ok((!skipped).then(|| quote!(#label => #home::ToValue::to_value(&self.#ident),)))
}

/// The generics, with every type parameter something that a template can show.
fn bounded(generics: &Generics, home: &TokenStream) -> Generics {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(parse_quote!(#home::ToValue));
        parameter.bounds.push(parse_quote!(::core::marker::Send));
        parameter.bounds.push(parse_quote!(::core::marker::Sync));
    }
    generics
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: TokenStream) -> String {
        match expand(input, &quote!(t)) {
            Ok(tokens) => tokens.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn fields_are_found_by_name_and_skipped_ones_are_not() {
        let made = check(quote! {
            struct Row<T> { id: i64, #[template(name = "kind")] r#type: T, #[template(skip)] secret: String }
        });
        assert!(made.contains("\"id\" => t :: ToValue :: to_value (& self . id)"));
        assert!(made.contains("\"kind\" => t :: ToValue :: to_value (& self . r#type)"));
        assert!(!made.contains("secret"), "{made}");
        assert!(made.contains("T : t :: ToValue"), "{made}");
    }

    #[test]
    fn what_cannot_be_shown_says_why() {
        assert!(
            check(quote!(
                enum A {
                    B,
                }
            ))
            .contains("implement `ToValue` by hand")
        );
        assert!(
            check(quote!(
                struct A(i64, i64);
            ))
            .contains("by name")
        );
        assert!(
            check(quote!(
                struct A {
                    #[template(skipp)]
                    b: i64,
                }
            ))
            .contains("did you mean `skip`?")
        );
    }
}
