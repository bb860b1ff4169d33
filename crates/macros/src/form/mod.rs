//! `derive(Form)`: a struct becomes a form that cleans to it.

mod options;
mod types;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, Result};

use crate::attr::{Errors, expression};
use options::{FieldOptions, Kind};

/// The implementations, or what is wrong with the struct. `home` is the path of the forms room.
pub(crate) fn expand(input: TokenStream, home: &TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(input)?;
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new(
            input.ident.span(),
            "a form is a struct: its fields are the fields of the form",
        ));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(syn::Error::new(
            input.ident.span(),
            "a form has named fields: `struct Contact { email: String }`",
        ));
    };
    if let Some(parameter) = input.generics.params.first() {
        return Err(syn::Error::new(
            parameter.span(),
            "a form has no type parameters: its fields are made once",
        ));
    }
    let mut errors = Errors::default();
    let mut fields = Vec::new();
    let mut values = Vec::new();
    for field in &named.named {
        let Some(ident) = &field.ident else {
            continue;
        };
        let name = ident.unraw().to_string();
        match FieldOptions::read(&field.attrs) {
            Ok(options) => fields.push(field_call(&name, &field.ty, &options, home)),
            Err(error) => errors.push(error),
        }
        values.push(quote!(#ident: data.value(#name).ok_or(#name)?));
    }
    let form_options = form_options(&input, &mut errors);
    errors.finish()?;
    let (name, visibility) = (&input.ident, &input.vis);
    Ok(quote! {
        #[automatically_derived]
        impl #home::TypedForm for #name {
            fn form() -> #home::Form {
                static FORM: ::std::sync::LazyLock<#home::Form> = ::std::sync::LazyLock::new(|| {
                    #home::__private::finish::<#name>(
                        #home::Form::new() #(#fields)* #form_options
                    )
                });
                ::std::clone::Clone::clone(&*FORM)
            }

            fn from_cleaned(
                data: &#home::CleanedData,
            ) -> ::std::result::Result<Self, &'static str> {
                ::std::result::Result::Ok(Self { #(#values),* })
            }
        }

        #[automatically_derived]
        impl #name {
            /// The form without data.
            #[allow(dead_code)]
            #visibility fn unbound() -> #home::BoundForm<Self> {
                #home::BoundForm::unbound()
            }

            /// The form filled with what was submitted.
            #[allow(dead_code)]
            #visibility fn bound(data: &#home::FormData) -> #home::BoundForm<Self> {
                #home::BoundForm::unbound().bind(data)
            }

            /// Several of the form in one page.
            #[allow(dead_code)]
            #visibility fn formset() -> #home::FormSet<Self> {
                #home::FormSet::of()
            }
        }
    })
}

/// `.field("name", …)`, and `.clean_field("name", …)` where the field has a function for it.
fn field_call(
    name: &str,
    ty: &syn::Type,
    options: &FieldOptions,
    home: &TokenStream,
) -> TokenStream {
    let kind = match &options.kind {
        Kind::Usual => {
            quote_spanned!(ty.span()=> <<#ty as #home::FormValue>::Kind as ::std::default::Default>::default())
        }
        Kind::Named(named) => {
            let named = Ident::new(named, ty.span());
            quote!(#home::#named::new())
        }
        Kind::Choices(choices) => match types::choice(ty) {
            types::Choice::Text => quote!(#home::ChoiceField::new(#choices)),
            types::Choice::Several => quote!(#home::MultipleChoiceField::new(#choices)),
            types::Choice::Typed(inner) => quote!(#home::TypedChoiceField::of::<#inner>(#choices)),
            types::Choice::SeveralTyped(inner) => {
                quote!(#home::TypedMultipleChoiceField::of::<#inner>(#choices))
            }
        },
        // The names of our kinds need no import.
        Kind::Given(kind) => quote!({
            #[allow(unused_imports)]
            use #home::fields::*;
            #kind
        }),
    };
    let widget = options.widget.as_ref().map(|widget| {
        quote!(.widget({
            #[allow(unused_imports)]
            use #home::widgets::*;
            #widget
        }))
    });
    let kind_options = &options.of_kind;
    let field_options = &options.of_field;
    let required = options.required.clone().unwrap_or_else(|| {
        if types::is_optional(ty) {
            quote!(false)
        } else {
            quote!(true)
        }
    });
    let clean = options.clean.as_ref().map(|clean| {
        quote! {
            .clean_field(#name, |_, value| #home::__private::clean_with::<#ty, _>(value, #clean))
        }
    });
    quote! {
        .field(
            #name,
            #home::Field::new(#home::__private::cleaning_to::<#ty, _>(#kind #(#kind_options)*))
                .required(#required)
                #(#field_options)*
                #widget
        )
        #clean
    }
}

/// The options of the form as a whole: `#[form(prefix = "a", clean = Contact::check)]`.
fn form_options(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let mut calls = TokenStream::new();
    for attr in input
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("form"))
    {
        let read = attr.parse_nested_meta(|meta| {
            let key = crate::attr::key(&meta)?;
            if !options::FORM.contains(&key.as_str()) {
                return Err(crate::attr::unknown(
                    &meta,
                    "option of a form",
                    &key,
                    options::FORM,
                ));
            }
            let method = format_ident!("{key}", span = meta.path.span());
            let value = expression(&meta)?;
            calls.extend(quote!(.#method(#value)));
            Ok(())
        });
        if let Err(error) = read {
            errors.push(error);
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: TokenStream, expect: &str) {
        let found = match expand(input, &quote!(::nuages_forms)) {
            Ok(tokens) => tokens.to_string(),
            Err(error) => error.to_string(),
        };
        assert!(found.contains(expect), "{found}");
    }

    #[test]
    fn mistakes_are_explained() {
        check(
            quote!(
                enum A {}
            ),
            "a form is a struct",
        );
        check(
            quote!(
                struct A(String);
            ),
            "a form has named fields",
        );
        check(
            quote!(
                struct A<T> {
                    a: T,
                }
            ),
            "no type parameters",
        );
        check(
            quote!(
                struct A {
                    #[field(emial)]
                    a: String,
                }
            ),
            "unknown option of a field `emial`: did you mean `email`?",
        );
        check(
            quote!(
                #[form(prefx = "a")]
                struct A {
                    a: String,
                }
            ),
            "unknown option of a form `prefx`: did you mean `prefix`?",
        );
        check(
            quote!(
                struct A {
                    #[field(email, url)]
                    a: String,
                }
            ),
            "a field has one kind",
        );
        check(
            quote!(
                struct A {
                    #[field(label)]
                    a: String,
                }
            ),
            "expected a value: `label = ...`",
        );
    }

    #[test]
    fn fields_become_calls() {
        check(
            quote!(
                struct A {
                    #[field(max_length = 3, label = "B")]
                    r#type: String,
                }
            ),
            ". max_length (3)",
        );
        check(
            quote!(
                struct A {
                    r#type: Option<i64>,
                }
            ),
            ". required (false)",
        );
    }
}
