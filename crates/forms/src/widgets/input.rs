//! `<input>` elements that hold one text.

use nuages_template::push_escaped;

use super::{Attrs, Drawing, WidgetKind};
use crate::data::FormData;
use crate::value::Value;

/// Appends an `<input>`.
pub(super) fn draw_input(
    out: &mut String,
    input_type: &str,
    name: &str,
    value: Option<&str>,
    attrs: &Attrs,
) {
    out.push_str("<input type=\"");
    push_escaped(out, input_type);
    out.push_str("\" name=\"");
    push_escaped(out, name);
    out.push('"');
    if let Some(value) = value {
        out.push_str(" value=\"");
        push_escaped(out, value);
        out.push('"');
    }
    attrs.push_html(out);
    out.push('>');
}

/// The text of a value, nothing for an empty one.
pub(super) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::None => None,
        Value::Str(text) if text.is_empty() => None,
        other => Some(other.to_string()),
    }
}

macro_rules! input {
    ($($(#[$doc:meta])* $name:ident, $type:literal, $django:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;

        impl WidgetKind for $name {
            fn name(&self) -> &'static str {
                $django
            }

            fn input_type(&self) -> Option<&'static str> {
                Some($type)
            }

            fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
                let input_type = drawing.input_type.unwrap_or($type);
                let value = shown(drawing.value);
                draw_input(out, input_type, drawing.name, value.as_deref(), &drawing.attrs);
            }
        }
    )*};
}

input! {
    /// A line of text.
    TextInput, "text", "TextInput";
    /// A number.
    NumberInput, "number", "NumberInput";
    /// An e-mail address.
    EmailInput, "email", "EmailInput";
    /// A URL.
    UrlInput, "url", "URLInput";
    /// A color.
    ColorInput, "color", "ColorInput";
    /// A text to search for.
    SearchInput, "search", "SearchInput";
    /// A telephone number.
    TelInput, "tel", "TelInput";
    /// A value nobody sees.
    HiddenInput, "hidden", "HiddenInput";
}

/// A password. What was typed is not sent back, unless [`PasswordInput::insecure_render_value`] asks for it.
///
/// ```
/// use nuages_forms::widgets::{PasswordInput, Widget};
/// let html = Widget::new(PasswordInput::new()).render("pw", &"secret".into());
/// assert_eq!(html, r#"<input type="password" name="pw">"#);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct PasswordInput {
    render_value: bool,
}

impl PasswordInput {
    /// An empty one, whatever was typed before.
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows what was typed again after an error.
    ///
    /// # Security
    /// The password then stands in the page's source, where caches and onlookers find it.
    ///
    /// # Django
    /// `PasswordInput(render_value=True)`.
    pub fn insecure_render_value() -> Self {
        Self { render_value: true }
    }
}

impl WidgetKind for PasswordInput {
    fn name(&self) -> &'static str {
        "PasswordInput"
    }

    fn input_type(&self) -> Option<&'static str> {
        Some("password")
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        let value = shown(drawing.value).filter(|_| self.render_value);
        let input_type = drawing.input_type.unwrap_or("password");
        draw_input(
            out,
            input_type,
            drawing.name,
            value.as_deref(),
            &drawing.attrs,
        );
    }
}

/// Several values nobody sees: one hidden `<input>` for each.
#[derive(Clone, Copy, Debug, Default)]
pub struct MultipleHiddenInput;

impl WidgetKind for MultipleHiddenInput {
    fn name(&self) -> &'static str {
        "MultipleHiddenInput"
    }

    fn input_type(&self) -> Option<&'static str> {
        Some("hidden")
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        let Value::List(items) = drawing.value else {
            return;
        };
        for (at, item) in items.iter().enumerate() {
            let mut attrs = drawing.attrs.clone();
            if let Some(id) = drawing.attrs.text("id") {
                attrs.set("id", format!("{id}_{at}"));
            }
            draw_input(out, "hidden", drawing.name, shown(item).as_deref(), &attrs);
        }
    }

    fn value_from_data(&self, data: &FormData, name: &str, _required: bool) -> Value {
        Value::List(data.get_all(name).map(Value::from).collect())
    }
}
