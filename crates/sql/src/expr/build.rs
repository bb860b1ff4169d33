//! Short ways to make expressions.

use super::{Aggregate, BinaryOp, Expr, Function, Lookup, Nulls, Order};
use crate::query::Select;
use crate::schema::ColumnType;
use crate::{Name, RawSql, Value};

impl Expr {
    /// `"table"."name"`.
    pub fn column(table: impl Into<Name>, name: impl Into<Name>) -> Self {
        Self::Column {
            table: Some(table.into()),
            name: name.into(),
        }
    }

    /// `"name"`, where only one table is in sight.
    pub fn bare(name: impl Into<Name>) -> Self {
        Self::Column {
            table: None,
            name: name.into(),
        }
    }

    /// A bound value.
    pub fn value(value: impl Into<Value>) -> Self {
        Self::Value(value.into())
    }

    /// NULL.
    pub fn null() -> Self {
        Self::Value(Value::Null)
    }

    /// `COUNT(*)`.
    pub fn count_all() -> Self {
        Self::Aggregate {
            aggregate: Aggregate::Count,
            arg: None,
            distinct: false,
            filter: None,
        }
    }

    /// An aggregate of this expression: `SUM(expr)`.
    pub fn aggregate(self, aggregate: Aggregate) -> Self {
        Self::Aggregate {
            aggregate,
            arg: Some(Box::new(self)),
            distinct: false,
            filter: None,
        }
    }

    /// A function's call.
    pub fn call(function: Function, args: impl IntoIterator<Item = Self>) -> Self {
        Self::Function {
            function,
            args: args.into_iter().collect(),
        }
    }

    /// `LOWER(expr)`.
    pub fn lower(self) -> Self {
        Self::call(Function::Lower, [self])
    }

    /// `UPPER(expr)`.
    pub fn upper(self) -> Self {
        Self::call(Function::Upper, [self])
    }

    /// `CAST(expr AS type)`.
    pub fn cast(self, to: ColumnType) -> Self {
        Self::Cast {
            expr: Box::new(self),
            to,
        }
    }

    /// Hand-written SQL with its bound values.
    pub fn raw(sql: RawSql) -> Self {
        Self::Raw(sql)
    }

    /// `EXISTS (select)`.
    pub fn exists(select: Select) -> Self {
        Self::Exists {
            select: Box::new(select),
            negated: false,
        }
    }

    /// `NOT EXISTS (select)`.
    pub fn not_exists(select: Select) -> Self {
        Self::Exists {
            select: Box::new(select),
            negated: true,
        }
    }

    /// The subquery's one value.
    pub fn subquery(select: Select) -> Self {
        Self::Subquery(Box::new(select))
    }

    /// Any binary operator.
    pub fn binary(self, op: BinaryOp, right: impl Into<Self>) -> Self {
        Self::Binary {
            left: Box::new(self),
            op,
            right: Box::new(right.into()),
        }
    }

    /// `self = right`. Against NULL this is never true: see [`Expr::is_null`].
    pub fn eq(self, right: impl Into<Self>) -> Self {
        self.binary(BinaryOp::Eq, right)
    }

    /// `self <> right`.
    pub fn ne(self, right: impl Into<Self>) -> Self {
        self.binary(BinaryOp::Ne, right)
    }

    /// `self < right`.
    pub fn lt(self, right: impl Into<Self>) -> Self {
        self.binary(BinaryOp::Lt, right)
    }

    /// `self <= right`.
    pub fn le(self, right: impl Into<Self>) -> Self {
        self.binary(BinaryOp::Le, right)
    }

    /// `self > right`.
    pub fn gt(self, right: impl Into<Self>) -> Self {
        self.binary(BinaryOp::Gt, right)
    }

    /// `self >= right`.
    pub fn ge(self, right: impl Into<Self>) -> Self {
        self.binary(BinaryOp::Ge, right)
    }

    /// `self IS NULL`.
    pub fn is_null(self) -> Self {
        Self::IsNull {
            expr: Box::new(self),
            negated: false,
        }
    }

    /// `self IS NOT NULL`.
    pub fn is_not_null(self) -> Self {
        Self::IsNull {
            expr: Box::new(self),
            negated: true,
        }
    }

    /// `self IN (list)`.
    pub fn is_in<T: Into<Self>>(self, list: impl IntoIterator<Item = T>) -> Self {
        Self::In {
            expr: Box::new(self),
            list: list.into_iter().map(Into::into).collect(),
            negated: false,
        }
    }

    /// `self IN (select)`.
    pub fn in_select(self, select: Select) -> Self {
        Self::InSelect {
            expr: Box::new(self),
            select: Box::new(select),
            negated: false,
        }
    }

    /// `self BETWEEN low AND high`.
    pub fn between(self, low: impl Into<Self>, high: impl Into<Self>) -> Self {
        Self::Between {
            expr: Box::new(self),
            low: Box::new(low.into()),
            high: Box::new(high.into()),
        }
    }

    /// A text lookup; the pattern is plain text, its wildcards are escaped when printed.
    pub fn lookup(self, lookup: Lookup, pattern: impl Into<Self>) -> Self {
        Self::Lookup {
            expr: Box::new(self),
            lookup,
            pattern: Box::new(pattern.into()),
        }
    }

    /// Both hold; nested `AND`s become one.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::And(mut all), Self::And(more)) => {
                all.extend(more);
                Self::And(all)
            }
            (Self::And(mut all), one) => {
                all.push(one);
                Self::And(all)
            }
            (one, Self::And(mut all)) => {
                all.insert(0, one);
                Self::And(all)
            }
            (one, other) => Self::And(vec![one, other]),
        }
    }

    /// One of them holds; nested `OR`s become one.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Or(mut all), Self::Or(more)) => {
                all.extend(more);
                Self::Or(all)
            }
            (Self::Or(mut all), one) => {
                all.push(one);
                Self::Or(all)
            }
            (one, Self::Or(mut all)) => {
                all.insert(0, one);
                Self::Or(all)
            }
            (one, other) => Self::Or(vec![one, other]),
        }
    }

    /// It does not hold (nor is it unknown).
    pub fn negate(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Ascending order by this expression.
    pub fn asc(self) -> Order {
        Order::asc(self)
    }

    /// Descending order by this expression.
    pub fn desc(self) -> Order {
        Order::desc(self)
    }

    /// Ascending order with NULLs where they are asked for.
    pub fn asc_nulls(self, nulls: Nulls) -> Order {
        Order::asc(self).nulls(nulls)
    }
}

impl From<Value> for Expr {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<Select> for Expr {
    fn from(select: Select) -> Self {
        Self::subquery(select)
    }
}
