//! `stringformat`: Python's `%` formatting of one value, without the `%`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|stringformat:'05.1f' }} {{ 10|stringformat:'E' }} {{ 255|stringformat:'#x' }}")?;
//! assert_eq!(page.render(&context! { v: 3.14159 }, &NoServices)?, "003.1 1.000000E+01 0xff");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::fmt::Write as _;

use crate::decimal::is_big_integer;
use crate::error::Error;
use crate::library::FilterCall;
use crate::repr::write_repr;
use crate::value::Value;

/// A wider field, or more places, are not made.
const WIDEST: usize = 10_000;

pub(super) fn stringformat<'r>(
    value: Value<'r>,
    call: &FilterCall<'r>,
) -> Result<Value<'r>, Error> {
    let format = call.text().unwrap_or_default();
    Ok(Value::from(apply(&value, &format).unwrap_or_default()))
}

fn apply(value: &Value<'_>, format: &str) -> Option<String> {
    let (spec, rest) = Spec::parse(format)?;
    // What is behind the conversion is text; another conversion would have no value.
    let rest = rest.replace("%%", "\0");
    if rest.contains('%') {
        return None;
    }
    Some(spec.pad(spec.convert(value)?) + &rest.replace('\0', "%"))
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "C's flags are five bits")]
struct Spec {
    left: bool,
    plus: bool,
    space: bool,
    zero: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
    conversion: char,
}

impl Spec {
    fn parse(format: &str) -> Option<(Self, &str)> {
        let mut spec = Self::default();
        let mut rest = format;
        while let Some(flag) = rest.chars().next().filter(|c| "-+ 0#".contains(*c)) {
            match flag {
                '-' => spec.left = true,
                '+' => spec.plus = true,
                ' ' => spec.space = true,
                '0' => spec.zero = true,
                _ => spec.alternate = true,
            }
            rest = &rest[1..];
        }
        (spec.width, rest) = digits(rest)?;
        if let Some(after) = rest.strip_prefix('.') {
            let (precision, after) = digits(after)?;
            spec.precision = Some(precision);
            rest = after;
        }
        rest = rest.trim_start_matches(['h', 'l', 'L']);
        spec.conversion = rest.chars().next()?;
        let rest = &rest[spec.conversion.len_utf8()..];
        Some((spec, rest))
    }

