//! The pages of so many objects.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use super::Messages;
use super::error::InvalidPage;
use super::number::PageNumber;

/// The pages that a number of objects fills.
///
/// ```
/// use nuages_orm::Paginator;
///
/// let pages = Paginator::new(10).pages(500);
/// let shown: Vec<String> = pages.elided(43, 3, 2)?.iter().map(ToString::to_string).collect();
/// assert_eq!(shown.join(" "), "1 2 … 40 41 42 43 44 45 46 … 49 50");
/// # Ok::<(), nuages_orm::InvalidPage>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    pub(super) count: u64,
    pub(super) last: u64,
    pub(super) per_page: u64,
    pub(super) orphans: u64,
    pub(super) messages: Messages,
}

/// A place in a row of links to pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElidedPage {
    /// The page of this number.
    Number(u64),
    /// Pages that are left out.
    Ellipsis,
}

impl fmt::Display for ElidedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Ellipsis => f.write_str("…"),
        }
    }
}

impl Pages {
    /// How many objects there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many pages there are.
    pub fn num_pages(&self) -> u64 {
        self.last
    }

    /// The numbers of the pages.
    pub fn page_range(&self) -> RangeInclusive<u64> {
        1..=self.last
    }

    /// The number of a page that is there.
    ///
    /// # Errors
    /// When it is no number, or there is no such page.
    pub fn validate_number(&self, number: impl PageNumber) -> Result<u64, InvalidPage> {
        let Some(number) = number.page_number() else {
            return Err(InvalidPage::NotAnInteger(
                self.messages.invalid_page.clone(),
            ));
        };
        let empty = |message: &Cow<'static, str>| InvalidPage::Empty(message.clone());
        match u64::try_from(number) {
            Ok(number) if number > self.last => Err(empty(&self.messages.no_results)),
            Ok(number) if number >= 1 => Ok(number),
            _ => Err(empty(&self.messages.min_page)),
        }
    }

    /// The first page for what is no number, the last for what is no page.
    pub(super) fn nearest(&self, number: impl PageNumber) -> Result<u64, InvalidPage> {
        match self.validate_number(number) {
            Ok(number) => Ok(number),
            Err(InvalidPage::NotAnInteger(_)) => self.validate_number(1),
            Err(InvalidPage::Empty(_)) => self.validate_number(self.last),
        }
    }

    /// Where the objects of a page begin and end in the list.
    pub(super) fn bounds(&self, number: u64) -> (u64, u64) {
        let first = number.saturating_sub(1).saturating_mul(self.per_page);
        let end = first.saturating_add(self.per_page);
        if end.saturating_add(self.orphans) >= self.count {
            (first, self.count)
        } else {
            (first, end)
        }
    }

    /// The numbers around a page and at the ends, with an ellipsis for those between.
    ///
    /// # Errors
    /// When there is no page of this number.
    ///
    /// # Django
    /// `get_elided_page_range(number, on_each_side=3, on_ends=2)`.
    pub fn elided(
        &self,
        number: impl PageNumber,
        on_each_side: u64,
        on_ends: u64,
    ) -> Result<Vec<ElidedPage>, InvalidPage> {
        let number = self.validate_number(number)?;
        let last = self.last;
        let mut shown = Vec::new();
        let mut add = |range: RangeInclusive<u64>| shown.extend(range.map(ElidedPage::Number));
        let near = on_each_side.saturating_add(on_ends);
        if last <= near.saturating_mul(2) {
            add(1..=last);
            return Ok(shown);
        }
        if number > near.saturating_add(2) {
            add(1..=on_ends);
            shown.push(ElidedPage::Ellipsis);
            shown.extend((number - on_each_side..=number).map(ElidedPage::Number));
        } else {
            add(1..=number);
        }
        if number.saturating_add(near).saturating_add(1) < last {
            shown.extend((number + 1..=number + on_each_side).map(ElidedPage::Number));
            shown.push(ElidedPage::Ellipsis);
            shown.extend((last - on_ends + 1..=last).map(ElidedPage::Number));
        } else {
            shown.extend((number + 1..=last).map(ElidedPage::Number));
        }
        Ok(shown)
    }
}
