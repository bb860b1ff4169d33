//! `Format`: what a language answers when it is asked for a format.

use std::borrow::Cow;

/// The value of a format such as `DATE_FORMAT` or `NUMBER_GROUPING`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format<'a> {
    /// Letters of the `date` filter, or a separator.
    Text(Cow<'a, str>),
    /// A number.
    Number(i64),
    /// Several numbers: the sizes of a number's groups, from the right.
    Numbers(Vec<i64>),
    /// What a form field accepts, the first one is what it shows.
    List(Vec<Cow<'a, str>>),
}

impl<'a> Format<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// The text; of a list the first one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(all) => all.first().map(|text| &**text),
            Self::Number(_) | Self::Numbers(_) => None,
        }
    }

    /// The same, for as long as anybody wants.
    pub fn into_owned(self) -> Format<'static> {
        match self {
            Self::Text(text) => Format::Text(Cow::Owned(text.into_owned())),
            Self::Number(number) => Format::Number(number),
            Self::Numbers(numbers) => Format::Numbers(numbers),
            Self::List(all) => Format::List(
                all.into_iter()
                    .map(|text| Cow::Owned(text.into_owned()))
                    .collect(),
            ),
        }
    }
}
