//! Names with several values each.

use std::borrow::Cow;
use std::fmt;

use axum::extract::FromRequestParts;
use http::request::Parts;
use indexmap::IndexMap;
use nuages_template::{Entries, Items, Kind, Object, QueryLists, Value};

use super::charset::Charset;
use super::urlencoded::{TooManyFields, encode, pairs};
use crate::accept::HeaderParams;
use crate::error::{Error, Result};
use crate::site_context::SiteContext;

/// How many fields are read without a site to say otherwise.
const DEFAULT_MAX_FIELDS: usize = 1000;

/// Names with several values each, in the order of their first appearance.
///
/// ```
/// use nuages_web::QueryDict;
///
/// let data = QueryDict::parse("tag=a&tag=b&q=x+y", 1000)?;
/// assert_eq!(data.get("tag"), Some("b"));
/// assert_eq!(data.get_list("tag"), ["a", "b"]);
/// assert_eq!(data.get("q"), Some("x y"));
/// assert_eq!(data.urlencode(), "tag=a&tag=b&q=x+y");
/// # Ok::<(), nuages_web::TooManyFields>(())
/// ```
///
/// # Django
/// `QueryDict`. What is not to be changed is lent as `&QueryDict`.
#[derive(Debug, Clone, Default)]
pub struct QueryDict {
    lists: IndexMap<String, Vec<String>>,
    charset: Charset,
}

/// The same names with the same values; neither the order of the names nor the encoding counts.
impl PartialEq for QueryDict {
    fn eq(&self, other: &Self) -> bool {
        self.lists == other.lists
    }
}

impl Eq for QueryDict {}

/// A text has letters that the encoding lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The encoding of the data lacks a letter of them.")]
pub struct EncodeError;

impl QueryDict {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing yet, in another encoding than UTF-8.
    pub fn with_charset(charset: Charset) -> Self {
        Self {
            charset,
            ..Self::default()
        }
    }

