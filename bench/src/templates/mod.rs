//! Two pages, the data that they show, and the engines that show them.

pub mod clock;
pub mod data;
pub mod engines;
pub mod urls;
