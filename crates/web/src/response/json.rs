//! `JsonResponse`: JSON as Django writes it.

use std::io::{self, Write};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};

use crate::error::{Error, Result};

/// Data as JSON, letter by letter as Django writes it: with spaces, and in ASCII.
///
/// [`Json`](crate::Json) is shorter, on the page and on the net; this is for clients that compare, hash
/// or sign what Django sent them.
///
/// ```
/// use axum::response::IntoResponse;
/// use nuages_web::JsonResponse;
/// use serde_json::json;
///
/// let response = JsonResponse::new(&json!({"name": "Ada", "tags": ["é"]}))?;
/// assert_eq!(response.text(), r#"{"name": "Ada", "tags": ["\u00e9"]}"#);
/// // A list could once be read by other sites: say that it may go out.
/// assert!(JsonResponse::new(&[1, 2]).is_err());
/// assert_eq!(JsonResponse::of_any(&[1, 2])?.text(), "[1, 2]");
/// # Ok::<(), nuages_web::Error>(())
/// ```
///
/// Moments and durations are written as their type does; [`encoders`](crate::json_encoders) has
/// functions for `#[serde(serialize_with)]` that write them as Django does.
///
/// # Django
/// `JsonResponse`; `of_any` is `safe=False`.
#[derive(Debug, Clone)]
pub struct JsonResponse {
    text: String,
    status: StatusCode,
    content_type: Option<String>,
}

/// How JSON is written.
///
/// # Django
/// `json_dumps_params`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonStyle {
    /// How deep each level goes in; without it all is on one line.
    pub indent: Option<usize>,
    /// Letters beyond ASCII are escaped.
    pub ensure_ascii: bool,
    /// Objects are written in the order of their keys.
    pub sort_keys: bool,
    /// What stands between items, and between a key and its value.
    pub separators: Option<(String, String)>,
}

impl Default for JsonStyle {
    fn default() -> Self {
        Self {
            indent: None,
            ensure_ascii: true,
            sort_keys: false,
            separators: None,
        }
    }
}

impl JsonResponse {
    /// An object, or a struct.
    ///
    /// # Errors
    /// When it is anything else, or cannot be written.
    pub fn new<T: Serialize + ?Sized>(data: &T) -> Result<Self> {
        Self::with_style(data, &JsonStyle::default())
    }

    /// The same in another style.
    ///
    /// # Errors
    /// As [`JsonResponse::new`].
    pub fn with_style<T: Serialize + ?Sized>(data: &T, style: &JsonStyle) -> Result<Self> {
        let found = Self::of_any_with_style(data, style)?;
        if found.text.starts_with('{') {
            return Ok(found);
        }
        Err(Error::server(
            "In order to allow non-dict objects to be serialized set the safe parameter to False.",
        )
        .with_hint("Use JsonResponse::of_any."))
    }

    /// Anything.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn of_any<T: Serialize + ?Sized>(data: &T) -> Result<Self> {
        Self::of_any_with_style(data, &JsonStyle::default())
    }

    /// The same in another style.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn of_any_with_style<T: Serialize + ?Sized>(data: &T, style: &JsonStyle) -> Result<Self> {
        Ok(Self {
            text: write(data, style)?,
            status: StatusCode::OK,
            content_type: None,
        })
    }

    /// Another status.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Another type than `application/json`.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// What is sent.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn write<T: Serialize + ?Sized>(data: &T, style: &JsonStyle) -> Result<String> {
    let mut bytes = Vec::new();
    let mut writer =
        serde_json::Serializer::with_formatter(&mut bytes, PythonFormatter::new(style));
    if style.sort_keys {
        let mut value = serde_json::to_value(data)?;
        value.sort_all_objects();
        value.serialize(&mut writer)?;
    } else {
        data.serialize(&mut writer)?;
    }
    Ok(String::from_utf8(bytes)?)
}

/// Writes as Python's `json.dumps`.
struct PythonFormatter {
    indent: Option<usize>,
    ensure_ascii: bool,
    between_items: String,
    after_key: String,
    depth: usize,
    is_empty: bool,
}

impl PythonFormatter {
    fn new(style: &JsonStyle) -> Self {
        let (between_items, after_key) = match (&style.separators, style.indent) {
            (Some(pair), _) => pair.clone(),
            (None, Some(_)) => (",".to_owned(), ": ".to_owned()),
            (None, None) => (", ".to_owned(), ": ".to_owned()),
        };
        Self {
            indent: style.indent,
            ensure_ascii: style.ensure_ascii,
            between_items,
            after_key,
            depth: 0,
            is_empty: true,
        }
    }

    fn begin<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.is_empty = true;
        out.write_all(bracket)
    }

    fn end<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if !self.is_empty {
            self.new_line(out)?;
        }
        self.is_empty = false;
        out.write_all(bracket)
    }

    fn item<W: Write + ?Sized>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        if !is_first {
            out.write_all(self.between_items.as_bytes())?;
        }
        self.new_line(out)
    }

    fn new_line<W: Write + ?Sized>(&self, out: &mut W) -> io::Result<()> {
        match self.indent {
            None => Ok(()),
            Some(indent) => write!(out, "\n{:1$}", "", indent * self.depth),
        }
    }
}

impl Formatter for PythonFormatter {
    fn write_f64<W: Write + ?Sized>(&mut self, out: &mut W, number: f64) -> io::Result<()> {
        out.write_all(python_float(number).as_bytes())
    }

    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if !self.ensure_ascii {
            return out.write_all(fragment.as_bytes());
        }
        for piece in fragment.split_inclusive(|c: char| !c.is_ascii()) {
            let ascii = piece.trim_end_matches(|c: char| !c.is_ascii());
            out.write_all(ascii.as_bytes())?;
            for unit in piece[ascii.len()..].encode_utf16() {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }

    fn write_char_escape<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        CompactFormatter.write_char_escape(out, escape)
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        is_first: bool,
    ) -> io::Result<()> {
        self.item(out, is_first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.is_empty = false;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        is_first: bool,
    ) -> io::Result<()> {
        self.item(out, is_first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(self.after_key.as_bytes())
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.is_empty = false;
        Ok(())
    }
}

/// A number as Python writes it: with an exponent below 0.0001 and from 1e16 on.
fn python_float(number: f64) -> String {
    let scientific = format!("{number:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) || number == 0.0 {
        let plain = format!("{number}");
        return if plain.contains('.') {
            plain
        } else {
            format!("{plain}.0")
        };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

impl IntoResponse for JsonResponse {
    fn into_response(self) -> Response {
        let content_type = match &self.content_type {
            None => HeaderValue::from_static("application/json"),
            Some(text) => match HeaderValue::try_from(text) {
                Ok(value) => value,
                Err(error) => return Error::from(error).into_response(),
            },
        };
        let mut response = Response::new(Body::from(self.text));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        response
    }
}
