//! Prints expressions.

use std::borrow::Cow;

use super::Printer;
use crate::expr::{Aggregate, BinaryOp, Expr, Lookup};
use crate::{RawSql, Value};

impl<'a> Printer<'a, '_> {
    /// Prints an expression that needs no parentheses where it stands.
    pub(super) fn expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Column { table, name } => {
                if let Some(table) = table {
                    self.name(table);
                    self.push(".");
                }
                self.name(name);
            }
            Expr::Value(value) => self.value(Cow::Borrowed(value)),
            Expr::Slot => self.slot(),
            Expr::Binary { left, op, right } => {
                self.operand(left);
                self.push(operator(*op));
                self.operand(right);
            }
            Expr::And(all) => self.chain(all, " AND ", "1 = 1"),
            Expr::Or(any) => self.chain(any, " OR ", "0 = 1"),
            Expr::Not(inner) => {
                self.push("NOT (");
                self.expr(inner);
                self.push(")");
            }
            Expr::IsNull { expr, negated } => {
                self.operand(expr);
                self.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Expr::In {
                expr,
                list,
                negated,
            } => self.in_list(expr, list, *negated),
            Expr::InSelect {
                expr,
                select,
                negated,
            } => {
                self.operand(expr);
                self.push(if *negated { " NOT IN (" } else { " IN (" });
                self.select(select);
                self.push(")");
            }
            Expr::Between { expr, low, high } => {
                self.operand(expr);
                self.push(" BETWEEN ");
                self.operand(low);
                self.push(" AND ");
                self.operand(high);
            }
            Expr::Lookup {
                expr,
                lookup,
                pattern,
            } => self.lookup(expr, *lookup, pattern),
            Expr::Exists { select, negated } => {
                self.push(if *negated { "NOT EXISTS(" } else { "EXISTS(" });
                self.select(select);
                self.push(")");
            }
            Expr::Subquery(select) => {
                self.push("(");
                self.select(select);
                self.push(")");
            }
            Expr::Function { function, args } => {
                let name = self.dialect.function_name(*function);
                self.push(name);
                self.push("(");
                self.list(args);
                self.push(")");
            }
            Expr::Aggregate {
                aggregate,
                arg,
                distinct,
                filter,
            } => self.aggregate(*aggregate, arg.as_deref(), *distinct, filter.as_deref()),
            Expr::Case { whens, otherwise } => self.case(whens, otherwise.as_deref()),
            Expr::Cast { expr, to } => {
                self.push("CAST(");
                self.expr(expr);
                self.push(" AS ");
                let name = self.dialect.column_type(*to);
                self.push(&name);
                self.push(")");
            }
            Expr::Excluded(name) => {
                self.push("EXCLUDED.");
                self.name(name);
            }
            Expr::Raw(raw) => self.raw(raw),
        }
    }

    /// Prints an expression beside an operator: in parentheses unless it is one word.
    pub(super) fn operand(&mut self, expr: &'a Expr) {
        if is_one_word(expr) {
            self.expr(expr);
        } else {
            self.push("(");
            self.expr(expr);
            self.push(")");
        }
    }

    /// `a, b, c`
    pub(super) fn list(&mut self, list: &'a [Expr]) {
        for (index, expr) in list.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.expr(expr);
        }
    }

    /// Hand-written SQL with its values.
    pub(super) fn raw(&mut self, raw: &'a RawSql) {
        self.push(raw.sql());
        self.params.extend(raw.params().iter().map(Cow::Borrowed));
    }

    fn chain(&mut self, parts: &'a [Expr], joint: &str, none: &str) {
        match parts {
            [] => self.push(none),
            [one] => self.expr(one),
            [first, rest @ ..] => {
                self.condition(first);
                for part in rest {
                    self.push(joint);
                    self.condition(part);
                }
            }
        }
    }

    /// One part of a chain: only another chain (or hand-written SQL) needs parentheses.
    fn condition(&mut self, part: &'a Expr) {
        let bare = match part {
            Expr::And(parts) | Expr::Or(parts) => parts.is_empty(),
            Expr::Raw(_) => false,
            _ => true,
        };
        if bare {
            self.expr(part);
        } else {
            self.push("(");
            self.expr(part);
            self.push(")");
        }
    }

    fn in_list(&mut self, expr: &'a Expr, list: &'a [Expr], negated: bool) {
        if list.is_empty() {
            self.push(if negated { "1 = 1" } else { "0 = 1" });
            return;
        }
        self.operand(expr);
        self.push(if negated { " NOT IN (" } else { " IN (" });
        self.list(list);
        self.push(")");
    }

    fn lookup(&mut self, expr: &'a Expr, lookup: Lookup, pattern: &'a Expr) {
        self.operand(expr);
        self.push(" LIKE ");
        match pattern {
            Expr::Value(Value::Text(text)) => {
                let value = Value::Text(like_pattern(lookup, text));
                self.value(Cow::Owned(value));
            }
            other => {
                if lookup.is_open_before() {
                    self.push("'%' || ");
                }
                self.push("REPLACE(REPLACE(REPLACE(");
                self.expr(other);
                self.push(r", '\', '\\'), '%', '\%'), '_', '\_')");
                if lookup.is_open_after() {
                    self.push(" || '%'");
                }
            }
        }
        self.push(r" ESCAPE '\'");
    }

    fn aggregate(
        &mut self,
        aggregate: Aggregate,
        arg: Option<&'a Expr>,
        distinct: bool,
        filter: Option<&'a Expr>,
    ) {
        self.push(match aggregate {
            Aggregate::Avg => "AVG(",
            Aggregate::Count => "COUNT(",
            Aggregate::Max => "MAX(",
            Aggregate::Min => "MIN(",
            Aggregate::Sum => "SUM(",
        });
        if distinct {
            self.push("DISTINCT ");
        }
        match arg {
            Some(arg) => self.expr(arg),
            None => self.push("*"),
        }
        self.push(")");
        if let Some(filter) = filter {
            self.push(" FILTER (WHERE ");
            self.expr(filter);
            self.push(")");
        }
    }

    fn case(&mut self, whens: &'a [(Expr, Expr)], otherwise: Option<&'a Expr>) {
        if whens.is_empty() {
            match otherwise {
                Some(otherwise) => self.operand(otherwise),
                None => self.push("NULL"),
            }
            return;
        }
        self.push("CASE");
        for (when, then) in whens {
            self.push(" WHEN ");
            self.expr(when);
            self.push(" THEN ");
            self.expr(then);
        }
        if let Some(otherwise) = otherwise {
            self.push(" ELSE ");
            self.expr(otherwise);
        }
        self.push(" END");
    }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Eq => " = ",
        BinaryOp::Ne => " <> ",
        BinaryOp::Lt => " < ",
        BinaryOp::Le => " <= ",
        BinaryOp::Gt => " > ",
        BinaryOp::Ge => " >= ",
        BinaryOp::Add => " + ",
        BinaryOp::Sub => " - ",
        BinaryOp::Mul => " * ",
        BinaryOp::Div => " / ",
        BinaryOp::Rem => " % ",
        BinaryOp::Concat => " || ",
        BinaryOp::BitAnd => " & ",
        BinaryOp::BitOr => " | ",
    }
}

/// Whether an expression holds together without parentheses.
fn is_one_word(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Column { .. }
            | Expr::Value(_)
            | Expr::Slot
            | Expr::Subquery(_)
            | Expr::Function { .. }
            | Expr::Aggregate { .. }
            | Expr::Case { .. }
            | Expr::Cast { .. }
            | Expr::Excluded(_)
    )
}

/// The pattern of a `LIKE`: the text with its wildcards escaped, open where the lookup is.
fn like_pattern(lookup: Lookup, text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    if lookup.is_open_before() {
        pattern.push('%');
    }
    for character in text.chars() {
        if matches!(character, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    if lookup.is_open_after() {
        pattern.push('%');
    }
    pattern
}
