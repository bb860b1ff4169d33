//! Prints `INSERT`, `UPDATE` and `DELETE`.

use super::Printer;
use crate::query::{ConflictAction, Delete, Insert, InsertSource, OnConflict, Update};
use crate::{Expr, Name};

impl<'a> Printer<'a, '_> {
    /// Prints an insert.
    pub(crate) fn insert(&mut self, insert: &'a Insert) {
        self.push("INSERT INTO ");
        self.name(&insert.table);
        if insert.columns.is_empty() {
            self.push(" DEFAULT VALUES");
        } else {
            self.push(" (");
            self.names(&insert.columns);
            self.push(") ");
            match &insert.source {
                InsertSource::Rows(rows) => self.rows(rows),
                InsertSource::Select(select) => self.select(select),
            }
        }
        if let Some(on_conflict) = &insert.on_conflict {
            self.on_conflict(insert, on_conflict);
        }
        self.returning(&insert.table, &insert.returning);
    }

    /// Prints an update.
    pub(crate) fn update(&mut self, update: &'a Update) {
        self.push("UPDATE ");
        self.name(&update.table);
        self.push(" SET ");
        self.assignments(&update.assignments);
        self.filter(update.filter.as_ref());
        self.returning(&update.table, &update.returning);
    }

    /// Prints a delete.
    pub(crate) fn delete(&mut self, delete: &'a Delete) {
        self.push("DELETE FROM ");
        self.name(&delete.table);
        self.filter(delete.filter.as_ref());
        self.returning(&delete.table, &delete.returning);
    }

    fn rows(&mut self, rows: &'a [Vec<Expr>]) {
        self.push("VALUES ");
        for (index, row) in rows.iter().enumerate() {
            self.push(if index == 0 { "(" } else { ", (" });
            self.list(row);
            self.push(")");
        }
    }

    fn on_conflict(&mut self, insert: &'a Insert, on_conflict: &'a OnConflict) {
        // SQLite would read `SELECT … FROM t ON` as the beginning of a join's condition.
        if matches!(&insert.source, InsertSource::Select(select) if select.filter.is_none()) {
            self.push(" WHERE 1 = 1");
        }
        self.push(" ON CONFLICT");
        if !on_conflict.target.is_empty() {
            self.push("(");
            self.names(&on_conflict.target);
            self.push(")");
        }
        match &on_conflict.action {
            ConflictAction::Nothing => self.push(" DO NOTHING"),
            ConflictAction::Update(assignments) => {
                self.push(" DO UPDATE SET ");
                self.assignments(assignments);
            }
        }
    }

    fn assignments(&mut self, assignments: &'a [(Name, Expr)]) {
        for (index, (column, value)) in assignments.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.name(column);
            self.push(" = ");
            self.operand(value);
        }
    }

    fn returning(&mut self, table: &'a Name, columns: &'a [Name]) {
        for (index, column) in columns.iter().enumerate() {
            self.push(if index == 0 { " RETURNING " } else { ", " });
            self.name(table);
            self.push(".");
            self.name(column);
        }
    }
}
