//! `Decimal`: exact decimal numbers, as much of them as filters and comparisons need.

use std::cmp::Ordering;

use crate::value::Value;

/// A finite decimal number: `digits * 10^exponent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) negative: bool,
    /// ASCII digits without leading zeros; empty for zero.
    pub(crate) digits: Vec<u8>,
    pub(crate) exponent: i64,
}

/// Is it the text of an integer beyond 64 bits? [`Value::Decimal`] holds these as well, and Python tells them apart.
pub(crate) fn is_big_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.len() > 18
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<i64>().is_err()
}

impl Decimal {
    /// Zero.
    pub(crate) fn zero() -> Self {
        Self {
            negative: false,
            digits: Vec::new(),
            exponent: 0,
        }
    }

    /// Reads `-12.50`, `1e10` and the like, as Python's `Decimal` does.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.is_ascii() {
            return Self::parse(&crate::chars::plain_digits(text).filter(|text| text.is_ascii())?);
        }
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (number, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], parse_exponent(&rest[at + 1..])?),
            None => (rest, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut digits = Vec::with_capacity(number.len());
        for byte in whole
            .bytes()
            .chain(fraction.bytes())
            .filter(|byte| *byte != b'_')
        {
            if !byte.is_ascii_digit() {
                return None;
            }
            if !digits.is_empty() || byte != b'0' {
                digits.push(byte);
            }
        }
        let places = i64::try_from(fraction.len()).ok()?;
        Some(Self {
            negative,
            digits,
            exponent: exponent.checked_sub(places)?,
        })
    }

    /// The number that a value is; text counts only as [`Value::Decimal`].
    pub(crate) fn from_value(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Int(number) => Self::parse(itoa::Buffer::new().format(*number)),
            Value::Bool(yes) => Self::parse(if *yes { "1" } else { "0" }),
            Value::Float(number) if number.is_finite() => Self::parse(&format!("{number:e}")),
            Value::Decimal(text) => Self::parse(text),
            _ => None,
        }
    }

    /// The whole part, if it fits.
    pub(crate) fn to_int(&self) -> Option<i64> {
        self.to_wide()?.try_into().ok()
    }

    /// The whole part, if it has at most 38 digits.
    pub(crate) fn to_wide(&self) -> Option<i128> {
        if self.is_zero() || self.magnitude() < 0 {
            return Some(0);
        }
        if self.magnitude() > 38 {
            return None;
        }
        let whole = self.to_plain();
        whole.split('.').next()?.parse().ok()
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// The power of ten of the first digit.
    pub(crate) fn magnitude(&self) -> i64 {
        self.exponent
            .saturating_add(i64::try_from(self.digits.len()).unwrap_or(i64::MAX))
            .saturating_sub(1)
    }

    /// How long it would be written out, roughly.
    pub(crate) fn size(&self) -> u64 {
        self.exponent
            .unsigned_abs()
            .saturating_add(self.digits.len() as u64)
    }

    /// Is it a whole number?
    pub(crate) fn is_whole(&self) -> bool {
        self.trailing() <= 0
    }

    /// How many places after the point are needed.
    fn trailing(&self) -> i64 {
        let zeros = self
            .digits
            .iter()
            .rev()
            .take_while(|digit| **digit == b'0')
            .count();
        if self.is_zero() {
            return 0;
        }
        self.exponent
            .saturating_add(i64::try_from(zeros).unwrap_or(i64::MAX))
            .saturating_neg()
    }

    /// The order, without writing out what `1e999999999` stands for.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => {
                return if other.negative {
                    Ordering::Greater
                } else {
                    Ordering::Less
                };
            }
            (false, true) => {
                return if self.negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                };
            }
            (false, false) => {}
        }
        if self.negative != other.negative {
            return if self.negative {
                Ordering::Less
            } else {
                Ordering::Greater
            };
        }
        let order = self.magnitude().cmp(&other.magnitude()).then_with(|| {
            let length = self.digits.len().max(other.digits.len());
            let digits = |of: &Self| {
                let mut digits = of.digits.clone();
                digits.resize(length, b'0');
                digits
            };
            digits(self).cmp(&digits(other))
        });
        if self.negative {
            order.reverse()
        } else {
            order
        }
    }

    /// The number with `places` digits after the point, halves rounded away from zero.
    ///
    /// The caller bounds `places` and the magnitude: the text is as long as they are.
    pub(crate) fn to_fixed(&self, places: usize) -> String {
        let wanted = -i64::try_from(places).unwrap_or(i64::MAX);
        let mut digits = self.digits.clone();
        if self.exponent < wanted {
            let drop = usize::try_from(wanted.saturating_sub(self.exponent)).unwrap_or(usize::MAX);
            round_off(&mut digits, drop);
        } else {
            let add = usize::try_from(self.exponent - wanted).unwrap_or(0);
            if !digits.is_empty() {
                digits.resize(digits.len() + add, b'0');
            }
        }
        let mut text = String::from_utf8_lossy(&digits).into_owned();
        if text.len() <= places {
            text.insert_str(0, &"0".repeat(places + 1 - text.len()));
        }
        if places > 0 {
            text.insert(text.len() - places, '.');
        }
        if self.negative {
            text.insert(0, '-');
        }
        text
    }

    /// The number with an exponent, as Python formats it with `e`.
    pub(crate) fn to_scientific(&self) -> String {
        let digits = String::from_utf8_lossy(&self.digits);
        let (first, rest) = digits.split_at(usize::from(!digits.is_empty()));
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if self.negative { "-" } else { "" };
        let exponent = if self.is_zero() {
            self.exponent
        } else {
            self.magnitude()
        };
        format!(
            "{sign}{}{point}{rest}e{exponent:+}",
            if first.is_empty() { "0" } else { first }
        )
    }

    /// The number written out without an exponent.
    pub(crate) fn to_plain(&self) -> String {
        self.to_fixed(usize::try_from(self.exponent.min(0).unsigned_abs()).unwrap_or(0))
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text.strip_prefix('+').unwrap_or(text)), |rest| {
            (true, rest)
        });
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent = digits.parse().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    Some(if negative { -exponent } else { exponent })
}

/// Drops the last digits and rounds what stays, halves up.
fn round_off(digits: &mut Vec<u8>, drop: usize) {
    let keep = digits.len().checked_sub(drop);
    let up = keep.is_some_and(|keep| digits.get(keep).is_some_and(|digit| *digit >= b'5'));
    digits.truncate(keep.unwrap_or(0));
    if !up {
        return;
    }
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return;
        }
    }
    digits.insert(0, b'1');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, places: usize, expect: &str) {
        assert_eq!(
            Decimal::parse(text).unwrap().to_fixed(places),
            expect,
            "{text} to {places} places"
        );
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        check("0.5", 0, "1");
        check("0.05", 1, "0.1");
        check("0.04", 1, "0.0");
        check("-9.995", 2, "-10.00");
        check("0.001", 0, "0");
        check("12e3", 1, "12000.0");
        check("0", 2, "0.00");
    }

    #[test]
    fn huge_exponents_are_compared_without_being_written_out() {
        let huge = Decimal::parse("1e999999999999999999999").unwrap();
        assert_eq!(
            huge.compare(&Decimal::parse("2e10").unwrap()),
            Ordering::Greater
        );
    }
}
