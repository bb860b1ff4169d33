//! Sessions, their stores and layer, and flash messages.
