//! Nuages: the Django-compatible, secure-by-default web framework.
