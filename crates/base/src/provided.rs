//! What a site gives to each of its requests.

use std::any::{Any, type_name};
use std::fmt;
use std::sync::Arc;

/// The things that every request of a site may ask for, put together once: a request carries them all in one piece.
///
/// The extractors of the rooms look here for what is not in the extensions of the request itself.
///
/// ```
/// use nuages_base::Provided;
///
/// let provided = Provided::new().with("a database").with(7_u8);
/// assert_eq!(provided.get::<u8>(), Some(&7));
/// assert_eq!(provided.get::<u16>(), None);
/// ```
#[derive(Clone, Default)]
pub struct Provided(Arc<Vec<Box<dyn Any + Send + Sync>>>);

impl Provided {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this thing too, unless others hold these already: it is for putting them together.
    #[must_use]
    pub fn with<T: Send + Sync + 'static>(mut self, thing: T) -> Self {
        debug_assert!(self.get::<T>().is_none(), "{} twice", type_name::<T>());
        if let Some(things) = Arc::get_mut(&mut self.0) {
            things.push(Box::new(thing));
        }
        self
    }

    /// The thing of this type.
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.0.iter().find_map(|thing| thing.downcast_ref())
    }

    /// The thing of this type: that of the request itself, else what its site provides.
    ///
    /// ```
    /// use nuages_base::Provided;
    ///
    /// let mut extensions = http::Extensions::new();
    /// extensions.insert(Provided::new().with(7_u8));
    /// assert_eq!(Provided::find::<u8>(&extensions), Some(&7));
    /// extensions.insert(8_u8);
    /// assert_eq!(Provided::find::<u8>(&extensions), Some(&8));
    /// ```
    pub fn find<T: Send + Sync + 'static>(extensions: &http::Extensions) -> Option<&T> {
        extensions.get().or_else(|| extensions.get::<Self>()?.get())
    }
}

impl fmt::Debug for Provided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provided")
            .field("things", &self.0.len())
            .finish_non_exhaustive()
    }
}
