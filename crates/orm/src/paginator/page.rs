//! One page.

use std::fmt;
use std::ops::Deref;

use nuages_template::{Items, Kind, Object, ToValue, Value};

use super::error::InvalidPage;
use super::pages::{ElidedPage, Pages};

/// The objects of one page, which knows its neighbours.
///
/// A template goes through the objects with `{% for post in page %}`, and asks for `page.number`,
/// `page.has_next`, `page.next_page_number`, `page.paginator.num_pages` and the like.
///
/// # Django
/// `Page`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    objects: Vec<T>,
    number: u64,
    pages: Pages,
}

impl<T> Page<T> {
    pub(super) fn new(objects: Vec<T>, number: u64, pages: Pages) -> Self {
        Self {
            objects,
            number,
            pages,
        }
    }

    /// The objects.
    ///
    /// # Django
    /// `object_list`.
    pub fn objects(&self) -> &[T] {
        &self.objects
    }

    /// The objects, for keeps.
    pub fn into_objects(self) -> Vec<T> {
        self.objects
    }

    /// The number of the page; the first is 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// All the pages.
    ///
    /// # Django
    /// `paginator`.
    pub fn pages(&self) -> &Pages {
        &self.pages
    }

    /// True when a page comes after this one.
    pub fn has_next(&self) -> bool {
        self.number < self.pages.num_pages()
    }

    /// True when a page comes before this one.
    pub fn has_previous(&self) -> bool {
        self.number > 1
    }

    /// True when this is not the only page.
    pub fn has_other_pages(&self) -> bool {
        self.has_previous() || self.has_next()
    }

    /// The number of the page after this one.
    ///
    /// # Errors
    /// When there is none.
    pub fn next_page_number(&self) -> Result<u64, InvalidPage> {
        self.pages.validate_number(self.number.saturating_add(1))
    }

    /// The number of the page before this one.
    ///
    /// # Errors
    /// When there is none.
    pub fn previous_page_number(&self) -> Result<u64, InvalidPage> {
        self.pages.validate_number(self.number.saturating_sub(1))
    }

    /// The place of the first object of this page among all; the first of all is 1, and 0 is none.
    pub fn start_index(&self) -> u64 {
        match self.pages.count() {
            0 => 0,
            _ => self.pages.bounds(self.number).0 + 1,
        }
    }

    /// The place of the last object of this page among all.
    pub fn end_index(&self) -> u64 {
        if self.number == self.pages.num_pages() {
            return self.pages.count();
        }
        self.number.saturating_mul(self.pages.per_page)
    }
}

impl<T> Deref for Page<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.objects
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.objects.into_iter()
    }
}

impl<'p, T> IntoIterator for &'p Page<T> {
    type Item = &'p T;
    type IntoIter = std::slice::Iter<'p, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.objects.iter()
    }
}

impl<T> fmt::Display for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Page {} of {}>", self.number, self.pages.num_pages())
    }
}

impl<T: ToValue + Send + Sync> ToValue for Page<T> {
    fn to_value(&self) -> Value<'_> {
        Value::Object(self)
    }
}

impl<T: ToValue + Send + Sync> Object for Page<T> {
    fn kind(&self) -> Kind {
        Kind::Object
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        Some(match name {
            "object_list" => self.objects.to_value(),
            "number" => Value::from(self.number),
            "has_next" => Value::Bool(self.has_next()),
            "has_previous" => Value::Bool(self.has_previous()),
            "has_other_pages" => Value::Bool(self.has_other_pages()),
            "next_page_number" => Value::from(self.next_page_number().ok()?),
            "previous_page_number" => Value::from(self.previous_page_number().ok()?),
            "start_index" => Value::from(self.start_index()),
            "end_index" => Value::from(self.end_index()),
            "paginator" => Value::Object(&self.pages),
            _ => return None,
        })
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.objects.iter().map(ToValue::to_value)))
    }

    fn len(&self) -> Option<usize> {
        Some(self.objects.len())
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "{self}")
    }
}

/// What templates call `page.paginator`.
impl Object for Pages {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        Some(match name {
            "count" => Value::from(self.count()),
            "num_pages" => Value::from(self.num_pages()),
            "per_page" => Value::from(self.per_page),
            "orphans" => Value::from(self.orphans),
            "page_range" => Value::list(self.page_range().map(Value::from).collect()),
            // Around the first page, as Django's without a number, which a template cannot give.
            "get_elided_page_range" => {
                let shown = self.elided(1, 3, 2).ok()?;
                Value::list(shown.iter().map(shown_page).collect())
            }
            _ => return None,
        })
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "<Paginator: {} pages>", self.num_pages())
    }
}

fn shown_page(place: &ElidedPage) -> Value<'static> {
    match place {
        ElidedPage::Number(number) => Value::from(*number),
        ElidedPage::Ellipsis => Value::from("…"),
    }
}
