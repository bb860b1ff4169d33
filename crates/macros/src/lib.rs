//! Derives that turn structs into models and forms; they emit data and hold no logic.
