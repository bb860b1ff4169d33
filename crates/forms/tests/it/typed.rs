//! `derive(Form)`: structs as forms.

use jiff::civil::Date;
use nuages_forms::{
    BoundForm, Cleaning, Decimal, ErrorList, Form, FormData, UploadedFile, ValidationError, Value,
    validators::Regex,
};

#[derive(Debug, Form, PartialEq)]
#[form(prefix = "c", clean = Contact::check, required_css_class = "required")]
struct Contact {
    #[field(
        max_length = 10,
        label = "Your name",
        help_text = "As on your <b>card</b>."
    )]
    name: String,
    #[field(email, error_messages(invalid = "Which address is this?"))]
    email: String,
    #[field(widget = Textarea, initial = "Hello")]
    message: String,
    #[field(required, label = "I agree")]
    agree: bool,
    newsletter: bool,
    #[field(min_value = 0, max_value = 150)]
    age: Option<u8>,
    #[field(choices = [("r", "Red"), ("g", "Green")], widget = RadioSelect)]
    color: Option<String>,
    #[field(choices = [(1, "One"), (2, "Two")])]
    number: i64,
    #[field(choices = vec![("a", "A"), ("b", "B")], required = false)]
    letters: Vec<String>,
    #[field(clean = later_than_2000)]
    day: Date,
    #[field(decimal_places = 2, max_digits = 5)]
    price: Option<Decimal>,
    married: Option<bool>,
    #[field(kind = RegexField::new(three_digits()), validator = not_111)]
    code: Option<String>,
    r#type: Option<String>,
}

impl Contact {
    fn check(form: &mut Cleaning<'_>) -> Result<(), ErrorList> {
        if form.get("name") == form.get("message") {
            form.add_error("message", "Say more than your name.");
        }
        if form.value::<String>("name").as_deref() == Some("Nobody") {
            return Err("Somebody, please.".into());
        }
        Ok(())
    }
}

fn later_than_2000(day: Date) -> Result<Date, ValidationError> {
    if day.year() < 2000 {
        return Err(ValidationError::new("Too long ago.").code("early"));
    }
    Ok(day)
}

#[expect(clippy::unwrap_used, reason = "the pattern is a literal")]
fn three_digits() -> Regex {
    Regex::new("^[0-9]{3}$").unwrap()
}

fn not_111(value: &Value) -> Result<(), ValidationError> {
    if value.as_str() == Some("111") {
        return Err("Not 111.".into());
    }
    Ok(())
}

fn good() -> Vec<(&'static str, &'static str)> {
    vec![
        ("c-name", " Ada "),
        ("c-email", "ada@example.com"),
        ("c-message", "Hi"),
        ("c-agree", "on"),
        ("c-age", ""),
        ("c-number", "2"),
        ("c-letters", "a"),
        ("c-letters", "b"),
        ("c-day", "2006-10-25"),
        ("c-price", "1.50"),
        ("c-married", "true"),
        ("c-code", ""),
        ("c-type", "x"),
    ]
}

fn with(name: &'static str, value: &'static str) -> BoundForm<Contact> {
    let mut data = good();
    data.push((name, value));
    Contact::bound(&FormData::from(data))
}

#[test]
fn good_data_becomes_the_struct() {
    let contact = Contact::bound(&FormData::from(good())).clean().unwrap();
    let expected = Contact {
        name: "Ada".into(),
        email: "ada@example.com".into(),
        message: "Hi".into(),
        agree: true,
        newsletter: false,
        age: None,
        color: None,
        number: 2,
        letters: vec!["a".into(), "b".into()],
        day: jiff::civil::date(2006, 10, 25),
        price: Some("1.50".parse().unwrap()),
        married: Some(true),
        code: None,
        r#type: Some("x".into()),
    };
    assert_eq!(contact, expected);
}

#[test]
fn bad_data_becomes_the_form_with_errors() {
    let check = |name: &'static str, value: &'static str, expect: &str| {
        let form = with(name, value).clean().unwrap_err();
        assert_eq!(form.errors().as_text(), expect);
    };
    check("c-name", "", "* name\n  * This field is required.");
    check("c-email", "x", "* email\n  * Which address is this?");
    check("c-agree", "false", "* agree\n  * This field is required.");
    check(
        "c-age",
        "151",
        "* age\n  * Ensure this value is less than or equal to 150.",
    );
    check(
        "c-number",
        "3",
        "* number\n  * Select a valid choice. 3 is not one of the available choices.",
    );
    check(
        "c-letters",
        "z",
        "* letters\n  * Select a valid choice. z is not one of the available choices.",
    );
    check("c-day", "1999-12-31", "* day\n  * Too long ago.");
    check(
        "c-message",
        "Ada",
        "* message\n  * Say more than your name.",
    );
    check("c-name", "Nobody", "* __all__\n  * Somebody, please.");
    check("c-code", "12", "* code\n  * Enter a valid value.");
    check("c-code", "111", "* code\n  * Not 111.");
}

#[test]
fn the_page_shows_what_the_struct_says() {
    let html = Contact::unbound().to_string();
    for expected in [
        r#"<label for="id_c-name" class="required">Your name:</label>"#,
        r#"<div class="helptext" id="id_c-name_helptext">As on your <b>card</b>.</div>"#,
        "<textarea name=\"c-message\" cols=\"40\" rows=\"10\" required id=\"id_c-message\">\nHello</textarea>",
        r#"<input type="radio" name="c-color" value="r" id="id_c-color_0">"#,
        r#"<input type="number" name="c-age" min="0" max="150" id="id_c-age">"#,
        r#"<option value="unknown" selected>Unknown</option>"#,
        r#"name="c-type""#,
    ] {
        assert!(html.contains(expected), "{expected}\n{html}");
    }
}

#[test]
fn errors_found_later_go_into_the_same_form() {
    let mut form = Contact::bound(&FormData::from(good()));
    assert!(form.cleaned().is_some());
    form.add_error("email", ValidationError::new("Taken.").code("unique"));
    assert!(form.cleaned().is_none());
    assert!(form.to_string().contains("<li>Taken.</li>"));
}

#[derive(Debug, Form)]
struct Small {
    level: i8,
}

#[test]
fn a_number_that_does_not_fit_its_type_is_an_error() {
    let form = Small::bound(&FormData::from([("level", "300")]));
    assert_eq!(form.errors().as_text(), "* level\n  * Enter a valid value.");
    assert!(
        Small::bound(&FormData::from([("level", "-7")]))
            .clean()
            .is_ok_and(|it| it.level == -7)
    );
}

#[derive(Form)]
struct Upload {
    #[field(max_length = 20)]
    file: UploadedFile,
}

#[test]
fn files_come_with_the_data() {
    let data = FormData::new().with_file("file", UploadedFile::new("a.txt", "text"));
    let upload = Upload::bound(&data).clean().unwrap();
    assert_eq!(upload.file.bytes().unwrap().as_ref(), b"text");
    assert!(Upload::unbound().form().is_multipart());
    assert!(!Upload::bound(&FormData::from([("file", "text")])).is_valid());
}
