//! Hostile input: no panic, no quadratic time, no HTML that gets through.

use std::time::{Duration, Instant};

use nuages_forms::validators::{EmailValidator, UrlValidator, Validator};
use nuages_forms::widgets::{
    CheckboxSelectMultiple, ClearableFileInput, HiddenInput, NullBooleanSelect, RadioSelect,
    SelectMultiple, Textarea,
};
use nuages_forms::{
    BooleanField, CharField, ChoiceField, DateField, DateTimeField, DecimalField, EmailField,
    Field, FileField, FloatField, Form, FormData, IntegerField, MultipleChoiceField,
    NullBooleanField, SafeString, SlugField, StoredFile, TimeField, TypedChoiceField, UploadedFile,
    UrlField, UuidField, ValidationError, Value,
};
use nuages_template::{Engine, NoServices, context};
use nuages_web::{Files, MemoryStorage};
use proptest::prelude::*;

/// A form with every kind of field.
fn everything() -> Form {
    let choices = [("a", "A"), ("b", "B")];
    Form::new()
        .field("char", CharField::new().max_length(5))
        .field("email", EmailField::new())
        .field("url", UrlField::new())
        .field("slug", SlugField::new())
        .field("uuid", UuidField::new())
        .field("int", IntegerField::new().min_value(1).step_size(2))
        .field("float", FloatField::new().step_size(0.5))
        .field(
            "decimal",
            DecimalField::new()
                .max_digits(4)
                .decimal_places(2)
                .min_value(1)
                .step_size(3),
        )
        .field("bool", BooleanField::new())
        .field("null", NullBooleanField::new())
        .field("choice", ChoiceField::new(choices))
        .field("many", MultipleChoiceField::new(choices))
        .field("typed", TypedChoiceField::of::<i64>([(1, "One")]))
        .field("date", DateField::new())
        .field("time", TimeField::new())
        .field("moment", DateTimeField::new())
        .field("file", FileField::new().max_length(9))
        .field("hidden", Field::new(CharField::new()).widget(HiddenInput))
}

fn filled(text: &str) -> FormData {
    let form = everything();
    let data: FormData = form
        .iter()
        .map(|field| (field.name().to_owned(), text))
        .collect();
    data.with_file("file", UploadedFile::new(text, text.to_owned()))
}

fn check_never_panics(text: &str) {
    let form = everything().bind(&filled(text));
    for html in [form.as_div(), form.as_p(), form.as_table(), form.as_ul()] {
        assert!(html.contains("name=\"char\""));
    }
    let _ = (
        form.changed_data(),
        form.errors().as_json(),
        form.errors().as_ul(),
    );
}

proptest! {
    #[test]
    fn no_text_makes_a_field_panic(text in any::<String>()) {
        check_never_panics(&text);
    }

    #[test]
    fn no_number_like_text_makes_a_field_panic(text in "[-+ ]?[0-9_.eE:TZWwnaif٣-]{0,30}") {
        check_never_panics(&text);
    }

    #[test]
    fn no_date_like_text_makes_a_field_panic(
        text in "[0-9]{1,5}[-/. W][0-9A-Za-zé]{1,4}[-/., ][0-9]{1,4}[T ]?[0-9:.,+Z-]{0,24}"
    ) {
        check_never_panics(&text);
    }

    #[test]
    fn no_address_like_text_makes_a_validator_panic(text in "[a-zé.@:/\\[\\]%\"\\\\?#0-9-]{0,60}") {
        check_never_panics(&text);
        check_never_panics(&format!("http://{text}"));
    }
}

/// The time of the slowest validator, which must not grow much faster than its input.
fn time(make: &dyn Fn(usize) -> String, length: usize) -> Duration {
    let value = Value::from(make(length));
    let start = Instant::now();
    let form = everything().bind(&filled(&make(length)));
    let _ = EmailValidator::new().validate(&value);
    let _ = UrlValidator::new().validate(&value);
    assert!(!form.is_valid());
    start.elapsed()
}

#[test]
fn time_grows_with_the_length_and_no_faster() {
    let attacks: [&dyn Fn(usize) -> String; 10] = [
        &|n| "a@".to_owned() + &"a.".repeat(n),
        &|n| "\"".to_owned() + &"\\\"".repeat(n),
        &|n| "a@[".to_owned() + &":".repeat(n),
        &|n| "http://".to_owned() + &"a-".repeat(n),
        &|n| "http://".to_owned() + &"@".repeat(n),
        &|n| "http://[".to_owned() + &"1:".repeat(n),
        &|n| "1".repeat(n),
        &|n| "1_".repeat(n),
        &|n| "0.".to_owned() + &"0".repeat(n),
        &|n| " ".repeat(n) + "x",
    ];
    for (at, attack) in attacks.iter().enumerate() {
        let short = time(attack, 20_000).max(Duration::from_millis(2));
        let long = time(attack, 200_000);
        assert!(long < short * 60, "attack {at}: {short:?} then {long:?}");
    }
}

