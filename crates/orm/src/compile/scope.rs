//! The tables of one queryset: its own, and those that its paths join.

use nuages_sql::{Expr, Join, Name, Source};

use crate::expressions::Root;
use crate::meta::{FieldMeta, ModelMeta};

/// The tables of one queryset.
pub(crate) struct Scope {
    pub(super) root: Root,
    /// The letter of its aliases, when it is a subquery: Django's `U0`, `U1`…
    prefix: Option<char>,
    joined: Vec<Joined>,
}

/// A joined table.
struct Joined {
    /// The table that the foreign key is in.
    from: Table,
    field: &'static FieldMeta,
    meta: &'static ModelMeta,
    alias: Name,
    /// No row is wanted that has no partner.
    required: bool,
}

/// The queryset's own table, or a joined one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Own,
    Joined(usize),
}

impl Scope {
    /// At `depth` 0 tables go by their names, in subqueries by letters.
    pub(super) fn new(root: Root, depth: usize) -> Self {
        let letters = "UVWXYZ";
        let prefix = depth
            .checked_sub(1)
            .map(|nested| letters.chars().cycle().nth(nested).unwrap_or('U'));
        Self {
            root,
            prefix,
            joined: Vec::new(),
        }
    }

    /// The table at the end of a path, joined if it was not yet.
    pub(super) fn reach(&mut self, hops: &[&'static FieldMeta], required: bool) -> Table {
        let mut table = Table::Own;
        for field in hops {
            table = self.join(table, field);
        }
        if required {
            let mut on_the_way = table;
            while let Table::Joined(index) = on_the_way {
                self.joined[index].required = true;
                on_the_way = self.joined[index].from;
            }
        }
        table
    }

    fn join(&mut self, from: Table, field: &'static FieldMeta) -> Table {
        let known = self
            .joined
            .iter()
            .position(|joined| joined.from == from && std::ptr::eq(joined.field, field));
        if let Some(index) = known {
            return Table::Joined(index);
        }
        let Some(to) = field.relation else {
            return from;
        };
        let meta = to();
        let alias = self.new_alias(meta);
        self.joined.push(Joined {
            from,
            field,
            meta,
            alias,
            required: false,
        });
        Table::Joined(self.joined.len() - 1)
    }

    /// The table's own name the first time, `T3` when it is the third table in sight.
    fn new_alias(&self, meta: &'static ModelMeta) -> Name {
        let number = self.joined.len() + 1;
        if let Some(letter) = self.prefix {
            return format!("{letter}{number}").into();
        }
        let is_taken = meta.table == self.root.meta().table
            || self.joined.iter().any(|joined| joined.alias == meta.table);
        if is_taken {
            format!("T{}", number + 1).into()
        } else {
            meta.table.into()
        }
    }

    /// The name that a table goes by.
    pub(super) fn alias(&self, table: Table) -> Name {
        match (table, self.prefix) {
            (Table::Own, None) => self.root.meta().table.into(),
            (Table::Own, Some(letter)) => format!("{letter}0").into(),
            (Table::Joined(index), _) => self.joined[index].alias.clone(),
        }
    }

    /// What the queryset selects from.
    pub(super) fn source(&self) -> Source {
        let table = self.root.meta().table;
        match self.prefix {
            None => Source::table(table),
            Some(_) => Source::aliased(table, self.alias(Table::Own)),
        }
    }

    /// Whether any table is joined.
    pub(super) fn has_joins(&self) -> bool {
        !self.joined.is_empty()
    }

    /// The joins, in the order in which they were needed.
    pub(super) fn joins(&self) -> Vec<Join> {
        self.joined
            .iter()
            .enumerate()
            .map(|(index, joined)| {
                let on = Expr::column(self.alias(joined.from), joined.field.column)
                    .eq(Expr::column(joined.alias.clone(), joined.meta.pk().column));
                if self.may_be_missing(Table::Joined(index)) {
                    Join::left(joined.meta.table, joined.alias.clone(), on)
                } else {
                    Join::inner(joined.meta.table, joined.alias.clone(), on)
                }
            })
            .collect()
    }

    /// Whether a row is wanted that has no partner in this table.
    fn may_be_missing(&self, table: Table) -> bool {
        match table {
            Table::Own => false,
            Table::Joined(index) => {
                let joined = &self.joined[index];
                !joined.required && (joined.field.null || self.may_be_missing(joined.from))
            }
        }
    }
}
