//! `Condition`: what stands in `{% if %}`, compiled to a flat program.
//!
//! A flat program instead of a tree: evaluation is a loop, and ten thousand operators cannot overflow the stack.

use std::fmt;

use super::expression::Expression;
use super::parser::Parser;
use crate::compare::Comparison;
use crate::error::{Error, ErrorKind};

/// A compiled condition, as in `{% if %}`, for tags of your own.
///
/// ```
/// use nuages_template::{
///     Condition, Engine, Error, Library, NoServices, NodeList, Renderer, Tag, context,
/// };
/// #[derive(Debug)]
/// struct Unless(Condition, NodeList);
/// impl Tag for Unless {
///     fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
///         if renderer.holds(&self.0)? {
///             return Ok(());
///         }
///         self.1.render(renderer)
///     }
/// }
/// let library = Library::new().tag("unless", |parser, token| {
///     let condition = Condition::compile(parser, &token.arguments())?;
///     Ok(Box::new(Unless(condition, parser.parse_until(&["endunless"])?.0)))
/// });
/// let engine = Engine::builder().library(library).build();
/// let page = engine.from_str("{% unless n > 2 or not m %}few{% endunless %}")?;
/// assert_eq!(page.render(&context! { n: 1, m: true }, &NoServices)?, "few");
/// # Ok::<(), Error>(())
/// ```
///
/// # Django
/// `django.template.smartif`.
#[derive(Debug)]
pub struct Condition(pub(crate) Form);

#[derive(Debug)]
pub(crate) enum Form {
    /// The common case: one expression, without operators.
    Plain(Expression),
    Program {
        steps: Box<[Step]>,
        regions: Box<[Region]>,
    },
}

/// The steps of one operator with its operands, for when one of them fails: then the operator is false.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// How many values are on the stack before it.
    pub(crate) height: usize,
}

/// One step of a program that works on a stack of values.
pub(crate) enum Step {
    Load(Expression),
    Not,
    /// The two topmost values become the result of the comparison.
    Compare(Comparison),
    /// If the topmost value is false, it is the result, and the program goes on there; else it is dropped.
    And(usize),
    /// If the topmost value is true, it is the result, and the program goes on there; else it is dropped.
    Or(usize),
}

/// Operands may be nested by `not` and by binding powers only, yet a limit keeps the parser's own stack small.
const DEEPEST: usize = 100;

/// A word of the condition.
enum Word<'s> {
    Operand(&'s str),
    Not,
    And,
    Or,
    Compare(Comparison, &'static str),
}

impl Condition {
    /// Compiles the words of a condition.
    ///
    /// # Errors
    /// `Syntax` when an operand or operator is missing or too much.
    pub fn compile(parser: &mut Parser<'_>, words: &[&str]) -> Result<Self, Error> {
        // A word alone is the common case, and needs no list of words and steps.
        if let [word] = words
            && let Word::Operand(text) = word_of(word)
        {
            let expression = parser.expression(text)?;
            return Ok(Self(Form::Plain(expression)));
        }
        let mut compiler = Compiler {
            parser,
            words: lex(words),
            at: 0,
            steps: Vec::with_capacity(words.len()),
            regions: Vec::new(),
            height: 0,
            depth: 0,
        };
        compiler.operand(0)?;
        if let Some(word) = compiler.words.get(compiler.at) {
            let word = word.text();
            return Err(Error::syntax(format!(
                "Unused '{word}' at end of if expression."
            )));
        }
        let mut steps = compiler.steps;
        if steps.len() == 1
            && let Some(Step::Load(expression)) = steps.pop()
        {
            return Ok(Self(Form::Plain(expression)));
        }
        Ok(Self(Form::Program {
            steps: steps.into(),
            regions: compiler.regions.into(),
        }))
    }
}

fn lex<'s>(words: &[&'s str]) -> Vec<Word<'s>> {
    let mut found = Vec::with_capacity(words.len());
    let mut rest = words;
    while let [word, tail @ ..] = rest {
        rest = tail;
        // `is not` and `not in` are two words and one operator.
        let pair = match (*word, tail.first().copied()) {
            ("is", Some("not")) => Some(Word::Compare(Comparison::IsNot, "is not")),
            ("not", Some("in")) => Some(Word::Compare(Comparison::NotIn, "not in")),
            _ => None,
        };
        if let Some(pair) = pair {
            rest = &tail[1..];
            found.push(pair);
            continue;
        }
        found.push(word_of(word));
    }
    found
}

