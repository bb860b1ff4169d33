//! Django's constructor calls as ours.

use nuages_forms::validators::{
    DecimalValidator, DomainNameValidator, EmailValidator, FileExtensionValidator,
    IntListValidator, MaxLengthValidator, MaxValueValidator, MinLengthValidator, MinValueValidator,
    ProhibitNullCharactersValidator, Regex, RegexValidator, StepValueValidator, UrlValidator,
    Validator,
};
use nuages_forms::widgets::{
    CheckboxInput, CheckboxSelectMultiple, ClearableFileInput, ColorInput, DateInput,
    DateTimeInput, EmailInput, FileInput, HiddenInput, MultipleHiddenInput, NullBooleanSelect,
    NumberInput, PasswordInput, RadioSelect, SearchInput, Select, SelectMultiple, TelInput,
    TextInput, Textarea, TimeInput, UrlInput,
};
use nuages_forms::{
    AttrValue, BooleanField, CharField, ChoiceField, Choices, DateField, DateTimeField,
    DecimalField, EmailField, Field, FileField, FloatField, GenericIpAddressField, IntegerField,
    IpProtocol, MultipleChoiceField, NullBooleanField, RegexField, SafeString, SlugField, Text,
    TimeField, TypedChoiceField, TypedMultipleChoiceField, UrlField, UuidField, Value, Widget,
    validators,
};
use serde_json::Value as Json;

use super::Skip;
use super::decode::{tagged, text, value};

pub(super) fn words(json: &Json) -> Text {
    match tagged(json) {
        Some(("safe", html)) => SafeString::assert_safe(text(html)).into(),
        _ => match json {
            Json::String(words) => Text::from(words.clone()),
            other => Text::from(value(other).unwrap_or_default().to_string()),
        },
    }
}

fn strings(json: &Json) -> Result<Vec<String>, Skip> {
    let list = match tagged(json) {
        Some((_, inner)) => inner,
        None => json,
    };
    let items = list.as_array().ok_or("no list")?;
    Ok(items.iter().map(text).collect())
}

fn size(json: &Json) -> Result<usize, Skip> {
    let size = json.as_u64().and_then(|size| size.try_into().ok());
    size.ok_or_else(|| "an odd length".to_owned())
}

fn digits(json: &Json) -> Result<Option<u32>, Skip> {
    match json {
        Json::Null => Ok(None),
        other => Ok(u32::try_from(size(other)?).ok()),
    }
}

pub(super) fn choices(json: &Json) -> Result<Choices, Skip> {
    let mut out = Choices::new();
    let pairs = match tagged(json) {
        Some(("dict" | "tuple", inner)) => inner,
        Some((other, _)) => return Err(format!("choices {other}")),
        None => json,
    };
    let pairs_of = |json: &Json| -> Option<Vec<(Json, Json)>> {
        let inner = match tagged(json) {
            Some(("dict" | "tuple", inner)) => inner,
            _ => json,
        };
        let items = inner.as_array()?.iter().map(|pair| match tagged(pair) {
            Some(("tuple", inner)) => (inner[0].clone(), inner[1].clone()),
            _ => (pair[0].clone(), pair[1].clone()),
        });
        Some(items.collect())
    };
    for (key, label) in pairs_of(pairs).ok_or("odd choices")? {
        match pairs_of(&label) {
            Some(inner) => {
                let items: Result<Vec<_>, Skip> = inner
                    .iter()
                    .map(|(key, label)| Ok((value(key)?, words(label))))
                    .collect();
                let name = if key.is_null() {
                    Text::from("")
                } else {
                    words(&key)
                };
                out = out.group(name, items?);
            }
            None => out = out.item(value(&key)?, words(&label)),
        }
    }
    Ok(out)
}

