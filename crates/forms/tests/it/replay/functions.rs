//! The functions of `django.utils` about dates, durations and IPv6, out of the corpora of the templates and the forms.

use jiff::SignedDuration;
use nuages_forms::temporal::{
    duration_iso_string, duration_microseconds, duration_string, parse_date, parse_datetime,
    parse_duration, parse_time,
};
use nuages_forms::validators::{Ipv6Cleaner, is_valid_ipv6_address};
use serde_json::{Value as Json, json};

use super::validators::{errors_expected, errors_shown};
use super::{Outcome, replay};
use crate::told::{Told, folder, tell};

/// A value, the class of an error, or nothing where the argument cannot be put to us.
type Answer = Option<Result<Json, &'static str>>;

#[test]
fn functions_about_dates_durations_and_ipv6_do_what_django_does() {
    let path = folder("templates").map(|folder| folder.join("utils_misc.jsonl"));
    let Some(text) = path.and_then(|path| std::fs::read_to_string(path).ok()) else {
        return;
    };
    let (mut same, mut differ) = (0, Vec::new());
    for line in text.lines() {
        let record: Json = serde_json::from_str(line).unwrap();
        let func = record["func"].as_str().unwrap_or("");
        if !["dateparse.", "duration.", "ipv6."]
            .iter()
            .any(|module| func.starts_with(module))
        {
            continue;
        }
        let id = record["id"].as_str().unwrap();
        let expected = without_names(&record["expected"]);
        match run(&record, func) {
            None => tell(
                id,
                Told::Skipped,
                "an argument of another type does not compile",
            ),
            Some(Ok(found)) if expected.get("value") == Some(&found) => {
                same += 1;
                tell(id, Told::Passed, "");
            }
            Some(Err(class)) if expected["error"]["class"] == class => {
                same += 1;
                tell(id, Told::Passed, "");
            }
            Some(found) => {
                let what = format!("{func} {}: {found:?}, not {expected}", record["args"]);
                tell(id, Told::Failed, &what);
                differ.push(what);
            }
        }
    }
    println!("{same} the same");
    assert!(differ.is_empty(), "{} differ:\n{differ:#?}", differ.len());
}

/// An offset of ours has no name.
fn without_names(expected: &Json) -> Json {
    let mut expected = expected.clone();
    if expected["value"]["tz"].is_object() {
        let tz = &mut expected["value"]["tz"];
        let zone = if tz["zone"] == "UTC" {
            json!(0)
        } else {
            tz["offset"].clone()
        };
        *tz = json!({ "offset": zone });
    }
    expected
}

fn run(record: &Json, func: &str) -> Answer {
    let arg = &record["args"][0];
    let kwargs = &record["kwargs"];
    let text = arg.as_str();
    let found = match func {
        "dateparse.parse_date" => parse_date(text?)
            .map(|date| date.map(|date| json!({ "$date": date.to_string() })))
            .map_err(|_| "ValueError"),
        "dateparse.parse_time" => parse_time(text?)
            .map(|time| {
                let time = time?.strftime("%H:%M:%S.%6f").to_string();
                Some(json!({ "$time": time, "tz": null }))
            })
            .map_err(|_| "ValueError"),
        "dateparse.parse_datetime" => parse_datetime(text?)
            .map(|moment| {
                let (wall, offset) = moment?;
                let wall = wall.strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string();
                let tz = offset.map(|offset| json!({ "offset": offset.seconds() }));
                Some(json!({ "$datetime": wall, "tz": tz }))
            })
            .map_err(|_| "ValueError"),
        "dateparse.parse_duration" => parse_duration(text?)
            .map(|length| length.map(timedelta))
            .map_err(|_| "OverflowError"),
        "duration.duration_string" => Ok(Some(json!(duration_string(length(arg)?)))),
        "duration.duration_iso_string" => Ok(Some(json!(duration_iso_string(length(arg)?)))),
        "duration.duration_microseconds" => {
            let micros = duration_microseconds(length(arg)?);
            Ok(Some(match i64::try_from(micros) {
                Ok(micros) => json!(micros),
                Err(_) => json!({ "$int": micros.to_string() }),
            }))
        }
        "ipv6.is_valid_ipv6_address" => Ok(Some(json!(is_valid_ipv6_address(text?)))),
        "ipv6.clean_ipv6_address" => {
            let mut cleaner = Ipv6Cleaner::default();
            if kwargs["unpack_ipv4"] == true || record["args"][1] == true {
                cleaner = cleaner.unpack_ipv4();
            }
            if let Some(most) = kwargs["max_length"].as_u64() {
                cleaner = cleaner.max_length(usize::try_from(most).ok()?);
            }
            let found = cleaner.clean(text?);
            found
                .map(|it| Some(json!(it)))
                .map_err(|_| "ValidationError")
        }
        _ => return None,
    };
    Some(found.map(|found| found.unwrap_or(Json::Null)))
}

fn length(json: &Json) -> Option<SignedDuration> {
    let parts = json.get("$timedelta")?;
    let part = |at: usize| parts[at].as_i64().map(i128::from);
    let micros = (part(0)? * 86_400 + part(1)?) * 1_000_000 + part(2)?;
    Some(SignedDuration::from_nanos_i128(micros * 1000))
}

fn timedelta(length: SignedDuration) -> Json {
    let micros = duration_microseconds(length);
    let rest = micros.rem_euclid(86_400_000_000);
    let parts = [
        micros.div_euclid(86_400_000_000),
        rest / 1_000_000,
        rest % 1_000_000,
    ];
    json!({ "$timedelta": parts.map(|part| i64::try_from(part).unwrap_or(i64::MAX)) })
}

#[test]
fn durations_of_the_forms_corpus_are_read_as_in_django() {
    replay(
        "validators.jsonl",
        "parse_duration",
        |inputs, expected, _| {
            let text = inputs["value"].as_str().ok_or("no text")?;
            let found = match parse_duration(text) {
                Err(_) => json!({ "exception": "OverflowError" }),
                Ok(None) => json!({ "value": null }),
                Ok(Some(length)) => json!({
                    "value": { "timedelta": timedelta(length)["$timedelta"] },
                    "string": duration_string(length),
                    "iso": duration_iso_string(length),
                }),
            };
            Ok(Outcome::of(
                &found.to_string(),
                &expected.to_string(),
                "duration",
            ))
        },
    );
}

#[test]
fn ipv6_addresses_of_the_forms_corpus_are_cleaned_as_in_django() {
    replay("validators.jsonl", "clean_ipv6", |inputs, expected, _| {
        let text = inputs["value"].as_str().ok_or("no text")?;
        let cleaned = |cleaner: &Ipv6Cleaner| match cleaner.clean(text) {
            Ok(address) => address,
            Err(error) => errors_shown(&error.into()),
        };
        let wanted = |key: &str| match expected[key].as_str() {
            Some(address) => address.to_owned(),
            None => errors_expected(&expected[key]["errors"]),
        };
        let cleaner = Ipv6Cleaner::default();
        let found = [
            is_valid_ipv6_address(text).to_string(),
            cleaned(&cleaner),
            cleaned(&cleaner.unpack_ipv4()),
        ];
        let valid = expected["valid"].to_string();
        let wanted = [valid, wanted("cleaned"), wanted("unpacked")];
        Ok(Outcome::of(
            &found.join("\n"),
            &wanted.join("\n"),
            "address",
        ))
    });
}
