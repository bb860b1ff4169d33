//! From source text to nodes: lexer, tokens, expressions, conditions, parser.

mod condition;
mod expression;
mod lexer;
mod literal;
mod mistakes;
mod names;
mod parser;
mod split;
mod variable;

pub use condition::Condition;
pub(crate) use condition::{Form, Region, Step};
pub use expression::Expression;
pub(crate) use expression::{Head, Root, Segment, Variable};
pub use lexer::{Token, TokenKind, tokenize};
pub use literal::unescape_string_literal;
pub(crate) use names::Slice;
pub(crate) use parser::{Facts, Piece, split_named};
pub use parser::{NamedExpression, Parser, TagToken};
pub use split::{smart_split, split_contents};
pub use variable::SingleVariable;
