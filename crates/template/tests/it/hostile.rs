//! Hostile input: nothing overflows the stack, nothing panics, nothing takes more than linear time.
