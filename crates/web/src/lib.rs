//! The axum glue: named URLs, extractors, pages, responses, error pages.
//!
//! Views are plain axum handlers. What this room adds is where they are found and what they give back.
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::body::Body;
//! use http::Request;
//! use nuages_template::{Engine, MemoryLoader, context};
//! use nuages_web::{Dispatch, Page, Path, Result, SiteContext, Urls, get};
//! use tower::ServiceExt;
//!
//! async fn detail(Path(pk): Path<i64>, page: Page) -> Result {
//!     page.render("detail.html", context! { pk }).await
//! }
//!
//! # futures_util::FutureExt::now_or_never(async {
//! let urls = Urls::new().path("posts/<int:pk>/", get(detail), "post-detail").freeze()?;
//! let templates = [("detail.html", "<a href=\"{% url 'post-detail' pk %}\">post {{ pk }}</a>")];
//! let engine = Engine::builder().loader(MemoryLoader::new(templates)).build();
//! let site = Dispatch::new(Arc::new(SiteContext::new(engine, urls)));
//!
//! let ask = |path: &str| site.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
//! let response = ask("/posts/7/").await?;
//! let html = axum::body::to_bytes(response.into_body(), 1000).await?;
//! assert_eq!(html, "<a href=\"/posts/7/\">post 7</a>");
//! assert_eq!(ask("/posts/seven/").await?.status(), 404);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap().unwrap();
//! ```
//!
//! In reading order:
//! - [`Urls`] become a [`UrlTable`], which resolves paths and reverses names; a [`View`] has handlers by
//!   method, and flags for the layers around it.
//! - [`ResolveLayer`] goes around all other layers and tells them what the route asks; [`TraceLayer`] logs
//!   and survives panics; [`CommonLayer`] appends slashes, limits bodies and writes error pages;
//!   [`Dispatch`] in the middle calls the view.
//! - [`Path`], [`GetData`], [`PostData`], [`Json`], [`RequestInfo`] and [`Page`] are extractors.
//! - [`Page`] renders templates with the [`ContextProcessor`]s that they mention; [`redirect()`],
//!   [`FileResponse`] and [`StreamResponse`] are the other answers.
//! - [`Error`] takes any error with `?`: visitors see fixed words, the log sees the causes.
//!
//! # Deployment
//! Set `request_body_max_size` to what the site needs, and let the server in front serve static files.
//!
//! # Django
//! `django.urls`, `django.http`, `django.shortcuts`, `CommonMiddleware`, `django.views.debug`,
//! `django.views.static`.
#![forbid(unsafe_code)]

mod accept;
#[cfg(feature = "archives")]
mod archive;
mod body_limit;
pub mod cache_headers;
mod checks;
pub mod conditional;
mod context;
mod csp_report;
mod data;
mod error;
#[cfg(feature = "exif")]
mod exif;
mod extract;
pub mod json_encoders;
mod layer_stack;
mod layers;
mod locale;
mod page;
pub mod page_cache;
mod pages;
mod post;
mod redirect;
mod request_info;
mod response;
mod services;
mod settings;
mod shared_service;
mod site_context;
mod static_files;
mod storage;
mod time_zone;
mod urls;

pub use accept::{AcceptedTypes, HeaderParams, MediaType};
#[cfg(feature = "archives")]
pub use archive::{ArchiveError, UnpackLimits, Unpacked, unpack, unpack_file};
pub use checks::checks;
pub use context::ContextProcessor;
pub use csp_report::csp_report_view;
pub use data::{Charset, EncodeError, GetData, NoneInQuery, QueryDict, TooManyFields, urlencode};
pub use error::{Error, ErrorKind, ErrorReport, OrNotFound, Result};
#[cfg(feature = "exif")]
pub use exif::{ExifError, gps_from_exif};
pub use extract::{Json, Path, RawBody};
pub use layer_stack::LayerStack;
pub use layers::{
    Common, CommonLayer, Dispatch, ErrorPages, Resolve, ResolveLayer, Trace, TraceLayer,
};
pub use locale::{Language, Locale, LocaleLayer, set_language};
pub use page::{Page, SiteHandle};
pub use post::{
    ImageError, ImageFormat, ImageInfo, ImageLimits, PostData, UploadedFile, image_info,
    sniff_content_type,
};
pub use redirect::{Redirect, redirect};
pub use request_info::RequestInfo;
pub use response::{
    BadHeader, FileResponse, HttpResponse, JsonResponse, JsonStyle, ResponseError, StreamResponse,
    content_disposition, guess_content_type,
};
pub use settings::WebSettings;
pub use shared_service::{ResponseFuture, SharedService};
pub use site_context::SiteContext;
pub use static_files::StaticFiles;
pub use storage::{
    FileSystemStorage, Files, MemoryStorage, Storage, StorageError, StoredFile, serve_files,
    valid_filename,
};
pub use time_zone::ActiveTimeZone;
pub use urls::{
    Access, Converter, ResolverMatch, ReverseError, ReverseOptions, RouteFlags, RouteListing,
    TriedRoute, UrlTable, UrlValue, Urls, UrlsError, View, any, delete, get, head, options, patch,
    post, put, regex_normalize,
};
