//! Test client, a database for each test, settings overrides, live server.
