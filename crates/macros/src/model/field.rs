//! `#[field(…)]`: what the arguments of Django's field classes say.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::{GenericArgument, LitInt, LitStr, PathArguments, Result, Type, Visibility};

use crate::attr::{self, Errors};

/// Every word of `#[field(…)]`.
const KNOWN: &[&str] = &[
    "max_length",
    "unique",
    "db_index",
    "default",
    "db_column",
    "blank",
    "primary_key",
    "related_name",
    "on_delete",
    "auto_now",
    "auto_now_add",
    "verbose_name",
    "help_text",
];

/// What may happen to a row when the row that it refers to is deleted.
const ON_DELETE: &[&str] = &["Cascade", "Protect", "SetNull", "DoNothing"];

/// One column.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent options, named as in Django"
)]
pub(crate) struct Field {
    pub(crate) name: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<syn::Attribute>,
    pub(crate) max_length: Option<LitInt>,
    pub(crate) unique: bool,
    pub(crate) db_index: Option<bool>,
    pub(crate) default: Option<TokenStream>,
    pub(crate) db_column: Option<LitStr>,
    pub(crate) blank: bool,
    pub(crate) primary_key: bool,
    pub(crate) related_name: Option<LitStr>,
    pub(crate) on_delete: Option<Ident>,
    pub(crate) auto_now: bool,
    pub(crate) auto_now_add: bool,
    pub(crate) verbose_name: Option<LitStr>,
    pub(crate) help_text: Option<LitStr>,
}

/// A field's name as Django would write it: `type`, not `r#type`.
pub(crate) fn label(name: &Ident) -> String {
    name.unraw().to_string()
}

impl Field {
    /// Reads one field of the struct.
    pub(crate) fn parse(field: syn::Field, errors: &mut Errors) -> Self {
        let (attrs, docs) = field
            .attrs
            .into_iter()
            .filter(|attr| attr.path().is_ident("field") || attr.path().is_ident("doc"))
            .partition::<Vec<_>, _>(|attr| attr.path().is_ident("field"));
        let mut parsed = Self {
            name: field
                .ident
                .unwrap_or_else(|| Ident::new("unnamed", proc_macro2::Span::call_site())),
            vis: field.vis,
            ty: field.ty,
            docs,
            max_length: None,
            unique: false,
            db_index: None,
            default: None,
            db_column: None,
            blank: false,
            primary_key: false,
            related_name: None,
            on_delete: None,
            auto_now: false,
            auto_now_add: false,
            verbose_name: None,
            help_text: None,
        };
        for attr in attrs {
            if let Err(error) = attr.parse_nested_meta(|meta| parsed.read(&meta)) {
                errors.push(error);
                return parsed;
            }
        }
        parsed.check(errors);
        parsed
    }

    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let key = attr::key(meta)?;
        match key.as_str() {
            "max_length" => self.max_length = Some(meta.value()?.parse()?),
            "unique" => self.unique = attr::flag(meta)?,
            "db_index" => self.db_index = Some(attr::flag(meta)?),
            "default" => self.default = Some(attr::expression(meta)?),
            "db_column" => self.db_column = Some(attr::text(meta)?),
            "blank" => self.blank = attr::flag(meta)?,
            "primary_key" => self.primary_key = attr::flag(meta)?,
            "related_name" => self.related_name = Some(attr::text(meta)?),
            "on_delete" => self.on_delete = Some(on_delete(meta)?),
            "auto_now" => self.auto_now = attr::flag(meta)?,
            "auto_now_add" => self.auto_now_add = attr::flag(meta)?,
            "verbose_name" => self.verbose_name = Some(attr::text(meta)?),
            "help_text" => self.help_text = Some(attr::text(meta)?),
            "null" => {
                return Err(meta.error(
                    "a column that may be NULL is an `Option<…>`: say it with the field's type",
                ));
            }
            other => return Err(attr::unknown(meta, "option of a field", other, KNOWN)),
        }
        Ok(())
    }

    fn check(&self, errors: &mut Errors) {
        let relation = self.is_relation();
        if relation && self.on_delete.is_none() {
            errors.at(
                self.name.span(),
                "say what happens to this row when the other one is deleted: `#[field(on_delete = Cascade)]`, or Protect, SetNull, DoNothing",
            );
        }
        if let Some(rule) = &self.on_delete
            && rule == "SetNull"
            && generic(&self.ty, "Option").is_none()
        {
            errors.at(
                rule.span(),
                "SetNull needs a column that may be NULL: `Option<ForeignKey<…>>`",
            );
        }
        if self.auto_now && self.auto_now_add {
            errors.at(
                self.name.span(),
                "`auto_now` sets the time at every save, `auto_now_add` at the first one: choose one of them",
            );
        }
    }

    /// The name, as text.
    pub(crate) fn label(&self) -> String {
        label(&self.name)
    }

    /// Whether the type is spelled as a foreign key. (An alias of it is found by the types later.)
    fn is_relation(&self) -> bool {
        let inner = generic(&self.ty, "Option").unwrap_or(&self.ty);
        generic(inner, "ForeignKey").is_some()
    }

    /// Whether the database counts it up.
    pub(crate) fn is_auto(&self) -> bool {
        generic(&self.ty, "Auto").is_some()
    }
}

fn on_delete(meta: &ParseNestedMeta<'_>) -> Result<Ident> {
    let rule: Ident = meta.value()?.parse()?;
    if ON_DELETE.contains(&rule.to_string().as_str()) {
        return Ok(rule);
    }
    Err(syn::Error::new(
        rule.span(),
        attr::unknown_text("rule", &rule.to_string(), ON_DELETE),
    ))
}

/// `T` of `name<T>`, whatever path leads to `name`.
fn generic<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if last.ident == name => Some(inner),
        _ => None,
    }
}
