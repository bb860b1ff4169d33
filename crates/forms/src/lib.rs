//! Fields, widgets, validation and Django's HTML for them.
