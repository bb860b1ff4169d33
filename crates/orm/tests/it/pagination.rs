//! Pages: of lists as Django makes them, and of querysets.

use nuages_orm::{InvalidPage, Model as _, Page, PageNumber, Pages, Paginator};
use nuages_template::{Engine, NoServices, context};
use serde_json::{Value, json};

use crate::library::{Book, database};
use crate::told::{Told, folder, tell};

/// What stands for the number of a page in a record.
struct Number(Option<i64>);

impl PageNumber for Number {
    fn page_number(&self) -> Option<i64> {
        self.0
    }
}

/// A number as Rust has it: whole ones, ones with a fraction, and text.
fn number(value: &Value) -> Number {
    let text = |name: &str| value[name].as_str();
    Number(match value {
        Value::Number(number) => number.as_i64().unwrap().page_number(),
        Value::String(text) => text.page_number(),
        Value::Bool(flag) => i64::from(*flag).page_number(),
        Value::Object(_) => match (text("float"), text("decimal").or(text("int"))) {
            (Some(float), _) => float.parse::<f64>().unwrap().page_number(),
            (_, Some(digits)) => digits.page_number(),
            // Python reads the digits of bytes, too; the records have but this one.
            _ => (text("bytes_b64") == Some("Mg==")).then_some(2),
        },
        _ => None,
    })
}

/// How many: a record may have them as text, or with a fraction that is cut off.
fn count(value: &Value) -> Option<i64> {
    match value["float"].as_str() {
        #[expect(clippy::cast_possible_truncation, reason = "as Python's int does")]
        Some(float) => Some(float.parse::<f64>().unwrap() as i64),
        None => number(value).0,
    }
}

fn error(error: &InvalidPage) -> Value {
    let class = match error {
        InvalidPage::NotAnInteger(_) => "PageNotAnInteger",
        InvalidPage::Empty(_) => "EmptyPage",
    };
    json!({"error": {"type": class, "message": error.to_string()}})
}

fn number_or_error(found: Result<u64, InvalidPage>) -> Value {
    found.map_or_else(|found| error(&found), |number| json!(number))
}

fn shown(page: &Page<&u64>) -> Value {
    json!({
        "number": page.number(), "object_list": page.objects(), "len": page.len(),
        "str": page.to_string(), "has_next": page.has_next(), "has_previous": page.has_previous(),
        "has_other_pages": page.has_other_pages(),
        "next_page_number": number_or_error(page.next_page_number()),
        "previous_page_number": number_or_error(page.previous_page_number()),
        "start_index": page.start_index(), "end_index": page.end_index(),
    })
}

/// The paginator of a record; `None` when a number of it is none, or negative.
fn paginator(inputs: &Value) -> Result<Option<Paginator>, &'static str> {
    let (Some(per_page), Some(orphans)) = (
        count(&inputs["per_page"]),
        inputs.get("orphans").map_or(Some(0), count),
    ) else {
        return Ok(None);
    };
    let (Ok(per_page), Ok(orphans)) = (u64::try_from(per_page), u64::try_from(orphans)) else {
        return Err("a negative number of objects, which the types do not have");
    };
    let allow = inputs["allow_empty_first_page"] != json!(false);
    let mut paginator = Paginator::new(per_page)
        .orphans(orphans)
        .allow_empty_first_page(allow);
    for pair in inputs["error_messages"].as_array().into_iter().flatten() {
        let message = pair[1].as_str().unwrap().to_owned();
        paginator = match pair[0].as_str().unwrap() {
            "invalid_page" => paginator.invalid_page_message(message),
            "min_page" => paginator.min_page_message(message),
            _ => paginator.no_results_message(message),
        };
    }
    Ok(Some(paginator))
}

fn check_paginator(inputs: &Value, expected: &Value) -> Result<(Value, Value), &'static str> {
    let is_error = expected.get("error").is_some();
    let Some(paginator) = paginator(inputs)? else {
        return Ok((
            json!("no number"),
            json!(if is_error { "no number" } else { "a number" }),
        ));
    };
    let objects: Vec<u64> = (1..=inputs["count"].as_u64().unwrap()).collect();
    let pages = paginator.pages(objects.len() as u64);
    if is_error {
        // Pages of no objects: a division by zero there, no pages here.
        let found = paginator
            .page_of(&objects, number(&inputs["page"]))
            .is_err();
        return Ok((json!(found), json!(true)));
    }
    let mut found = json!({
        "count": pages.count(), "num_pages": pages.num_pages(),
        "page_range": pages.page_range().collect::<Vec<_>>(),
    });
    let mut wanted = expected.clone();
    wanted.as_object_mut().unwrap().remove("warnings");
    if expected.get("pages").is_some() {
        let all = pages
            .page_range()
            .map(|number| json!(paginator.page_of(&objects, number).unwrap().objects()));
        found["pages"] = all.collect();
    }
    if expected.get("page").is_some() {
        let page = paginator.page_of(&objects, number(&inputs["page"]));
        found["page"] = page.map_or_else(|found| error(&found), |page| shown(&page));
        let page = paginator.get_page_of(&objects, number(&inputs["page"]));
        found["get_page"] = number_or_error(page.map(|page| page.number()));
    }
    Ok((found, wanted))
}

