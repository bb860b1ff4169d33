//! The composition root: Site, Settings, the onion, start-up checks, serve.
