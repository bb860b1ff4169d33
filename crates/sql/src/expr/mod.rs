//! Expressions: columns, values, comparisons, conditions, functions, subqueries.

mod build;
mod function;
mod lookup;
mod order;

pub use function::{Aggregate, Function};
pub use lookup::Lookup;
pub use order::{Direction, Nulls, Order};

use crate::query::Select;
use crate::schema::ColumnType;
use crate::{Name, RawSql, Value};

/// One SQL expression.
///
/// Values are always bound as parameters and names always quoted by the printer,
/// so that an expression cannot carry SQL text from outside.
///
/// ```
/// use nuages_sql::{Expr, Select, SQLITE};
///
/// let wanted = Expr::column("post", "id").eq(Expr::value(7));
/// let select = Select::from("post").column("post", "title").filter(wanted);
/// let printed = nuages_sql::print(&select, &SQLITE);
/// assert_eq!(printed.sql(), r#"SELECT "post"."title" FROM "post" WHERE "post"."id" = ?"#);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Expr {
    /// A column, with its table's name or alias where more than one table is in sight.
    Column {
        /// The table's name or alias.
        table: Option<Name>,
        /// The column's name.
        name: Name,
    },
    /// A value, bound as a parameter.
    Value(Value),
    /// A value that is given later, when a [`Prepared`](crate::Prepared) statement is bound.
    Slot,
    /// Two expressions with an operator between them.
    Binary {
        /// The left hand side.
        left: Box<Expr>,
        /// The operator.
        op: BinaryOp,
        /// The right hand side.
        right: Box<Expr>,
    },
    /// All of these hold; true when empty.
    And(Vec<Expr>),
    /// One of these holds; false when empty.
    Or(Vec<Expr>),
    /// This does not hold.
    Not(Box<Expr>),
    /// `IS NULL`, or `IS NOT NULL` when negated.
    IsNull {
        /// What is looked at.
        expr: Box<Expr>,
        /// Whether it must not be NULL.
        negated: bool,
    },
    /// `IN (…)` over a list; an empty list is false (true when negated).
    In {
        /// What is looked for.
        expr: Box<Expr>,
        /// Where it is looked for.
        list: Vec<Expr>,
        /// Whether it must not be there.
        negated: bool,
    },
    /// `IN (SELECT …)`.
    InSelect {
        /// What is looked for.
        expr: Box<Expr>,
        /// A select with one column.
        select: Box<Select>,
        /// Whether it must not be there.
        negated: bool,
    },
    /// `BETWEEN low AND high`.
    Between {
        /// What is looked at.
        expr: Box<Expr>,
        /// The lower bound, included.
        low: Box<Expr>,
        /// The upper bound, included.
        high: Box<Expr>,
    },
    /// A text lookup: `contains`, `istartswith`…; the pattern is escaped by the printer.
    Lookup {
        /// The text searched.
        expr: Box<Expr>,
        /// How it is searched.
        lookup: Lookup,
        /// The text searched for, unescaped.
        pattern: Box<Expr>,
    },
    /// `EXISTS (SELECT …)`. The select refers to the outer query's tables by their aliases.
    Exists {
        /// The subquery.
        select: Box<Select>,
        /// Whether there must be no row.
        negated: bool,
    },
    /// A subquery with one column and at most one row, as a value.
    Subquery(Box<Select>),
    /// A function's call.
    Function {
        /// The function.
        function: Function,
        /// Its arguments.
        args: Vec<Expr>,
    },
    /// An aggregate over the rows of a group.
    Aggregate {
        /// The aggregate.
        aggregate: Aggregate,
        /// Its argument; `None` is `*`.
        arg: Option<Box<Expr>>,
        /// Whether each distinct value counts once.
        distinct: bool,
        /// Only rows for which this holds (`FILTER (WHERE …)`).
        filter: Option<Box<Expr>>,
    },
    /// `CASE WHEN … THEN … ELSE … END`.
    Case {
        /// Conditions and what they give, in order.
        whens: Vec<(Expr, Expr)>,
        /// What is given when no condition holds; NULL if absent.
        otherwise: Option<Box<Expr>>,
    },
    /// `CAST(expr AS type)`.
    Cast {
        /// What is cast.
        expr: Box<Expr>,
        /// To what.
        to: ColumnType,
    },
    /// The value of this column that an upsert's conflicting row would have had.
    Excluded(Name),
    /// Hand-written SQL with bound values.
    Raw(RawSql),
}

/// What stands between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BinaryOp {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `||`, text after text.
    Concat,
    /// `&`, bit by bit.
    BitAnd,
    /// `|`, bit by bit.
    BitOr,
}
