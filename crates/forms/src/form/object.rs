//! Forms and their fields in templates.

use std::fmt;

use nuages_template::{Items, Object, ToValue, Value as Shown};

use super::view::{FieldView, SingleWidget};
use super::{BoundField, Form};
use crate::errors::ErrorList;

fn list(fields: Vec<BoundField>) -> Shown<'static> {
    Shown::list(fields.into_iter().map(Shown::object).collect())
}

/// `{{ form }}` prints it as [`Form::as_div`], `{% for field in form %}` gives its fields,
/// and `form.name` the field of this name, before any of the words below.
impl Object for Form {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        if let Some(field) = self.get(name) {
            return Some(Shown::object(field));
        }
        Some(match name {
            "errors" => self.errors().to_value(),
            "non_field_errors" => Shown::object(self.non_field_errors()),
            "as_div" => Shown::assert_safe(self.as_div()),
            "as_p" => Shown::assert_safe(self.as_p()),
            "as_table" => Shown::assert_safe(self.as_table()),
            "as_ul" => Shown::assert_safe(self.as_ul()),
            "hidden_fields" => list(self.hidden_fields()),
            "visible_fields" => list(self.visible_fields()),
            "is_bound" => self.is_bound().into(),
            "is_valid" => self.is_valid().into(),
            "is_multipart" => self.is_multipart().into(),
            "has_changed" => self.has_changed().into(),
            "changed_data" => self.changed_data().into(),
            "empty_permitted" => self.0.empty_permitted.into(),
            "use_required_attribute" => self.0.use_required_attribute.into(),
            "prefix" if self.0.prefix.is_empty() => Shown::None,
            "prefix" => Shown::from(&self.0.prefix),
            // No widget brings style sheets or scripts.
            "media" => Shown::assert_safe(""),
            _ => return None,
        })
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.iter().map(Shown::object)))
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(&self.as_div())
    }

    fn is_safe(&self) -> bool {
        true
    }
}

impl ToValue for Form {
    fn to_value(&self) -> Shown<'_> {
        Shown::Object(self)
    }
}

/// `{{ field }}` prints its widget, `{% for option in field %}` gives the options of a group.
impl Object for BoundField {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        Some(match name {
            "name" => self.name().into(),
            "html_name" => self.html_name().into(),
            "html_initial_name" => self.html_initial_name().into(),
            "auto_id" => self.auto_id().into(),
            "id_for_label" => self.id_for_label().into(),
            "label" => self.label().to_template(),
            "label_tag" => Shown::assert_safe(self.label_tag()),
            "legend_tag" => Shown::assert_safe(self.legend_tag()),
            "help_text" if self.field().help_text.is_empty() => Shown::from(""),
            "help_text" => Shown::assert_safe(self.field().help_text.to_html()),
            "errors" => match self.errors_ref() {
                Some(errors) => errors.to_value(),
                None => Shown::object(ErrorList::new()),
            },
            "value" => self.value().to_template(),
            "data" => self.data().to_template(),
            "initial" => self.initial().to_template(),
            "is_hidden" => self.is_hidden().into(),
            "use_fieldset" => self.use_fieldset().into(),
            "widget_type" => self.widget_type().into(),
            "css_classes" => self.css_classes().into(),
            "aria_describedby" => self.aria_describedby().into(),
            "as_widget" => Shown::assert_safe(self.to_string()),
            "as_text" => Shown::assert_safe(self.as_text()),
            "as_textarea" => Shown::assert_safe(self.as_textarea()),
            "as_hidden" => Shown::assert_safe(self.as_hidden()),
            "as_field_group" => Shown::assert_safe(self.as_field_group()),
            "field" => Shown::object(FieldView(self.clone())),
            "form" => Shown::object(self.form_handle()),
            "subwidgets" => Shown::list(self.subwidgets()),
            _ => return None,
        })
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.subwidgets().into_iter()))
    }

    /// A field is there, even when it has nothing to choose from.
    fn is_true(&self) -> bool {
        true
    }

    fn len(&self) -> Option<usize> {
        Some(self.subwidgets().len())
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "{self}")
    }

    fn is_safe(&self) -> bool {
        true
    }
}

impl ToValue for BoundField {
    fn to_value(&self) -> Shown<'_> {
        Shown::Object(self)
    }
}

impl BoundField {
    /// The options of a group, or the one widget there is.
    fn subwidgets(&self) -> Vec<Shown<'static>> {
        match self.options() {
            Some(options) => options.into_iter().map(Shown::object).collect(),
            None => vec![Shown::object(SingleWidget(self.clone()))],
        }
    }
}
