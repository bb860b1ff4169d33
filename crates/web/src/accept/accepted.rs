//! What a client takes, by its `Accept` header.

use std::cmp::Ordering;

use http::HeaderMap;
use http::header::ACCEPT;

use super::media_type::MediaType;

/// The media types that a client takes, the most wanted first.
///
/// ```
/// use nuages_web::AcceptedTypes;
///
/// let accepted = AcceptedTypes::parse("text/html, application/json;q=0.9, */*;q=0.1");
/// assert!(accepted.accepts("image/png"));
/// assert_eq!(accepted.preferred(&["application/json", "text/html"]), Some("text/html"));
/// ```
///
/// # Django
/// `request.accepted_types`, `request.accepts`, `request.get_preferred_type`.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptedTypes(Vec<MediaType>);

impl AcceptedTypes {
    /// Reads the header of a request; without one, anything is taken.
    pub fn of(headers: &HeaderMap) -> Self {
        let lines: Vec<String> = headers
            .get_all(ACCEPT)
            .iter()
            // Bytes of a header are Latin-1 to Django.
            .map(|line| line.as_bytes().iter().copied().map(char::from).collect())
            .collect();
        if lines.is_empty() {
            return Self::parse("*/*");
        }
        Self::parse(&lines.join(","))
    }

    /// Reads the value of an `Accept` header.
    pub fn parse(header: &str) -> Self {
        // Each is weighed once: a header may have thousands.
        let mut types: Vec<(f64, u8, MediaType)> = header
            .split(',')
            .filter(|token| !token.trim().is_empty())
            .map(MediaType::parse)
            .map(|media| (media.quality(), media.specificity(), media))
            .filter(|(quality, ..)| *quality != 0.0)
            .collect();
        types.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        Self(types.into_iter().map(|(.., media)| media).collect())
    }

    /// The types, the most wanted first.
    pub fn types(&self) -> &[MediaType] {
        &self.0
    }

    /// The types, the most specific first.
    ///
    /// # Django
    /// `accepted_types_by_precedence`.
    pub fn by_precedence(&self) -> Vec<&MediaType> {
        let mut types: Vec<_> = self
            .0
            .iter()
            .map(|media| (precedence(media), media))
            .collect();
        types.sort_by(|(a, _), (b, _)| compare(*b, *a));
        types.into_iter().map(|(_, media)| media).collect()
    }

    /// True when the client takes a response of this type.
    pub fn accepts(&self, media_type: &str) -> bool {
        self.accepted(media_type).is_some()
    }

    /// Which of these types the client wants most; absent when it takes none of them.
    pub fn preferred<'m>(&self, media_types: &[&'m str]) -> Option<&'m str> {
        let rank = |media_type: &&'m str| {
            let accepted = self.accepted(media_type)?;
            self.0.iter().position(|known| known == accepted)
        };
        media_types
            .iter()
            .filter_map(|media_type| Some((rank(media_type)?, *media_type)))
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, media_type)| media_type)
    }

    /// The type of the header that fits best.
    fn accepted(&self, media_type: &str) -> Option<&MediaType> {
        let media_type = MediaType::parse(media_type);
        let fitting = self
            .0
            .iter()
            .filter(|accepted| media_type.matches(accepted));
        let fitting = fitting.map(|accepted| (precedence(accepted), accepted));
        // Of equals the first.
        let best = fitting.reduce(|best, next| {
            if compare(next.0, best.0).is_gt() {
                next
            } else {
                best
            }
        });
        best.map(|(_, accepted)| accepted)
    }
}

/// The more specific a type is, and then the more wanted, the more it says.
fn precedence(media: &MediaType) -> (u8, f64) {
    (media.specificity(), media.quality())
}

fn compare(a: (u8, f64), b: (u8, f64)) -> Ordering {
    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_header_can_be_read(header in ".*", media_type in ".*") {
            let accepted = AcceptedTypes::parse(&header);
            if let Some(preferred) = accepted.preferred(&[&media_type, "text/html"]) {
                prop_assert!(accepted.accepts(preferred));
            }
        }
    }
}
