//! `Message`: what is asked of a catalogue.

/// A text to be translated, with the context and the plural that choose between translations.
///
/// ```
/// use nuages_template::i18n::Message;
/// let plain = Message::new("Hello");
/// let month = Message::new("May").with_context("month name");
/// let files = Message::new("%(n)s file").with_plural("%(n)s files", 3);
/// assert_eq!(plain.untranslated(), "Hello");
/// assert_eq!(month.context, Some("month name"));
/// assert_eq!(files.untranslated(), "%(n)s files");
/// ```
///
/// # Django
/// The arguments of `gettext`, `pgettext`, `ngettext` and `npgettext`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message<'a> {
    /// What tells two equal texts apart.
    pub context: Option<&'a str>,
    /// The text, as the program has it.
    pub id: &'a str,
    /// The text for more than one.
    pub plural: Option<&'a str>,
    /// How many; 1 without a plural.
    pub count: i64,
}

impl<'a> Message<'a> {
    /// A text without context and plural.
    pub const fn new(id: &'a str) -> Self {
        Self {
            context: None,
            id,
            plural: None,
            count: 1,
        }
    }

    /// With a context.
    #[must_use]
    pub const fn with_context(mut self, context: &'a str) -> Self {
        self.context = Some(context);
        self
    }

    /// With a plural, and how many there are.
    #[must_use]
    pub const fn with_plural(mut self, plural: &'a str, count: i64) -> Self {
        self.plural = Some(plural);
        self.count = count;
        self
    }

    /// What stands there when no catalogue has it.
    pub const fn untranslated(&self) -> &'a str {
        match self.plural {
            Some(plural) if self.count != 1 => plural,
            _ => self.id,
        }
    }
}
