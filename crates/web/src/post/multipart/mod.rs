//! `multipart/form-data`: fields and files in one body.

mod base64;
mod parser;
mod reader;

pub(super) use reader::read_multipart;

#[cfg(test)]
mod tests;