    /// Names that have this value each; a name twice has it twice.
    ///
    /// # Django
    /// `QueryDict.fromkeys`.
    pub fn from_keys<'n>(names: impl IntoIterator<Item = &'n str>, value: &str) -> Self {
        let mut data = Self::default();
        for name in names {
            data.append(name, value);
        }
        data
    }

    /// Reads `a=1&b=2`; what is not UTF-8 is replaced.
    ///
    /// # Errors
    /// When there are more fields than `max_fields`.
    pub fn parse(text: &str, max_fields: usize) -> Result<Self, TooManyFields> {
        Self::parse_in(text, max_fields, Charset::UTF_8)
    }

    /// Reads a text whose escaped bytes are of another encoding.
    ///
    /// # Errors
    /// When there are more fields than `max_fields`.
    pub fn parse_in(
        text: &str,
        max_fields: usize,
        charset: Charset,
    ) -> Result<Self, TooManyFields> {
        let mut data = Self::with_charset(charset);
        for (name, value) in pairs(text, max_fields, charset)? {
            data.append(name, value);
        }
        Ok(data)
    }

    /// Reads the bytes of a body; bytes that are no text in the encoding are Latin-1, as in Django.
    ///
    /// # Errors
    /// When there are more fields than `max_fields`.
    pub fn parse_bytes(
        bytes: &[u8],
        max_fields: usize,
        charset: Charset,
    ) -> Result<Self, TooManyFields> {
        if let Some(text) = charset.decode_strictly(bytes) {
            return Self::parse_in(&text, max_fields, charset);
        }
        let text: String = bytes.iter().copied().map(char::from).collect();
        Self::parse_in(&text, max_fields, charset)
    }

    /// Reads a query string for a template: more fields than the site takes are none.
    pub(crate) fn parse_lossy(text: &str, site: Option<&SiteContext>, charset: Charset) -> Self {
        Self::parse_in(text, max_fields(site), charset).unwrap_or_default()
    }

    /// The last value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.lists.get(name)?.last().map(String::as_str)
    }

    /// All values of a name.
    ///
    /// # Django
    /// `getlist`.
    pub fn get_list(&self, name: &str) -> &[String] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// True when the name is there, even without a value.
    pub fn contains(&self, name: &str) -> bool {
        self.lists.contains_key(name)
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.lists.len()
    }

    /// True when there are no names.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The names with all their values.
    ///
    /// # Django
    /// `lists()`.
    pub fn lists(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.lists
            .iter()
            .map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Every value with its name.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lists.iter().flat_map(|(name, values)| {
            values
                .iter()
                .map(move |value| (name.as_str(), value.as_str()))
        })
    }

    /// Adds a value to a name.
    ///
    /// # Django
    /// `appendlist`.
    pub fn append<'n>(&mut self, name: impl Into<Cow<'n, str>>, value: impl Into<String>) {
        let name = name.into();
        match self.lists.get_mut(&*name) {
            Some(values) => values.push(value.into()),
            None => {
                self.lists.insert(name.into_owned(), vec![value.into()]);
            }
        }
    }

    /// Gives a name one value instead of those it has.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.lists.insert(name.into(), vec![value.into()]);
    }

    /// Gives a name these values instead of those it has.
    ///
    /// # Django
    /// `setlist`.
    pub fn set_list(&mut self, name: impl Into<String>, values: Vec<String>) {
        self.lists.insert(name.into(), values);
    }

    /// Takes a name away with all its values.
    pub fn remove(&mut self, name: &str) -> Option<Vec<String>> {
        self.lists.shift_remove(name)
    }

    /// The last value of a name, which gets this one when it is not there.
    ///
    /// # Django
    /// `setdefault`.
    pub fn set_default(&mut self, name: &str, value: impl Into<String>) -> Option<&str> {
        if !self.contains(name) {
            self.append(name, value);
        }
        self.get(name)
    }

    /// The values of a name, which gets these when it is not there.
    ///
    /// # Django
    /// `setlistdefault`.
    pub fn set_list_default(&mut self, name: &str, values: Vec<String>) -> &[String] {
        self.lists.entry(name.to_owned()).or_insert(values)
    }

    /// Takes the last name away, with all its values.
    ///
    /// # Django
    /// `popitem`.
    pub fn pop_item(&mut self) -> Option<(String, Vec<String>)> {
        self.lists.pop()
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.lists.clear();
    }

    /// Adds all values of another one to those that are there.
    ///
    /// # Django
    /// `update`.
    pub fn extend(&mut self, other: &Self) {
        for (name, values) in other.lists() {
            match self.lists.get_mut(name) {
                Some(known) => known.extend_from_slice(values),
                None => self.set_list(name, values.to_vec()),
            }
        }
    }

    /// The values as a query string; letters that the encoding lacks are left out.
    pub fn urlencode(&self) -> String {
        self.urlencode_safe("")
    }

    /// The same, leaving the ASCII characters of `safe` as they are.
    pub fn urlencode_safe(&self, safe: &str) -> String {
        let encode = |text: &str| {
            let bytes = self.charset.encode(text).map(Cow::into_owned);
            bytes.unwrap_or_else(|| {
                let letters = text.chars().map(|c| {
                    self.charset
                        .encode(c.encode_utf8(&mut [0; 4]))
                        .map(Cow::into_owned)
                });
                letters.flatten().flatten().collect()
            })
        };
        self.write(safe, |text| Ok::<_, EncodeError>(Cow::Owned(encode(text))))
            .unwrap_or_default()
    }

    /// The values as a query string in their encoding.
    ///
    /// # Errors
    /// When the encoding lacks a letter of them; UTF-8 has them all.
    ///
    /// # Django
    /// `urlencode(safe)`.
    pub fn try_urlencode(&self, safe: &str) -> Result<String, EncodeError> {
        self.write(safe, |text| self.charset.encode(text).ok_or(EncodeError))
    }

    fn write<'s>(
        &'s self,
        safe: &str,
        bytes_of: impl Fn(&'s str) -> Result<Cow<'s, [u8]>, EncodeError>,
    ) -> Result<String, EncodeError> {
        let mut text = String::new();
        for (name, value) in self.pairs() {
            if !text.is_empty() {
                text.push('&');
            }
            encode(&bytes_of(name)?, safe, &mut text);
            text.push('=');
            encode(&bytes_of(value)?, safe, &mut text);
        }
        Ok(text)
    }
}

