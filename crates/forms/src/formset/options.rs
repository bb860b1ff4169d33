//! What a formset is made of, set before it is bound.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{Core, FormSet};
use crate::errors::ErrorList;
use crate::form::Form;
use crate::text::Text;
use crate::value::Value;

/// How many forms there are at most, unless it is said.
pub(super) const DEFAULT_MAX_NUM: usize = 1000;

/// The options of a formset.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent options, named as in Django"
)]
pub(super) struct Options {
    pub(super) extra: usize,
    pub(super) min_num: usize,
    pub(super) max_num: usize,
    pub(super) absolute_max: Option<usize>,
    pub(super) validate_min: bool,
    pub(super) validate_max: bool,
    pub(super) can_order: bool,
    pub(super) can_delete: bool,
    pub(super) can_delete_extra: bool,
    pub(super) prefix: Cow<'static, str>,
    pub(super) auto_id: Cow<'static, str>,
    messages: Vec<(Cow<'static, str>, Text)>,
    /// A field that the forms must have that were there before.
    pub(super) key: Option<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            extra: 1,
            min_num: 0,
            max_num: DEFAULT_MAX_NUM,
            absolute_max: None,
            validate_min: false,
            validate_max: false,
            can_order: false,
            can_delete: false,
            can_delete_extra: true,
            prefix: Cow::Borrowed("form"),
            auto_id: Cow::Borrowed("id_%s"),
            messages: Vec::new(),
            key: None,
        }
    }
}

impl Options {
    /// No more forms than this are ever made.
    pub(super) fn absolute_max(&self) -> usize {
        let usual = self.max_num.saturating_add(DEFAULT_MAX_NUM);
        self.absolute_max.unwrap_or(usual).max(self.max_num)
    }

    /// The words of an error.
    pub(super) fn message(&self, code: &str, usual: &'static str) -> Text {
        let mut own = self.messages.iter().rev();
        let own = own.find(|(key, _)| key == code);
        own.map_or_else(|| Text::from_static(usual), |(_, text)| text.clone())
    }
}

/// The limit on forms that are made is below the number of forms that are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AbsoluteMaxError;

impl fmt::Display for AbsoluteMaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("'absolute_max' must be greater or equal to 'max_num'.")
    }
}

impl std::error::Error for AbsoluteMaxError {}

/// One setter a line.
macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name(mut self, $name: $type) -> Self {
            self.core_mut().options.$name = $name;
            self
        }
    )*};
}

impl<T> FormSet<T> {
    setters! {
        /// So many empty forms more than there are already (1 from the start).
        extra: usize;
        /// At least so many forms are shown (0 from the start).
        min_num: usize;
        /// At most so many forms are shown (1000 from the start); more are refused only with
        /// [`FormSet::validate_max`], or beyond [`FormSet::absolute_max`].
        max_num: usize;
        /// Are fewer than `min_num` filled forms an error?
        validate_min: bool;
        /// Are more than `max_num` forms an error?
        validate_max: bool;
        /// Has each form a field `ORDER`? See [`FormSet::ordered_forms`].
        can_order: bool;
        /// Has each form a box `DELETE`? See [`FormSet::deleted_forms`].
        can_delete: bool;
        /// Have empty forms that box too?
        can_delete_extra: bool;
    }

    /// No more forms than this are made, whatever number is sent (`max_num + 1000` from the start).
    ///
    /// # Security
    /// It is what a request can make the server build; keep it small.
    ///
    /// # Errors
    /// It is below `max_num`.
    ///
    /// ```
    /// use nuages_forms::{CharField, Form, FormSet};
    /// let names = || FormSet::new(Form::new().field("name", CharField::new())).max_num(10);
    /// assert!(names().absolute_max(12).is_ok());
    /// assert!(names().absolute_max(9).is_err());
    /// ```
    pub fn absolute_max(mut self, forms: usize) -> Result<Self, AbsoluteMaxError> {
        if forms < self.core.options.max_num {
            return Err(AbsoluteMaxError);
        }
        self.core_mut().options.absolute_max = Some(forms);
        Ok(self)
    }

