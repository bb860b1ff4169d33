//! Settings of hosts and proxies.

use nuages_base::settings;

settings! {
    /// Which hosts the site answers for, and which headers of the proxy in front of it are believed.
    pub struct HostsSettings {
        /// ALLOWED_HOSTS: `"example.com"`, or `".example.com"` for it and all subdomains, or `"*"`.
        /// While empty, only `localhost` is served, and only in debug mode.
        pub allowed_hosts: Vec<String> = Vec::new(),
        /// USE_X_FORWARDED_HOST: believe the proxy's `X-Forwarded-Host`.
        pub use_x_forwarded_host: bool = false,
        /// USE_X_FORWARDED_PORT: believe the proxy's `X-Forwarded-Port`.
        pub use_x_forwarded_port: bool = false,
        /// SECURE_PROXY_SSL_HEADER: the header and the value by which the proxy says that the client
        /// came over HTTPS, such as `["HTTP_X_FORWARDED_PROTO", "https"]`.
        /// The proxy has to remove this header from what clients send.
        pub secure_proxy_ssl_header: Option<(String, String)> = None,
        /// How many proxies of your own stand in front of the site, each of which adds the address it was
        /// called from to the end of `X-Forwarded-For`. While 0, the header is not read.
        /// Ours: Django has no such setting; Django REST framework calls it NUM_PROXIES.
        pub num_proxies: usize = 0,
    }
}
