//! Choices: what a select or a group of radio buttons offers.

use crate::text::Text;
use crate::value::Value;

/// One entry of a list of choices.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// A value and how it is called.
    Item(Value, Text),
    /// A named group of choices.
    Group(Text, Vec<(Value, Text)>),
}

/// The choices of a field, in order.
///
/// ```
/// use nuages_forms::Choices;
/// let colors = Choices::from([("r", "Red"), ("g", "Green")]).group("Grey", [("b", "Black")]);
/// assert_eq!(colors.label_of("g").map(|label| label.to_string()), Some("Green".to_owned()));
/// assert!(colors.has("b"));
/// assert!(!colors.has("x"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices(Vec<Choice>);

impl Choices {
    /// No choices yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more choice.
    pub fn item(mut self, value: impl Into<Value>, label: impl Into<Text>) -> Self {
        self.0.push(Choice::Item(value.into(), label.into()));
        self
    }

    /// With a group of choices, shown under a heading.
    pub fn group<V: Into<Value>, L: Into<Text>>(
        mut self,
        name: impl Into<Text>,
        items: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        let items = items
            .into_iter()
            .map(|(value, label)| (value.into(), label.into()));
        self.0.push(Choice::Group(name.into(), items.collect()));
        self
    }

    /// The entries.
    pub fn entries(&self) -> &[Choice] {
        &self.0
    }

    /// Is this one of the values?
    pub fn has(&self, value: &str) -> bool {
        self.label_of(value).is_some()
    }

    /// How this value is called.
    pub fn label_of(&self, value: &str) -> Option<&Text> {
        self.0.iter().find_map(|choice| match choice {
            Choice::Item(offered, label) => is(offered, value).then_some(label),
            Choice::Group(_, items) => items
                .iter()
                .find(|(offered, _)| is(offered, value))
                .map(|(_, label)| label),
        })
    }
}

fn is(offered: &Value, value: &str) -> bool {
    match offered {
        Value::Str(text) => text == value,
        other => other.to_string() == value,
    }
}

impl<V: Into<Value>, L: Into<Text>> FromIterator<(V, L)> for Choices {
    fn from_iter<I: IntoIterator<Item = (V, L)>>(items: I) -> Self {
        let items = items.into_iter();
        Self(
            items
                .map(|(value, label)| Choice::Item(value.into(), label.into()))
                .collect(),
        )
    }
}

impl<V: Into<Value>, L: Into<Text>, const N: usize> From<[(V, L); N]> for Choices {
    fn from(items: [(V, L); N]) -> Self {
        items.into_iter().collect()
    }
}

impl<V: Into<Value>, L: Into<Text>> From<Vec<(V, L)>> for Choices {
    fn from(items: Vec<(V, L)>) -> Self {
        items.into_iter().collect()
    }
}