    /// What the names of the fields begin with (`form` from the start); several formsets in one page need
    /// one each.
    pub fn prefix(mut self, prefix: impl Into<Cow<'static, str>>) -> Self {
        let prefix = prefix.into();
        self.core_mut().options.prefix = if prefix.is_empty() {
            Cow::Borrowed("form")
        } else {
            prefix
        };
        self
    }

    /// How ids are made of names; see [`Form::auto_id`].
    pub fn auto_id(mut self, auto_id: impl Into<Cow<'static, str>>) -> Self {
        self.core_mut().options.auto_id = auto_id.into();
        self
    }

    /// What the forms show before they are filled in, one item a form: these forms are there already, and the
    /// extra ones come after them.
    ///
    /// ```
    /// use nuages_forms::{CharField, Form, FormSet};
    /// let names = FormSet::new(Form::new().field("name", CharField::new()))
    ///     .initial([[("name", "Ada")], [("name", "Bob")]]);
    /// assert_eq!(names.len(), 3);
    /// ```
    pub fn initial<N, V>(
        mut self,
        forms: impl IntoIterator<Item = impl IntoIterator<Item = (N, V)>>,
    ) -> Self
    where
        N: Into<Cow<'static, str>>,
        V: Into<Value>,
    {
        let forms = forms.into_iter().map(|form| {
            let values = form.into_iter();
            values
                .map(|(name, value)| (name.into(), value.into()))
                .collect()
        });
        self.core_mut().initial = forms.collect();
        self
    }

    /// With other words for errors of this code: `missing_management_form`, `too_few_forms`, `too_many_forms`.
    pub fn error_message(
        mut self,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Text>,
    ) -> Self {
        let message = (code.into(), message.into());
        self.core_mut().options.messages.push(message);
        self
    }

    /// Changes each form before it is filled: by its index, or `None` for the empty form.
    ///
    /// ```
    /// use nuages_forms::{CharField, Form, FormSet};
    /// let names = FormSet::new(Form::new()).add_fields(|form, index| {
    ///     let label = index.map_or("Another".to_owned(), |index| format!("Number {}", index + 1));
    ///     form.field("name", CharField::new()).change_field("name", |field| field.label(label))
    /// });
    /// assert!(names.to_string().contains("Number 1:"));
    /// assert!(names.empty_form().to_string().contains("Another:"));
    /// ```
    ///
    /// # Django
    /// `add_fields` and `get_form_kwargs`.
    pub fn add_fields(
        mut self,
        change: impl Fn(Form, Option<usize>) -> Form + Send + Sync + 'static,
    ) -> Self {
        self.core_mut().changes.push(Arc::new(change));
        self
    }

    /// Checks the forms beside each other, after all of them; an error is one of the formset as a whole.
    ///
    /// ```
    /// use std::collections::HashSet;
    /// use nuages_forms::{CharField, Form, FormData, FormSet};
    /// let names = FormSet::new(Form::new().field("name", CharField::new())).clean(|set| {
    ///     let mut seen = HashSet::new();
    ///     for form in set.forms() {
    ///         if let Some(name) = form.value::<String>("name") && !seen.insert(name) {
    ///             return Err("Each name once.".into());
    ///         }
    ///     }
    ///     Ok(())
    /// });
    /// let names = names.bind(&FormData::from([
    ///     ("form-TOTAL_FORMS", "2"),
    ///     ("form-INITIAL_FORMS", "0"),
    ///     ("form-0-name", "Ada"),
    ///     ("form-1-name", "Ada"),
    /// ]));
    /// assert_eq!(names.non_form_errors().as_text(), "* Each name once.");
    /// ```
    ///
    /// # Django
    /// `clean()`.
    pub fn clean(
        mut self,
        hook: impl Fn(&FormSet) -> Result<(), ErrorList> + Send + Sync + 'static,
    ) -> Self {
        self.core_mut().hooks.push(Arc::new(hook));
        self
    }

    fn core_mut(&mut self) -> &mut Core {
        let core = Arc::make_mut(&mut self.core);
        // What was submitted stays as it was cleaned.
        if core.built.get().is_some_and(|built| !built.bound) {
            core.built.take();
        }
        core
    }
}
