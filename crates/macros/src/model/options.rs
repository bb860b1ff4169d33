//! `#[model(…)]`: what Django's `class Meta` says.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::{Attribute, LitBool, LitStr, Result, Token};

use crate::attr::{self, Errors};

/// Every word of `#[model(…)]`.
const KNOWN: &[&str] = &[
    "app",
    "table",
    "verbose_name",
    "verbose_name_plural",
    "ordering",
    "unique_together",
    "index",
    "permissions",
    "default_permissions",
    "managed",
    "display",
    "template",
];

/// A field's name, up or down: `-published`.
pub(crate) struct Sorted {
    pub(crate) name: Ident,
    pub(crate) descending: bool,
}

/// `index(-published, title, name = "…")`.
pub(crate) struct Index {
    pub(crate) name: Option<LitStr>,
    pub(crate) fields: Vec<Sorted>,
}

/// What `#[model(…)]` says.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) app: Option<LitStr>,
    pub(crate) table: Option<LitStr>,
    pub(crate) verbose_name: Option<LitStr>,
    pub(crate) verbose_name_plural: Option<LitStr>,
    pub(crate) ordering: Vec<Sorted>,
    pub(crate) unique_together: Vec<Vec<Ident>>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) permissions: Vec<(Ident, LitStr)>,
    pub(crate) default_permissions: Option<Vec<Ident>>,
    pub(crate) unmanaged: bool,
    /// The model's `Display` is what templates print.
    pub(crate) display: bool,
    /// Methods that templates may call.
    pub(crate) template: Vec<Ident>,
}

impl Options {
    /// Reads the struct's attributes.
    pub(crate) fn parse(model: &Ident, attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut options = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("model")) {
            if let Err(error) = attr.parse_nested_meta(|meta| options.read(&meta)) {
                errors.push(error);
                return options;
            }
        }
        if options.app.is_none() {
            errors.at(
                model.span(),
                "a model belongs to an app, whose name begins its table's: add `#[model(app = \"…\")]`",
            );
        }
        options
    }

    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let key = attr::key(meta)?;
        match key.as_str() {
            "app" => self.app = Some(attr::text(meta)?),
            "table" => self.table = Some(attr::text(meta)?),
            "verbose_name" => self.verbose_name = Some(attr::text(meta)?),
            "verbose_name_plural" => self.verbose_name_plural = Some(attr::text(meta)?),
            "ordering" => self.ordering = attr::list(meta, Sorted::parse)?,
            "unique_together" => self.unique_together.push(attr::names(meta)?),
            "index" => self.indexes.push(Index::parse(meta)?),
            "permissions" => self.permissions = attr::list(meta, permission)?,
            "default_permissions" => self.default_permissions = Some(attr::names(meta)?),
            "managed" => self.unmanaged = !meta.value()?.parse::<LitBool>()?.value,
            "display" => self.display = attr::flag(meta)?,
            "template" => self.template = attr::names(meta)?,
            other => return Err(attr::unknown(meta, "option of a model", other, KNOWN)),
        }
        Ok(())
    }

    /// Every name of a field in here.
    pub(crate) fn field_names(&self) -> impl Iterator<Item = &Ident> {
        let indexed = self.indexes.iter().flat_map(|index| &index.fields);
        self.ordering
            .iter()
            .chain(indexed)
            .map(|sorted| &sorted.name)
            .chain(self.unique_together.iter().flatten())
    }
}

impl Sorted {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let descending = input.parse::<Option<Token![-]>>()?.is_some();
        let name = Ident::parse_any(input)?;
        Ok(Self { name, descending })
    }
}

impl Index {
    fn parse(meta: &ParseNestedMeta<'_>) -> Result<Self> {
        let inner;
        syn::parenthesized!(inner in meta.input);
        let mut index = Self {
            name: None,
            fields: Vec::new(),
        };
        while !inner.is_empty() {
            if inner.peek2(Token![=]) {
                let key = Ident::parse_any(&inner)?;
                if key != "name" {
                    return Err(syn::Error::new(
                        key.span(),
                        "an index has only a `name` besides its fields",
                    ));
                }
                inner.parse::<Token![=]>()?;
                index.name = Some(inner.parse()?);
            } else {
                index.fields.push(Sorted::parse(&inner)?);
            }
            if !inner.is_empty() {
                inner.parse::<Token![,]>()?;
            }
        }
        Ok(index)
    }
}

/// `change_status = "Can change status"`.
fn permission(input: ParseStream<'_>) -> Result<(Ident, LitStr)> {
    let codename = Ident::parse_any(input)?;
    input.parse::<Token![=]>()?;
    Ok((codename, input.parse()?))
}
