//! What may be asked for as the number of a page.

/// Something that may be the number of a page: a number, or the text of a query string.
pub trait PageNumber {
    /// The number; `None` when it is none. One beyond all numbers is the greatest.
    fn page_number(&self) -> Option<i64>;
}

macro_rules! whole {
    ($($type:ty)*) => {$(
        impl PageNumber for $type {
            fn page_number(&self) -> Option<i64> {
                Some(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        }
    )*};
}

whole!(i32 i64 u32 u64 usize);

/// More digits than this are no number to Python, whose time they would take.
const MOST_DIGITS: usize = 4300;

/// As Python reads numbers: spaces around them, a sign, digits of any script, and `_` between digits.
impl PageNumber for str {
    fn page_number(&self) -> Option<i64> {
        // To Python the separators of ASCII are space, too.
        let is_space = |c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c);
        let text = self.trim_matches(is_space);
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        if digits.chars().filter(|c| *c != '_').count() > MOST_DIGITS {
            return None;
        }
        let mut number = 0_i64;
        for group in digits.split('_') {
            if group.is_empty() {
                return None;
            }
            for c in group.chars() {
                number = number.saturating_mul(10).saturating_add(digit(c)?);
            }
        }
        Some(if text.starts_with('-') {
            -number
        } else {
            number
        })
    }
}

fn digit(c: char) -> Option<i64> {
    let code = u32::from(c);
    let at = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    let digit = code - ZEROS.get(at)?;
    (digit < 10).then_some(i64::from(digit))
}

/// The zeros of the world's scripts; their digits follow each other (Unicode's `Nd`).
const ZEROS: [u32; 68] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16a60, 0x16ac0,
    0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950,
    0x1fbf0,
];

impl PageNumber for String {
    fn page_number(&self) -> Option<i64> {
        self.as_str().page_number()
    }
}

/// A number with a fraction is none.
impl PageNumber for f64 {
    fn page_number(&self) -> Option<i64> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "beyond all pages is beyond all pages"
        )]
        (self.fract() == 0.0).then_some(*self as i64)
    }
}

impl<N: PageNumber + ?Sized> PageNumber for &N {
    fn page_number(&self) -> Option<i64> {
        (**self).page_number()
    }
}

/// Nothing is no number.
impl<N: PageNumber> PageNumber for Option<N> {
    fn page_number(&self) -> Option<i64> {
        self.as_ref()?.page_number()
    }
}
