//! The code that a model becomes.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::field::{Field, label};
use super::input::Model;
use super::options::Sorted;
use super::template;

/// Everything, inside of an anonymous constant, so that no name leaks.
pub(crate) fn model(model: &Model, home: &TokenStream) -> TokenStream {
    let meta = meta(model);
    let path = path(model);
    let record = record(model);
    let trait_impl = trait_impl(model);
    let template = template::object(model);
    quote! {
        const _: () = {
            use #home::__derive as __orm;
            #meta
            #path
            #record
            #trait_impl
            #template
        };
    }
}

/// The static table of facts.
fn meta(model: &Model) -> TokenStream {
    let options = &model.options;
    let name = label(&model.name);
    let lower = name.to_lowercase();
    let app = options
        .app
        .as_ref()
        .map(syn::LitStr::value)
        .unwrap_or_default();
    let table = options
        .table
        .as_ref()
        .map_or_else(|| format!("{app}_{lower}"), syn::LitStr::value);
    let fields = model.fields.iter().map(field_meta);
    let pk = Literal::usize_unsuffixed(model.pk);
    let mut extra = TokenStream::new();
    if let Some(text) = &options.verbose_name {
        extra.extend(quote!(verbose_name: ::core::option::Option::Some(#text),));
    }
    if let Some(text) = &options.verbose_name_plural {
        extra.extend(quote!(verbose_name_plural: ::core::option::Option::Some(#text),));
    }
    if !options.ordering.is_empty() {
        let terms = options.ordering.iter().map(sorted);
        extra.extend(quote!(ordering: &[#(#terms),*],));
    }
    if !options.unique_together.is_empty() {
        let groups = options.unique_together.iter().map(|group| {
            let names = group.iter().map(label);
            quote!(&[#(#names),*])
        });
        extra.extend(quote!(unique_together: &[#(#groups),*],));
    }
    if !options.indexes.is_empty() {
        let indexes = options.indexes.iter().map(|index| {
            let terms = index.fields.iter().map(sorted);
            let name = option(index.name.as_ref());
            quote!(__orm::IndexMeta { name: #name, fields: &[#(#terms),*] })
        });
        extra.extend(quote!(indexes: &[#(#indexes),*],));
    }
    if !options.permissions.is_empty() {
        let pairs = options.permissions.iter().map(|(codename, title)| {
            let codename = label(codename);
            quote!((#codename, #title))
        });
        extra.extend(quote!(permissions: &[#(#pairs),*],));
    }
    if let Some(actions) = &options.default_permissions {
        let actions = actions.iter().map(label);
        extra.extend(quote!(default_permissions: &[#(#actions),*],));
    }
    if options.unmanaged {
        extra.extend(quote!(managed: false,));
    }
    let count = Literal::usize_unsuffixed(model.fields.len());
    quote! {
        static FIELDS: [__orm::FieldMeta; #count] = [#(#fields),*];
        static STATEMENTS: __orm::Statements = __orm::Statements::new(
            || __orm::Statements::make_by_pk(&META),
            || __orm::Statements::make_insert(&META),
            || __orm::Statements::make_update(&META),
        );
        static META: __orm::ModelMeta = __orm::ModelMeta {
            #extra
            ..__orm::ModelMeta::new(#app, #name, #table, &FIELDS, #pk, &STATEMENTS)
        };
    }
}

fn option(text: Option<&syn::LitStr>) -> TokenStream {
    text.map_or_else(
        || quote!(::core::option::Option::None),
        |text| quote!(::core::option::Option::Some(#text)),
    )
}

fn sorted(term: &Sorted) -> TokenStream {
    let name = label(&term.name);
    let descending = term.descending;
    quote!(__orm::Sorted { field: #name, descending: #descending })
}

/// What is said of one field, over what its type says.
fn field_meta(field: &Field) -> TokenStream {
    let ty = &field.ty;
    let name = field.label();
    let attname = format!("{name}_id");
    let column = option(field.db_column.as_ref());
    let mut extra = TokenStream::new();
    if let Some(length) = &field.max_length {
        extra.extend(quote_spanned!(Span::call_site().located_at(length.span())=>
            kind: __orm::FieldMeta::sized(<#ty as __orm::Field>::META.kind, #length),
        ));
    }
    for (word, given) in [
        ("unique", field.unique),
        ("blank", field.blank),
        ("primary_key", field.primary_key),
    ] {
        if given {
            let word = format_ident!("{word}");
            extra.extend(quote!(#word: true,));
        }
    }
    if let Some(index) = field.db_index {
        extra.extend(quote!(db_index: #index,));
    }
    if let Some(text) = &field.related_name {
        extra.extend(quote!(related_name: ::core::option::Option::Some(#text),));
    }
    if let Some(rule) = &field.on_delete {
        extra.extend(quote!(on_delete: ::core::option::Option::Some(__orm::OnDelete::#rule),));
    }
    if field.auto_now {
        extra.extend(quote!(auto_now: ::core::option::Option::Some(__orm::AutoNow::EverySave),));
    }
    if field.auto_now_add {
        extra.extend(quote!(auto_now: ::core::option::Option::Some(__orm::AutoNow::FirstSave),));
    }
    if let Some(text) = &field.verbose_name {
        extra.extend(quote!(verbose_name: ::core::option::Option::Some(#text),));
    }
    if let Some(text) = &field.help_text {
        extra.extend(quote!(help_text: #text,));
    }
    let meta = quote_spanned!(written_at(ty)=> <#ty as __orm::Field>::META);
    if extra.is_empty() {
        return quote!(#meta.named(#name, #attname, #column));
    }
    quote! {
        __orm::FieldMeta {
            #extra
            ..#meta
        }
        .named(#name, #attname, #column)
    }
}

/// Where a type stands, for errors about it; but as code of the derive, which lints leave alone.
fn written_at(ty: &syn::Type) -> Span {
    Span::call_site().located_at(ty.span())
}

/// The typed path: one method for each column.
fn path(model: &Model) -> TokenStream {
    let name = &model.name;
    let vis = &model.vis;
    let path = format_ident!("{name}Path");
    let docs = format!("The columns of [`{name}`], as its querysets see them.");
    let columns = model.fields.iter().enumerate().map(|(index, field)| {
        let Field { name, vis, ty, .. } = field;
        let index = Literal::usize_unsuffixed(index);
        let docs = if field.docs.is_empty() {
            let docs = format!("The column of `{}`.", field.label());
            quote!(#[doc = #docs])
        } else {
            let docs = &field.docs;
            quote!(#(#docs)*)
        };
        quote_spanned!(written_at(ty)=>
            #docs
            #vis fn #name(&self) -> <#ty as __orm::Field>::Path {
                <#ty as __orm::Field>::path(&self.0, &FIELDS[#index])
            }
        )
    });
    let pk = pk_method(model);
    quote! {
        #[doc = #docs]
        #[derive(Clone, Debug)]
        #vis struct #path(__orm::Anchor);

        #[allow(dead_code, reason = "not every column is asked for")]
        impl #path {
            #(#columns)*
            #pk
        }

        impl __orm::ModelPath for #path {
            fn at(anchor: __orm::Anchor) -> Self {
                Self(anchor)
            }
            fn anchor(&self) -> &__orm::Anchor {
                &self.0
            }
        }
    }
}

/// `pk()`, unless a field is called so.
fn pk_method(model: &Model) -> TokenStream {
    if model.fields.iter().any(|field| field.name == "pk") {
        return TokenStream::new();
    }
    let Field { name, vis, ty, .. } = &model.fields[model.pk];
    quote! {
        /// The column of the primary key.
        #vis fn pk(&self) -> <#ty as __orm::Field>::Path {
            self.#name()
        }
    }
}

/// What plain functions need to know of one row: its values, by number.
fn record(model: &Model) -> TokenStream {
    let name = &model.name;
    let arms = |call: &dyn Fn(&Field) -> TokenStream| {
        let arms = model.fields.iter().enumerate().map(|(index, field)| {
            let index = Literal::usize_unsuffixed(index);
            let call = call(field);
            quote!(#index => #call,)
        });
        quote!(#(#arms)*)
    };
    let get = arms(&|field| {
        let name = &field.name;
        quote!(__orm::Field::write(&self.#name))
    });
    let set = arms(&|field| {
        let name = &field.name;
        quote!(self.#name = __orm::Field::read(value)?)
    });
    quote! {
        impl __orm::Record for #name {
            fn model_meta(&self) -> &'static __orm::ModelMeta {
                &META
            }
            fn sql_value(&self, index: usize) -> __orm::SqlValue {
                match index {
                    #get
                    _ => __orm::SqlValue::Null,
                }
            }
            fn set_sql_value(
                &mut self,
                index: usize,
                value: __orm::SqlValue,
            ) -> ::core::result::Result<(), __orm::FieldError> {
                match index {
                    #set
                    _ => {}
                }
                ::core::result::Result::Ok(())
            }
        }
    }
}

/// Rows into structs, and the struct's beginning.
fn trait_impl(model: &Model) -> TokenStream {
    let name = &model.name;
    let path = format_ident!("{name}Path");
    let pk = &model.fields[model.pk];
    let (pk_name, pk_type) = (&pk.name, &pk.ty);
    let names: Vec<_> = model.fields.iter().map(|field| &field.name).collect();
    let numbers: Vec<_> = (0..names.len()).map(Literal::usize_unsuffixed).collect();
    let blanks = model.fields.iter().map(blank);
    quote! {
        impl __orm::Model for #name {
            type Path = #path;
            type Key = <#pk_type as __orm::Field>::Value;

            fn meta() -> &'static __orm::ModelMeta {
                &META
            }
            fn from_row(
                row: &mut __orm::RowReader<'_>,
            ) -> ::core::result::Result<Self, __orm::FieldError> {
                ::core::result::Result::Ok(Self {
                    #(#names: row.next()?,)*
                })
            }
            fn load_related(
                &mut self,
                index: usize,
                branch: &__orm::Branch,
                row: &mut __orm::RowReader<'_>,
            ) -> ::core::result::Result<(), __orm::FieldError> {
                match index {
                    #(#numbers => __orm::Field::load(&mut self.#names, branch, row),)*
                    _ => ::core::result::Result::Ok(()),
                }
            }
            fn blank() -> Self {
                Self {
                    #(#names: #blanks,)*
                }
            }
            fn key(&self) -> ::core::option::Option<Self::Key> {
                __orm::Field::key(&self.#pk_name)
            }
        }
    }
}

/// A field's value in `blank()`: its default, or what its type begins with.
fn blank(field: &Field) -> TokenStream {
    let ty = &field.ty;
    match &field.default {
        None => quote!(<#ty as __orm::Field>::blank()),
        Some(default) if syn::parse2::<syn::LitStr>(default.clone()).is_ok() => {
            quote!(<#ty as ::core::convert::From<::std::string::String>>::from(::std::string::String::from(#default)))
        }
        Some(default) => default.clone(),
    }
}
