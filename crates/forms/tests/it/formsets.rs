//! Formsets: how many forms a request can make, what they clean to, and how they look in templates.

use nuages_forms::{CharField, Field, Form, FormData, FormSet, IntegerField};
use nuages_template::{Context, Engine, NoServices, context};

fn votes() -> FormSet {
    FormSet::new(
        Form::new()
            .field("choice", CharField::new())
            .field("votes", IntegerField::new()),
    )
}

fn sent<'a>(total: &'a str, initial: &'a str, more: &[(&'a str, &'a str)]) -> FormData {
    let counts = [("form-TOTAL_FORMS", total), ("form-INITIAL_FORMS", initial)];
    counts.into_iter().chain(more.iter().copied()).collect()
}

/// The most memory that this process ever had, in KiB.
#[expect(clippy::unwrap_used, reason = "a test that cannot measure has failed")]
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.unwrap().split_whitespace().nth(1).unwrap();
    number.parse().unwrap()
}

/// How many forms there are, and how much memory it took to fill and to show them.
fn cost(set: FormSet, total: &str) -> (FormSet, u64) {
    let before = most_memory();
    let set = set.bind(&sent(total, "0", &[("form-0-choice", "x")]));
    assert!(set.to_string().contains("form-0-choice"));
    (set, most_memory() - before)
}

#[test]
fn u2_cve_2013_0306_a_billion_forms_are_two_thousand_and_an_error() {
    for total in ["1000000000", "99999999999999999999999999", "2001"] {
        let (set, memory) = cost(votes().can_delete(true).can_order(true), total);
        assert_eq!(set.len(), 2000, "{total}");
        assert!(!set.is_valid());
        assert_eq!(
            set.non_form_errors().as_text(),
            "* Please submit at most 1000 forms."
        );
        assert!(set.non_form_errors().has_code("too_many_forms"));
        assert!(memory < 8 * 1024, "{memory} KiB");
    }
}

#[test]
fn u2_cve_2013_0306_the_limit_follows_max_num_or_is_set() {
    let (set, _) = cost(votes().max_num(3), "1000000000");
    assert_eq!(set.len(), 1003);
    let set = votes().max_num(3).absolute_max(7).unwrap();
    let (set, _) = cost(set, "1000000000");
    assert_eq!(set.len(), 7);
    assert_eq!(
        set.non_form_errors().as_text(),
        "* Please submit at most 3 forms."
    );
}

#[test]
fn u2_cve_2013_0306_pair_a_limit_that_is_no_limit_builds_what_is_asked_for() {
    let set = votes().absolute_max(20_000).unwrap();
    let (set, memory) = cost(set, "20000");
    assert_eq!(set.len(), 20_000);
    assert!(memory > 8 * 1024, "{memory} KiB");
}

