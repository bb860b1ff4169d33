//! The extractor that renders templates.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;
use nuages_template::formats::Locale;
use nuages_template::{Context, Services};

use crate::context::{PrivateValues, add_own};
use crate::error::{Error, ErrorKind, Result};
use crate::locale::Language;
use crate::pages::html_page;
use crate::redirect::Redirect;
use crate::request_info::RequestInfo;
use crate::services::PageServices;
use crate::site_context::SiteContext;
use crate::urls::UrlValue;

/// Renders templates for one request.
///
/// ```
/// use nuages_template::context;
/// use nuages_web::{Page, Result};
///
/// async fn home(page: Page) -> Result {
///     page.render("home.html", context! { title: "Hello" }).await
/// }
/// ```
///
/// # Django
/// `render(request, name, context)`. Context processors are asked only for what the template mentions.
#[derive(Debug, Clone)]
pub struct Page {
    site: Arc<SiteContext>,
    req: RequestInfo,
    status: StatusCode,
}

impl Page {
    /// A page for a request of this site.
    pub fn new(site: Arc<SiteContext>, req: RequestInfo) -> Self {
        Self {
            site,
            req,
            status: StatusCode::OK,
        }
    }

    /// Answers with another status than 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The request.
    pub fn request(&self) -> &RequestInfo {
        &self.req
    }

    /// The site.
    pub fn site(&self) -> &Arc<SiteContext> {
        &self.site
    }

    /// Renders a template as the response.
    ///
    /// # Errors
    /// When the template is missing or broken, or a context processor fails: a 500, whose page shows
    /// the place in debug mode.
    pub async fn render(&self, template: &str, context: Context<'_>) -> Result {
        let html = self.render_to_string(template, context).await?;
        Ok(html_page(self.status, html))
    }

    /// Renders a template as text, with all that the page of a response would have.
    ///
    /// # Errors
    /// As [`Page::render`].
    ///
    /// # Django
    /// `render_to_string(name, context, request)`.
    pub async fn render_to_string(
        &self,
        template: &str,
        mut context: Context<'_>,
    ) -> Result<String> {
        let template = self.site.engine.get_template(template)?;
        for processor in self.site.needed(&template) {
            for (name, value) in processor.load(&self.req).await? {
                if !context.contains(name) {
                    context.set(name, value);
                }
            }
        }
        let private = PrivateValues::default();
        add_own(&mut context, &template, &self.site, &self.req, &private);
        let namespace = self
            .req
            .resolver_match()
            .map(crate::ResolverMatch::namespace)
            .unwrap_or_default();
        if self.site.debug {
            for warning in template.warnings(&context) {
                tracing::warn!(target: "nuages.template", "{warning:#}");
            }
        }
        let services = self.services(namespace).with_private(private);
        template.render(&context, &services).map_err(|error| {
            if services.is_cancelled() {
                return Error::new(ErrorKind::Unavailable, "the page took too long to render")
                    .with_hint("`page_timeout` is the limit")
                    .with_source(error);
            }
            error.into()
        })
    }

    fn services(&self, namespace: String) -> PageServices<'_> {
        PageServices::new(&self.site, namespace)
            .with_language(self.req.extension())
            .with_time_zone(self.req.extension())
    }

    /// The language of the page.
    pub fn language(&self) -> &Language {
        let chosen = self.req.extension::<Language>();
        chosen.unwrap_or(&self.site.locale.default)
    }

    /// A text in the language of the page; the text itself where there is no translation.
    ///
    /// # Django
    /// `gettext(text)`.
    pub fn gettext(&self, text: &str) -> String {
        let services = self.services(String::new());
        Locale::new(&services).gettext(text).into_owned()
    }

    /// The form of a text that suits a number, in the language of the page.
    ///
    /// # Django
    /// `ngettext(singular, plural, number)`.
    pub fn ngettext(&self, singular: &str, plural: &str, number: i64) -> String {
        let services = self.services(String::new());
        let locale = Locale::new(&services);
        locale.ngettext(singular, plural, number).into_owned()
    }

    /// The URL of a named route.
    ///
    /// # Errors
    /// When no route has the name and takes the arguments.
    pub fn url(
        &self,
        name: &str,
        args: &[UrlValue<'_>],
        kwargs: &[(&str, UrlValue<'_>)],
    ) -> Result<String> {
        Ok(self.site.reverse(name, args, kwargs)?)
    }

    /// Sends the visitor to a named route.
    ///
    /// # Errors
    /// When no route without arguments has the name.
    pub fn redirect(&self, name: &str) -> Result {
        self.redirect_with(name, &[])
    }

    /// Sends the visitor to a named route with arguments.
    ///
    /// # Errors
    /// When no route has the name and takes the arguments.
    pub fn redirect_with(&self, name: &str, args: &[UrlValue<'_>]) -> Result {
        Redirect::to(&self.url(name, args, &[])?)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let site = site_of(parts)?;
        Ok(Self::new(site, RequestInfo::new(parts)))
    }
}

/// The site that a request belongs to.
pub(crate) fn site_of(parts: &Parts) -> Result<Arc<SiteContext>> {
    SiteContext::of(&parts.extensions).cloned().ok_or_else(|| {
        Error::server("The request carries no SiteContext.")
            .with_hint("Put ResolveLayer around the service, as Site does it.")
    })
}

/// The site as an extractor.
impl<S: Send + Sync> FromRequestParts<S> for SiteHandle {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        site_of(parts).map(Self)
    }
}

/// The context of the site, for views that need its URLs, its clock or its signals.
#[derive(Debug, Clone)]
pub struct SiteHandle(pub Arc<SiteContext>);
