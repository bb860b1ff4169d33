//! What a handle carries for the rooms above.

use std::any::Any;
use std::sync::Arc;

use super::Db;

/// Values by type, shared by all clones of a handle.
#[derive(Clone, Default)]
pub(super) struct Extensions(Option<Arc<Vec<Arc<dyn Any + Send + Sync>>>>);

impl Db {
    /// A handle that carries a value for the rooms above, in place of the one of its type that
    /// this handle carries. Clones and transactions of the new handle carry it, too.
    ///
    /// This is how something that a site knows as a whole reaches every query without a global:
    /// the models that refer to each other (`orm::Models`), the clock.
    ///
    /// ```
    /// # use nuages_db::{Db, DbSettings};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// #[derive(Debug, PartialEq)]
    /// struct Tenant(&'static str);
    ///
    /// let plain = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
    /// let db = plain.with_extension(Tenant("north"));
    /// assert_eq!(db.clone().extension(), Some(&Tenant("north")));
    /// assert_eq!(plain.extension::<Tenant>(), None);
    /// # Ok::<(), nuages_db::Error>(()) }).unwrap();
    /// ```
    pub fn with_extension<T: Any + Send + Sync>(&self, value: T) -> Self {
        let others = self.extensions.0.iter().flat_map(|all| all.iter());
        let mut all: Vec<Arc<dyn Any + Send + Sync>> =
            others.filter(|one| !one.is::<T>()).cloned().collect();
        all.push(Arc::new(value));
        Self {
            extensions: Extensions(Some(Arc::new(all))),
            ..self.clone()
        }
    }

    /// The value of this type that the handle carries.
    pub fn extension<T: Any + Send + Sync>(&self) -> Option<&T> {
        let all = self.extensions.0.as_ref()?;
        all.iter().find_map(|one| one.downcast_ref())
    }
}