pub(super) fn widget(json: &Json) -> Result<Widget, Skip> {
    let kwargs = json["kwargs"].as_object().cloned().unwrap_or_default();
    let format = match kwargs.get("format") {
        None | Some(Json::Null) => None,
        Some(format) => Some(text(format)),
    };
    let class = json["class"].as_str().unwrap_or_default();
    let mut built: Widget = match class {
        "TextInput" => TextInput.into(),
        "NumberInput" => NumberInput.into(),
        "EmailInput" => EmailInput.into(),
        "URLInput" => UrlInput.into(),
        "ColorInput" => ColorInput.into(),
        "SearchInput" => SearchInput.into(),
        "TelInput" => TelInput.into(),
        "HiddenInput" => HiddenInput.into(),
        "MultipleHiddenInput" => MultipleHiddenInput.into(),
        "PasswordInput" if kwargs.get("render_value") == Some(&Json::Bool(true)) => {
            PasswordInput::insecure_render_value().into()
        }
        "PasswordInput" => PasswordInput::new().into(),
        "Textarea" => Textarea.into(),
        "CheckboxInput" => CheckboxInput.into(),
        "Select" => Select.into(),
        "SelectMultiple" => SelectMultiple.into(),
        "NullBooleanSelect" => NullBooleanSelect.into(),
        "RadioSelect" => RadioSelect.into(),
        "CheckboxSelectMultiple" => CheckboxSelectMultiple.into(),
        "FileInput" => FileInput.into(),
        "ClearableFileInput" => ClearableFileInput.into(),
        "DateInput" => format.map_or_else(DateInput::new, DateInput::format).into(),
        "TimeInput" => format.map_or_else(TimeInput::new, TimeInput::format).into(),
        "DateTimeInput" => format
            .map_or_else(DateTimeInput::new, DateTimeInput::format)
            .into(),
        other => return Err(format!("widget {other}")),
    };
    for (name, given) in kwargs {
        match name.as_str() {
            "attrs" => {
                let pairs = tagged(&given)
                    .map(|(_, pairs)| pairs.clone())
                    .unwrap_or_default();
                for pair in pairs.as_array().map(Vec::as_slice).unwrap_or_default() {
                    built = built.attr(text(&pair[0]), attr(&pair[1])?);
                }
            }
            "choices" => built = built.choices(choices(&given)?),
            "format" | "render_value" => {}
            other => return Err(format!("widget option {other}")),
        }
    }
    for (name, given) in json.as_object().into_iter().flatten() {
        match name.as_str() {
            "is_required" => built = built.required(given == &Json::Bool(true)),
            "class" | "kwargs" => {}
            "input_type" => built = built.attr("type", text(given)),
            other => return Err(format!("widget property {other}")),
        }
    }
    Ok(built)
}

pub(super) fn attr(json: &Json) -> Result<AttrValue, Skip> {
    Ok(match json {
        Json::Bool(yes) => (*yes).into(),
        Json::Null => return Err("an attribute None".to_owned()),
        other => match tagged(other) {
            Some(("safe", _)) => return Err("a safe attribute".to_owned()),
            _ => value(other)?.to_string().into(),
        },
    })
}

pub(super) fn regex(json: &Json, flags: &Json) -> Result<Regex, Skip> {
    let (pattern, flags) = match tagged(json) {
        Some(("regex", pattern)) => (pattern, &json["flags"]),
        _ => (json, flags),
    };
    let pattern = text(pattern).replace("\\Z", "\\z");
    let flags = match flags.as_u64() {
        None | Some(0) => "",
        Some(2) => "(?i)",
        Some(_) => return Err("regex flags".to_owned()),
    };
    Regex::new(&format!("{flags}{pattern}")).map_err(|_| "a pattern of Python's".to_owned())
}