#[test]
fn huge_exponents_cost_nothing() {
    let start = Instant::now();
    for text in [
        "1e999999999999999999",
        "1e-999999999999999999",
        "-0e999999999999999999",
        "1e99999999999999999999999",
    ] {
        check_never_panics(text);
    }
    assert!(start.elapsed() < Duration::from_secs(2));
}

/// Every way for data into the page, each with the same hostile text.
#[test]
fn t4_no_data_gets_into_the_page_unescaped() {
    let evil = "\"'><script>alert(1)</script>";
    let choices = || vec![(evil, evil.to_owned())];
    let form = Form::new()
        .prefix(evil)
        .auto_id(format!("{evil}%s"))
        .label_suffix(evil)
        .error_css_class(evil)
        .required_css_class(evil)
        .field(evil, CharField::new())
        .field(
            "label",
            Field::new(CharField::new())
                .label(evil)
                .help_text(evil.to_owned()),
        )
        .field(
            "attr",
            Field::new(CharField::new())
                .widget_attr("data-x", evil.to_owned())
                .widget_attr(evil, "x"),
        )
        .field(
            "initial",
            Field::new(CharField::new())
                .initial(evil)
                .show_hidden_initial(true),
        )
        .field("area", Field::new(CharField::new()).widget(Textarea))
        .field("choice", ChoiceField::new(choices()))
        .field(
            "radio",
            Field::new(ChoiceField::new(choices())).widget(RadioSelect),
        )
        .field(
            "many",
            Field::new(MultipleChoiceField::new(choices())).widget(SelectMultiple),
        )
        .field(
            "boxes",
            Field::new(MultipleChoiceField::new(choices())).widget(CheckboxSelectMultiple),
        )
        .field(
            "null",
            Field::new(NullBooleanField::new()).widget(NullBooleanSelect),
        )
        .field(
            "file",
            Field::new(FileField::new())
                .required(false)
                .widget(ClearableFileInput)
                .initial(StoredFile::new(evil, evil)),
        )
        .field(
            "hidden",
            Field::new(IntegerField::new()).widget(HiddenInput),
        )
        .clean(move |_| {
            Err(ValidationError::new("%(value)s")
                .param("value", evil)
                .into())
        });
    let names: Vec<_> = form.iter().map(|field| field.html_name()).collect();
    let data: FormData = names.iter().map(|name| (name.clone(), evil)).collect();
    let bound = form.clone().bind(&data);
    for form in [form, bound] {
        let mut pages = vec![
            form.as_div(),
            form.as_p(),
            form.as_table(),
            form.as_ul(),
            form.errors().as_ul(),
            form.errors().as_text(),
            form.non_field_errors().as_text(),
        ];
        for field in form.iter() {
            pages.extend([
                field.as_text(),
                field.as_textarea(),
                field.as_hidden(),
                field.label_tag(),
                field.legend_tag(),
                field.as_field_group(),
                field.errors().as_ul(),
            ]);
            pages.extend(
                field
                    .options()
                    .unwrap_or_default()
                    .iter()
                    .map(nuages_forms::widgets::WidgetOption::render),
            );
        }
        for page in pages {
            assert!(!page.contains("<script"), "{page}");
            assert!(!page.contains("\"'>"), "{page}");
        }
    }
}

/// What the program itself calls HTML is not escaped: the same text would run.
#[test]
fn t4_pair_what_is_called_safe_gets_into_the_page() {
    let evil = || SafeString::assert_safe("<script>alert(1)</script>".to_owned());
    let form = Form::new()
        .field("label", Field::new(CharField::new()).label(evil()))
        .field("help", Field::new(CharField::new()).help_text(evil()))
        .clean(move |_| Err(ValidationError::new(evil()).into()))
        .bind(&FormData::from([("label", "x"), ("help", "x")]));
    assert_eq!(form.as_p().matches("<script>").count(), 3);
}

/// A form in a template takes the same ways.
#[test]
fn t4_hostile_words_are_escaped_in_templates_too() {
    let evil = "\"'><script>alert(1)</script>";
    let form = Form::new()
        .field(
            "name",
            Field::new(CharField::new())
                .label(evil)
                .help_text(evil.to_owned())
                .initial(evil),
        )
        .field("choice", ChoiceField::new([(evil, evil.to_owned())]))
        .clean(move |_| Err(ValidationError::new(evil.to_owned()).into()))
        .bind(&FormData::from([("name", evil), ("choice", evil)]));
    let source = "{{ form }}{{ form.errors }}{{ form.non_field_errors }}\
        {% for field in form %}{{ field }}{{ field.label }}{{ field.label_tag }}{{ field.help_text }}{{ field.value }}\
        {{ field.initial }}{{ field.errors }}{% for error in field.errors %}{{ error }}{% endfor %}{{ field.data }}\
        {% for option in field %}{{ option }}{{ option.choice_label }}{{ option.data.value }}{% endfor %}{% endfor %}";
    let page = Engine::default().from_str(source).unwrap();
    let html = page.render(&context! { form }, &NoServices).unwrap();
    assert!(html.matches("&lt;script&gt;").count() > 12, "{html}");
    assert!(
        !html.contains("<script") && !html.contains("\"'>"),
        "{html}"
    );
}

