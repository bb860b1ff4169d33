//! The one list of column types.

/// What a column holds. The one list for models, migrations and every dialect.
///
/// # Django
/// A model field's class (`AutoField`, `CharField`…), without its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColumnType {
    /// A whole number that the database counts up (`AutoField`).
    Auto,
    /// A 64-bit number that the database counts up (`BigAutoField`).
    BigAuto,
    /// A 16-bit number that the database counts up (`SmallAutoField`).
    SmallAuto,
    /// True or false.
    Boolean,
    /// A 16-bit number.
    SmallInteger,
    /// A 32-bit number.
    Integer,
    /// A 64-bit number.
    BigInteger,
    /// A 16-bit number that is not negative.
    PositiveSmallInteger,
    /// A 32-bit number that is not negative.
    PositiveInteger,
    /// A 64-bit number that is not negative.
    PositiveBigInteger,
    /// Text of at most so many characters (`CharField`, `SlugField`, `EmailField`…).
    Varchar(u32),
    /// Text of any length.
    Text,
    /// A moment in time.
    DateTime,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A floating point number.
    Float,
    /// A decimal number.
    Decimal {
        /// How many digits in all.
        max_digits: u8,
        /// How many of them after the point.
        decimal_places: u8,
    },
    /// Bytes.
    Binary,
    /// JSON.
    Json,
    /// A UUID.
    Uuid,
    /// A length of time, in microseconds.
    Duration,
    /// An IP address (`GenericIPAddressField`).
    IpAddress,
}

impl ColumnType {
    /// Whether the database counts the values up.
    pub fn is_auto(self) -> bool {
        matches!(self, Self::Auto | Self::BigAuto | Self::SmallAuto)
    }

    /// Whether the empty string is a value of this type: what `blank` columns are filled with.
    pub fn holds_text(self) -> bool {
        matches!(self, Self::Varchar(_) | Self::Text)
    }

    /// The type of a foreign key to a column of this type.
    ///
    /// # Django
    /// `Field.rel_db_type`.
    pub fn of_foreign_key(self) -> Self {
        match self {
            Self::Auto | Self::PositiveInteger => Self::Integer,
            Self::BigAuto | Self::PositiveBigInteger => Self::BigInteger,
            Self::SmallAuto | Self::PositiveSmallInteger => Self::SmallInteger,
            other => other,
        }
    }
}
