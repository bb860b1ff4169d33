//! Content types and permissions of all installed models.

use std::collections::{BTreeMap, BTreeSet};

use nuages_db::Db;
use nuages_orm::ModelMeta;
use nuages_sql::{Expr, Insert, Select};

use crate::{Error, through_models};

const CONTENT_TYPE: &str = "django_content_type";
const PERMISSION: &str = "auth_permission";

/// What [`post_migrate`] added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Created {
    /// Content types, as `app.model`.
    pub content_types: Vec<String>,
    /// Permissions, as `app.codename`.
    pub permissions: Vec<String>,
}

/// Adds the content types and permissions that the models lack; run it after migrations.
///
/// What is there already stays, whatever it is called, and nothing is removed.
/// Before the tables are there it does nothing.
///
/// # Errors
/// When the database fails.
///
/// # Django
/// `create_contenttypes` and `create_permissions`, receivers of `post_migrate`.
pub async fn post_migrate(db: &Db, models: &[&'static ModelMeta]) -> Result<Created, Error> {
    let tables = db.table_names().await?;
    let there = |name: &str| tables.iter().any(|table| table == name);
    if !there(CONTENT_TYPE) {
        return Ok(Created::default());
    }
    let between = through_models();
    let models: Vec<_> = models
        .iter()
        .copied()
        .filter(|model| !between.contains(model))
        .collect();
    let with_permissions = there(PERMISSION);
    db.atomic(async |tx: Db| {
        let content_types = create_content_types(&tx, &models).await?;
        let permissions = if with_permissions {
            create_permissions(&tx, &models).await?
        } else {
            Vec::new()
        };
        Ok(Created {
            content_types,
            permissions,
        })
    })
    .await
}

async fn create_content_types(
    db: &Db,
    models: &[&'static ModelMeta],
) -> Result<Vec<String>, Error> {
    let known = content_types(db).await?;
    let mut created = Vec::new();
    let mut apps = Vec::new();
    for model in models {
        if !apps.contains(&model.app_label) {
            apps.push(model.app_label);
        }
    }
    for app in apps {
        let names: BTreeSet<String> = models
            .iter()
            .filter(|model| model.app_label == app)
            .map(|model| model.model_name())
            .collect();
        for name in names {
            if known.contains_key(&(app.to_owned(), name.clone())) {
                continue;
            }
            let row = [Expr::value(app), Expr::value(name.as_str())];
            let insert = Insert::into(CONTENT_TYPE)
                .columns(["app_label", "model"])
                .row(row);
            db.execute(insert).await?;
            created.push(format!("{app}.{name}"));
        }
    }
    Ok(created)
}

async fn create_permissions(db: &Db, models: &[&'static ModelMeta]) -> Result<Vec<String>, Error> {
    let types = content_types(db).await?;
    let query = Select::from(PERMISSION)
        .column(PERMISSION, "content_type_id")
        .column(PERMISSION, "codename");
    let mut known = BTreeSet::new();
    for mut row in db.fetch_all(query).await? {
        known.insert((row.take::<i64>(0)?, row.take::<String>(1)?));
    }
    let mut created = Vec::new();
    for model in models {
        let key = (model.app_label.to_owned(), model.model_name());
        let Some(&content_type) = types.get(&key) else {
            continue;
        };
        for (codename, name) in permissions_of(model) {
            if !known.insert((content_type, codename.clone())) {
                continue;
            }
            let row = [
                Expr::value(content_type),
                Expr::value(codename.as_str()),
                Expr::value(name),
            ];
            let insert = Insert::into(PERMISSION)
                .columns(["content_type_id", "codename", "name"])
                .row(row);
            db.execute(insert).await?;
            created.push(format!("{}.{codename}", model.app_label));
        }
    }
    Ok(created)
}

/// Codename and name of each permission of a model.
fn permissions_of(model: &ModelMeta) -> Vec<(String, String)> {
    let own = |(codename, name): &(&str, &str)| ((*codename).to_owned(), (*name).to_owned());
    let name = model.verbose_name();
    model
        .default_permissions
        .iter()
        .map(|action| {
            let codename = format!("{action}_{}", model.model_name());
            (codename, format!("Can {action} {name}"))
        })
        .chain(model.permissions.iter().map(own))
        .collect()
}

/// The keys of the content types by app and model.
async fn content_types(db: &Db) -> Result<BTreeMap<(String, String), i64>, Error> {
    let query = Select::from(CONTENT_TYPE)
        .column(CONTENT_TYPE, "id")
        .column(CONTENT_TYPE, "app_label")
        .column(CONTENT_TYPE, "model");
    let mut types = BTreeMap::new();
    for mut row in db.fetch_all(query).await? {
        let id = row.take(0)?;
        types.insert((row.take(1)?, row.take(2)?), id);
    }
    Ok(types)
}
