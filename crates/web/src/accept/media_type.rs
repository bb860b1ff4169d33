//! Media types: `text/html; charset=utf-8`, `image/*`.

use std::fmt;

use super::header_params::HeaderParams;

/// A media type with its parameters, or a range of them such as `text/*`.
///
/// ```
/// use nuages_web::MediaType;
///
/// let range = MediaType::parse("text/*; q=0.5");
/// assert_eq!((range.main_type(), range.sub_type()), ("text", "*"));
/// assert!(range.matches(&MediaType::parse("TEXT/html")));
/// assert!((range.quality() - 0.5).abs() < f64::EPSILON);
/// ```
///
/// # Django
/// `MediaType`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaType {
    main_type: String,
    sub_type: String,
    params: Vec<(String, String)>,
}

impl MediaType {
    /// Reads a media type; what cannot be read is one that nothing matches.
    pub fn parse(text: &str) -> Self {
        let HeaderParams { value, params } = HeaderParams::parse(text).unwrap_or_default();
        let (main_type, sub_type) = value.split_once('/').unwrap_or((&value, ""));
        Self {
            main_type: main_type.to_owned(),
            sub_type: sub_type.to_owned(),
            params,
        }
    }

    /// What stands before the slash.
    pub fn main_type(&self) -> &str {
        &self.main_type
    }

    /// What stands after the slash.
    pub fn sub_type(&self) -> &str {
        &self.sub_type
    }

    /// All parameters, `q` included.
    pub fn params(&self) -> impl Iterator<Item = (&str, &str)> {
        self.params
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The parameters that belong to the type: all but `q`.
    ///
    /// # Django
    /// `range_params`.
    pub fn range_params(&self) -> impl Iterator<Item = (&str, &str)> {
        self.params().filter(|(name, _)| *name != "q")
    }

    /// How much the client wants it, from 0 to 1; what is no such number is 1.
    pub fn quality(&self) -> f64 {
        let text = self.params().find(|(name, _)| *name == "q");
        let quality = text.map_or(Some(1.0), |(_, text)| number(text));
        match quality {
            // What is no number at all stays, as in Django: NaN is neither.
            Some(quality) if quality.is_nan() || (0.0..=1.0).contains(&quality) => {
                // Rounded as the text of the number is, to even.
                format!("{quality:.3}").parse().unwrap_or(quality)
            }
            _ => 1.0,
        }
    }

    /// How much the type leaves open: 0 for `*/*`, 1 for `text/*`, 3 with parameters.
    pub fn specificity(&self) -> u8 {
        if self.main_type == "*" {
            0
        } else if self.sub_type == "*" {
            1
        } else if self.range_params().next().is_none() {
            2
        } else {
            3
        }
    }

    /// True when `other` is of this type: parts that are `*` match all, and parameters must be the same
    /// unless `other` has none.
    pub fn matches(&self, other: &Self) -> bool {
        let parts = [
            (&self.main_type, &other.main_type),
            (&self.sub_type, &other.sub_type),
        ];
        let are_alike = |(mine, theirs): (&String, &String)| {
            !mine.is_empty()
                && !theirs.is_empty()
                && (mine == theirs || mine == "*" || theirs == "*")
        };
        if !parts.into_iter().all(are_alike) {
            return false;
        }
        let sorted = |media: &Self| {
            let mut params: Vec<(String, String)> = media
                .range_params()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            params.sort();
            params
        };
        let (mine, theirs) = (sorted(self), sorted(other));
        theirs.is_empty() || mine == theirs
    }
}

/// A number as Python reads it.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if !text.contains('_') {
        return text.parse().ok();
    }
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let are_between = (0..bytes.len())
        .filter(|at| bytes[*at] == b'_')
        .all(|at| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)));
    are_between.then(|| text.replace('_', "").parse().ok())?
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.main_type)?;
        if !self.sub_type.is_empty() {
            write!(f, "/{}", self.sub_type)?;
        }
        for (name, value) in &self.params {
            write!(f, "; {name}={value}")?;
        }
        Ok(())
    }
}
