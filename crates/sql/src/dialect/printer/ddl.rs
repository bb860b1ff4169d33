//! Prints statements that change tables.

use super::Printer;
use crate::schema::{Column, Ddl, Index, Table};

impl Printer<'_, '_> {
    /// Prints a statement that changes tables.
    pub(crate) fn ddl(&mut self, ddl: &Ddl) {
        match ddl {
            Ddl::CreateTable(table) => self.create_table(table),
            Ddl::DropTable(table) => {
                self.push("DROP TABLE ");
                self.name(table);
            }
            Ddl::RenameTable { from, to } => {
                self.alter_table(from);
                self.push(" RENAME TO ");
                self.name(to);
            }
            Ddl::AddColumn { table, column } => {
                self.alter_table(table);
                self.push(" ADD COLUMN ");
                self.column(column);
            }
            Ddl::DropColumn { table, column } => {
                self.alter_table(table);
                self.push(" DROP COLUMN ");
                self.name(column);
            }
            Ddl::RenameColumn { table, from, to } => {
                self.alter_table(table);
                self.push(" RENAME COLUMN ");
                self.name(from);
                self.push(" TO ");
                self.name(to);
            }
            Ddl::CreateIndex { table, index } => self.create_index(table, index),
            Ddl::DropIndex(name) => {
                self.push("DROP INDEX ");
                self.name(name);
            }
        }
    }

    fn alter_table(&mut self, table: &str) {
        self.push("ALTER TABLE ");
        self.name(table);
    }

    fn create_table(&mut self, table: &Table) {
        self.push("CREATE TABLE ");
        self.name(&table.name);
        self.push(" (");
        for (index, column) in table.columns.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.column(column);
        }
        for constraint in &table.constraints {
            self.push(", CONSTRAINT ");
            self.name(&constraint.name);
            self.push(" UNIQUE (");
            self.names(&constraint.columns);
            self.push(")");
        }
        self.push(")");
    }

    fn column(&mut self, column: &Column) {
        self.name(&column.name);
        self.push(" ");
        self.dialect.write_column(column, &mut self.sql);
    }

    fn create_index(&mut self, table: &str, index: &Index) {
        self.push(if index.unique {
            "CREATE UNIQUE INDEX "
        } else {
            "CREATE INDEX "
        });
        self.name(&index.name);
        self.push(" ON ");
        self.name(table);
        self.push(" (");
        for (position, column) in index.columns.iter().enumerate() {
            if position > 0 {
                self.push(", ");
            }
            self.name(&column.name);
            if column.descending {
                self.push(" DESC");
            }
        }
        self.push(")");
    }
}
