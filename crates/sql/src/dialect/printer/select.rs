//! Prints `SELECT`.

use super::super::grammar::write_number;
use super::Printer;
use crate::expr::{Direction, Expr, Nulls, Order};
use crate::query::{Join, JoinKind, Select, Source};

impl<'a> Printer<'a, '_> {
    /// Prints a select.
    pub(crate) fn select(&mut self, select: &'a Select) {
        self.push("SELECT ");
        if select.distinct {
            self.push("DISTINCT ");
        }
        if select.columns.is_empty() {
            self.push("1");
        }
        for (index, item) in select.columns.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.expr(&item.expr);
            if let Some(alias) = &item.alias {
                self.push(" AS ");
                self.name(alias);
            }
        }
        if let Some(source) = &select.from {
            self.push(" FROM ");
            self.source(source);
        }
        for join in &select.joins {
            self.join(join);
        }
        self.filter(select.filter.as_ref());
        if !select.group_by.is_empty() {
            self.push(" GROUP BY ");
            self.list(&select.group_by);
        }
        if let Some(having) = &select.having {
            self.push(" HAVING ");
            self.expr(having);
        }
        for (index, order) in select.order_by.iter().enumerate() {
            self.push(if index == 0 { " ORDER BY " } else { ", " });
            self.order(order);
        }
        match (select.limit, select.offset) {
            (Some(limit), _) => {
                self.push(" LIMIT ");
                write_number(limit, &mut self.sql);
            }
            (None, Some(_)) => {
                self.push(" LIMIT ");
                let no_limit = self.dialect.no_limit();
                self.push(no_limit);
            }
            (None, None) => {}
        }
        if let Some(offset) = select.offset {
            self.push(" OFFSET ");
            write_number(offset, &mut self.sql);
        }
    }

    /// ` WHERE …`
    pub(super) fn filter(&mut self, filter: Option<&'a Expr>) {
        if let Some(filter) = filter {
            self.push(" WHERE ");
            self.expr(filter);
        }
    }

    fn source(&mut self, source: &'a Source) {
        match source {
            Source::Table { name, alias } => {
                self.name(name);
                if let Some(alias) = alias.as_ref().filter(|alias| *alias != name) {
                    self.push(" ");
                    self.name(alias);
                }
            }
            Source::Select { select, alias } => {
                self.push("(");
                self.select(select);
                self.push(") ");
                self.name(alias);
            }
        }
    }

    fn join(&mut self, join: &'a Join) {
        self.push(match join.kind {
            JoinKind::Inner => " INNER JOIN ",
            JoinKind::Left => " LEFT OUTER JOIN ",
        });
        self.source(&join.source);
        self.push(" ON (");
        self.expr(&join.on);
        self.push(")");
    }

    fn order(&mut self, order: &'a Order) {
        self.expr(&order.expr);
        self.push(match order.direction {
            Direction::Asc => " ASC",
            Direction::Desc => " DESC",
        });
        match order.nulls {
            Some(Nulls::First) => self.push(" NULLS FIRST"),
            Some(Nulls::Last) => self.push(" NULLS LAST"),
            None => {}
        }
    }
}
