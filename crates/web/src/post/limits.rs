//! How much of a form is taken.

use std::path::PathBuf;

use crate::data::Charset;
use crate::settings::WebSettings;

/// How much of a form is taken, and where its files go.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    pub(crate) max_memory: usize,
    pub(crate) max_fields: usize,
    pub(crate) max_files: usize,
    /// Files that grow larger are written to the disk.
    pub(crate) max_file_memory: usize,
    /// The length of the whole body is known to be larger: files go to the disk at once.
    pub(crate) is_large: bool,
    pub(crate) temp_dir: Option<PathBuf>,
    /// The encoding of the fields.
    pub(crate) charset: Charset,
}

impl Limits {
    pub(crate) fn new(settings: &WebSettings, content_length: Option<u64>) -> Self {
        let max_file_memory = settings.file_upload_max_memory_size;
        Self {
            max_memory: settings.data_upload_max_memory_size,
            max_fields: settings.data_upload_max_number_fields,
            max_files: settings.data_upload_max_number_files,
            max_file_memory,
            is_large: content_length.is_some_and(|length| length > max_file_memory as u64),
            temp_dir: settings.file_upload_temp_dir.clone().map(PathBuf::from),
            charset: Charset::UTF_8,
        }
    }
}
