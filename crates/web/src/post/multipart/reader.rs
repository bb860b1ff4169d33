//! The reader: drives the parser over a body, keeps fields in memory and files where they belong.

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt;

use super::base64::decode_base64;
use super::parser::{Event, MultipartParser, Part};
use crate::body_limit::{is_over_limit, unreadable};
use crate::data::QueryDict;
use crate::error::{Error, ErrorKind, Result};
use crate::post::file::{FileWriter, UploadedFile};
use crate::post::file_name::sanitize;
use crate::post::limits::Limits;

/// The fields and files of a form, in the order of the request.
pub(crate) type FieldsAndFiles = (QueryDict, Vec<(String, UploadedFile)>);

/// Reads the parts of a body.
///
/// # Errors
/// 400, in Django's words, for what cannot be read or is more than the limits allow.
pub(crate) async fn read_multipart(
    boundary: &str,
    body: Body,
    limits: &Limits,
) -> Result<FieldsAndFiles> {
    let mut parser = MultipartParser::new(boundary);
    let mut form = Form::new(limits);
    let mut stream = body.into_data_stream();
    loop {
        match stream.next().await {
            Some(Ok(bytes)) => parser.push(&bytes),
            Some(Err(error)) if is_over_limit(&error) => {
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    "The request body exceeded request_body_max_size.",
                ));
            }
            Some(Err(error)) => return Err(unreadable(error)),
            None => parser.end(),
        }
        loop {
            match parser.next() {
                Ok(Some(event)) => form.take(event).await?,
                Ok(None) => break,
                Err(_) => {
                    return Err(Error::bad_request(
                        "Request max total header size exceeded.",
                    ));
                }
            }
        }
        if parser.is_done() {
            return form.finish().await;
        }
    }
}

struct Form<'l> {
    limits: &'l Limits,
    fields: QueryDict,
    files: Vec<(String, UploadedFile)>,
    current: Current,
    parts: usize,
    file_parts: usize,
    bytes: usize,
}

/// What the content of the current part is for.
enum Current {
    Nothing,
    Field {
        name: String,
        content: Vec<u8>,
        is_base64: bool,
    },
    File {
        name: String,
        writer: Box<FileWriter>,
        base64: Option<Vec<u8>>,
    },
}

impl<'l> Form<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            fields: QueryDict::with_charset(limits.charset),
            files: Vec::new(),
            current: Current::Nothing,
            parts: 0,
            file_parts: 0,
            bytes: 0,
        }
    }

    async fn take(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Part(part) => {
                self.complete(true).await?;
                self.begin(&part)
            }
            Event::Content(content) => self.add(content).await,
        }
    }

    fn begin(&mut self, part: &Part) -> Result<()> {
        let is_file = part.file_name().is_some();
        if !is_file {
            self.parts += 1;
            // What stands before the first and after the last delimiter are two parts more.
            if self.limits.max_fields.saturating_add(2) < self.parts {
                return Err(Error::bad_request(crate::data::TooManyFields.to_string()));
            }
        }
        let Some(name) = part.name() else {
            return Ok(());
        };
        // Names are in the encoding of the form, too.
        let decode = |text: &str| self.limits.charset.decode(text.as_bytes()).into_owned();
        let name = decode(name);
        let is_base64 = part.transfer_encoding.as_deref() == Some("base64");
        if !is_file {
            self.current = Current::Field {
                name,
                content: Vec::new(),
                is_base64,
            };
            return Ok(());
        }
        self.file_parts += 1;
        if self.file_parts > self.limits.max_files {
            return Err(Error::bad_request(
                "The number of files exceeded settings.DATA_UPLOAD_MAX_NUMBER_FILES.",
            ));
        }
        let file_name = part.file_name().map(decode);
        if let Some(file_name) = file_name.and_then(|name| sanitize(&name)) {
            let content_type = part.content_type.clone().unwrap_or_default();
            self.current = Current::File {
                name,
                writer: Box::new(FileWriter::new(file_name, content_type, self.limits)),
                base64: is_base64.then(Vec::new),
            };
        }
        Ok(())
    }

    async fn add(&mut self, bytes: Bytes) -> Result<()> {
        match &mut self.current {
            Current::Nothing => Ok(()),
            Current::Field { name, content, .. } => {
                content.extend_from_slice(&bytes);
                let total = self.bytes + content.len() + name.chars().count() + 2;
                if total > self.limits.max_memory {
                    return Err(too_big());
                }
                Ok(())
            }
            Current::File { writer, base64, .. } => match base64 {
                None => writer.write(&bytes).await,
                Some(rest) => {
                    rest.extend(
                        bytes
                            .iter()
                            .filter(|byte| !byte.is_ascii_whitespace() && **byte != 0x0b),
                    );
                    let whole = rest.len() / 4 * 4;
                    let aligned: Vec<u8> = rest.drain(..whole).collect();
                    let decoded = decode_base64(&aligned).ok_or_else(broken_base64)?;
                    writer.write(&decoded).await
                }
            },
        }
    }

    /// Ends the current part; a file is whole only when another delimiter came after it.
    async fn complete(&mut self, is_delimited: bool) -> Result<()> {
        match std::mem::replace(&mut self.current, Current::Nothing) {
            Current::Nothing => {}
            Current::Field {
                name,
                content,
                is_base64,
            } => {
                self.bytes += content.len() + name.chars().count() + 2;
                if self.bytes > self.limits.max_memory {
                    return Err(too_big());
                }
                let decoded = is_base64.then(|| decode_base64(&content)).flatten();
                let content = decoded.unwrap_or(content);
                let text = self.limits.charset.decode(&content);
                self.fields.append(name, text);
            }
            Current::File {
                name,
                writer,
                base64,
            } => {
                if base64.is_some_and(|rest| !rest.is_empty()) {
                    return Err(broken_base64());
                }
                // As in Django, a file whose field has no name is lost.
                if is_delimited && !name.is_empty() {
                    self.files.push((name, writer.finish().await?));
                }
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<FieldsAndFiles> {
        self.complete(false).await?;
        Ok((self.fields, self.files))
    }
}

#[cold]
fn too_big() -> Error {
    Error::bad_request("Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.")
}

#[cold]
fn broken_base64() -> Error {
    Error::bad_request("Could not decode base64 data.")
}