fn word_of(word: &str) -> Word<'_> {
    match word {
        "or" => Word::Or,
        "and" => Word::And,
        "not" => Word::Not,
        "in" => Word::Compare(Comparison::In, "in"),
        "is" => Word::Compare(Comparison::Is, "is"),
        "==" => Word::Compare(Comparison::Equal, "=="),
        "!=" => Word::Compare(Comparison::NotEqual, "!="),
        ">" => Word::Compare(Comparison::Greater, ">"),
        ">=" => Word::Compare(Comparison::GreaterOrEqual, ">="),
        "<" => Word::Compare(Comparison::Less, "<"),
        "<=" => Word::Compare(Comparison::LessOrEqual, "<="),
        operand => Word::Operand(operand),
    }
}

impl Word<'_> {
    fn text(&self) -> &str {
        match self {
            Word::Operand(text) | Word::Compare(_, text) => text,
            Word::Not => "not",
            Word::And => "and",
            Word::Or => "or",
        }
    }

    /// How strongly it binds to its left side; operands do not.
    fn power(&self) -> usize {
        match self {
            Word::Operand(_) => 0,
            Word::Or => 6,
            Word::And => 7,
            Word::Not => 8,
            Word::Compare(Comparison::In | Comparison::NotIn, _) => 9,
            Word::Compare(..) => 10,
        }
    }
}

struct Compiler<'p, 'w, 's> {
    parser: &'p mut Parser<'s>,
    words: Vec<Word<'w>>,
    at: usize,
    steps: Vec<Step>,
    /// Inner operators come before those around them.
    regions: Vec<Region>,
    height: usize,
    depth: usize,
}

impl Compiler<'_, '_, '_> {
    /// Compiles an operand and all operators behind it that bind stronger than `power`.
    fn operand(&mut self, power: usize) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > DEEPEST && self.parser.limits_depth() {
            return Err(Error::new(
                ErrorKind::Syntax,
                "the condition is nested too deeply",
            ));
        }
        let (start, height) = (self.steps.len(), self.height);
        self.prefix()?;
        while let Some(word) = self.words.get(self.at) {
            let left = word.power();
            if left <= power {
                break;
            }
            self.at += 1;
            match self.words[self.at - 1] {
                Word::Compare(comparison, _) => {
                    self.operand(left)?;
                    self.steps.push(Step::Compare(comparison));
                    self.height -= 1;
                }
                Word::And => self.junction(left, Step::And)?,
                Word::Or => self.junction(left, Step::Or)?,
                Word::Not => {
                    return Err(Error::syntax(
                        "Not expecting 'not' as infix operator in if tag.",
                    ));
                }
                Word::Operand(_) => break,
            }
            self.region(start, height);
        }
        self.depth -= 1;
        Ok(())
    }

    fn junction(&mut self, power: usize, step: fn(usize) -> Step) -> Result<(), Error> {
        let at = self.steps.len();
        self.steps.push(step(0));
        self.height -= 1;
        self.operand(power)?;
        self.steps[at] = step(self.steps.len());
        Ok(())
    }

    fn region(&mut self, start: usize, height: usize) {
        let end = self.steps.len();
        self.regions.push(Region { start, end, height });
    }

    fn prefix(&mut self) -> Result<(), Error> {
        let Some(word) = self.words.get(self.at) else {
            return Err(Error::syntax("Unexpected end of expression in if tag."));
        };
        self.at += 1;
        match word {
            Word::Operand(text) => {
                let text = *text;
                let expression = self.parser.expression(text)?;
                self.steps.push(Step::Load(expression));
                self.height += 1;
                Ok(())
            }
            Word::Not => {
                let (start, height) = (self.steps.len(), self.height);
                self.operand(8)?;
                self.steps.push(Step::Not);
                self.region(start, height);
                Ok(())
            }
            word => Err(Error::syntax(format!(
                "Not expecting '{}' in this position in if tag.",
                word.text()
            ))),
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load(expression) => expression.fmt(f),
            Self::Not => f.write_str("Not"),
            Self::Compare(comparison) => comparison.fmt(f),
            Self::And(end) => write!(f, "And({end})"),
            Self::Or(end) => write!(f, "Or({end})"),
        }
    }
}
