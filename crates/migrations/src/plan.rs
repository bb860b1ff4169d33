//! What has to be done to get from a history to a target.

use std::collections::BTreeSet;
use std::fmt;

use crate::error::{Error, ErrorKind, Result};
use crate::graph::Graph;
use crate::migration::Key;

/// Where to migrate to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Everything of every app.
    All,
    /// Everything of one app, and what it depends on.
    App(String),
    /// Up or down to one migration, named in full or by a prefix; `zero` is before the first.
    Migration(String, String),
}

/// Which way a migration goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It is applied.
    Forwards,
    /// It is undone.
    Backwards,
}

/// One migration, one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The migration.
    pub key: Key,
    /// The way.
    pub direction: Direction,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.direction {
            Direction::Forwards => write!(f, "apply {}", self.key),
            Direction::Backwards => write!(f, "unapply {}", self.key),
        }
    }
}

/// The steps from `applied` to `target`, in order.
pub(crate) fn plan(graph: &Graph, applied: &BTreeSet<Key>, target: &Target) -> Result<Vec<Step>> {
    match target {
        Target::All => Ok(forwards(graph, applied, |_| true)),
        Target::App(app) => {
            let wanted: BTreeSet<Key> = keys_of(graph, app)?
                .into_iter()
                .flat_map(|key| graph.ancestors(key))
                .collect();
            Ok(forwards(graph, applied, |key| wanted.contains(key)))
        }
        Target::Migration(app, name) => {
            let keys = keys_of(graph, app)?;
            if name == "zero" {
                let gone = keys
                    .into_iter()
                    .flat_map(|key| graph.descendants(key))
                    .collect();
                return Ok(backwards(graph, applied, &gone));
            }
            let key = find(&keys, app, name)?;
            if applied.contains(key) {
                let mut gone = BTreeSet::new();
                // Only what follows in the same app goes, and what hangs on that.
                for later in keys
                    .iter()
                    .filter(|later| **later != key && graph.ancestors(later).contains(key))
                {
                    gone.extend(graph.descendants(later));
                }
                Ok(backwards(graph, applied, &gone))
            } else {
                let wanted = graph.ancestors(key);
                Ok(forwards(graph, applied, |key| wanted.contains(key)))
            }
        }
    }
}

fn forwards(graph: &Graph, applied: &BTreeSet<Key>, wanted: impl Fn(&Key) -> bool) -> Vec<Step> {
    let missing = graph
        .order()
        .iter()
        .filter(|key| !applied.contains(*key) && wanted(key));
    missing
        .map(|key| Step {
            key: key.clone(),
            direction: Direction::Forwards,
        })
        .collect()
}

fn backwards(graph: &Graph, applied: &BTreeSet<Key>, gone: &BTreeSet<Key>) -> Vec<Step> {
    let there = graph
        .order()
        .iter()
        .rev()
        .filter(|key| applied.contains(*key) && gone.contains(*key));
    there
        .map(|key| Step {
            key: key.clone(),
            direction: Direction::Backwards,
        })
        .collect()
}

fn keys_of<'g>(graph: &'g Graph, app: &str) -> Result<Vec<&'g Key>> {
    let keys = graph.of_app(app);
    if keys.is_empty() {
        let apps: Vec<&str> = graph.apps().into_iter().collect();
        return Err(unknown(
            format!("no installed app with label '{app}' has migrations"),
            Some(format!("the apps with migrations are {}", apps.join(", "))),
        ));
    }
    Ok(keys)
}

fn find<'g>(keys: &[&'g Key], app: &str, name: &str) -> Result<&'g Key> {
    if let Some(exact) = keys.iter().find(|key| key.name == name) {
        return Ok(exact);
    }
    let near: Vec<&&Key> = keys
        .iter()
        .filter(|key| key.name.starts_with(name))
        .collect();
    match near.as_slice() {
        [one] => Ok(one),
        [] => {
            let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
            let hint = format!("`{app}` has {}", names.join(", "));
            Err(unknown(
                format!("cannot find a migration matching '{name}' from app '{app}'"),
                Some(hint),
            ))
        }
        _ => Err(unknown(
            format!("more than one migration matches '{name}' in app '{app}'"),
            Some("write more of its name".to_owned()),
        )),
    }
}

fn unknown(message: String, hint: Option<String>) -> Error {
    ErrorKind::UnknownTarget { message, hint }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{AppMigrations, Migration};

    fn graph() -> Graph {
        Graph::new(&[AppMigrations::new(
            "all",
            [
                Migration::new("blog", "0001_initial").depends_on("auth", "0001_initial"),
                Migration::new("blog", "0002_slug").depends_on("blog", "0001_initial"),
                Migration::new("auth", "0001_initial"),
                Migration::new("auth", "0002_more").depends_on("auth", "0001_initial"),
            ],
        )])
        .unwrap()
    }

    fn steps(applied: &[(&str, &str)], target: &Target) -> Vec<String> {
        let applied = applied
            .iter()
            .map(|(app, name)| Key::new(*app, *name))
            .collect();
        plan(&graph(), &applied, target)
            .unwrap()
            .iter()
            .map(Step::to_string)
            .collect()
    }

    #[test]
    fn all_is_what_is_missing() {
        let applied = [
            ("auth", "0001_initial"),
            ("auth", "0002_more"),
            ("blog", "0001_initial"),
        ];
        assert_eq!(steps(&applied, &Target::All), ["apply blog.0002_slug"]);
    }

    #[test]
    fn one_app_brings_only_what_it_depends_on() {
        assert_eq!(
            steps(&[], &Target::App("blog".into())),
            [
                "apply auth.0001_initial",
                "apply blog.0001_initial",
                "apply blog.0002_slug"
            ]
        );
    }

    #[test]
    fn going_back_undoes_what_hangs_on_it_latest_first() {
        let applied = [
            ("auth", "0001_initial"),
            ("auth", "0002_more"),
            ("blog", "0001_initial"),
            ("blog", "0002_slug"),
        ];
        let target = Target::Migration("blog".into(), "0001".into());
        assert_eq!(steps(&applied, &target), ["unapply blog.0002_slug"]);
        let target = Target::Migration("auth".into(), "zero".into());
        assert_eq!(
            steps(&applied, &target),
            [
                "unapply blog.0002_slug",
                "unapply blog.0001_initial",
                "unapply auth.0002_more",
                "unapply auth.0001_initial"
            ]
        );
    }

    #[test]
    fn an_unknown_name_says_what_there_is() {
        let error = plan(
            &graph(),
            &BTreeSet::new(),
            &Target::Migration("blog".into(), "0009".into()),
        )
        .unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("HINT: `blog` has 0001_initial, 0002_slug"),
            "{error}"
        );
    }
}
