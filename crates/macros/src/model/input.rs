//! The struct under `derive(Model)`, as far as the derive cares for it.

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Result, Visibility};

use super::field::Field;
use super::options::Options;
use crate::attr::{Errors, unknown_text};

/// A model.
pub(crate) struct Model {
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) options: Options,
    pub(crate) fields: Vec<Field>,
    /// Which of the fields is the primary key.
    pub(crate) pk: usize,
}

impl Model {
    /// Reads the struct, and reports all of its mistakes at once.
    pub(crate) fn parse(input: DeriveInput) -> Result<Self> {
        if !input.generics.params.is_empty() {
            return Err(Error::new(
                input.generics.span(),
                "a model is one table, so it cannot have generic parameters",
            ));
        }
        let Data::Struct(data) = input.data else {
            return Err(Error::new(
                input.ident.span(),
                "a model is a struct with named fields, one for each column",
            ));
        };
        let Fields::Named(named) = data.fields else {
            return Err(Error::new(
                input.ident.span(),
                "a model's fields need names, which become its columns",
            ));
        };
        let mut errors = Errors::default();
        let options = Options::parse(&input.ident, &input.attrs, &mut errors);
        let fields: Vec<Field> = named
            .named
            .into_iter()
            .map(|field| Field::parse(field, &mut errors))
            .collect();
        let pk = primary_key(&input.ident, &fields, &mut errors);
        check_names(&options, &fields, &mut errors);
        errors.finish()?;
        Ok(Self {
            name: input.ident,
            vis: input.vis,
            options,
            fields,
            pk,
        })
    }
}

/// The field with `primary_key`, or else the one that the database counts up.
fn primary_key(model: &Ident, fields: &[Field], errors: &mut Errors) -> usize {
    let declared = fields.iter().position(|field| field.primary_key);
    let chosen = declared.or_else(|| fields.iter().position(Field::is_auto));
    for (index, field) in fields.iter().enumerate() {
        if (field.primary_key || field.is_auto()) && chosen != Some(index) {
            errors.at(field.name.span(), "a model has one primary key");
        }
    }
    chosen.unwrap_or_else(|| {
        errors.at(
            model.span(),
            "a model needs a primary key: add `pub id: Auto<i64>`, or mark a field with `#[field(primary_key)]`",
        );
        0
    })
}

/// Every name in the model's options must be one of its fields.
fn check_names(options: &Options, fields: &[Field], errors: &mut Errors) {
    let known: Vec<String> = fields.iter().map(Field::label).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    for name in options.field_names() {
        let given = crate::model::field::label(name);
        if !known.contains(&given.as_str()) {
            errors.at(name.span(), unknown_text("field", &given, &known));
        }
    }
}
