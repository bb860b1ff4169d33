//! `X-Frame-Options`: the site cannot be shown in a frame of another one (clickjacking).
//!
//! # Django
//! `XFrameOptionsMiddleware` and the decorators `xframe_options_deny`, `_sameorigin`, `_exempt`.

mod layer;

pub use layer::{FrameOptions, FrameOptionsLayer, XFrameOptions};
