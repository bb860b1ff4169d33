//! `SELECT`.

use crate::{Expr, Name, Order};

/// A `SELECT`, as a plain struct: every part can be read and changed.
///
/// ```
/// use nuages_sql::{Expr, Join, Lookup, Select, SQLITE};
///
/// let select = Select::from("post")
///     .column("post", "title")
///     .column("T2", "name")
///     .join(Join::inner("author", "T2", Expr::column("post", "author_id").eq(Expr::column("T2", "id"))))
///     .filter(Expr::column("T2", "name").lookup(Lookup::IStartsWith, Expr::value("A%")))
///     .order_by(Expr::column("post", "title").desc())
///     .limit(10);
/// let printed = nuages_sql::print(&select, &SQLITE);
/// assert_eq!(
///     printed.sql(),
///     r#"SELECT "post"."title", "T2"."name" FROM "post" INNER JOIN "author" "T2" ON ("post"."author_id" = "T2"."id") WHERE "T2"."name" LIKE ? ESCAPE '\' ORDER BY "post"."title" DESC LIMIT 10"#,
/// );
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Select {
    /// Whether equal rows are given once.
    pub distinct: bool,
    /// What is selected; `1` when empty (for `EXISTS`).
    pub columns: Vec<SelectItem>,
    /// Where the rows come from.
    pub from: Option<Source>,
    /// The joined tables, in order.
    pub joins: Vec<Join>,
    /// Which rows (`WHERE`).
    pub filter: Option<Expr>,
    /// What rows are grouped by.
    pub group_by: Vec<Expr>,
    /// Which groups.
    pub having: Option<Expr>,
    /// In which order.
    pub order_by: Vec<Order>,
    /// How many rows at most.
    pub limit: Option<u64>,
    /// How many rows are skipped.
    pub offset: Option<u64>,
}

/// One selected expression.
#[derive(Debug, Clone, PartialEq)]
pub struct SelectItem {
    /// What is selected.
    pub expr: Expr,
    /// Its name in the result (`AS`).
    pub alias: Option<Name>,
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A table.
    Table {
        /// The table's name.
        name: Name,
        /// The name that it goes by in this query, when it is another one.
        alias: Option<Name>,
    },
    /// A subquery.
    Select {
        /// The subquery.
        select: Box<Select>,
        /// The name that it goes by.
        alias: Name,
    },
}

/// One joined table.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// Inner or left.
    pub kind: JoinKind,
    /// What is joined.
    pub source: Source,
    /// On which condition.
    pub on: Expr,
}

/// Which rows a join keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JoinKind {
    /// Only rows that have a partner.
    Inner,
    /// Also rows without a partner; its columns are NULL.
    Left,
}

impl Source {
    /// A table under its own name.
    pub fn table(name: impl Into<Name>) -> Self {
        Self::Table {
            name: name.into(),
            alias: None,
        }
    }

    /// A table under another name.
    pub fn aliased(name: impl Into<Name>, alias: impl Into<Name>) -> Self {
        Self::Table {
            name: name.into(),
            alias: Some(alias.into()),
        }
    }
}

impl Join {
    /// Keeps only rows with a partner. An alias equal to the name is not printed.
    pub fn inner(table: impl Into<Name>, alias: impl Into<Name>, on: Expr) -> Self {
        Self {
            kind: JoinKind::Inner,
            source: Source::aliased(table, alias),
            on,
        }
    }

    /// Keeps rows without a partner, too. An alias equal to the name is not printed.
    pub fn left(table: impl Into<Name>, alias: impl Into<Name>, on: Expr) -> Self {
        Self {
            kind: JoinKind::Left,
            source: Source::aliased(table, alias),
            on,
        }
    }
}

impl From<Expr> for SelectItem {
    fn from(expr: Expr) -> Self {
        Self { expr, alias: None }
    }
}

impl Select {
    /// All rows of a table; add columns.
    pub fn from(table: impl Into<Name>) -> Self {
        Self::from_source(Source::table(table))
    }

    /// All rows of a table under another name.
    pub fn from_aliased(table: impl Into<Name>, alias: impl Into<Name>) -> Self {
        Self::from_source(Source::aliased(table, alias))
    }

    /// All rows of a subquery: `SELECT COUNT(*) FROM (SELECT DISTINCT …) subquery`.
    pub fn from_select(select: Self, alias: impl Into<Name>) -> Self {
        Self::from_source(Source::Select {
            select: Box::new(select),
            alias: alias.into(),
        })
    }

    fn from_source(source: Source) -> Self {
        Self {
            from: Some(source),
            ..Self::default()
        }
    }

    /// Adds a column of a table.
    pub fn column(self, table: impl Into<Name>, name: impl Into<Name>) -> Self {
        self.expr(Expr::column(table, name))
    }

    /// Adds an expression.
    pub fn expr(mut self, expr: Expr) -> Self {
        self.columns.push(expr.into());
        self
    }

    /// Adds an expression under a name.
    pub fn expr_as(mut self, expr: Expr, alias: impl Into<Name>) -> Self {
        self.columns.push(SelectItem {
            expr,
            alias: Some(alias.into()),
        });
        self
    }

    /// Adds a joined table.
    pub fn join(mut self, join: Join) -> Self {
        self.joins.push(join);
        self
    }

    /// Keeps only rows for which this holds, besides what was asked before.
    pub fn filter(mut self, condition: Expr) -> Self {
        self.filter = Some(match self.filter.take() {
            None => condition,
            Some(before) => before.and(condition),
        });
        self
    }

    /// Adds a term to group by.
    pub fn group_by(mut self, expr: Expr) -> Self {
        self.group_by.push(expr);
        self
    }

    /// Keeps only groups for which this holds, besides what was asked before.
    pub fn having(mut self, condition: Expr) -> Self {
        self.having = Some(match self.having.take() {
            None => condition,
            Some(before) => before.and(condition),
        });
        self
    }

    /// Adds a term to order by.
    pub fn order_by(mut self, order: Order) -> Self {
        self.order_by.push(order);
        self
    }

    /// Gives equal rows once.
    pub fn distinct(mut self) -> Self {
        self.distinct = true;
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Skips so many rows.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }
}
