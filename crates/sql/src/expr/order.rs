//! What rows are ordered by.

use super::Expr;

/// One term of `ORDER BY`.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What is ordered by.
    pub expr: Expr,
    /// Upwards or downwards.
    pub direction: Direction,
    /// Where NULLs go; `None` is as the database likes it.
    pub nulls: Option<Nulls>,
}

/// Upwards or downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// The least first.
    #[default]
    Asc,
    /// The greatest first.
    Desc,
}

/// Where NULLs go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Before all values.
    First,
    /// After all values.
    Last,
}

impl Order {
    /// Upwards.
    pub fn asc(expr: Expr) -> Self {
        Self {
            expr,
            direction: Direction::Asc,
            nulls: None,
        }
    }

    /// Downwards.
    pub fn desc(expr: Expr) -> Self {
        Self {
            expr,
            direction: Direction::Desc,
            nulls: None,
        }
    }

    /// NULLs first or last.
    pub fn nulls(mut self, nulls: Nulls) -> Self {
        self.nulls = Some(nulls);
        self
    }

    /// The other way round, NULLs included.
    pub fn reversed(mut self) -> Self {
        self.direction = match self.direction {
            Direction::Asc => Direction::Desc,
            Direction::Desc => Direction::Asc,
        };
        self.nulls = self.nulls.map(|nulls| match nulls {
            Nulls::First => Nulls::Last,
            Nulls::Last => Nulls::First,
        });
        self
    }
}
