//! The axum glue: named URLs, extractors, pages, responses, error pages.
