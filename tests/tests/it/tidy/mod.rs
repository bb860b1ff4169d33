//! Tidy placeholder
