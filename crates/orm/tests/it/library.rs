//! A small library. The examples of the documentation include it, too, which is why it is in a file of its own.

include!("library.in");