    fn convert(&self, value: &Value<'_>) -> Option<String> {
        match self.conversion {
            's' => Some(self.cut(value.to_text().into_owned())),
            'r' | 'a' => {
                let mut text = String::new();
                // A tuple would be several values to Python: Django makes it a text.
                let tuple = matches!(value, Value::List(items) if items.is_tuple());
                let shown = tuple.then(|| Value::from(value.to_text().into_owned()));
                write_repr(shown.as_ref().unwrap_or(value), &mut text).ok()?;
                if self.conversion == 'a' {
                    text = ascii(&text);
                }
                Some(self.cut(text))
            }
            'd' | 'i' | 'u' => {
                if value.as_str().is_some() {
                    return None;
                }
                let text = match value {
                    Value::Decimal(text) if !text.contains(['.', 'e', 'E', 'n', 'N', 'I']) => {
                        text.to_string()
                    }
                    _ => value.to_wide()?.to_string(),
                };
                Some(self.signed(self.fill(&text, "")))
            }
            'x' | 'X' | 'o' => self.radix(value),
            'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
                let number = value.to_float().filter(|_| value.as_str().is_none())?;
                Some(self.signed(self.float(number)))
            }
            'c' => match value {
                Value::Int(code) => Some(char::from_u32(u32::try_from(*code).ok()?)?.to_string()),
                _ => value
                    .as_str()
                    .filter(|text| text.chars().count() == 1)
                    .map(str::to_owned),
            },
            _ => None,
        }
    }

    fn cut(&self, text: String) -> String {
        match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text,
        }
    }

    fn radix(&self, value: &Value<'_>) -> Option<String> {
        let number = match value {
            Value::Int(_) | Value::Bool(_) => value.to_wide()?,
            Value::Decimal(text) if is_big_integer(text) => value.to_wide()?,
            _ => return None,
        };
        let size = number.unsigned_abs();
        let (digits, prefix) = match self.conversion {
            'x' => (format!("{size:x}"), "0x"),
            'X' => (format!("{size:X}"), "0X"),
            _ => (format!("{size:o}"), "0o"),
        };
        let sign = if number < 0 { "-" } else { "" };
        let prefix = if self.alternate { prefix } else { "" };
        Some(self.signed(self.fill(&format!("{sign}{digits}"), prefix)))
    }

    /// Zeros up to the precision, behind the sign and the prefix.
    fn fill(&self, number: &str, prefix: &str) -> String {
        let (sign, digits) = number
            .strip_prefix('-')
            .map_or(("", number), |digits| ("-", digits));
        let missing = self.precision.unwrap_or(0).saturating_sub(digits.len());
        format!("{sign}{prefix}{}{digits}", "0".repeat(missing))
    }

    fn float(&self, number: f64) -> String {
        let precision = self.precision.unwrap_or(6);
        if !number.is_finite() {
            let word = if number.is_nan() { "nan" } else { "inf" };
            let word = if self.conversion.is_uppercase() {
                word.to_uppercase()
            } else {
                word.to_owned()
            };
            return if number < 0.0 {
                format!("-{word}")
            } else {
                word
            };
        }
        let text = match self.conversion.to_ascii_lowercase() {
            'f' => format!("{number:.precision$}"),
            'e' => exponent(&format!("{number:.precision$e}")),
            _ => self.general(number, precision.max(1)),
        };
        if self.conversion.is_uppercase() {
            text.to_uppercase()
        } else {
            text
        }
    }

    /// `%g`: an exponent for very large and small numbers, no zeros at the end.
    fn general(&self, number: f64, precision: usize) -> String {
        let scientific = format!("{number:.*e}", precision - 1);
        let power: i64 = scientific
            .split_once('e')
            .and_then(|(_, power)| power.parse().ok())
            .unwrap_or(0);
        let limit = i64::try_from(precision).unwrap_or(i64::MAX);
        let text = if power < -4 || power >= limit {
            exponent(&scientific)
        } else {
            format!(
                "{number:.*}",
                usize::try_from(limit - 1 - power).unwrap_or(0)
            )
        };
        if self.alternate || !text.contains('.') {
            return text;
        }
        let (mantissa, power) = text
            .split_once('e')
            .map_or((&*text, String::new()), |(m, e)| (m, format!("e{e}")));
        format!(
            "{}{power}",
            mantissa.trim_end_matches('0').trim_end_matches('.')
        )
    }

    fn signed(&self, number: String) -> String {
        match () {
            () if number.starts_with('-') => number,
            () if self.plus => format!("+{number}"),
            () if self.space => format!(" {number}"),
            () => number,
        }
    }

    fn pad(&self, text: String) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if missing == 0 {
            return text;
        }
        if self.left {
            return text + &" ".repeat(missing);
        }
        if self.zero && !"sra".contains(self.conversion) && self.conversion != 'c' {
            let signs = text.len() - text.trim_start_matches(['-', '+', ' ']).len();
            let prefix = if text[signs..].starts_with(['0'])
                && text[signs + 1..].starts_with(['x', 'X', 'o'])
            {
                2
            } else {
                0
            };
            let (head, digits) = text.split_at(signs + prefix);
            return format!("{head}{}{digits}", "0".repeat(missing));
        }
        " ".repeat(missing) + &text
    }
}

/// Leading digits as a number, within bounds; none are zero.
fn digits(text: &str) -> Option<(usize, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return Some((0, rest));
    }
    digits
        .parse()
        .ok()
        .filter(|number| *number <= WIDEST)
        .map(|number| (number, rest))
}

/// What is not ASCII as Python's `ascii()` escapes it.
fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Writing into a String cannot fail.
        let _ = match u32::from(c) {
            0..=0x7f => out.write_char(c),
            code @ 0x80..=0xff => write!(out, "\\x{code:02x}"),
            code @ 0x100..=0xffff => write!(out, "\\u{code:04x}"),
            code => write!(out, "\\U{code:08x}"),
        };
    }
    out
}

/// Rust's `1e5` as C's `1e+05`.
fn exponent(text: &str) -> String {
    let Some((mantissa, power)) = text.split_once('e') else {
        return text.to_owned();
    };
    let (sign, power) = power
        .strip_prefix('-')
        .map_or(('+', power), |power| ('-', power));
    format!("{mantissa}e{sign}{power:0>2}")
}
