//! Numbers as languages write them: the point, and groups of digits.

use std::borrow::Cow;

use super::format::Format;
use super::locale::Locale;
use crate::decimal::Decimal;
use crate::value::Value;

/// A number beyond this many digits is written with an exponent: writing it out would be an attack's work.
const MOST_DIGITS: u64 = 200;

/// More places are not written.
const MOST_PLACES: usize = 1000;

/// How numbers are written.
///
/// ```
/// use nuages_template::formats::{NumberStyle, format_number};
/// use nuages_template::Value;
/// let style = NumberStyle::new(",").grouped(vec![3], ".");
/// assert_eq!(format_number(&Value::from(-1234567.891), Some(2), &style), "-1.234.567,89");
/// ```
///
/// # Django
/// The arguments of `numberformat.format`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberStyle<'a> {
    decimal: Cow<'a, str>,
    thousand: Cow<'a, str>,
    groups: Vec<i64>,
}

impl<'a> NumberStyle<'a> {
    /// With this mark between the whole part and the fraction, and without groups.
    pub fn new(decimal: impl Into<Cow<'a, str>>) -> Self {
        Self {
            decimal: decimal.into(),
            thousand: Cow::Borrowed(""),
            groups: Vec::new(),
        }
    }

    /// With groups of digits, and this mark between them.
    ///
    /// The sizes count from the right. The last one repeats, as does one before a 0; a size that no group reaches, such
    /// as -1, ends the groups.
    #[must_use]
    pub fn grouped(mut self, groups: Vec<i64>, mark: impl Into<Cow<'a, str>>) -> Self {
        self.groups = if groups == [0] { Vec::new() } else { groups };
        self.thousand = mark.into();
        self
    }
}

/// How the language of a locale writes numbers, found out once.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    style: NumberStyle<'static>,
}

impl Numbers {
    pub(crate) fn new(locale: &Locale<'_>) -> Self {
        let grouped = locale.settings().use_thousand_separator;
        Self {
            style: style(locale, true, grouped),
        }
    }
}

fn style(locale: &Locale<'_>, localized: bool, grouped: bool) -> NumberStyle<'static> {
    let text = |name: &str| match locale.format_in(name, localized) {
        Some(Format::Text(text)) => text.into_owned(),
        _ => String::new(),
    };
    let style = NumberStyle::new(text("DECIMAL_SEPARATOR"));
    if !grouped {
        return style;
    }
    let groups = match locale.format_in("NUMBER_GROUPING", localized) {
        Some(Format::Number(size)) => vec![size],
        Some(Format::Numbers(sizes)) => sizes,
        _ => return style,
    };
    style.grouped(groups, text("THOUSAND_SEPARATOR"))
}

/// A number as the language writes it, with so many places.
///
/// # Django
/// `formats.number_format`.
pub fn number_format(value: &Value<'_>, places: Option<usize>, locale: &Locale<'_>) -> String {
    if locale.use_l10n() {
        return format_number(value, places, &locale.numbers().style);
    }
    format_number(value, places, &style(locale, false, false))
}

/// As [`number_format`], where a filter decides whether the language counts, and whether digits are grouped.
pub(crate) fn number_format_with(
    value: &Value<'_>,
    places: Option<usize>,
    locale: &Locale<'_>,
    localized: bool,
    grouped: bool,
) -> String {
    let grouped = grouped || localized && locale.settings().use_thousand_separator;
    format_number(value, places, &style(locale, localized, grouped))
}

/// A number in a style; text is taken for the digits of a number.
///
/// # Django
/// `numberformat.format`.
pub fn format_number(value: &Value<'_>, places: Option<usize>, style: &NumberStyle<'_>) -> String {
    let places = places.map(|places| places.min(MOST_PLACES));
    if let (Value::Int(_) | Value::Bool(_), true) = (value, style.groups.is_empty())
        && places.unwrap_or(0) == 0
    {
        return value.to_text().into_owned();
    }
    let text = value.to_text();
    let decimal = match value {
        // A whole number beyond 64 bits is written out, as Python's are: it is as long as its text.
        Value::Decimal(digits) if is_whole(digits) => None,
        Value::Decimal(digits) => Decimal::parse(digits),
        Value::Float(_) if text.contains('e') => Decimal::parse(&text),
        _ => None,
    };
    let Some(number) = decimal else {
        return if text.is_empty() {
            String::new()
        } else {
            arrange(&text, places, style)
        };
    };
    let number = match places {
        Some(places) if is_below(&number, places) => Decimal::zero(),
        _ => number,
    };
    if number.size() > MOST_DIGITS {
        let text = number.to_scientific();
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, ""));
        return format!("{}e{exponent}", arrange(digits, places, style));
    }
    arrange(&number.to_plain(), places, style)
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.len() > 18 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Is the number nearer to zero than one in the last of the places?
fn is_below(number: &Decimal, places: usize) -> bool {
    let last = match places {
        // Python's `"1".rjust(0)` is a 1 behind the point.
        0 => 1,
        places => i64::try_from(places).unwrap_or(i64::MAX),
    };
    number.is_zero() || number.magnitude() < -last
}

