//! The order of migrations: who must come before whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{ErrorKind, Result};
use crate::migration::{AppMigrations, Key, Migration};

/// All migrations of a site with their dependencies, checked: no unknown ones, no circles, one leaf an app.
#[derive(Debug, Clone)]
pub(crate) struct Graph {
    nodes: BTreeMap<Key, Migration>,
    children: BTreeMap<Key, BTreeSet<Key>>,
    /// All migrations, each after what it depends on.
    order: Vec<Key>,
}

impl Graph {
    pub(crate) fn new(apps: &[AppMigrations]) -> Result<Self> {
        let mut nodes = BTreeMap::new();
        for migration in apps.iter().flat_map(|app| &app.migrations) {
            let key = migration.key().clone();
            if nodes.insert(key.clone(), migration.clone()).is_some() {
                return Err(ErrorKind::Duplicate { key }.into());
            }
        }
        let children = children(&nodes)?;
        let order = order(&nodes)?;
        let graph = Self {
            nodes,
            children,
            order,
        };
        graph.refuse_two_leaves()?;
        Ok(graph)
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&Migration> {
        self.nodes.get(key)
    }

    pub(crate) fn order(&self) -> &[Key] {
        &self.order
    }

    /// The migrations of one app in order; empty when there is no such app.
    pub(crate) fn of_app(&self, app: &str) -> Vec<&Key> {
        self.order.iter().filter(|key| key.app == app).collect()
    }

    pub(crate) fn apps(&self) -> BTreeSet<&str> {
        self.nodes.keys().map(|key| key.app.as_str()).collect()
    }

    /// What must be applied for `key`, itself included.
    pub(crate) fn ancestors(&self, key: &Key) -> BTreeSet<Key> {
        reach(key, |key| {
            self.nodes
                .get(key)
                .map(|node| node.dependencies.iter())
                .into_iter()
                .flatten()
        })
    }

    /// What cannot stay when `key` goes, itself included.
    pub(crate) fn descendants(&self, key: &Key) -> BTreeSet<Key> {
        reach(key, |key| self.children.get(key).into_iter().flatten())
    }

    /// Refuses a history in which something is applied whose dependency is not.
    pub(crate) fn check_history(&self, applied: &BTreeSet<Key>) -> Result<()> {
        for child in &self.order {
            if !applied.contains(child) {
                continue;
            }
            if let Some(parent) = self.nodes[child]
                .dependencies
                .iter()
                .find(|parent| !applied.contains(parent))
            {
                let (child, parent) = (child.clone(), parent.clone());
                return Err(ErrorKind::InconsistentHistory { child, parent }.into());
            }
        }
        Ok(())
    }

    fn refuse_two_leaves(&self) -> Result<()> {
        for app in self.apps() {
            let leaves: Vec<String> = self
                .of_app(app)
                .into_iter()
                .filter(|key| {
                    !self
                        .children
                        .get(*key)
                        .into_iter()
                        .flatten()
                        .any(|child| child.app == app)
                })
                .map(|key| key.name.clone())
                .collect();
            if leaves.len() > 1 {
                return Err(ErrorKind::Conflict {
                    app: app.to_owned(),
                    leaves,
                }
                .into());
            }
        }
        Ok(())
    }
}

fn reach<'g, I: Iterator<Item = &'g Key>>(from: &Key, next: impl Fn(&Key) -> I) -> BTreeSet<Key> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from.clone()];
    while let Some(key) = open.pop() {
        if seen.insert(key.clone()) {
            open.extend(next(&key).cloned());
        }
    }
    seen
}

fn children(nodes: &BTreeMap<Key, Migration>) -> Result<BTreeMap<Key, BTreeSet<Key>>> {
    let mut children: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
    for (child, node) in nodes {
        for parent in &node.dependencies {
            if !nodes.contains_key(parent) {
                let hint = hint_for(parent, nodes);
                return Err(ErrorKind::UnknownDependency {
                    child: child.clone(),
                    parent: parent.clone(),
                    hint,
                }
                .into());
            }
            children
                .entry(parent.clone())
                .or_default()
                .insert(child.clone());
        }
    }
    Ok(children)
}

