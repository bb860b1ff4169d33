//! The commands: runserver, migrate, createsuperuser, check and the rest.
