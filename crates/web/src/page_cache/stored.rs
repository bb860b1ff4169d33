//! A page as it lies in the cache: plain data, which any program may read and none can run.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use nuages_cache::Value;

/// The first item of a page: another one is another program's, or that of another release.
const FORMAT: &str = "nuages page 1";

/// A page, with the list of headers under which it was kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StoredPage {
    pub(super) list: Vec<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl StoredPage {
    pub(super) fn into_value(self) -> Value {
        let list = self.list.into_iter().map(Value::from).collect();
        let headers = self.headers.iter().map(|(name, value)| {
            let value = Value::Bytes(value.as_bytes().to_vec());
            Value::Tuple(vec![name.as_str().into(), value])
        });
        Value::Tuple(vec![
            FORMAT.into(),
            Value::List(list),
            Value::List(headers.collect()),
            Value::Bytes(self.body.into()),
        ])
    }

    /// Nothing for whatever is not exactly such a page.
    pub(super) fn of_value(value: Value) -> Option<Self> {
        let Value::Tuple(items) = value else {
            return None;
        };
        let [
            Value::Str(format),
            Value::List(names),
            Value::List(lines),
            Value::Bytes(body),
        ] = <[Value; 4]>::try_from(items).ok()?
        else {
            return None;
        };
        if format != FORMAT {
            return None;
        }
        let mut list = Vec::with_capacity(names.len());
        for name in names {
            list.push(name.as_str()?.to_owned());
        }
        let mut headers = HeaderMap::with_capacity(lines.len() + 1);
        for line in lines {
            let Value::Tuple(line) = line else {
                return None;
            };
            let [Value::Str(name), Value::Bytes(value)] = <[Value; 2]>::try_from(line).ok()? else {
                return None;
            };
            let name: HeaderName = name.parse().ok()?;
            headers.append(
                name,
                HeaderValue::from_maybe_shared(Bytes::from(value)).ok()?,
            );
        }
        Some(Self {
            list,
            headers,
            body: body.into(),
        })
    }

    pub(super) fn into_response(self) -> Response {
        let mut res = Response::new(Body::from(self.body));
        *res.status_mut() = StatusCode::OK;
        *res.headers_mut() = self.headers;
        res
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> StoredPage {
        let mut headers = HeaderMap::new();
        headers.append("x-a", HeaderValue::from_bytes(b"\xe9").unwrap());
        headers.append("x-a", HeaderValue::from_static(""));
        StoredPage {
            list: vec!["HTTP_COOKIE".to_owned()],
            headers,
            body: Bytes::from_static(b"\0page\xff"),
        }
    }

    #[test]
    fn a_page_comes_back_as_it_was() {
        assert_eq!(StoredPage::of_value(page().into_value()), Some(page()));
    }

    #[test]
    fn k7_anything_else_is_no_page() {
        let Value::Tuple(whole) = page().into_value() else {
            unreachable!();
        };
        let with = |at: usize, value: Value| {
            let mut items = whole.clone();
            items[at] = value;
            Value::Tuple(items)
        };
        let line = |name: &str, value: &[u8]| {
            let value = Value::Bytes(value.to_vec());
            Value::List(vec![Value::Tuple(vec![name.into(), value])])
        };
        let others = [
            Value::None,
            "page".into(),
            Value::List(whole.clone()),
            Value::Tuple(whole[..3].to_vec()),
            with(0, "nuages page 2".into()),
            with(1, Value::List(vec![1.into()])),
            with(2, line("a b", b"")),
            with(2, line("x-a", b"1\r\nset-cookie: x=y")),
            with(2, Value::List(vec![Value::None])),
            with(3, "text".into()),
        ];
        for other in others {
            assert_eq!(StoredPage::of_value(other.clone()), None, "{other:?}");
        }
    }
}