pub(super) fn validator(json: &Json) -> Result<Box<dyn Validator>, Skip> {
    if let Some(function) = json["function"].as_str() {
        return Ok(match function {
            "validate_slug" => Box::new(validators::validate_slug),
            "validate_unicode_slug" => Box::new(validators::validate_unicode_slug),
            "validate_integer" => Box::new(validators::validate_integer),
            "validate_email" => Box::new(EmailValidator::new()),
            "validate_domain_name" => Box::new(DomainNameValidator::new()),
            "validate_ipv4_address" => Box::new(validators::validate_ipv4_address),
            "validate_ipv6_address" => Box::new(validators::validate_ipv6_address),
            "validate_ipv46_address" => Box::new(validators::validate_ipv46_address),
            "validate_comma_separated_integer_list" => Box::new(IntListValidator::new()),
            other => return Err(format!("validator {other}")),
        });
    }
    let kwargs = &json["kwargs"];
    let message = kwargs
        .get("message")
        .filter(|words| !words.is_null())
        .map(words);
    let code = kwargs.get("code").filter(|code| !code.is_null()).map(text);
    macro_rules! said {
        ($validator:expr) => {{
            let mut built = $validator;
            if let Some(message) = message {
                built = built.message(message);
            }
            Ok(Box::new(built))
        }};
    }
    macro_rules! said_with_code {
        ($validator:expr) => {{
            let mut built = $validator;
            if let Some(code) = code {
                built = built.code(code);
            }
            said!(built)
        }};
    }
    let limit = &kwargs["limit_value"];
    match json["class"].as_str().unwrap_or_default() {
        "MaxValueValidator" => said!(MaxValueValidator::new(value(limit)?)),
        "MinValueValidator" => said!(MinValueValidator::new(value(limit)?)),
        "MaxLengthValidator" => said!(MaxLengthValidator::new(size(&called(limit))?)),
        "MinLengthValidator" => said!(MinLengthValidator::new(size(&called(limit))?)),
        "StepValueValidator" => {
            let step = StepValueValidator::new(value(limit)?);
            Ok(Box::new(match kwargs.get("offset") {
                None | Some(Json::Null) => step,
                Some(offset) => step.offset(value(offset)?),
            }))
        }
        "DecimalValidator" => Ok(Box::new(DecimalValidator::new(
            digits(&kwargs["max_digits"])?,
            digits(&kwargs["decimal_places"])?,
        ))),
        "ProhibitNullCharactersValidator" if message.is_none() && code.is_none() => {
            Ok(Box::new(ProhibitNullCharactersValidator))
        }
        "EmailValidator" => {
            let email = EmailValidator::new();
            match kwargs.get("allowlist") {
                None => said!(email),
                Some(hosts) => said!(email.allowlist(strings(hosts)?)),
            }
        }
        "DomainNameValidator" if kwargs.get("accept_idna") == Some(&Json::Bool(false)) => {
            Ok(Box::new(DomainNameValidator::new().ascii_only()))
        }
        "DomainNameValidator" if message.is_none() => Ok(Box::new(DomainNameValidator::new())),
        "URLValidator" => match kwargs.get("schemes") {
            None => said_with_code!(UrlValidator::new()),
            Some(schemes) => said_with_code!(UrlValidator::with_schemes(strings(schemes)?)),
        },
        "FileExtensionValidator" => match kwargs.get("allowed_extensions") {
            None | Some(Json::Null) => Err("any ending".to_owned()),
            Some(endings) => said_with_code!(FileExtensionValidator::new(strings(endings)?)),
        },
        "RegexValidator" => {
            let pattern = kwargs.get("regex").ok_or("no pattern")?;
            let regex = RegexValidator::new(regex(pattern, &kwargs["flags"])?);
            if kwargs.get("inverse_match") == Some(&Json::Bool(true)) {
                said_with_code!(regex.inverse_match())
            } else {
                said_with_code!(regex)
            }
        }
        "int_list_validator" => {
            let mut list = IntListValidator::new().message("Enter a valid value.");
            if let Some(separator) = kwargs.get("sep") {
                list = list.separator(text(separator));
            }
            if kwargs.get("allow_negative") == Some(&Json::Bool(true)) {
                list = list.allow_negative();
            }
            said_with_code!(list)
        }
        other => Err(format!("validator {other}")),
    }
}

fn called(json: &Json) -> Json {
    match tagged(json) {
        Some(("callable", name)) if name == "const_5" => 5.into(),
        _ => json.clone(),
    }
}

/// A validator in a box, as a field takes it.
struct Boxed(Box<dyn Validator>);

