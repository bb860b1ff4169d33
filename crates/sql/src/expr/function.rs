//! Functions and aggregates that every dialect has, under its own name.

/// A function of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Function {
    /// The absolute value.
    Abs,
    /// The first argument that is not NULL.
    Coalesce,
    /// The greatest argument; NULL when one is (on SQLite).
    Greatest,
    /// The least argument; NULL when one is (on SQLite).
    Least,
    /// The number of characters.
    Length,
    /// In lower case.
    Lower,
    /// Without white space on the left.
    LTrim,
    /// NULL when both arguments are equal, else the first.
    NullIf,
    /// All occurrences of the second argument replaced by the third.
    Replace,
    /// Rounded to as many places as the second argument says.
    Round,
    /// Without white space on the right.
    RTrim,
    /// From the second argument's position (from 1), as many characters as the third says.
    Substr,
    /// Without white space around it.
    Trim,
    /// In upper case.
    Upper,
}

/// An aggregate over the rows of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Aggregate {
    /// The average.
    Avg,
    /// How many are not NULL.
    Count,
    /// The greatest.
    Max,
    /// The least.
    Min,
    /// The sum.
    Sum,
}
