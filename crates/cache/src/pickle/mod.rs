//! Python's pickle format, for data alone.
//!
//! A Django cache holds pickles, and unpickling means running what they say.
//! This reader knows the opcodes that make plain data (numbers, text, bytes, lists, tuples, dictionaries, sets) and refuses
//! every other one, so that nothing that a pickle says is ever looked up, constructed or called.
//!
//! ```
//! use nuages_cache::{Value, pickle};
//!
//! let bytes = pickle::dumps(&Value::List(vec![1.into(), "tea".into()]))?;
//! assert_eq!(pickle::loads(&bytes)?, Value::List(vec![1.into(), "tea".into()]));
//! // os.system("id"), as an attacker would write it:
//! let hostile = b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.";
//! assert!(pickle::loads(hostile).is_err());
//! # Ok::<(), nuages_cache::Error>(())
//! ```
//!
//! # Django
//! `pickle.dumps` and `pickle.loads` in the cache backends. Read are the protocols 2 to 5, written is 4, which every
//! Python 3 reads. What refers to itself or to an object of a class (a `datetime`, a model) is not read.

mod read;
mod write;

pub use read::{Limits, loads, loads_prefix, loads_with};
pub use write::dumps;

/// How deep values may be nested, when they are written and when they are read.
pub(crate) const DEPTH: usize = 100;

/// How many values one value may consist of.
pub(crate) const VALUES: usize = 100_000;

mod op {
    //! The opcodes that make data.

    pub(super) const PROTO: u8 = 0x80;
    pub(super) const FRAME: u8 = 0x95;
    pub(super) const STOP: u8 = b'.';
    pub(super) const MARK: u8 = b'(';
    pub(super) const NONE: u8 = b'N';
    pub(super) const NEWTRUE: u8 = 0x88;
    pub(super) const NEWFALSE: u8 = 0x89;
    pub(super) const BININT: u8 = b'J';
    pub(super) const BININT1: u8 = b'K';
    pub(super) const BININT2: u8 = b'M';
    pub(super) const LONG1: u8 = 0x8a;
    pub(super) const LONG4: u8 = 0x8b;
    pub(super) const BINFLOAT: u8 = b'G';
    pub(super) const BINUNICODE: u8 = b'X';
    pub(super) const SHORT_BINUNICODE: u8 = 0x8c;
    pub(super) const BINUNICODE8: u8 = 0x8d;
    pub(super) const BINBYTES: u8 = b'B';
    pub(super) const SHORT_BINBYTES: u8 = b'C';
    pub(super) const BINBYTES8: u8 = 0x8e;
    pub(super) const BYTEARRAY8: u8 = 0x96;
    pub(super) const EMPTY_LIST: u8 = b']';
    pub(super) const APPEND: u8 = b'a';
    pub(super) const APPENDS: u8 = b'e';
    pub(super) const EMPTY_TUPLE: u8 = b')';
    pub(super) const TUPLE: u8 = b't';
    pub(super) const TUPLE1: u8 = 0x85;
    pub(super) const TUPLE2: u8 = 0x86;
    pub(super) const TUPLE3: u8 = 0x87;
    pub(super) const EMPTY_DICT: u8 = b'}';
    pub(super) const SETITEM: u8 = b's';
    pub(super) const SETITEMS: u8 = b'u';
    pub(super) const EMPTY_SET: u8 = 0x8f;
    pub(super) const ADDITEMS: u8 = 0x90;
    pub(super) const FROZENSET: u8 = 0x91;
    pub(super) const BINPUT: u8 = b'q';
    pub(super) const LONG_BINPUT: u8 = b'r';
    pub(super) const MEMOIZE: u8 = 0x94;
    pub(super) const BINGET: u8 = b'h';
    pub(super) const LONG_BINGET: u8 = b'j';
}
