//! From source text to nodes: lexer, tokens, expressions, conditions, parser.

mod condition;
mod expression;
mod lexer;
mod literal;
mod mistakes;
mod parser;
mod split;

pub(crate) use condition::{Condition, Step};
pub use expression::Expression;
pub(crate) use expression::{Head, Root, Segment, Variable};
pub(crate) use lexer::{Token, TokenKind, tokenize};
pub(crate) use parser::{Facts, Piece};
pub use parser::{NamedExpression, Parser, TagToken};
pub(crate) use split::split_contents;
