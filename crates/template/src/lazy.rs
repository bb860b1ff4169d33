//! Values that are made when a template asks for them: once, or every time.

use std::fmt;
use std::sync::LazyLock;

use crate::error::Error;
use crate::object::Object;
use crate::value::Value;

/// Makes its value when it is used for the first time.
struct Lazy<F>(LazyLock<Value<'static>, F>);

impl<F: FnOnce() -> Value<'static> + Send> Object for Lazy<F> {
    fn call(&self) -> Option<Result<Value<'_>, Error>> {
        Some(Ok(LazyLock::force(&self.0).reborrow()))
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "{}", LazyLock::force(&self.0))
    }
}

/// Makes a value each time it is used.
struct Callable<F>(F);

impl<F: Fn() -> Result<Value<'static>, Error> + Send + Sync> Object for Callable<F> {
    fn call(&self) -> Option<Result<Value<'_>, Error>> {
        Some((self.0)())
    }
}

impl Value<'_> {
    /// A value that is made when a template uses it for the first time, and at most once.
    ///
    /// ```
    /// use nuages_template::{context, Engine, NoServices, Value};
    /// let context = context! {
    ///     sum: Value::lazy(|| (1..=100).sum::<i64>()),
    ///     never: Value::lazy(|| -> String { unreachable!() })
    /// };
    /// let page = Engine::default().from_str("{{ sum }} {{ sum }}{% if 0 %}{{ never }}{% endif %}")?;
    /// assert_eq!(page.render(&context, &NoServices)?, "5050 5050");
    /// # Ok::<(), nuages_template::Error>(())
    /// ```
    ///
    /// # Django
    /// `SimpleLazyObject`. It does no I/O: what waits belongs before the rendering.
    pub fn lazy<T: Into<Value<'static>>>(make: impl FnOnce() -> T + Send + 'static) -> Self {
        Self::object(Lazy(LazyLock::new(move || make().into())))
    }

    /// A function that templates call, each time they look it up.
    ///
    /// An error of the kind [`ErrorKind::Variable`](crate::ErrorKind::Variable) makes it a variable that does not exist.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicI64, Ordering};
    /// use nuages_template::{context, Engine, NoServices, Value};
    /// let counter = AtomicI64::new(0);
    /// let next = Value::callable(move || Ok((counter.fetch_add(1, Ordering::Relaxed) + 1).into()));
    /// let page = Engine::default().from_str("{{ next }}{{ next }}{{ next }}")?;
    /// assert_eq!(page.render(&context! { next: next }, &NoServices)?, "123");
    /// # Ok::<(), nuages_template::Error>(())
    /// ```
    ///
    /// # Django
    /// A callable in a context.
    pub fn callable(
        run: impl Fn() -> Result<Value<'static>, Error> + Send + Sync + 'static,
    ) -> Self {
        Self::object(Callable(run))
    }
}
