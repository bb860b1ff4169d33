//! The extractor: a view that names [`FormData`] gets the submitted form.

use axum_core::extract::{FromRequest, Request};
use nuages_web::{Error, PostData};

use crate::{FormData, UploadedFile};

impl From<&PostData> for FormData {
    fn from(data: &PostData) -> Self {
        let pairs = data
            .pairs()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let files = data.files().map(|(name, file)| (name, upload(file)));
        files.fold(pairs.collect(), |all: Self, (name, file)| {
            all.with_file(name, file)
        })
    }
}

/// A photo whose position cannot be read: the visitor is told so, and no more.
#[cfg(feature = "exif")]
impl From<nuages_web::ExifError> for crate::ValidationError {
    fn from(error: nuages_web::ExifError) -> Self {
        Self::new(error.to_string()).code("invalid_position")
    }
}

fn upload(file: &nuages_web::UploadedFile) -> UploadedFile {
    let upload = match (file.bytes(), file.temporary_path()) {
        (Some(bytes), _) => UploadedFile::new(file.name(), bytes.clone()),
        (None, Some(path)) => {
            UploadedFile::on_disk(file.name(), path, file.size()).keeping(file.clone())
        }
        (None, None) => UploadedFile::new(file.name(), ""),
    };
    upload.content_type(file.content_type())
}

impl<S: Send + Sync> FromRequest<S> for FormData {
    type Rejection = Error;

    async fn from_request(req: Request, state: &S) -> Result<Self, Error> {
        Ok(Self::from(&PostData::from_request(req, state).await?))
    }
}