#[test]
fn u2_a_thousand_values_cost_a_formset_no_square() {
    // Each of 2000 forms looks for its names among all values.
    let names: Vec<_> = (0..20_000)
        .map(|index| (format!("form-{index}-votes"), "1"))
        .collect();
    let mut data = sent("2000", "0", &[]);
    for (name, value) in names {
        data.push(name, value);
    }
    let began = std::time::Instant::now();
    for _ in 0..10 {
        let set = votes().bind(&data);
        assert_eq!(set.len(), 2000);
    }
    // 10 × 2000 × 4 look-ups in 20 000 values each would be minutes.
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn counts_that_make_no_sense_make_no_forms() {
    for (total, initial) in [
        ("-5", "0"),
        ("-99999999999999999999", "7"),
        ("", ""),
        ("x", "0"),
    ] {
        let set = votes()
            .validate_min(true)
            .validate_max(true)
            .bind(&sent(total, initial, &[]));
        assert!(set.is_empty(), "{total} {initial}");
    }
    let set = votes().bind(&sent("1", "-1", &[]));
    assert_eq!((set.initial_forms().len(), set.extra_forms().len()), (0, 1));
    let set = votes().bind(&sent("1", "99", &[]));
    assert_eq!((set.initial_forms().len(), set.extra_forms().len()), (1, 0));
}

#[test]
fn without_its_management_form_a_formset_is_wrong() {
    let set = votes().bind(&FormData::from([("form-0-choice", "x")]));
    assert!(!set.is_valid());
    assert!(set.non_form_errors().has_code("missing_management_form"));
    assert!(
        set.non_form_errors()
            .as_text()
            .contains("Missing fields: form-TOTAL_FORMS, form-INITIAL_FORMS.")
    );
}

#[derive(Debug, Form, PartialEq)]
struct Vote {
    choice: String,
    votes: i64,
}

#[test]
fn structs_come_in_the_order_that_was_asked_for_without_the_deleted_ones() {
    let data = sent(
        "4",
        "1",
        &[
            ("form-0-choice", "a"),
            ("form-0-votes", "1"),
            ("form-0-ORDER", "3"),
            ("form-1-choice", "b"),
            ("form-1-votes", "2"),
            ("form-1-ORDER", "1"),
            ("form-2-DELETE", "on"),
            ("form-2-choice", "c"),
        ],
    );
    let set = Vote::formset().can_order(true).can_delete(true).bind(&data);
    let vote = |choice: &str, votes| Vote {
        choice: choice.to_owned(),
        votes,
    };
    assert_eq!(set.cleaned(), Some(vec![vote("b", 2), vote("a", 1)]));
    assert_eq!(set.cleaned_at(0), Some(vote("a", 1)));
    assert_eq!(set.cleaned_at(3), None);
    assert_eq!(set.deleted_forms(), [2]);
    assert_eq!(set.ordered_forms(), Some(vec![1, 0]));
    assert!(set.has_changed());

    let wrong = Vote::formset().bind(&sent("1", "0", &[("form-0-choice", "a")]));
    let wrong = wrong.into_cleaned().unwrap_err();
    assert_eq!(
        wrong.errors()[0].as_text(),
        "* votes\n  * This field is required."
    );
}

#[test]
fn errors_can_be_added_later() {
    let data = sent("1", "0", &[("form-0-choice", "a"), ("form-0-votes", "1")]);
    let mut set = Vote::formset().bind(&data);
    assert!(set.is_valid());
    set.add_form_error(0, "choice", "It is taken.");
    assert!(set.cleaned().is_none());
    assert!(set.to_string().contains("It is taken."));
    let mut set = Vote::formset().bind(&data);
    set.add_form_error(9, "choice", "It is taken.");
    assert_eq!(set.non_form_errors().as_text(), "* It is taken.");
}

#[expect(clippy::unwrap_used, reason = "a test that cannot render has failed")]
fn check(source: &str, context: &Context<'_>, expect: &str) {
    let template = Engine::default().from_str(source).unwrap();
    assert_eq!(
        template.render(context, &NoServices).unwrap(),
        expect,
        "{source}"
    );
}

#[test]
fn a_formset_prints_itself_in_a_template() {
    let set = Vote::formset().extra(2);
    check("{{ set }}", &context! { set }, &set.as_div());
    for (source, expect) in [
        ("{{ set.as_p }}", set.as_p()),
        ("{{ set.as_ul }}", set.as_ul()),
        (
            "{{ set.management_form }}{% for form in set %}{{ form.as_table }}{% endfor %}",
            set.as_table(),
        ),
        ("{{ set.1.votes.html_name }}", "form-1-votes".to_owned()),
        ("{{ set.forms.0.prefix }}", "form-0".to_owned()),
        (
            "{{ set.empty_form.choice.id_for_label }}",
            "id_form-__prefix__-choice".to_owned(),
        ),
        (
            "{{ set|length }} {% if set %}yes{% endif %}",
            "2 yes".to_owned(),
        ),
        (
            "{{ set.media }}{{ set.non_form_errors }}{{ set.total_error_count }}",
            "0".to_owned(),
        ),
        (
            "{{ set.prefix }} {{ set.extra }} {{ set.max_num }} {{ set.absolute_max }}",
            "form 2 1000 2000".to_owned(),
        ),
    ] {
        check(source, &context! { set }, &expect);
    }
    let none = Vote::formset().extra(0);
    check("{% if none %}yes{% endif %}", &context! { none }, "yes");
}

#[test]
fn names_and_numbers_of_a_request_are_escaped() {
    let set = votes()
        .prefix("\"><script>")
        .bind(&FormData::from([("\"><script>-TOTAL_FORMS", "<b>")]));
    assert!(!set.to_string().contains("<script>"));
    assert!(!set.to_string().contains("<b>"));
    assert!(!set.non_form_errors().as_ul().contains("<script>"));
}

#[test]
fn fields_of_each_form_can_be_changed() {
    let set = FormSet::new(Form::new())
        .min_num(1)
        .extra(0)
        .add_fields(|form, index| {
            let field = Field::new(CharField::new()).required(index != Some(0));
            form.field("name", field)
        });
    let data = sent("2", "0", &[]);
    let set = set.min_num(2).bind(&data);
    assert!(set.forms()[0].is_valid());
    assert!(!set.forms()[1].is_valid());
}