fn check_elided(inputs: &Value, expected: &Value) -> (Value, Value) {
    let allow = inputs["no_empty"] != json!(true);
    let paginator = Paginator::new(1).allow_empty_first_page(allow);
    let pages: Pages = paginator.pages(inputs["num_pages"].as_u64().unwrap());
    let around = inputs["on_each_side"].as_u64().unwrap_or(3);
    let ends = inputs["on_ends"].as_u64().unwrap_or(2);
    let found = pages.elided(number(&inputs["number"]), around, ends);
    let found = found.map(|places| {
        let places = places
            .iter()
            .map(|place| match place.to_string().parse::<u64>() {
                Ok(number) => json!(number),
                Err(_) => json!(place.to_string()),
            });
        json!({"range": places.collect::<Vec<_>>()})
    });
    (
        found.unwrap_or_else(|found| error(&found)),
        expected.clone(),
    )
}

#[test]
fn pages_are_those_of_django() {
    let text = folder("web")
        .and_then(|folder| std::fs::read_to_string(folder.join("paginator.jsonl")).ok());
    let mut differs = Vec::new();
    for line in text.iter().flat_map(|text| text.lines()) {
        let record: Value = serde_json::from_str(line).unwrap();
        let id = record["id"].as_str().unwrap();
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let compared = match record["kind"].as_str().unwrap() {
            "paginator" => check_paginator(inputs, expected),
            "elided_page_range" => Ok(check_elided(inputs, expected)),
            _ => Err("of a kind that is not replayed"),
        };
        match compared {
            Err(why) => tell(id, Told::Skipped, why),
            Ok((found, wanted)) if found == wanted => tell(id, Told::Passed, ""),
            Ok((found, wanted)) => {
                let what = format!("found {found}, expected {wanted}");
                tell(id, Told::Failed, &what);
                differs.push(format!("{id}: {what}\n    {inputs}"));
            }
        }
    }
    let shown: Vec<&String> = differs.iter().take(8).collect();
    assert!(differs.is_empty(), "{} differ:\n{shown:#?}", differs.len());
}

#[test]
fn a_page_of_a_queryset_asks_for_its_rows_only() {
    database(async |db| {
        let books = Book::objects().order_by(|b| b.title().asc());
        let all: Vec<String> = books.clone().select(|b| b.title()).all(&db).await?;
        let paginator = Paginator::new(2);
        let page = paginator.page(books.clone(), 2, &db).await?;
        let titles: Vec<&str> = page.iter().map(|book| book.title.as_str()).collect();
        let expected: Vec<&str> = all.iter().skip(2).take(2).map(String::as_str).collect();
        assert_eq!(titles, expected);
        assert_eq!(page.pages().count(), all.len() as u64);
        let error = paginator
            .page(books.clone(), "nine", &db)
            .await
            .unwrap_err();
        assert!(error.is_invalid_page());
        let last = paginator.get_page(books, 99, &db).await?;
        assert_eq!(last.number(), last.pages().num_pages());
        Ok(())
    });
}

#[test]
fn templates_see_a_page_and_its_neighbours() {
    let numbers: Vec<i64> = (1..=5).collect();
    let page = Paginator::new(2).page_of(&numbers, 2).unwrap();
    let source = "{% for n in page %}{{ n }} {% endfor %}{{ page.number }}/{{ page.paginator.num_pages }} \
                  {{ page.has_next }} {{ page.next_page_number }} {{ page.start_index }}-{{ page.end_index }} {{ page }}";
    let template = Engine::default().from_str(source).unwrap();
    let html = template
        .render(&context! { page: &page }, &NoServices)
        .unwrap();
    assert_eq!(html, "3 4 2/3 True 3 3-4 &lt;Page 2 of 3&gt;");
}

#[test]
fn numbers_are_read_as_by_python() {
    for (text, expect) in [
        ("\u{1c}7\u{1f}", Some(7)),
        ("\u{11f57}", Some(7)),
        ("\u{1e4f7}", Some(7)),
        ("1_0", Some(10)),
        ("1__0", None),
        ("\u{200b}7", None),
    ] {
        assert_eq!(text.page_number(), expect, "{text:?}");
    }
    // 4300 digits are the most that Python takes; what is too large is the last page, what is none the first.
    assert_eq!("9".repeat(4300).page_number(), Some(i64::MAX));
    assert_eq!("9".repeat(4301).page_number(), None);
    assert_eq!(
        format!("{}_9", "9".repeat(4299)).page_number(),
        Some(i64::MAX)
    );
}

#[test]
fn pages_of_a_queryset_without_an_order_are_in_the_order_of_the_key() {
    database(async |db| {
        let (db, log) = db.with_log();
        let pages = Paginator::new(1);
        let first = pages.page(Book::objects().unordered(), 1, &db).await?;
        let second = pages.page(Book::objects().unordered(), 2, &db).await?;
        assert!(first.objects()[0].id.get() < second.objects()[0].id.get());
        let queries = log.queries();
        let rows = queries.iter().filter(|query| query.sql.contains("LIMIT"));
        for query in rows {
            assert!(query.sql.contains("ORDER BY"), "{}", query.sql);
        }
        Ok(())
    });
}
