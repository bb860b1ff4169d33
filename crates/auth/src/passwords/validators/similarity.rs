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
            let similar = value
                .split(|char| !is_word(char))
                .chain([value.as_str()])
                .any(|part| password.resembles(part, limit));
            if similar {
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

    #[expect(
        clippy::cast_precision_loss,
        reason = "lengths of texts are far below 2^52"
    )]
    fn resembles(&self, part: &str, limit: f64) -> bool {
        let length = part.chars().count();
        // A part that is far shorter cannot reach the limit: no need to count it out.
        let far_shorter =
            self.length >= 10 * length && (length as f64) < limit / 2.0 * self.length as f64;
        !far_shorter && self.similarity(part, length) >= limit
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