fn hint_for(missing: &Key, nodes: &BTreeMap<Key, Migration>) -> String {
    let names: Vec<&str> = nodes
        .keys()
        .filter(|key| key.app == missing.app)
        .map(|key| key.name.as_str())
        .collect();
    if names.is_empty() {
        format!("install the app `{}`", missing.app)
    } else {
        format!("`{}` has {}", missing.app, names.join(", "))
    }
}

/// Depth first, without recursion; each migration after its dependencies, apps and names in their own order.
fn order(nodes: &BTreeMap<Key, Migration>) -> Result<Vec<Key>> {
    let mut done = BTreeSet::new();
    let mut order = Vec::with_capacity(nodes.len());
    for start in nodes.keys() {
        let mut path: Vec<(&Key, usize)> = vec![(start, 0)];
        while let Some((key, next)) = path.last_mut() {
            let key = *key;
            if done.contains(key) {
                path.pop();
                continue;
            }
            let Some(parent) = nodes[key].dependencies.get(*next) else {
                done.insert(key.clone());
                order.push(key.clone());
                path.pop();
                continue;
            };
            *next += 1;
            if let Some(at) = path.iter().position(|(open, _)| *open == parent) {
                let mut cycle: Vec<Key> =
                    path[at..].iter().map(|(key, _)| (*key).clone()).collect();
                cycle.push(parent.clone());
                return Err(ErrorKind::Cycle { cycle }.into());
            }
            path.push((parent, 0));
        }
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A migration's app and name, and those that it depends on.
    type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

    fn graph(migrations: &[Row<'_>]) -> Result<Graph> {
        let migrations = migrations.iter().map(|(app, name, dependencies)| {
            dependencies
                .iter()
                .fold(Migration::new(*app, *name), |migration, (app, name)| {
                    migration.depends_on(*app, *name)
                })
        });
        Graph::new(&[AppMigrations::new("all", migrations)])
    }

    fn names(order: &[Key]) -> Vec<String> {
        order.iter().map(Key::to_string).collect()
    }

    #[test]
    fn each_migration_comes_after_its_dependencies() {
        let graph = graph(&[
            ("auth", "0001", &[("types", "0001")]),
            ("auth", "0002", &[("auth", "0001"), ("types", "0002")]),
            ("types", "0001", &[]),
            ("types", "0002", &[("types", "0001")]),
        ])
        .unwrap();
        assert_eq!(
            names(graph.order()),
            ["types.0001", "auth.0001", "types.0002", "auth.0002"]
        );
    }

    #[test]
    fn an_unknown_dependency_says_what_there_is() {
        let error = graph(&[("a", "0001", &[]), ("a", "0002", &[("a", "0001_x")])]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "migration a.0002 depends on a.0001_x, which does not exist\n\tHINT: `a` has 0001, 0002"
        );
        let error = graph(&[("a", "0001", &[("b", "0001")])]).unwrap_err();
        assert!(error.to_string().ends_with("HINT: install the app `b`"));
    }

    #[test]
    fn a_circle_is_shown_from_end_to_end() {
        let error = graph(&[("a", "1", &[("b", "1")]), ("b", "1", &[("a", "1")])]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "migrations depend on each other in a circle: a.1 → b.1 → a.1"
        );
    }

    #[test]
    fn two_latest_migrations_of_an_app_are_a_conflict() {
        let error = graph(&[
            ("a", "1", &[]),
            ("a", "2x", &[("a", "1")]),
            ("a", "2y", &[("a", "1")]),
        ])
        .unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("app `a` has two latest migrations: 2x, 2y")
        );
    }

    #[test]
    fn ten_thousand_migrations_in_a_row_are_no_problem() {
        let migrations = (0..10_000).map(|n| {
            let migration = Migration::new("a", format!("{n:05}"));
            if n == 0 {
                migration
            } else {
                migration.depends_on("a", format!("{:05}", n - 1))
            }
        });
        let graph = Graph::new(&[AppMigrations::new("a", migrations)]).unwrap();
        assert_eq!(graph.order().len(), 10_000);
    }
}
