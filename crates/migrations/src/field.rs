//! A model's field as migrations know it.

use nuages_sql::{ColumnType, Value};

/// What happens to a row when the row it refers to is deleted. Done by the ORM, not by the database, as in Django.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// It is deleted too.
    Cascade,
    /// The deletion is refused.
    Protect,
    /// It refers to nothing.
    SetNull,
    /// Nothing; the database may refuse.
    DoNothing,
}

/// A reference to another model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The model, as `app.Model`.
    pub to: String,
    /// What happens when its row goes.
    pub on_delete: OnDelete,
}

/// A model's field: its type and its options.
///
/// ```
/// use nuages_migrations::{Field, OnDelete};
///
/// let title = Field::varchar(200).unique();
/// let author = Field::foreign_key("auth.User", OnDelete::Cascade).null();
/// assert_eq!(author.column_name("author"), "author_id");
/// assert_eq!(title.column_name("title"), "title");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent options, named as in Django"
)]
pub struct Field {
    /// The column's type; of a foreign key it is taken from the model referred to.
    pub(crate) kind: Option<ColumnType>,
    pub(crate) null: bool,
    pub(crate) unique: bool,
    pub(crate) index: bool,
    pub(crate) primary_key: bool,
    pub(crate) reference: Option<Reference>,
    pub(crate) column: Option<String>,
    pub(crate) default: Option<Value>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident => $kind:ident),* $(,)?) => {$(
        $(#[$doc])*
        pub fn $name() -> Self {
            Self::of(ColumnType::$kind)
        }
    )*};
}

impl Field {
    /// A field of any column type.
    pub fn of(kind: ColumnType) -> Self {
        Self {
            kind: Some(kind),
            null: false,
            unique: false,
            index: false,
            primary_key: kind.is_auto(),
            reference: None,
            column: None,
            default: None,
        }
    }

    kinds! {
        /// A 32-bit key that the database counts up (`AutoField`).
        auto => Auto,
        /// A 64-bit key that the database counts up (`BigAutoField`).
        big_auto => BigAuto,
        /// True or false (`BooleanField`).
        boolean => Boolean,
        /// A 16-bit number (`SmallIntegerField`).
        small_integer => SmallInteger,
        /// A 32-bit number (`IntegerField`).
        integer => Integer,
        /// A 64-bit number (`BigIntegerField`).
        big_integer => BigInteger,
        /// A 32-bit number that is not negative (`PositiveIntegerField`).
        positive_integer => PositiveInteger,
        /// Text of any length (`TextField`).
        text => Text,
        /// A moment in time (`DateTimeField`).
        date_time => DateTime,
        /// A date (`DateField`).
        date => Date,
        /// A time of day (`TimeField`).
        time => Time,
        /// A floating point number (`FloatField`).
        float => Float,
        /// Bytes (`BinaryField`).
        binary => Binary,
        /// JSON (`JSONField`).
        json => Json,
        /// A UUID (`UUIDField`).
        uuid => Uuid,
    }

    /// Text of at most so many characters (`CharField`).
    pub fn varchar(max_length: u32) -> Self {
        Self::of(ColumnType::Varchar(max_length))
    }

    /// A reference to a row of `to`, written `app.Model` (`ForeignKey`); it has an index.
    pub fn foreign_key(to: impl Into<String>, on_delete: OnDelete) -> Self {
        let reference = Some(Reference {
            to: to.into(),
            on_delete,
        });
        Self {
            kind: None,
            index: true,
            reference,
            ..Self::integer()
        }
    }

    /// NULL is allowed.
    pub fn null(mut self) -> Self {
        self.null = true;
        self
    }

    /// Each value occurs once.
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// It has an index of its own.
    pub fn db_index(mut self) -> Self {
        self.index = true;
        self
    }

    /// It is the primary key.
    pub fn primary_key(mut self) -> Self {
        self.primary_key = true;
        self
    }

    /// Another column name than the field's.
    pub fn db_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// What existing rows get when the field is added, or when NULL is no longer allowed.
    /// The database itself keeps no default, as in Django.
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// The name of its column.
    pub fn column_name(&self, field: &str) -> String {
        match (&self.column, &self.reference) {
            (Some(column), _) => column.clone(),
            (None, Some(_)) => format!("{field}_id"),
            (None, None) => field.to_owned(),
        }
    }

    /// What existing rows get: the default, an empty text, or NULL.
    pub(crate) fn fill(&self) -> Value {
        match &self.default {
            Some(value) => value.clone(),
            None if !self.null && self.kind.is_some_and(ColumnType::holds_text) => {
                Value::Text(String::new())
            }
            None => Value::Null,
        }
    }
}
