//! Models to SQL and rows to models.
