//! Applies and undoes migrations.

use std::sync::Arc;

use nuages_base::Clock;
use nuages_db::Db;

use crate::error::{Error, ErrorKind, Result};
use crate::graph::Graph;
use crate::history;
use crate::migration::{AppMigrations, Key, Migration};
use crate::operations::{self, Operation, OperationError};
use crate::plan::{Direction, Step, Target, plan};
use crate::state::ProjectState;

/// Applies and undoes the migrations of a site.
///
/// # Django
/// `MigrationExecutor`.
#[derive(Debug, Clone)]
pub struct Executor {
    graph: Graph,
    clock: Clock,
}

impl Executor {
    /// An executor of these apps' migrations.
    ///
    /// # Errors
    /// When a dependency is unknown, migrations depend on each other in a circle, one exists twice, or an app
    /// has two latest ones.
    pub fn new(apps: &[AppMigrations]) -> Result<Self> {
        Ok(Self {
            graph: Graph::new(apps)?,
            clock: Clock::system(),
        })
    }

    /// Takes the time of application from this clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// What would be done to reach `target`. Nothing is written.
    ///
    /// # Errors
    /// When the database cannot be read, its history is inconsistent, or the target is unknown.
    pub async fn plan(&self, db: &Db, target: &Target) -> Result<Vec<Step>> {
        let applied = history::applied(db).await?;
        self.graph.check_history(&applied)?;
        plan(&self.graph, &applied, target)
    }

    /// Every migration in the order of apps and names, and whether it is applied.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn show(&self, db: &Db) -> Result<Vec<(String, String, bool)>> {
        let applied = history::applied(db).await?;
        let keys = self
            .graph
            .apps()
            .into_iter()
            .flat_map(|app| self.graph.of_app(app));
        Ok(keys
            .map(|key| (key.app.clone(), key.name.clone(), applied.contains(key)))
            .collect())
    }

    /// Does what is missing to reach `target`, each migration in a transaction of its own, and says what was done.
    ///
    /// A migration that fails is rolled back; those before it stay.
    ///
    /// # Errors
    /// As [`Executor::plan`], and when the database refuses an operation.
    pub async fn run(&self, db: &Db, target: &Target) -> Result<Vec<Step>> {
        let steps = self.plan(db, target).await?;
        if steps.is_empty() {
            return Ok(steps);
        }
        history::prepare(db).await?;
        for step in &steps {
            tracing::debug!(target: "nuages.migrations", "{step}");
            self.take(db, step).await?;
        }
        Ok(steps)
    }

    /// The models after every migration.
    ///
    /// # Errors
    /// When an operation names something that is not there.
    pub fn final_state(&self) -> Result<ProjectState> {
        self.state_before(None)
    }

    /// The models before `key`: after everything that comes before it in the order.
    fn state_before(&self, key: Option<&Key>) -> Result<ProjectState> {
        let mut state = ProjectState::default();
        for earlier in self
            .graph
            .order()
            .iter()
            .take_while(|earlier| Some(*earlier) != key)
        {
            for operation in self
                .graph
                .get(earlier)
                .into_iter()
                .flat_map(|migration| &migration.operations)
            {
                operation
                    .change_state(&earlier.app, &mut state)
                    .map_err(|message| state_error(earlier, message))?;
            }
        }
        Ok(state)
    }

    async fn take(&self, db: &Db, step: &Step) -> Result<()> {
        let Some(migration) = self.graph.get(&step.key) else {
            return Ok(());
        };
        let states = self.states(migration)?;
        if migration.atomic {
            db.schema_atomic(async |tx: Db| self.act(&tx, migration, &states, step.direction).await)
                .await
        } else {
            self.act(db, migration, &states, step.direction).await
        }
    }

    /// The models before the first operation, after it, after the second, and so on.
    fn states(&self, migration: &Migration) -> Result<Vec<ProjectState>> {
        let key = migration.key();
        let mut states = vec![self.state_before(Some(key))?];
        for operation in &migration.operations {
            let mut next = states.last().cloned().unwrap_or_default();
            operation
                .change_state(&key.app, &mut next)
                .map_err(|message| state_error(key, message))?;
            states.push(next);
        }
        Ok(states)
    }

    async fn act(
        &self,
        db: &Db,
        migration: &Migration,
        states: &[ProjectState],
        way: Direction,
    ) -> Result<()> {
        let key = migration.key();
        let mut operations: Vec<(&Arc<dyn Operation>, &[ProjectState])> =
            migration.operations.iter().zip(states.windows(2)).collect();
        if way == Direction::Backwards {
            operations.reverse();
        }
        for (operation, around) in operations {
            let [before, after] = around else { continue };
            let outcome = match way {
                Direction::Forwards => {
                    operation
                        .forwards(operations::Step {
                            app: &key.app,
                            db,
                            from: before,
                            to: after,
                        })
                        .await
                }
                Direction::Backwards => {
                    operation
                        .backwards(operations::Step {
                            app: &key.app,
                            db,
                            from: after,
                            to: before,
                        })
                        .await
                }
            };
            outcome.map_err(|error| operation_error(key, operation.as_ref(), error))?;
        }
        match way {
            Direction::Forwards => history::record(db, key, self.clock.now()).await?,
            Direction::Backwards => history::forget(db, key).await?,
        }
        Ok(())
    }
}

fn state_error(migration: &Key, message: String) -> Error {
    ErrorKind::State {
        migration: migration.clone(),
        message,
    }
    .into()
}

fn operation_error(migration: &Key, operation: &dyn Operation, error: OperationError) -> Error {
    let (migration, operation) = (migration.clone(), operation.describe());
    match error {
        OperationError::State(message) => ErrorKind::State { migration, message },
        OperationError::Irreversible => ErrorKind::Irreversible {
            migration,
            operation,
        },
        OperationError::Database(source) => ErrorKind::Database {
            migration,
            operation,
            source,
        },
    }
    .into()
}