/// Cuts or fills the fraction, groups the whole part.
fn arrange(number: &str, places: Option<usize>, style: &NumberStyle<'_>) -> String {
    let (sign, number) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut out = String::with_capacity(number.len() + number.len() / 2 + 2);
    out.push_str(sign);
    group(whole, style, &mut out);
    let kept = places.map_or(fraction, |places| {
        let end = fraction
            .char_indices()
            .nth(places)
            .map_or(fraction.len(), |(at, _)| at);
        &fraction[..end]
    });
    let fill = places.map_or(0, |places| places.saturating_sub(kept.chars().count()));
    if !kept.is_empty() || fill > 0 {
        out.push_str(&style.decimal);
        out.push_str(kept);
        out.extend(std::iter::repeat_n('0', fill));
    }
    out
}

fn group(whole: &str, style: &NumberStyle<'_>, out: &mut String) {
    let mut sizes = style.groups.iter().copied();
    let Some(mut size) = sizes.next() else {
        out.push_str(whole);
        return;
    };
    let digits: Vec<char> = whole.chars().collect();
    // The places before which a mark stands, from the right.
    let mut marks = Vec::new();
    let (mut at, mut count) = (digits.len(), 0);
    while at > 0 {
        if count > 0 && count == size {
            marks.push(at);
            if let Some(next) = sizes.next().filter(|next| *next != 0) {
                size = next;
            }
            count = 0;
        }
        at -= 1;
        count += 1;
    }
    for (index, digit) in digits.into_iter().enumerate() {
        if marks.last() == Some(&index) {
            marks.pop();
            out.push_str(&style.thousand);
        }
        out.push(digit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &Value<'_>, places: Option<usize>, groups: &[i64], expect: &str) {
        let style = NumberStyle::new(".").grouped(groups.to_vec(), ",");
        assert_eq!(format_number(value, places, &style), expect, "{value:?}");
    }

    #[test]
    fn groups_have_the_sizes_of_the_language() {
        check(&Value::from(1_234_567), None, &[3], "1,234,567");
        check(&Value::from(-123), None, &[3], "-123");
        check(
            &Value::from(1_234_567_890),
            None,
            &[3, 2, 0],
            "1,23,45,67,890",
        );
        check(
            &Value::from(1_000_000_000),
            None,
            &[3, 2, -1],
            "10000,00,000",
        );
        check(&Value::from(1234), None, &[0], "1234");
    }

    #[test]
    fn fractions_are_cut_and_filled_not_rounded() {
        check(&Value::from(1.999), Some(2), &[], "1.99");
        check(&Value::from(5), Some(2), &[], "5.00");
        check(&Value::from(9e-10), Some(8), &[], "0.00000000");
        check(
            &Value::from(1e21),
            None,
            &[3],
            "1,000,000,000,000,000,000,000",
        );
    }

    #[test]
    fn a_huge_exponent_is_not_written_out() {
        let huge = Value::Decimal("1.2345E+999999999".into());
        check(&huge, Some(2), &[], "1.23e+999999999");
    }
}
