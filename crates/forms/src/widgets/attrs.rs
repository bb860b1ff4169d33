//! Attributes of HTML elements.

use std::borrow::Cow;

use nuages_template::push_escaped;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttrValue {
    /// The attribute stands alone, as `required` does.
    True,
    /// The attribute is left out.
    False,
    /// The attribute has this value, which is escaped.
    Text(Cow<'static, str>),
}

impl From<bool> for AttrValue {
    fn from(yes: bool) -> Self {
        if yes { Self::True } else { Self::False }
    }
}

impl From<&'static str> for AttrValue {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for AttrValue {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

macro_rules! number {
    ($($type:ty)*) => {$(
        impl From<$type> for AttrValue {
            fn from(number: $type) -> Self {
                Self::Text(Cow::Owned(number.to_string()))
            }
        }
    )*};
}

number!(i32 u32 i64 usize);

/// Attributes in the order they were set; setting one again keeps its place.
///
/// ```
/// use nuages_forms::Attrs;
/// let attrs = Attrs::new().with("class", "a & b").with("autofocus", true);
/// assert_eq!(attrs.to_html(), r#" class="a &amp; b" autofocus"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attrs(Vec<(Cow<'static, str>, AttrValue)>);

impl Attrs {
    /// No attributes.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// With this attribute.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<AttrValue>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets an attribute.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<AttrValue>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(key, _)| *key == name) {
            Some(found) => found.1 = value,
            None => self.0.push((name, value)),
        }
    }

    /// Sets an attribute unless it is set already.
    pub(crate) fn set_default(&mut self, name: &'static str, value: impl Into<AttrValue>) {
        if self.get(name).is_none() {
            self.set(name, value);
        }
    }

    /// Sets all attributes of another list.
    pub fn extend(&mut self, other: &Self) {
        for (name, value) in &other.0 {
            self.set(name.clone(), value.clone());
        }
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&AttrValue> {
        let found = self.0.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    /// The text of an attribute, if it has one that is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(AttrValue::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As HTML, with a space before each attribute.
    pub fn to_html(&self) -> String {
        let mut out = String::new();
        self.push_html(&mut out);
        out
    }

    pub(crate) fn push_html(&self, out: &mut String) {
        for (name, value) in &self.0 {
            if *value == AttrValue::False {
                continue;
            }
            out.push(' ');
            push_escaped(out, name);
            if let AttrValue::Text(text) = value {
                out.push_str("=\"");
                push_escaped(out, text);
                out.push('"');
            }
        }
    }
}
