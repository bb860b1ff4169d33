//! Changes to tables. SQLite can do few of them itself: the others remake the table.

use super::column::type_name;
use crate::schema::{Change, Column, Ddl, Index, Table};
use crate::{Expr, Function, Insert, Name, Select, Statement, Value};

/// The statements that make a change to a table.
pub(super) fn plan(table: &Table, change: &Change, max_name_length: usize) -> Vec<Statement> {
    let plan = Plan {
        table,
        max_name_length,
    };
    match change {
        Change::AddColumn { column, fill } => plan.add_column(column, fill),
        Change::DropColumn(name) => plan.drop_column(name),
        Change::AlterColumn {
            name,
            to,
            fill,
            related,
        } => plan.alter_column(name, to, fill, related),
        Change::UniqueTogether(new) => plan.unique_together(new),
        Change::AddIndex(index) => vec![create_index(table, index.clone())],
        Change::DropIndex(name) => vec![Ddl::DropIndex(name.clone()).into()],
        Change::AddConstraint(constraint) => {
            let mut after = table.clone();
            after.constraints.push(constraint.clone());
            plan.remake(after, plan.all_columns())
        }
        Change::DropConstraint(name) => {
            let mut after = table.clone();
            after.constraints.retain(|one| one.name != *name);
            plan.remake(after, plan.all_columns())
        }
        Change::Rename(to) => vec![
            Ddl::RenameTable {
                from: table.name.clone(),
                to: to.clone(),
            }
            .into(),
        ],
    }
}

/// The statements that make all indexes of a table.
pub(super) fn create_indexes(table: &Table, max_name_length: usize) -> Vec<Statement> {
    let indexes = table.all_indexes(max_name_length);
    indexes
        .into_iter()
        .map(|index| create_index(table, index))
        .collect()
}

fn create_index(table: &Table, index: Index) -> Statement {
    let table = table.name.clone();
    Ddl::CreateIndex { table, index }.into()
}

struct Plan<'a> {
    table: &'a Table,
    max_name_length: usize,
}

/// Columns of the remade table, and where their values come from.
type Copies = Vec<(Name, Expr)>;

