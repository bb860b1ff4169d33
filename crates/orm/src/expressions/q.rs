//! `Q`: a condition, put together with `&`, `|` and `!`.

use std::ops::{BitAnd, BitOr, Not};

use super::node::Node;
use crate::model::Model;
use crate::queryset::QuerySet;

/// A condition on rows.
///
/// `&`, `|` and `!` put conditions together. Comparisons bind looser than these operators in Rust,
/// but lookups are method calls, so that `b.a().eq(1) | b.c().gt(2)` needs no parentheses.
///
/// `!` keeps rows whose value is NULL, as Django's `exclude` does: what is unknown does not match,
/// so its opposite does.
///
/// # Django
/// `Q`.
#[derive(Debug, Clone)]
#[must_use = "a condition does nothing until a queryset filters by it"]
pub struct Q(pub(crate) Node);

impl Q {
    /// All of these hold; true when there are none.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::And(conditions.into_iter().map(|q| q.0).collect()))
    }

    /// One of these holds; false when there are none.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::Or(conditions.into_iter().map(|q| q.0).collect()))
    }
}

impl BitAnd for Q {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0.and(other.0))
    }
}

impl BitOr for Q {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }
}

impl Not for Q {
    type Output = Self;

    fn not(self) -> Self {
        Self(match self.0 {
            Node::Not(inner) => *inner,
            node => Node::Not(Box::new(node)),
        })
    }
}

/// Whether the queryset has a row. Columns of enclosing querysets are captured variables:
///
/// ```no_run
/// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
/// # use library::{Author, Book};
/// use nuages_orm::{Model, exists};
///
/// let published = Author::objects()
///     .filter(|author| exists(Book::objects().filter(|book| book.author().eq(author.id()))));
/// ```
///
/// # Django
/// `Exists(Book.objects.filter(author=OuterRef("pk")))`.
pub fn exists<M: Model>(queryset: QuerySet<M>) -> Q {
    Q(Node::Exists(Box::new(queryset.query)))
}
