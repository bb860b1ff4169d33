//! Security as tower layers for any axum or tower app: CSRF, hosts, HTTPS, headers, CSP.
