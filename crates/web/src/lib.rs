//! The axum glue: named URLs, extractors, pages, responses, error pages.
#![forbid(unsafe_code)]

mod body_limit;
mod checks;
mod context;
mod data;
mod download;
mod error;
mod extract;
mod layers;
mod page;
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
mod urls;

pub use checks::checks;
pub use context::ContextProcessor;
pub use data::{GetData, QueryDict, TooManyFields};
pub use download::Download;
pub use error::{Error, ErrorKind, ErrorReport, OrNotFound, Result};
pub use extract::{Json, Path};
pub use layers::{Common, CommonLayer, Dispatch, Resolve, ResolveLayer, Trace, TraceLayer};
pub use page::{Page, SiteHandle};
pub use post::{PostData, UploadedFile};
pub use redirect::{Redirect, redirect};
pub use request_info::RequestInfo;
pub use response::{FileResponse, StreamResponse, content_disposition, guess_content_type};
pub use settings::WebSettings;
pub use shared_service::{ResponseFuture, SharedService};
pub use site_context::SiteContext;
pub use static_files::StaticFiles;
pub use urls::{
    Access, Converter, ResolverMatch, ReverseError, ReverseOptions, RouteFlags, RouteListing,
    TriedRoute, UrlTable, UrlValue, Urls, UrlsError, View, any, delete, get, head, options, patch,
    post, put,
};
