//! What most files of a site use: `use nuages::prelude::*;`.

pub use axum::extract::Query;
pub use axum::response::Response;
pub use nuages_app::{App, Settings, Site};
pub use nuages_auth::CurrentUser;
pub use nuages_db::Db;
pub use nuages_forms::{BoundForm, Form, FormData, FormSet, TypedForm};
pub use nuages_mail::{EmailMessage, Mail};
pub use nuages_manage::Manage;
pub use nuages_orm::{Auto, ForeignKey, Model, exists};
pub use nuages_security::csrf::CsrfToken;
pub use nuages_sessions::{Messages, Session};
pub use nuages_tasks::{Task, Tasks};
pub use nuages_template::context;
pub use nuages_web::{
    FileResponse, Json, Page, Path, PostData, Result, StreamResponse, Urls, View, any, delete, get,
    patch, post, put, redirect,
};
