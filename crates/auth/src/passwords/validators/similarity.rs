//! Not one's own name.

use std::collections::HashMap;

use nuages_forms::ValidationError;
use unicode_normalization::char::is_combining_mark;

use super::{PasswordOwner, PasswordValidator};

/// Refuses passwords that resemble what is known of their owner.
///
/// Compared are the attributes as a whole and their parts, so `smith` counts in `ann.smith@example.com`.
///
/// # Django
/// `UserAttributeSimilarityValidator`.
#[derive(Debug, Clone)]
pub struct UserAttributeSimilarityValidator {
    /// The attributes to look at, in order.
    pub user_attributes: Vec<String>,
    /// From which share of common characters on a password is refused; at least 0.1.
    pub max_similarity: f64,
}

impl Default for UserAttributeSimilarityValidator {
    fn default() -> Self {
        Self {
            user_attributes: ["username", "first_name", "last_name", "email"]
                .map(str::to_owned)
                .to_vec(),
            max_similarity: 0.7,
        }
    }
}

impl PasswordValidator for UserAttributeSimilarityValidator {
    fn validate(
        &self,
        password: &str,
        owner: Option<&PasswordOwner<'_>>,
    ) -> Result<(), ValidationError> {
        let Some(owner) = owner else { return Ok(()) };
        let password = Letters::of(&password.to_lowercase());
        let limit = self.max_similarity.max(0.1);
        for name in &self.user_attributes {
            let Some(attribute) = owner.get(name).filter(|known| !known.value.is_empty()) else {
                continue;
            };
            let value = attribute.value.to_lowercase();
            let mut parts = words(&value).chain([value.as_str()]);
            if parts.any(|part| password.resembles(part, limit)) {
                return Err(ValidationError::new(
                    "The password is too similar to the %(verbose_name)s.",
                )
                .code("password_too_similar")
                .param("verbose_name", attribute.verbose_name.to_owned()));
            }
        }
        Ok(())
    }

    fn help_text(&self) -> String {
        "Your password can’t be too similar to your other personal information.".to_owned()
    }
}

/// The words of a text, with an empty one where it begins or ends with something else.
///
/// # Django
/// `re.split(r"\W+", text)`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let last = text.len();
    text.split(|char| !is_word(char)).filter(move |word| {
        let begin = word.as_ptr().addr() - text.as_ptr().addr();
        !word.is_empty() || begin == 0 || begin == last
    })
}

/// How often each character occurs in a password.
struct Letters {
    length: usize,
    counts: HashMap<char, usize>,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Self {
            length: 0,
            counts: HashMap::new(),
        };
        for char in text.chars() {
            letters.length += 1;
            *letters.counts.entry(char).or_default() += 1;
        }
        letters
    }

    fn resembles(&self, part: &str, limit: f64) -> bool {
        let length = part.chars().count();
        !far_shorter(self.length, length, limit) && self.similarity(part, length) >= limit
    }

    /// Python's `SequenceMatcher.quick_ratio`: the share of characters that both have, in any order.
    #[expect(
        clippy::cast_precision_loss,
        reason = "lengths of texts are far below 2^52"
    )]
    fn similarity(&self, part: &str, length: usize) -> f64 {
        let total = self.length + length;
        if total == 0 {
            return 1.0;
        }
        let mut left = HashMap::new();
        let mut common = 0_usize;
        for char in part.chars() {
            let left = left
                .entry(char)
                .or_insert_with(|| self.counts.get(&char).copied().unwrap_or(0));
            if *left > 0 {
                *left -= 1;
                common += 1;
            }
        }
        2.0 * common as f64 / total as f64
    }
}

/// True when one of two lengths is so much shorter that it cannot reach the limit: no need to count it out.
#[expect(
    clippy::cast_precision_loss,
    reason = "lengths of texts are far below 2^52"
)]
fn far_shorter(password: usize, part: usize, limit: f64) -> bool {
    password >= 10 * part && (part as f64) < limit / 2.0 * password as f64
}

/// True when a value is so much shorter than the password that it is not compared.
///
/// # Django
/// `exceeds_maximum_length_ratio`.
pub fn exceeds_maximum_length_ratio(password: &str, value: &str, max_similarity: f64) -> bool {
    let (password, value) = (password.chars().count(), value.chars().count());
    far_shorter(password, value, max_similarity)
}

/// The share of characters that two texts have in common, in any order.
///
/// ```
/// assert_eq!(nuages_auth::passwords::quick_ratio("abcd", "dcxy"), 0.5);
/// ```
///
/// # Django
/// `difflib.SequenceMatcher.quick_ratio`.
pub fn quick_ratio(left: &str, right: &str) -> f64 {
    Letters::of(left).similarity(right, right.chars().count())
}

/// What Python's `\w` matches: letters, numbers and the underscore, but not marks or circled letters.
pub(crate) fn is_word(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_alphanumeric() || char == '_';
    }
    let circled_letter = matches!(char,
        '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}'
        | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}');
    char.is_alphanumeric() && !is_combining_mark(char) && !circled_letter
}
