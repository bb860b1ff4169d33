//! Where uploaded files are kept, and how they are given out again.
//!
//! A [`Storage`] is a place: a folder ([`FileSystemStorage`]), the memory of a test ([`MemoryStorage`]),
//! an object store that you write. [`Files`] is what views hold: it validates every name on the way to
//! the place and back, so that no place can forget to.
//!
//! ```
//! use nuages_web::{Files, MemoryStorage, UploadedFile};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let files = Files::new(MemoryStorage::new("/media/"));
//! let photo = UploadedFile::of_bytes("my photo.jpg", "image/jpeg", "bytes");
//! let name = files.save(&files.generate_filename(&format!("photos/{}", photo.name()))?, &photo).await?;
//! assert_eq!(name, "photos/my_photo.jpg");
//! assert_eq!(files.url(&name)?, "/media/photos/my_photo.jpg");
//! assert!(files.save("../elsewhere", &photo).await.is_err());
//! # Ok::<(), nuages_web::StorageError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Django
//! `django.core.files.storage`.

mod error;
mod file_system;
mod files;
mod memory;
mod name;
mod place;
mod serve;

pub use error::StorageError;
pub use file_system::FileSystemStorage;
pub use files::Files;
pub use memory::MemoryStorage;
pub use name::valid_filename;
pub use place::{Storage, StoredFile};
pub use serve::serve_files;
