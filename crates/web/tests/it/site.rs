//! Requests through the whole room.
