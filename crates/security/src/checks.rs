//! What `check` and `check --deploy` say about the settings.
