//! Settings of the Content-Security-Policy.

use nuages_base::settings;

use super::Policy;

settings! {
    /// The policies every response gets.
    pub struct CspSettings {
        /// SECURE_CSP: the policy that browsers enforce, as a table of directives.
        /// Empty for none.
        pub secure_csp: Option<Policy> = Some(Policy::strict()),
        /// SECURE_CSP_REPORT_ONLY: a policy whose violations browsers only report.
        pub secure_csp_report_only: Option<Policy> = None,
    }
}
