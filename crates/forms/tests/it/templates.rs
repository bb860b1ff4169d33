//! Forms in templates.

use nuages_forms::widgets::RadioSelect;
use nuages_forms::{CharField, ChoiceField, Field, Form, FormData};
use nuages_template::{Context, Engine, NoServices, context};

#[expect(clippy::unwrap_used, reason = "a test that cannot render has failed")]
fn check(source: &str, context: &Context<'_>, expect: &str) {
    let template = Engine::default().from_str(source).unwrap();
    assert_eq!(
        template.render(context, &NoServices).unwrap(),
        expect,
        "{source}"
    );
}

fn form() -> Form {
    Form::new()
        .field(
            "name",
            Field::new(CharField::new()).help_text("Your <b>name</b>."),
        )
        .field(
            "color",
            Field::new(ChoiceField::new([("r", "Red"), ("g", "<Green>")])).widget(RadioSelect),
        )
        .field("errors", Field::new(CharField::new()).required(false))
}

#[test]
fn a_form_prints_itself() {
    let form = form();
    check("{{ form }}", &context! { form }, &form.as_div());
    check("{{ form.as_p }}", &context! { form }, &form.as_p());
    check(
        "{{ form.as_table }}{{ form.media }}",
        &context! { form },
        &form.as_table(),
    );
}

#[test]
fn fields_come_before_the_forms_own_words() {
    let form = form();
    check("{{ form.errors.label }}", &context! { form }, "Errors");
    check(
        "{{ form.name.label_tag }}",
        &context! { form },
        r#"<label for="id_name">Name:</label>"#,
    );
    check("{{ form.nobody }}", &context! { form }, "");
}

#[test]
fn fields_are_gone_through() {
    let form = form().bind(&FormData::from([("color", "<x>")]));
    check(
        "{% for field in form %}{{ field.name }}:{% for error in field.errors %}{{ error }}{% endfor %};{% endfor %}",
        &context! { form },
        "name:This field is required.;\
         color:Select a valid choice. &lt;x&gt; is not one of the available choices.;errors:;",
    );
    check(
        "{% if form.name.errors %}{{ form.name.errors }}{% endif %}{{ form.name.help_text }}",
        &context! { form },
        "<ul class=\"errorlist\" id=\"id_name_error\"><li>This field is required.</li></ul>Your <b>name</b>.",
    );
    check(
        "{% if form.non_field_errors %}no{% endif %}{{ form.visible_fields|length }}{{ form.is_bound }}",
        &context! { form },
        "3True",
    );
}

#[test]
fn options_are_gone_through() {
    let form = form().initial("color", "g");
    check(
        "{% for option in form.color %}{{ option.choice_label }}={{ option.data.value }},{{ option.id_for_label }};{% endfor %}",
        &context! { form },
        "Red=r,id_color_0;&lt;Green&gt;=g,id_color_1;",
    );
    check(
        "{{ form.color.1.tag }}",
        &context! { form },
        r#"<input type="radio" name="color" value="g" id="id_color_1" required checked>"#,
    );
    check(
        "{{ form.color.field.required }} {{ form.color.field.widget.input_type }} {{ form.color.value }}",
        &context! { form },
        "True radio g",
    );
}

#[derive(Form)]
#[expect(dead_code, reason = "only the page is looked at")]
struct Contact {
    email: String,
}

#[test]
fn a_typed_form_is_its_form() {
    let form = Contact::unbound();
    check(
        "{{ form }}|{% for field in form %}{{ field.name }}{% endfor %}",
        &context! { form },
        &format!("{form}|email"),
    );
}
