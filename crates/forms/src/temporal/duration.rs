//! Durations as text: `1 day, 2:03:04`, `P1DT2H3M4S`, and what PostgreSQL writes.

use jiff::SignedDuration;

const MICROS_A_DAY: i128 = 86_400_000_000;

/// The longest duration in whole days, as in Python.
const MOST_DAYS: i128 = 999_999_999;

/// A duration beyond 999 999 999 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a duration is at most 999999999 days")]
pub struct DurationOverflow;

/// Reads a duration; nothing if the text is in another form.
///
/// The forms are `[days ][[hours:]minutes:]seconds[.fraction]`, ISO 8601 from days to seconds, and the
/// day-time interval of PostgreSQL. Years, months and weeks are in none of them.
///
/// ```
/// use jiff::SignedDuration;
/// use nuages_forms::temporal::parse_duration;
///
/// assert_eq!(parse_duration("15:30"), Ok(Some(SignedDuration::from_secs(930))));
/// assert_eq!(parse_duration("-PT5M"), Ok(Some(SignedDuration::from_secs(-300))));
/// assert_eq!(parse_duration("1 day 0:00:01"), Ok(Some(SignedDuration::from_secs(86_401))));
/// assert_eq!(parse_duration("P4Y"), Ok(None));
/// ```
///
/// # Errors
/// It is too long.
///
/// # Django
/// `django.utils.dateparse.parse_duration`; a text without anything is no time at all, as there.
pub fn parse_duration(text: &str) -> Result<Option<SignedDuration>, DurationOverflow> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let Some(parts) = standard(text)
        .or_else(|| iso_8601(text))
        .or_else(|| postgres(text))
    else {
        return Ok(None);
    };
    parts.micros().map(|micros| Some(of_micros(micros)))
}

/// What was read, each unit as a number.
#[derive(Default)]
struct Parts {
    days: f64,
    /// Hours, minutes, seconds.
    clock: [f64; 3],
    micros: f64,
    is_negative: bool,
    /// The sign is that of the days, too.
    is_negative_in_days: bool,
}

impl Parts {
    fn micros(&self) -> Result<i128, DurationOverflow> {
        let [hours, minutes, seconds] = self.clock;
        let days = in_range(total(&[(self.days, MICROS_A_DAY)])?)?;
        let clock = in_range(total(&[
            (self.micros, 1),
            (seconds, 1_000_000),
            (minutes, 60_000_000),
            (hours, 3_600_000_000),
        ])?)?;
        let days = if self.is_negative_in_days {
            -days
        } else {
            days
        };
        in_range(in_range(days)? + if self.is_negative { -clock } else { clock })
    }
}

fn in_range(micros: i128) -> Result<i128, DurationOverflow> {
    let days = micros.div_euclid(MICROS_A_DAY);
    if (-MOST_DAYS..=MOST_DAYS).contains(&days) {
        Ok(micros)
    } else {
        Err(DurationOverflow)
    }
}

/// The sum in microseconds: whole numbers exactly, what is left of all fractions rounded to even at the end.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the numbers are whole and within the range that was looked at, the units are small"
)]
fn total(units: &[(f64, i128)]) -> Result<i128, DurationOverflow> {
    let mut sum = 0_i128;
    let mut left = 0.0_f64;
    for (number, unit) in units {
        // More than any unit holds of the longest duration.
        if number.is_nan() || number.abs() > 1e24 {
            return Err(DurationOverflow);
        }
        let part = number.fract() * *unit as f64;
        sum += number.trunc() as i128 * unit + part.trunc() as i128;
        left += part.fract();
    }
    let mut whole = left.round();
    if ((whole - left).abs() - 0.5).abs() < f64::EPSILON {
        let odd = if sum % 2 == 0 { 0.0 } else { 1.0 };
        whole = 2.0 * ((left + odd) * 0.5).round() - odd;
    }
    Ok(sum + whole as i128)
}

/// `4 days, 1:15:30.1`
fn standard(text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut clock = text;
    if let Some((days, rest)) = days(text)
        && let Some(rest) = rest.strip_prefix(' ')
    {
        parts.days = days;
        let named = rest
            .strip_prefix("days, ")
            .or_else(|| rest.strip_prefix("day, "));
        clock = named.unwrap_or(rest);
    }
    if let Some(rest) = clock.strip_prefix('-') {
        parts.is_negative = true;
        clock = rest;
    }
    let (clock, fraction) = match clock.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    if let Some(fraction) = fraction {
        parts.micros = micros_of(fraction, 12)?;
    }
    let units: Vec<&str> = clock.split(':').collect();
    if units.len() > 3 {
        return None;
    }
    for (place, unit) in parts.clock.iter_mut().rev().zip(units.iter().rev()) {
        *place = whole(unit)?;
    }
    Some(parts)
}

