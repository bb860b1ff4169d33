//! `Paginator`: a long list, a page at a time.
//!
//! - [`Paginator`] says how long the pages are; [`Pages`] is what that comes to for a number of objects.
//! - A [`Page`] holds the objects of one page and knows its neighbours; templates show both.
//!
//! # Django
//! `django.core.paginator`.

mod error;
mod number;
mod page;
mod pages;

pub use error::InvalidPage;
pub use number::PageNumber;
pub use page::Page;
pub use pages::{ElidedPage, Pages};

use std::borrow::Cow;

use nuages_db::Db;

use crate::error::Result;
use crate::model::Model;
use crate::queryset::QuerySet;

/// How a long list is cut into pages.
///
/// ```
/// use nuages_orm::Paginator;
///
/// let paginator = Paginator::new(4).orphans(1);
/// let letters: Vec<char> = ('a'..='i').collect();
/// let page = paginator.page_of(&letters, 2)?;
/// // One letter alone would be an orphan: it is on the page before.
/// assert_eq!(page.objects(), [&'e', &'f', &'g', &'h', &'i']);
/// assert_eq!(page.to_string(), "<Page 2 of 2>");
/// assert_eq!(paginator.page_of(&letters, "x").unwrap_err().to_string(), "That page number is not an integer");
/// assert_eq!(paginator.get_page_of(&letters, "x")?.number(), 1);
/// # Ok::<(), nuages_orm::InvalidPage>(())
/// ```
///
/// A queryset is asked for the rows of the page only, and for their number:
///
/// ```
/// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
/// # use library::{Book, database};
/// use nuages_orm::{Model as _, Paginator};
///
/// # database(async |db| {
/// let books = Book::objects().order_by(|b| b.title().asc());
/// let page = Paginator::new(2).get_page(books, "2", &db).await?;
/// assert!(page.has_previous());
/// # Ok(()) });
/// ```
///
/// # Django
/// `Paginator` and `AsyncPaginator`. Orphans that fill a page of their own are a warning of Django's,
/// which will become an error; here they are taken as they are.
/// So is a queryset without an order, whose pages are in the order of the key here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paginator {
    per_page: u64,
    orphans: u64,
    allow_empty_first_page: bool,
    messages: Messages,
}

/// The words of the errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Messages {
    pub(crate) invalid_page: Cow<'static, str>,
    pub(crate) min_page: Cow<'static, str>,
    pub(crate) no_results: Cow<'static, str>,
}

impl Default for Messages {
    fn default() -> Self {
        Self {
            invalid_page: Cow::Borrowed("That page number is not an integer"),
            min_page: Cow::Borrowed("That page number is less than 1"),
            no_results: Cow::Borrowed("That page contains no results"),
        }
    }
}

impl Paginator {
    /// Pages of so many objects. If that is none, there are no pages.
    pub fn new(per_page: u64) -> Self {
        Self {
            per_page,
            orphans: 0,
            allow_empty_first_page: true,
            messages: Messages::default(),
        }
    }

    /// A last page of at most so many objects is not begun: they are on the page before.
    pub fn orphans(mut self, orphans: u64) -> Self {
        self.orphans = orphans;
        self
    }

    /// Whether a list without objects has a page, which is empty.
    pub fn allow_empty_first_page(mut self, allow: bool) -> Self {
        self.allow_empty_first_page = allow;
        self
    }

    /// What is said of a number that is none.
    ///
    /// # Django
    /// `error_messages={"invalid_page": …}`; so are the two others.
    pub fn invalid_page_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.messages.invalid_page = message.into();
        self
    }

    /// What is said of a number less than 1.
    pub fn min_page_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.messages.min_page = message.into();
        self
    }

    /// What is said of a number of a page that is not there.
    pub fn no_results_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.messages.no_results = message.into();
        self
    }

    /// How many objects are on a page.
    pub fn per_page(&self) -> u64 {
        self.per_page
    }

    /// The pages of so many objects.
    pub fn pages(&self, count: u64) -> Pages {
        let filled = count.saturating_sub(self.orphans).max(1);
        let last = match self.per_page {
            0 => 0,
            _ if count == 0 && !self.allow_empty_first_page => 0,
            per_page => filled.div_ceil(per_page),
        };
        Pages {
            count,
            last,
            per_page: self.per_page,
            orphans: self.orphans,
            messages: self.messages.clone(),
        }
    }

    /// A page of a list.
    ///
    /// # Errors
    /// When there is no page of this number.
    pub fn page_of<'o, T>(
        &self,
        objects: &'o [T],
        number: impl PageNumber,
    ) -> Result<Page<&'o T>, InvalidPage> {
        let pages = self.pages(objects.len() as u64);
        let number = pages.validate_number(number)?;
        Ok(cut(objects, number, pages))
    }

    /// A page of a list: the first when the number is none, the last when it is too large.
    ///
    /// # Errors
    /// When there are no pages at all.
    pub fn get_page_of<'o, T>(
        &self,
        objects: &'o [T],
        number: impl PageNumber,
    ) -> Result<Page<&'o T>, InvalidPage> {
        let pages = self.pages(objects.len() as u64);
        let number = pages.nearest(number)?;
        Ok(cut(objects, number, pages))
    }

    /// A page of the rows of a queryset; one without an order is ordered by its key.
    ///
    /// # Errors
    /// When there is no page of this number ([`Error::is_invalid_page`](crate::Error::is_invalid_page)),
    /// or the database refuses.
    pub async fn page<M: Model>(
        &self,
        objects: QuerySet<M>,
        number: impl PageNumber,
        db: &Db,
    ) -> Result<Page<M>> {
        let pages = self.pages(objects.clone().count(db).await?);
        let number = pages.validate_number(number)?;
        fetch(objects, number, pages, db).await
    }

    /// A page of the rows of a queryset: the first when the number is none, the last when it is too
    /// large.
    ///
    /// # Errors
    /// When there are no pages at all, or the database refuses.
    pub async fn get_page<M: Model>(
        &self,
        objects: QuerySet<M>,
        number: impl PageNumber,
        db: &Db,
    ) -> Result<Page<M>> {
        let pages = self.pages(objects.clone().count(db).await?);
        let number = pages.nearest(number)?;
        fetch(objects, number, pages, db).await
    }
}

fn cut<T>(objects: &[T], number: u64, pages: Pages) -> Page<&T> {
    let (first, end) = pages.bounds(number);
    let at = |place: u64| usize::try_from(place).map_or(objects.len(), |at| at.min(objects.len()));
    let objects = objects.get(at(first)..at(end)).unwrap_or_default();
    Page::new(objects.iter().collect(), number, pages)
}

async fn fetch<M: Model>(
    mut objects: QuerySet<M>,
    number: u64,
    pages: Pages,
    db: &Db,
) -> Result<Page<M>> {
    let (first, end) = pages.bounds(number);
    let rows = if end <= first {
        Vec::new()
    } else {
        // Without an order a database may show a row on two pages, and another on none.
        objects.query.order_by_key();
        objects.offset(first).limit(end - first).all(db).await?
    };
    Ok(Page::new(rows, number, pages))
}
