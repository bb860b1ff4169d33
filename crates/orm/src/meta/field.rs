//! What is known of one column.

use nuages_sql::ColumnType;

use super::ModelMeta;

/// What is known of one column.
///
/// # Django
/// A model field, as far as it is data.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent options, named as in Django"
)]
pub struct FieldMeta {
    /// The field's name, such as `author`.
    pub name: &'static str,
    /// The name of its value, such as `author_id` (`attname`); else the name.
    pub attname: &'static str,
    /// The column's name.
    pub column: &'static str,
    /// What the column holds; of a foreign key see [`FieldMeta::column_type`].
    pub kind: ColumnType,
    /// Whether it may be NULL.
    pub null: bool,
    /// Whether a form may leave it empty.
    pub blank: bool,
    /// Whether each value occurs once.
    pub unique: bool,
    /// Whether it has an index of its own.
    pub db_index: bool,
    /// Whether it is marked as the primary key; see [`ModelMeta::pk`].
    pub primary_key: bool,
    /// Whether the database counts it up.
    pub auto: bool,
    /// The model that it refers to.
    pub relation: Option<fn() -> &'static ModelMeta>,
    /// What happens to this row when that one is deleted; foreign keys always have it.
    pub on_delete: Option<OnDelete>,
    /// What the other model calls these rows.
    pub related_name: Option<&'static str>,
    /// When saving sets it to the present time.
    pub auto_now: Option<AutoNow>,
    /// What people call it.
    pub verbose_name: Option<&'static str>,
    /// What helps people to fill it in.
    pub help_text: &'static str,
}

/// What happens to a row when the row that it refers to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnDelete {
    /// It is deleted as well.
    Cascade,
    /// The other one cannot be deleted while this one is there.
    Protect,
    /// It refers to nothing from then on.
    SetNull,
    /// It is left alone; the database decides.
    DoNothing,
}

/// When saving sets a field to the present time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoNow {
    /// Each time (`auto_now`).
    EverySave,
    /// Only when the row is made (`auto_now_add`).
    FirstSave,
}

impl FieldMeta {
    /// A column of a type, without options. [`named`](Self::named) gives it its names.
    pub const fn new(kind: ColumnType) -> Self {
        Self {
            name: "",
            attname: "",
            column: "",
            kind,
            null: false,
            blank: false,
            unique: false,
            db_index: false,
            primary_key: false,
            auto: false,
            relation: None,
            on_delete: None,
            related_name: None,
            auto_now: None,
            verbose_name: None,
            help_text: "",
        }
    }

    /// Gives it its names, and checks that its options fit together.
    ///
    /// # Panics
    /// At compile time, when they do not.
    #[doc(hidden)]
    pub const fn named(
        mut self,
        name: &'static str,
        relation_attname: &'static str,
        column: Option<&'static str>,
    ) -> Self {
        let relation = self.relation.is_some();
        assert!(
            relation == self.on_delete.is_some(),
            "a foreign key needs `#[field(on_delete = …)]`, and nothing else may have it",
        );
        assert!(
            self.null || !matches!(self.on_delete, Some(OnDelete::SetNull)),
            "SetNull needs a column that may be NULL: `Option<ForeignKey<…>>`",
        );
        assert!(
            self.auto_now.is_none()
                || matches!(
                    self.kind,
                    ColumnType::DateTime | ColumnType::Date | ColumnType::Time
                ),
            "`auto_now` and `auto_now_add` are for times and dates",
        );
        self.name = name;
        self.attname = if relation { relation_attname } else { name };
        self.column = match column {
            Some(column) => column,
            None => self.attname,
        };
        self
    }

    /// The type of a text column of at most `max_length` characters.
    ///
    /// # Panics
    /// At compile time, when the column holds no text.
    #[doc(hidden)]
    pub const fn sized(kind: ColumnType, max_length: u32) -> ColumnType {
        assert!(
            matches!(kind, ColumnType::Text | ColumnType::Varchar(_)),
            "`max_length` is for text",
        );
        ColumnType::Varchar(max_length)
    }

    /// What the column holds; a foreign key holds what the key that it refers to holds.
    pub fn column_type(&self) -> ColumnType {
        match self.relation {
            Some(to) => to().pk().column_type().of_foreign_key(),
            None => self.kind,
        }
    }

    /// How many characters fit, if it is text with a limit.
    pub fn max_length(&self) -> Option<u32> {
        match self.kind {
            ColumnType::Varchar(length) => Some(length),
            _ => None,
        }
    }

    /// What people call it: the name with spaces, unless the model says otherwise.
    pub fn verbose_name(&self) -> String {
        self.verbose_name
            .map_or_else(|| self.name.replace('_', " "), ToOwned::to_owned)
    }
}
