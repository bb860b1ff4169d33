//! What a form is made of, set before it is bound.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::tz::TimeZone;

use super::{Cleaning, Form};
use crate::errors::ErrorList;
use crate::fields::Field;
use crate::text::Text;
use crate::value::Value;

impl Form {
    /// With one more field.
    pub fn field(mut self, name: impl Into<Cow<'static, str>>, field: impl Into<Field>) -> Self {
        Arc::make_mut(&mut self.state_mut().fields).insert(name.into(), field.into());
        self
    }

    /// With this field changed; nothing happens if there is none.
    ///
    /// ```
    /// use nuages_forms::{CharField, Form};
    /// let form = Form::new()
    ///     .field("name", CharField::new())
    ///     .change_field("name", |field| field.required(false).label("Who?"));
    /// assert!(form.as_p().contains("Who?"));
    /// ```
    pub fn change_field(mut self, name: &str, change: impl FnOnce(Field) -> Field) -> Self {
        if let Some(field) = Arc::make_mut(&mut self.state_mut().fields).get_mut(name) {
            *field = change(field.clone());
        }
        self
    }

    /// Without this field.
    pub fn without_field(mut self, name: &str) -> Self {
        Arc::make_mut(&mut self.state_mut().fields).shift_remove(name);
        self
    }

    /// With these fields first, in this order; unknown names are passed over.
    pub fn field_order<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let fields = Arc::make_mut(&mut self.state_mut().fields);
        let mut ordered = IndexMap::with_capacity(fields.len());
        for name in names {
            if let Some((name, field)) = fields.shift_remove_entry(name) {
                ordered.insert(name, field);
            }
        }
        ordered.extend(std::mem::take(fields));
        *fields = ordered;
        self
    }

    /// Shows this value in a field before it is filled in, instead of the field's own.
    pub fn initial(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.state_mut().initial.insert(field.into(), value.into());
        self
    }

    /// With this in front of all names, so that several forms fit into one page.
    pub fn prefix(mut self, prefix: impl Into<Cow<'static, str>>) -> Self {
        self.state_mut().prefix = prefix.into();
        self
    }

    /// With ids of this form, where `%s` is the name (`id_%s` from the start). Empty: no ids and no `<label>` tags.
    pub fn auto_id(mut self, pattern: impl Into<Cow<'static, str>>) -> Self {
        self.state_mut().auto_id = pattern.into();
        self
    }

    /// With this after labels that do not end in a sign (`:` from the start).
    pub fn label_suffix(mut self, suffix: impl Into<Text>) -> Self {
        self.state_mut().label_suffix = suffix.into();
        self
    }

    /// With this class on fields that have errors.
    pub fn error_css_class(mut self, class: impl Into<Cow<'static, str>>) -> Self {
        self.state_mut().error_css_class = class.into();
        self
    }

    /// With this class on fields that must be filled in.
    pub fn required_css_class(mut self, class: impl Into<Cow<'static, str>>) -> Self {
        self.state_mut().required_css_class = class.into();
        self
    }

    /// Do browsers check for themselves that fields are filled in?
    pub fn use_required_attribute(mut self, use_it: bool) -> Self {
        self.state_mut().use_required_attribute = use_it;
        self
    }

    /// May the whole form be left as it was? Browsers then must not ask for single fields.
    pub fn empty_permitted(mut self, permitted: bool) -> Self {
        let state = self.state_mut();
        state.empty_permitted = permitted;
        state.use_required_attribute &= !permitted;
        self
    }

    /// Dates and times are those of this zone (UTC from the start).
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.state_mut().zone = zone;
        self
    }

    /// Cleans a field further, after the field itself did.
    ///
    /// ```
    /// use nuages_forms::{CharField, Form, FormData, Value};
    /// let form = Form::new().field("code", CharField::new()).clean_field("code", |_, value| {
    ///     match value.as_str() {
    ///         Some("x") => Err("Not x.".into()),
    ///         _ => Ok(value.to_string().to_uppercase().into()),
    ///     }
    /// });
    /// let good = form.clone().bind(&FormData::from([("code", "a")]));
    /// assert_eq!(good.value::<String>("code").as_deref(), Some("A"));
    /// assert!(!form.bind(&FormData::from([("code", "x")])).is_valid());
    /// ```
    ///
    /// # Django
    /// `clean_<name>()`.
    pub fn clean_field(
        mut self,
        name: impl Into<Cow<'static, str>>,
        hook: impl Fn(&mut Cleaning<'_>, Value) -> Result<Value, ErrorList> + Send + Sync + 'static,
    ) -> Self {
        let hook = (name.into(), Arc::new(hook) as Arc<_>);
        self.state_mut().field_hooks.push(hook);
        self
    }

    /// Checks the form as a whole, after all fields.
    ///
    /// ```
    /// use nuages_forms::{CharField, Form, FormData};
    /// let form = Form::new()
    ///     .field("one", CharField::new())
    ///     .field("two", CharField::new())
    ///     .clean(|form| {
    ///         if form.get("one") != form.get("two") {
    ///             form.add_error("two", "They differ.");
    ///         }
    ///         Ok(())
    ///     });
    /// let form = form.bind(&FormData::from([("one", "a"), ("two", "b")]));
    /// assert_eq!(form.errors().as_text(), "* two\n  * They differ.");
    /// ```
    ///
    /// # Django
    /// `clean()`; an error it returns is one of the form as a whole.
    pub fn clean(
        mut self,
        hook: impl Fn(&mut Cleaning<'_>) -> Result<(), ErrorList> + Send + Sync + 'static,
    ) -> Self {
        self.state_mut().form_hooks.push(Arc::new(hook));
        self
    }
}
