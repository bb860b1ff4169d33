//! Labels and the words around a field.

use nuages_template::push_escaped;

use super::BoundField;
use crate::text::Text;
use crate::widgets::Attrs;

/// A label made of a name: `first_name` becomes `First name`.
fn pretty_name(name: &str) -> String {
    let name = name.replace('_', " ").to_lowercase();
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name,
    }
}

impl BoundField {
    /// The label without its suffix.
    pub fn label(&self) -> Text {
        match &self.field().label {
            Some(label) => label.clone(),
            None => Text::from(pretty_name(self.name())),
        }
    }

    /// The label as a `<label>`.
    pub fn label_tag(&self) -> String {
        self.tag("label", &self.label(), Attrs::new(), None)
    }

    /// The label as a `<legend>`.
    pub fn legend_tag(&self) -> String {
        self.tag("legend", &self.label(), Attrs::new(), None)
    }

    /// A `<label>` with other words, attributes or another suffix.
    pub fn label_tag_with(
        &self,
        contents: impl Into<Text>,
        attrs: Attrs,
        suffix: Option<&Text>,
    ) -> String {
        self.tag("label", &contents.into(), attrs, suffix)
    }

    fn tag(&self, tag: &str, words: &Text, mut attrs: Attrs, suffix: Option<&Text>) -> String {
        let form = self.form();
        let suffix = suffix
            .or(self.field().label_suffix.as_ref())
            .unwrap_or(&form.label_suffix);
        let mut contents = words.to_html();
        // A question needs no colon.
        if !words.is_empty() && !words.as_str().ends_with([':', '?', '.', '!']) {
            suffix.push_html(&mut contents);
        }
        if self.id().is_empty() {
            return contents;
        }
        let target = self.id_for_label();
        if !target.is_empty() {
            attrs.set("for", target);
        }
        if self.field().required && !form.required_css_class.is_empty() {
            let class = match attrs.text("class") {
                Some(own) => format!("{own} {}", form.required_css_class),
                None => form.required_css_class.to_string(),
            };
            attrs.set("class", class);
        }
        format!("<{tag}{}>{contents}</{tag}>", attrs.to_html())
    }

    /// The classes of the element around it.
    pub fn css_classes(&self) -> String {
        self.css_classes_with("")
    }

    /// The classes of the element around it, after these.
    pub fn css_classes_with(&self, extra: &str) -> String {
        let form = self.form();
        let mut classes: Vec<&str> = Vec::new();
        let has_errors = self.errors_ref().is_some();
        for (wanted, names) in [
            (true, extra),
            (has_errors, &*form.error_css_class),
            (self.field().required, &*form.required_css_class),
        ] {
            for class in names.split_whitespace().filter(|_| wanted) {
                if !classes.contains(&class) {
                    classes.push(class);
                }
            }
        }
        classes.join(" ")
    }

    /// The help in an element of this name.
    pub(super) fn push_help(&self, out: &mut String, element: &str) {
        let help = &self.field().help_text;
        if help.is_empty() {
            return;
        }
        out.push('<');
        out.push_str(element);
        out.push_str(" class=\"helptext\"");
        let id = self.auto_id();
        if !id.is_empty() {
            out.push_str(" id=\"");
            push_escaped(out, &id);
            out.push_str("_helptext\"");
        }
        out.push('>');
        out.push_str(&help.to_html());
        out.push_str("</");
        out.push_str(element);
        out.push('>');
    }

    /// Label, help, errors and widget together.
    ///
    /// # Django
    /// `as_field_group()`.
    pub fn as_field_group(&self) -> String {
        let mut out = String::new();
        let label = self.label();
        if self.use_fieldset() {
            out.push_str("<fieldset");
            let ids = self.aria_describedby();
            if !ids.is_empty() {
                out.push_str(" aria-describedby=\"");
                push_escaped(&mut out, &ids);
                out.push('"');
            }
            out.push('>');
            if !label.is_empty() {
                out.push_str(&self.legend_tag());
            }
        } else if !label.is_empty() {
            out.push_str(&self.label_tag());
        }
        self.push_help(&mut out, "div");
        if let Some(errors) = self.errors_ref() {
            errors.push_ul(&mut out);
        }
        out.push_str(&self.to_string());
        if self.use_fieldset() {
            out.push_str("</fieldset>");
        }
        out
    }

    /// The class attribute of the element around it, with a space before it.
    pub(super) fn push_class(&self, out: &mut String) {
        let classes = self.css_classes();
        if !classes.is_empty() {
            out.push_str(" class=\"");
            push_escaped(out, &classes);
            out.push('"');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::pretty_name;

    #[test]
    fn names_become_labels() {
        assert_eq!(pretty_name("first_Name"), "First name");
        assert_eq!(pretty_name("éa"), "Éa");
        assert_eq!(pretty_name(""), "");
    }
}
