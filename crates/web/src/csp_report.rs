//! The view that takes reports of the Content-Security-Policy.

use nuages_security::csp::csp_report;

use crate::urls::{View, post};

/// The view that takes reports of the Content-Security-Policy and logs them without secrets.
///
/// ```
/// use nuages_web::{Urls, csp_report_view};
///
/// let urls = Urls::new().path("csp-report/", csp_report_view(), "csp-report");
/// # let _ = urls;
/// ```
///
/// Name it in the policy: `report-uri = "/csp-report/"`.
pub fn csp_report_view() -> View {
    // Browsers send reports without a token, and nothing is done but to log them.
    post(csp_report).csrf_exempt()
}
