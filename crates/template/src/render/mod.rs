//! Rendering: the state of one rendering, the look-up of variables, and the output.

mod arena;
mod budget;
mod condition;
mod env;
mod inherit;
mod loops;
mod output;
mod renderer;
mod resolve;
mod scopes;

pub(crate) use arena::Arena;
pub(crate) use env::Env;
pub(crate) use inherit::{Parent, bad_parent};
pub(crate) use loops::{Changed, Loop};
pub use renderer::Renderer;
pub use scopes::Name;
