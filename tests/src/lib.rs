//! Whole-site journeys.
