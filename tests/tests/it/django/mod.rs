//! Django mod placeholder
