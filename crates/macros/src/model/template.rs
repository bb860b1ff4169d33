//! What templates see of a model: its fields by name, and the methods that it lends them.

use proc_macro2::TokenStream;
use quote::quote;

use super::field::label;
use super::input::Model;

/// The implementations of `Object` and `ToValue`.
pub(crate) fn object(model: &Model) -> TokenStream {
    let name = &model.name;
    let fields = model.fields.iter().map(|field| {
        let (name, text) = (&field.name, field.label());
        quote!(#text => __orm::Field::show(&self.#name),)
    });
    let methods = model.options.template.iter().map(|method| {
        let text = label(method);
        quote!(#text => ::core::option::Option::Some(__orm::Shown::from(self.#method())),)
    });
    let pk = (!model.fields.iter().any(|field| field.name == "pk")).then(|| {
        let name = &model.fields[model.pk].name;
        quote!("pk" => __orm::Field::show(&self.#name),)
    });
    let display = if model.options.display {
        quote!(::core::write!(out, "{self}"))
    } else {
        quote!(__orm::display(self, out))
    };
    quote! {
        impl __orm::Object for #name {
            fn attr(&self, name: &str) -> ::core::option::Option<__orm::Shown<'_>> {
                match name {
                    #(#fields)*
                    #(#methods)*
                    #pk
                    other => __orm::attribute(self, other),
                }
            }
            fn display(&self, out: &mut dyn ::core::fmt::Write) -> ::core::fmt::Result {
                #display
            }
            fn unloaded(
                &self,
                name: &str,
            ) -> ::core::option::Option<::std::borrow::Cow<'static, str>> {
                __orm::unloaded(self, name)
            }
            fn identity(
                &self,
            ) -> ::core::option::Option<(&'static str, __orm::Shown<'_>)> {
                __orm::identity(self)
            }
        }

        impl __orm::ToValue for #name {
            fn to_value(&self) -> __orm::Shown<'_> {
                __orm::Shown::Object(self)
            }
        }
    }
}
