//! `<textarea>`: several lines of text.

use nuages_template::push_escaped;

use super::{Attrs, Drawing, WidgetKind};

/// Several lines of text.
///
/// ```
/// use nuages_forms::widgets::{Textarea, Widget};
/// let html = Widget::new(Textarea).attr("rows", 2).render("t", &"</textarea>".into());
/// assert_eq!(html, "<textarea name=\"t\" cols=\"40\" rows=\"2\">\n&lt;/textarea&gt;</textarea>");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Textarea;

impl WidgetKind for Textarea {
    fn name(&self) -> &'static str {
        "Textarea"
    }

    fn default_attrs(&self) -> Attrs {
        Attrs::new().with("cols", "40").with("rows", "10")
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        out.push_str("<textarea name=\"");
        push_escaped(out, drawing.name);
        out.push('"');
        drawing.attrs.push_html(out);
        // Browsers drop the first line break, so a text that begins with one keeps it.
        out.push_str(">\n");
        if let Some(value) = super::input::shown(drawing.value) {
            push_escaped(out, &value);
        }
        out.push_str("</textarea>");
    }
}
