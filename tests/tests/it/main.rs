//! Whole-site tests in one binary: browser journeys, Django beside us, and the shape of the tree.

mod browser;
mod django;
mod tidy;
