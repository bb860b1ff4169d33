//! What the site does: one file a page, each a plain async function of axum.

pub mod contact;
pub mod dashboard;
pub mod export;
pub mod home;
pub mod likes;
pub mod register;
pub mod report;
pub mod webhook;
