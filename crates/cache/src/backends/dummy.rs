//! A cache that keeps nothing.

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};

use crate::{CacheBackend, Keep, Result, Token, Ttl, Value};

/// Keeps nothing: for development, where everything shall be worked out each time.
///
/// # Django
/// `DummyCache`.
#[derive(Debug, Clone, Copy, Default)]
pub struct DummyCache;

impl CacheBackend for DummyCache {
    fn get_with_token<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<(Value, Token)>>> {
        ready(Ok(None)).boxed()
    }

    fn set<'a>(&'a self, _: &'a str, _: Value, _: Ttl) -> BoxFuture<'a, Result<()>> {
        ready(Ok(())).boxed()
    }

    fn add<'a>(&'a self, _: &'a str, _: Value, _: Ttl) -> BoxFuture<'a, Result<bool>> {
        ready(Ok(true)).boxed()
    }

    fn replace<'a>(
        &'a self,
        _: &'a str,
        _: &'a Token,
        _: Value,
        _: Keep,
    ) -> BoxFuture<'a, Result<bool>> {
        ready(Ok(false)).boxed()
    }

    fn touch<'a>(&'a self, _: &'a str, _: Ttl) -> BoxFuture<'a, Result<bool>> {
        ready(Ok(false)).boxed()
    }

    fn delete<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<bool>> {
        ready(Ok(false)).boxed()
    }

    fn clear(&self) -> BoxFuture<'_, Result<()>> {
        ready(Ok(())).boxed()
    }
}