/// A file whose name is HTML, shown by the field to change it.
#[test]
fn t4_cve_2011_0697_the_name_of_a_file_is_escaped() {
    let evil = "<div onclick=\"alert('oops')\">.jpg";
    let files = MemoryStorage::new("/media/");
    let url = Files::new(files).url(evil).unwrap();
    assert_eq!(url, "/media/%3Cdiv%20onclick%3D%22alert('oops')%22%3E.jpg");
    let form = |url: &str| {
        let file = Field::new(FileField::new())
            .required(false)
            .widget(ClearableFileInput)
            .initial(StoredFile::new(evil, url));
        Form::new().field("file", file).as_p()
    };
    let shown = "&lt;div onclick=&quot;alert(&#x27;oops&#x27;)&quot;&gt;.jpg</a>";
    let html = form(&url);
    assert!(html.contains(shown), "{html}");
    assert!(
        html.contains("href=\"/media/%3Cdiv%20onclick%3D%22alert(&#x27;oops&#x27;)%22%3E.jpg\""),
        "{html}"
    );
    // A storage of the site's own may quote nothing.
    let html = form(&format!("/media/{evil}"));
    assert!(
        html.contains(shown) && !html.contains("<div onclick"),
        "{html}"
    );
    // The pair: the name as it came is an element.
    assert!(format!("<a>{evil}</a>").contains("<div onclick"));
}

/// Validators look at the whole text: a line end behind it is not its end.
#[test]
fn cve_2015_5144_no_line_end_is_overlooked() {
    let fields = ["email", "url", "slug", "uuid", "int"];
    let good = |name: &str| match name {
        "email" => "ada@example.com",
        "url" => "http://example.com/",
        "slug" => "a-slug",
        "uuid" => "6e0b0b3e-0a4b-4b7e-9f7e-0d3b6d5e9c11",
        _ => "3",
    };
    let validators = |text: &str| {
        let value = Value::from(text.to_owned());
        (
            EmailValidator::new().validate(&value).is_ok(),
            UrlValidator::new().validate(&value).is_ok(),
        )
    };
    assert!(validators("ada@example.com").0 && validators("http://example.com/").1);
    for name in fields {
        let form = everything().bind(&FormData::from([(name, good(name))]));
        assert!(form.errors().get(name).is_none(), "{name}");
        for behind in ["\nx", "\r\n<script>", "\tx", "\u{2028}x"] {
            let text = format!("{}{behind}", good(name));
            let form = everything().bind(&FormData::from([(name, text)]));
            assert!(form.errors().get(name).is_some(), "{name} {behind:?}");
        }
    }
    for end in ["\n", "\r", "\t", "\u{2028}"] {
        assert!(!validators(&format!("ada@example.com{end}")).0, "{end:?}");
        assert!(
            !validators(&format!("http://example.com{end}")).1,
            "{end:?}"
        );
        assert!(!validators(&format!("http://exam{end}ple.com/{end}")).1);
    }
    assert!(!validators("http://[::\rffff:192.9.5.5]").1);
}

#[test]
fn a_password_is_never_sent_back() {
    use nuages_forms::widgets::PasswordInput;
    let form = |widget: PasswordInput| {
        Form::new()
            .field(
                "password",
                Field::new(CharField::new().max_length(3)).widget(widget),
            )
            .bind(&FormData::from([("password", "hunter2")]))
    };
    assert!(!form(PasswordInput::new()).as_p().contains("hunter2"));
    assert!(
        form(PasswordInput::insecure_render_value())
            .as_p()
            .contains("hunter2")
    );
}

#[test]
fn submitted_data_of_a_disabled_field_is_ignored() {
    let form = |disabled| {
        let role = Field::new(CharField::new())
            .initial("guest")
            .disabled(disabled);
        let form = Form::new().field("role", role);
        form.bind(&FormData::from([("role", "admin")]))
            .value::<String>("role")
    };
    assert_eq!(form(true).as_deref(), Some("guest"));
    assert_eq!(form(false).as_deref(), Some("admin"));
}

#[test]
fn letters_that_are_ascii_but_for_their_case_are_in_addresses_as_in_django() {
    use nuages_forms::validators::{EmailValidator, Validator};
    let email = EmailValidator::new();
    for char in ['\u{130}', '\u{131}', '\u{17f}', '\u{212a}'] {
        for address in [
            format!("m{char}ke@example.org"),
            format!("\"{char}\\{char}\"@example.org"),
        ] {
            assert!(
                email.validate(&address.as_str().into()).is_ok(),
                "{address}"
            );
        }
    }
    assert!(email.validate(&"mïke@example.org".into()).is_err());
}

#[test]
fn h11_noio_a_validator_of_urls_asks_nobody() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // As in Django these are URLs; where the server may go is asked of `nuages::security::outbound`.
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let url = format!("http://{host}:{port}/");
        assert!(UrlValidator::new().validate(&url.into()).is_ok(), "{host}");
    }
    listener.set_nonblocking(true).unwrap();
    let nobody = listener.accept().unwrap_err();
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}