impl Plan<'_> {
    fn add_column(&self, column: &Column, fill: &Value) -> Vec<Statement> {
        // ADD COLUMN can neither make keys nor fill in anything but NULL.
        if column.primary_key || column.unique || !column.null || !fill.is_null() {
            let mut after = self.table.clone();
            let mut copies = self.all_columns();
            after.columns.push(column.clone());
            copies.push((column.name.clone(), Expr::Value(fill.clone())));
            return self.remake(after, copies);
        }
        let add = Ddl::AddColumn {
            table: self.table.name.clone(),
            column: column.clone(),
        };
        let mut statements = vec![add.into()];
        if column.needs_index() {
            let index = self.table.column_index(column, self.max_name_length);
            statements.push(create_index(self.table, index));
        }
        statements
    }

    fn drop_column(&self, name: &Name) -> Vec<Statement> {
        let plain = self.table.find(name).is_none_or(|column| {
            !column.primary_key && !column.unique && !column.index && !column.has_constraint()
        });
        let indexed = self
            .table
            .indexes
            .iter()
            .any(|index| index.columns.iter().any(|column| column.name == *name));
        if plain && !indexed {
            let drop = Ddl::DropColumn {
                table: self.table.name.clone(),
                column: name.clone(),
            };
            return vec![drop.into()];
        }
        let mut after = self.table.clone();
        after.columns.retain(|column| column.name != *name);
        after
            .indexes
            .retain(|index| index.columns.iter().all(|column| column.name != *name));
        let mut copies = self.all_columns();
        copies.retain(|(column, _)| column != name);
        self.remake(after, copies)
    }

    fn alter_column(
        &self,
        name: &Name,
        to: &Column,
        fill: &Value,
        related: &[Table],
    ) -> Vec<Statement> {
        let Some(old) = self.table.find(name) else {
            return Vec::new();
        };
        if old.name != to.name && is_same_but_name(old, to) && !old.has_constraint() {
            let rename = Ddl::RenameColumn {
                table: self.table.name.clone(),
                from: name.clone(),
                to: to.name.clone(),
            };
            return vec![rename.into()];
        }
        let mut after = self.table.clone();
        // As in Django, the altered column comes last.
        after.columns.retain(|column| column.name != *name);
        after.columns.push(to.clone());
        rename_column(&mut after, name, &to.name);
        let mut copies = self.all_columns();
        copies.retain(|(column, _)| column != name);
        let value = if old.null && !to.null {
            Expr::call(
                Function::Coalesce,
                [Expr::bare(name.clone()), Expr::Value(fill.clone())],
            )
        } else {
            Expr::bare(name.clone())
        };
        copies.push((to.name.clone(), value));
        let mut statements = self.remake(after, copies);
        if (to.unique || to.primary_key) && type_name(old.kind) != type_name(to.kind) {
            for table in related.iter().filter(|one| one.name != self.table.name) {
                let plan = Plan { table, ..*self };
                statements.extend(plan.remake(table.clone(), plan.all_columns()));
            }
        }
        statements
    }

    fn unique_together(&self, new: &[Vec<Name>]) -> Vec<Statement> {
        let old = &self.table.unique_together;
        if old.iter().any(|columns| !new.contains(columns)) {
            // The index may have another name than ours: from before a column was renamed, or
            // from an old Django. A remade table does not have it, whatever its name.
            let after = Table {
                unique_together: new.to_vec(),
                ..self.table.clone()
            };
            return self.remake(after, self.all_columns());
        }
        let added = new.iter().filter(|columns| !old.contains(columns));
        added
            .map(|columns| {
                let index = self.table.together_index(columns, self.max_name_length);
                create_index(self.table, index)
            })
            .collect()
    }

    fn all_columns(&self) -> Copies {
        let names = self.table.columns.iter().map(|column| column.name.clone());
        names.map(|name| (name.clone(), Expr::bare(name))).collect()
    }

    /// Makes the table anew beside the old one, copies the rows, and takes the old one's place:
    /// the procedure that SQLite's documentation gives for `ALTER TABLE`.
    ///
    /// As in Django, columns that refer to the table itself come last, after the one that is new.
    fn remake(&self, mut after: Table, copies: Copies) -> Vec<Statement> {
        after.columns.sort_by_key(|column| {
            let own = column.references.as_ref();
            own.is_some_and(|to| to.table == self.table.name) && self.table.columns.contains(column)
        });
        let beside: Name = format!("new__{}", self.table.name).into();
        let (columns, values): (Vec<Name>, Vec<Expr>) = copies.into_iter().unzip();
        let mut select = Select::from(self.table.name.clone());
        for value in values {
            select = select.expr(value);
        }
        let insert = Insert::into(beside.clone()).columns(columns).select(select);
        let indexes = create_indexes(&after, self.max_name_length);
        let create = Table {
            name: beside.clone(),
            ..after
        };
        let mut statements = vec![
            Ddl::CreateTable(create).into(),
            insert.into(),
            Ddl::DropTable(self.table.name.clone()).into(),
            Ddl::RenameTable {
                from: beside,
                to: self.table.name.clone(),
            }
            .into(),
        ];
        statements.extend(indexes);
        statements
    }
}

fn is_same_but_name(old: &Column, to: &Column) -> bool {
    Column {
        name: to.name.clone(),
        ..old.clone()
    } == *to
}

/// Constraints and indexes follow their column's name.
fn rename_column(table: &mut Table, from: &Name, to: &Name) {
    let together = table.unique_together.iter_mut().flatten();
    let constraints = table
        .constraints
        .iter_mut()
        .flat_map(|one| &mut one.columns);
    let indexes = table.indexes.iter_mut().flat_map(|one| &mut one.columns);
    for name in together
        .chain(constraints)
        .chain(indexes.map(|column| &mut column.name))
    {
        if name == from {
            name.clone_from(to);
        }
    }
}