impl Validator for Boxed {
    fn validate(&self, value: &Value) -> Result<(), nuages_forms::ValidationError> {
        self.0.validate(value)
    }
}

pub(super) fn field(json: &Json, use_tz: bool) -> Result<Field, Skip> {
    let class = json["class"].as_str().unwrap_or_default();
    if class.contains("DateTime") && !use_tz {
        return Err("times without time zones".to_owned());
    }
    let kwargs = json["kwargs"].as_object().cloned().unwrap_or_default();
    let mut rest = kwargs.clone();
    if class == "EmailField" && kwargs.get("max_length") == Some(&Json::Null) {
        return Err("an e-mail address of any length".to_owned());
    }
    let mut take = |name: &str| rest.remove(name).filter(|given| !given.is_null());
    macro_rules! text_field {
        ($start:expr) => {{
            let mut kind = $start;
            if let Some(limit) = take("max_length") {
                kind = kind.max_length(size(&limit)?);
            }
            if let Some(limit) = take("min_length") {
                kind = kind.min_length(size(&limit)?);
            }
            if kwargs.contains_key("empty_value") {
                take("empty_value");
                kind = kind.empty_value(value(&kwargs["empty_value"])?);
            }
            kind
        }};
    }
    macro_rules! number_field {
        ($start:expr) => {{
            let mut kind = $start;
            if let Some(limit) = take("max_value") {
                kind = kind.max_value(value(&limit)?);
            }
            if let Some(limit) = take("min_value") {
                kind = kind.min_value(value(&limit)?);
            }
            if let Some(step) = take("step_size") {
                kind = kind.step_size(value(&step)?);
            }
            kind
        }};
    }
    macro_rules! temporal_field {
        ($name:ident) => {
            match take("input_formats") {
                Some(formats) => $name::new().input_formats(strings(&formats)?),
                None => $name::new(),
            }
        };
    }
    let strip = take("strip") != Some(Json::Bool(false));
    let built: Field = match class {
        "CharField" => text_field!(CharField::new().strip(strip)).into(),
        "EmailField" => text_field!(EmailField::new()).into(),
        "GenericIPAddressField" => {
            let mut ip = text_field!(GenericIpAddressField::new());
            if let Some(protocol) = take("protocol") {
                ip = ip.protocol(match text(&protocol).to_lowercase().as_str() {
                    "both" => IpProtocol::Both,
                    "ipv4" => IpProtocol::Ipv4,
                    "ipv6" => IpProtocol::Ipv6,
                    _ => return Err("an unknown protocol".to_owned()),
                });
            }
            if take("unpack_ipv4") == Some(Json::Bool(true)) {
                ip = ip.unpack_ipv4();
            }
            ip.into()
        }
        "UUIDField" => text_field!(UuidField::new()).into(),
        "SlugField" => {
            let unicode = take("allow_unicode") == Some(Json::Bool(true));
            text_field!(SlugField::new().allow_unicode(unicode)).into()
        }
        "URLField" => {
            let scheme = take("assume_scheme").map_or("https".to_owned(), |scheme| text(&scheme));
            text_field!(UrlField::new().assume_scheme(scheme)).into()
        }
        "RegexField" => {
            let pattern = take("regex").ok_or("no pattern")?;
            let strip = kwargs.get("strip") == Some(&Json::Bool(true));
            text_field!(RegexField::new(regex(&pattern, &Json::Null)?).strip(strip)).into()
        }
        "IntegerField" => number_field!(IntegerField::new()).into(),
        "FloatField" => number_field!(FloatField::new()).into(),
        "DecimalField" => {
            let mut kind = DecimalField::new();
            if let Some(limit) = take("max_digits") {
                kind = kind.max_digits(digits(&limit)?.unwrap_or_default());
            }
            if let Some(limit) = take("decimal_places") {
                kind = kind.decimal_places(digits(&limit)?.unwrap_or_default());
            }
            number_field!(kind).into()
        }
        "BooleanField" => BooleanField::new().into(),
        "NullBooleanField" => NullBooleanField::new().into(),
        "ChoiceField" => ChoiceField::new(choices(
            &take("choices").unwrap_or_else(|| Json::Array(vec![])),
        )?)
        .into(),
        "MultipleChoiceField" => MultipleChoiceField::new(choices(
            &take("choices").unwrap_or_else(|| Json::Array(vec![])),
        )?)
        .into(),
        "TypedChoiceField" | "TypedMultipleChoiceField" => {
            let offered = choices(&take("choices").unwrap_or_else(|| Json::Array(vec![])))?;
            let coerce = take("coerce").unwrap_or_default();
            let coerce = coerce.get("callable").map(text).unwrap_or_default();
            macro_rules! typed {
                ($name:ident) => {{
                    let mut kind = match coerce.as_str() {
                        "" | "str" => $name::of::<String>(offered),
                        "int" => $name::of::<i64>(offered),
                        "float" => $name::of::<f64>(offered),
                        "decimal" => $name::of::<nuages_forms::Decimal>(offered),
                        "bool" => $name::of::<String>(offered)
                            .coerce(|text| Some((!text.is_empty()).into())),
                        "prefix_x" => $name::of::<String>(offered)
                            .coerce(|text| Some(format!("X{text}").into())),
                        "bool_int" => $name::of::<String>(offered).coerce(|text| {
                            text.parse::<i64>().ok().map(|number| (number != 0).into())
                        }),
                        "fail" => $name::of::<String>(offered).coerce(|_| None),
                        other => return Err(format!("coerce {other}")),
                    };
                    if kwargs.contains_key("empty_value") {
                        take("empty_value");
                        kind = kind.empty_value(value(&kwargs["empty_value"])?);
                    }
                    Field::new(kind)
                }};
            }
            if class == "TypedChoiceField" {
                typed!(TypedChoiceField)
            } else {
                typed!(TypedMultipleChoiceField)
            }
        }
        "DateField" => temporal_field!(DateField).into(),
        "TimeField" => temporal_field!(TimeField).into(),
        "DateTimeField" => temporal_field!(DateTimeField).into(),
        "FileField" => {
            let mut kind = FileField::new();
            if let Some(limit) = take("max_length") {
                kind = kind.max_length(size(&limit)?);
            }
            kind.allow_empty_file(take("allow_empty_file") == Some(Json::Bool(true)))
                .into()
        }
        other => return Err(format!("field {other}")),
    };
    common(built, &rest)
}