/// What templates see.
impl Object for QueryDict {
    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        match name {
            _ if self.contains(name) => Some(Value::from(self.get(name).unwrap_or(""))),
            "urlencode" => Some(Value::from(self.urlencode())),
            "lists" => {
                let lists = self.lists().map(|(name, values)| {
                    let values = values.iter().map(|value| Value::from(value.as_str()));
                    Value::from((name, Value::list(values.collect())))
                });
                Some(Value::list(lists.collect()))
            }
            // Its entries are the last values, as those of Django's plain dictionary are.
            "dict" => Some(Value::Object(self)),
            _ => None,
        }
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(
            self.lists.keys().map(|name| Value::from(name.as_str())),
        ))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        Some(Box::new(self.lists().map(|(name, values)| {
            let last = values.last().map_or("", String::as_str);
            (Value::from(name), Value::from(last))
        })))
    }

    fn len(&self) -> Option<usize> {
        Some(self.lists.len())
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "<QueryDict: {:?}>", self.lists)
    }

    fn query_lists(&self) -> Option<QueryLists<'_>> {
        let lists = self.lists().map(|(name, values)| {
            let values = values.iter().map(|value| Value::from(value.as_str()));
            (name.into(), values.collect())
        });
        Some(lists.collect())
    }
}

/// The parameters of the query string, as an extractor.
///
/// ```
/// use nuages_web::GetData;
///
/// async fn search(query: GetData) -> String {
///     format!("You asked for {}", query.get("q").unwrap_or("nothing"))
/// }
/// ```
///
/// # Django
/// `request.GET`; more parameters than `data_upload_max_number_fields` are a 400.
#[derive(Debug, Clone, Default)]
pub struct GetData(pub QueryDict);

impl std::ops::Deref for GetData {
    type Target = QueryDict;

    fn deref(&self) -> &QueryDict {
        &self.0
    }
}

/// How many fields a site takes.
fn max_fields(site: Option<&SiteContext>) -> usize {
    site.map_or(DEFAULT_MAX_FIELDS, |site| {
        site.settings().data_upload_max_number_fields
    })
}

impl<S: Send + Sync> FromRequestParts<S> for GetData {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let max = max_fields(SiteContext::of(&parts.extensions).map(|site| &**site));
        // As in Django, the content type's encoding is that of the query string, too.
        let charset = match parts.headers.get(http::header::CONTENT_TYPE) {
            Some(value) => HeaderParams::parse(&String::from_utf8_lossy(value.as_bytes()))
                .and_then(|parsed| Charset::of_label(parsed.get("charset")?)),
            None => None,
        };
        let query = parts.uri.query().unwrap_or("");
        QueryDict::parse_in(query, max, charset.unwrap_or_default())
            .map(Self)
            .map_err(|error| Error::bad_request(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expect: &[(&str, &[&str])]) {
        let data = QueryDict::parse(text, 1000).unwrap();
        let lists: Vec<(&str, Vec<&str>)> = data
            .lists()
            .map(|(name, values)| (name, values.iter().map(String::as_str).collect()))
            .collect();
        let expect: Vec<(&str, Vec<&str>)> = expect
            .iter()
            .map(|(name, values)| (*name, values.to_vec()))
            .collect();
        assert_eq!(lists, expect, "{text:?}");
    }

    #[test]
    fn names_keep_all_their_values_in_order() {
        check("a=1&b=2&a=3", &[("a", &["1", "3"]), ("b", &["2"])]);
        check("&&a&=x&", &[("a", &[""]), ("", &["x"])]);
        check("a=b=c;d", &[("a", &["b=c;d"])]);
        check("a=%ff+%zz%", &[("a", &["\u{fffd} %zz%"])]);
    }

    #[test]
    fn a_flood_of_fields_is_refused() {
        let flood = "a=1&".repeat(999) + "a=1";
        assert!(QueryDict::parse(&flood, 1000).is_ok());
        assert_eq!(QueryDict::parse(&(flood + "&"), 1000), Err(TooManyFields));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(pairs in proptest::collection::vec(("\\PC*", "\\PC*"), 0..8)) {
            let mut data = QueryDict::new();
            for (name, value) in &pairs {
                data.append(name.as_str(), value.as_str());
            }
            let again = QueryDict::parse(&data.urlencode(), 1000).unwrap();
            prop_assert_eq!(again, data);
        }

        #[test]
        fn any_bytes_can_be_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = QueryDict::parse_bytes(&bytes, 1000, Charset::UTF_8);
        }
    }
}
