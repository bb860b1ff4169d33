//! `Decimal`: a decimal number with all its digits, as Python's `decimal.Decimal` writes it.

use std::cmp::Ordering;
use std::fmt;

use crate::number::{ascii_digits, strip};

/// The largest exponent, up or down, that Python's decimals take.
const LARGEST_EXPONENT: i64 = 999_999_999_999_999_999;

/// An exact decimal number: digits and a power of ten.
///
/// It is parsed, printed and compared, which is all a form needs; calculate with a library of your choice.
/// Trailing zeros are kept: `1.50` stays `1.50`.
///
/// ```
/// use nuages_forms::Decimal;
/// let price: Decimal = "1.50".parse()?;
/// assert_eq!(price.to_string(), "1.50");
/// assert_eq!(price, "1.5".parse()?);
/// assert!("1.5.0".parse::<Decimal>().is_err());
/// # Ok::<(), nuages_forms::NotDecimal>(())
/// ```
#[derive(Clone, Debug)]
pub struct Decimal {
    negative: bool,
    /// ASCII digits without leading zeros; a zero is `0`.
    digits: String,
    exponent: i64,
}

/// The text is no finite decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a decimal number: write it like 1.50")]
pub struct NotDecimal;

impl Decimal {
    /// The digits without point or sign.
    pub(crate) fn digits(&self) -> &str {
        &self.digits
    }

    /// The power of ten the digits are multiplied with.
    pub(crate) fn exponent(&self) -> i64 {
        self.exponent
    }

    /// Is it zero?
    pub fn is_zero(&self) -> bool {
        self.digits == "0"
    }

    /// The number a float stands for, as Python prints it; nothing for NaN and the infinities.
    pub(crate) fn from_f64(number: f64) -> Option<Self> {
        format!("{number:e}").parse().ok()
    }

    /// A whole number from its decimal digits, with a sign perhaps.
    pub(crate) fn from_digits(text: &str) -> Self {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        Self::new(negative, digits, 0)
    }

    fn new(negative: bool, digits: &str, exponent: i64) -> Self {
        let digits = digits.trim_start_matches('0');
        let digits = if digits.is_empty() { "0" } else { digits };
        Self {
            negative,
            digits: digits.to_owned(),
            exponent,
        }
    }

    /// The exponent of the first digit in scientific notation.
    fn adjusted(&self) -> i64 {
        self.exponent + i64::try_from(self.digits.len()).unwrap_or(i64::MAX >> 1) - 1
    }

    fn order_of_size(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {}
        }
        self.adjusted().cmp(&other.adjusted()).then_with(|| {
            // Same size: the shorter one goes on with zeros.
            let one = self.digits.trim_end_matches('0');
            let two = other.digits.trim_end_matches('0');
            one.cmp(two)
        })
    }

    /// The sum, if both numbers fit into 38 digits; only messages use it.
    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |number: &Self| -> Option<i128> {
            let up = u32::try_from(number.exponent - exponent).ok()?;
            let digits: i128 = number.digits.parse().ok()?;
            let size = digits.checked_mul(10_i128.checked_pow(up)?)?;
            Some(if number.negative { -size } else { size })
        };
        let sum = scaled(self)?.checked_add(scaled(other)?)?;
        Some(Self::new(
            sum < 0,
            &sum.unsigned_abs().to_string(),
            exponent,
        ))
    }
}

impl std::str::FromStr for Decimal {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Self, NotDecimal> {
        let text = ascii_digits(strip(text)).replace('_', "");
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text.as_str()),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(NotDecimal);
                }
                (mantissa, exponent.parse::<i64>().map_err(|_| NotDecimal)?)
            }
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(NotDecimal);
        }
        let digits = format!("{whole}{fraction}");
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotDecimal);
        }
        let places = i64::try_from(fraction.len()).map_err(|_| NotDecimal)?;
        let exponent = exponent.checked_sub(places).ok_or(NotDecimal)?;
        let number = Self::new(negative, &digits, exponent);
        if number.exponent.abs() > LARGEST_EXPONENT || number.adjusted().abs() > LARGEST_EXPONENT {
            return Err(NotDecimal);
        }
        Ok(number)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        let adjusted = self.adjusted();
        if self.exponent > 0 || adjusted < -6 {
            let (first, rest) = self.digits.split_at(1);
            f.write_str(first)?;
            if !rest.is_empty() {
                write!(f, ".{rest}")?;
            }
            return write!(f, "E{adjusted:+}");
        }
        let places = usize::try_from(-self.exponent).unwrap_or(0);
        if places == 0 {
            f.write_str(&self.digits)
        } else if let Some(point) = self.digits.len().checked_sub(places).filter(|at| *at > 0) {
            write!(f, "{}.{}", &self.digits[..point], &self.digits[point..])
        } else {
            write!(f, "0.{:0>places$}", self.digits)
        }
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self::from_digits(&number.to_string())
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let below = |number: &Self| number.negative && !number.is_zero();
        match (below(self), below(other)) {
            (false, false) => self.order_of_size(other),
            (true, true) => other.order_of_size(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(text.parse::<Decimal>().unwrap().to_string(), expect);
    }

    #[test]
    fn decimals_print_like_python() {
        check(" 1.50 ", "1.50");
        check("-0", "-0");
        check("007", "7");
        check(".5", "0.5");
        check("5.", "5");
        check("1e3", "1E+3");
        check("12e3", "1.2E+4");
        check("0.000001", "0.000001");
        check("0.0000001", "1E-7");
        check("1_000", "1000");
    }

    #[test]
    fn decimals_compare_by_size() {
        let order = |one: &str, two: &str| {
            one.parse::<Decimal>()
                .unwrap()
                .cmp(&two.parse::<Decimal>().unwrap())
        };
        assert_eq!(order("1.50", "1.5"), Ordering::Equal);
        assert_eq!(order("-2", "1"), Ordering::Less);
        assert_eq!(order("-2", "-3"), Ordering::Greater);
        assert_eq!(order("1e999999999", "9.9e999999998"), Ordering::Greater);
        assert_eq!(order("0", "-0.0"), Ordering::Equal);
        assert_eq!(order("19", "2"), Ordering::Greater);
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for text in [
            "",
            ".",
            "e5",
            "1e",
            "1e+",
            "NaN",
            "Infinity",
            "1.2.3",
            "--1",
            "1e99999999999999999999",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text:?}");
        }
    }
}