/// `P4DT1H15M30.1S`
fn iso_8601(text: &str) -> Option<Parts> {
    let is_negative = text.starts_with('-');
    let mut parts = Parts {
        is_negative,
        is_negative_in_days: is_negative,
        ..Parts::default()
    };
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let rest = rest.strip_prefix('P')?;
    let (days, clock) = match rest.split_once('T') {
        Some((days, clock)) => (days, clock),
        None => (rest, ""),
    };
    if !days.is_empty() {
        parts.days = number(days.strip_suffix('D')?)?;
    }
    let mut rest = clock;
    for (place, unit) in parts.clock.iter_mut().zip(['H', 'M', 'S']) {
        if let Some((text, after)) = rest.split_once(unit) {
            *place = number(text)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(parts)
}

/// `4 days 01:15:30.1`
fn postgres(text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut clock = text;
    if let Some((days, rest)) = days(text)
        && let Some(rest) = rest.strip_prefix(" day")
    {
        parts.days = days;
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        clock = rest.strip_prefix(' ').unwrap_or(rest);
    }
    if clock.is_empty() {
        return Some(parts);
    }
    parts.is_negative = clock.starts_with('-');
    let clock = clock.strip_prefix(['-', '+']).unwrap_or(clock);
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    if let Some(fraction) = fraction {
        parts.micros = micros_of(fraction, 6)?;
    }
    let mut units = clock.split(':');
    let (hours, minutes, seconds) = (units.next()?, units.next()?, units.next()?);
    let is_right = minutes.len() == 2 && seconds.len() == 2 && units.next().is_none();
    parts.clock = [whole(hours)?, whole(minutes)?, whole(seconds)?];
    is_right.then_some(parts)
}

/// The digits at the start, with a sign or without, and what follows them.
fn days(text: &str) -> Option<(f64, &str)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let days = whole(&digits[..end])?;
    let days = if text.starts_with('-') { -days } else { days };
    Some((days, &digits[end..]))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn whole(text: &str) -> Option<f64> {
    is_digits(text).then(|| text.parse().ok())?
}

/// A number with a point or comma.
fn number(text: &str) -> Option<f64> {
    let is_number = match text.split_once(['.', ',']) {
        Some((before, after)) => is_digits(before) && is_digits(after),
        None => is_digits(text),
    };
    is_number.then(|| text.replace(',', ".").parse().ok())?
}

/// Microseconds from the digits after the point, of which six count.
fn micros_of(fraction: &str, most: usize) -> Option<f64> {
    if !is_digits(fraction) || fraction.len() > most {
        return None;
    }
    let kept = &fraction[..fraction.len().min(6)];
    format!("{kept:0<6}").parse().ok()
}

fn of_micros(micros: i128) -> SignedDuration {
    SignedDuration::from_nanos_i128(micros * 1000)
}

/// Days, hours, minutes, seconds and microseconds; only the days may be negative.
fn parts_of(length: SignedDuration) -> [i128; 5] {
    let micros = length.as_nanos().div_euclid(1000);
    let rest = micros.rem_euclid(MICROS_A_DAY);
    let seconds = rest / 1_000_000;
    [
        micros.div_euclid(MICROS_A_DAY),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        rest % 1_000_000,
    ]
}

/// A duration as a form shows it, in words of no language.
///
/// ```
/// use jiff::SignedDuration;
/// use nuages_forms::temporal::duration_string;
///
/// assert_eq!(duration_string(SignedDuration::from_secs(90_061)), "1 01:01:01");
/// assert_eq!(duration_string(SignedDuration::from_secs(-1)), "-1 23:59:59");
/// ```
///
/// # Django
/// `django.utils.duration.duration_string`.
pub fn duration_string(length: SignedDuration) -> String {
    let [days, hours, minutes, seconds, micros] = parts_of(length);
    let days = match days {
        0 => String::new(),
        days => format!("{days} "),
    };
    let fraction = fraction(micros);
    format!("{days}{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

/// A duration as ISO 8601 has it.
///
/// ```
/// use jiff::SignedDuration;
/// use nuages_forms::temporal::duration_iso_string;
///
/// assert_eq!(duration_iso_string(SignedDuration::from_secs(90_061)), "P1DT01H01M01S");
/// assert_eq!(duration_iso_string(SignedDuration::from_secs(-1)), "-P0DT00H00M01S");
/// ```
///
/// # Django
/// `django.utils.duration.duration_iso_string`.
pub fn duration_iso_string(length: SignedDuration) -> String {
    let sign = if length.is_negative() { "-" } else { "" };
    let [days, hours, minutes, seconds, micros] = parts_of(length.abs());
    let fraction = fraction(micros);
    format!("{sign}P{days}DT{hours:02}H{minutes:02}M{seconds:02}{fraction}S")
}

fn fraction(micros: i128) -> String {
    match micros {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    }
}

/// A duration in whole microseconds.
///
/// ```
/// use jiff::SignedDuration;
///
/// let length = SignedDuration::from_millis(-2);
/// assert_eq!(nuages_forms::temporal::duration_microseconds(length), -2000);
/// ```
///
/// # Django
/// `django.utils.duration.duration_microseconds`.
pub fn duration_microseconds(length: SignedDuration) -> i128 {
    length.as_nanos().div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_no_time_and_too_much_is_refused() {
        assert_eq!(parse_duration(""), Ok(Some(SignedDuration::ZERO)));
        assert_eq!(parse_duration("P"), Ok(Some(SignedDuration::ZERO)));
        assert_eq!(parse_duration("1000000000 0"), Err(DurationOverflow));
        let digits = "9".repeat(400);
        assert_eq!(parse_duration(&digits), Err(DurationOverflow));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(micros in -MICROS_A_DAY * 999..MICROS_A_DAY * 999) {
            let length = of_micros(micros);
            prop_assert_eq!(parse_duration(&duration_string(length)), Ok(Some(length)));
            // Fractions of ISO 8601 are floats; with few days they are exact enough.
            prop_assert_eq!(parse_duration(&duration_iso_string(length)), Ok(Some(length)));
        }

        #[test]
        fn any_text_can_be_read(text in ".*") {
            let _ = parse_duration(&text);
        }
    }
}