/// The options all kinds of fields have.
fn common(mut built: Field, options: &serde_json::Map<String, Json>) -> Result<Field, Skip> {
    for (name, given) in options {
        let yes = given == &Json::Bool(true);
        built = match name.as_str() {
            _ if given.is_null() => built,
            "required" => built.required(yes),
            "disabled" => built.disabled(yes),
            "show_hidden_initial" => built.show_hidden_initial(yes),
            "label" => built.label(words(given)),
            "label_suffix" => built.label_suffix(words(given)),
            "help_text" => built.help_text(SafeString::assert_safe(words(given).to_string())),
            "initial" => built.initial(value(given)?),
            "localize" if !yes => built,
            "widget" => match tagged(given) {
                Some(("widget", widget_json)) => built.widget(widget(widget_json)?),
                _ => return Err("an odd widget".to_owned()),
            },
            "error_messages" => {
                let pairs = tagged(given)
                    .map(|(_, pairs)| pairs.clone())
                    .unwrap_or_default();
                for pair in pairs.as_array().map(Vec::as_slice).unwrap_or_default() {
                    built = built.error_message(text(&pair[0]), words(&pair[1]));
                }
                built
            }
            "validators" => {
                let items = tagged(given).map_or(given, |(_, inner)| inner);
                for item in items.as_array().map(Vec::as_slice).unwrap_or_default() {
                    let inner = tagged(item)
                        .map(|(_, inner)| inner)
                        .ok_or("an odd validator")?;
                    built = built.validator(Boxed(validator(inner)?));
                }
                built
            }
            other => return Err(format!("field option {other}")),
        };
    }
    Ok(built)
}
