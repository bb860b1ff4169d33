//! The parser: tokens to nodes, with the tags of the libraries.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::expression::Expression;
use super::lexer::{Lexer, Token, TokenKind};
use super::mistakes::Mistakes;
use super::names::{Names, Slice};
use super::split::split_contents;
use super::variable::SingleVariable;
use crate::engine::Inner;
use crate::error::{Error, ErrorKind};
use crate::library::{Filter, Library, TagCompiler};
use crate::nodes::{Block, Node, NodeList};
use crate::render::Name;
use crate::suggest::closest;
use crate::tags::Cycle;

/// How deep tags may be nested. Django gives up at about 300, when Python's stack ends.
const DEEPEST: usize = 200;

/// The parser, as the compile function of a tag sees it.
///
/// A tag with contents parses up to its end with [`Parser::parse_until`].
///
/// # Django
/// `django.template.base.Parser`.
pub struct Parser<'s> {
    name: &'s str,
    source: &'s Arc<str>,
    tokens: Lexer<'s>,
    engine: &'s Inner,
    /// What `{% load %}` added: it comes before the engine's own.
    loaded: Library,
    /// The tags that are open, for the message when one is never closed.
    open: Vec<TagToken<'s>>,
    facts: Facts,
    names: Names,
    /// The nodes of the open lists, the innermost last: each list is allocated once, when it is complete.
    nodes: Vec<Node>,
    pub(crate) blocks: Vec<Arc<Block>>,
    pub(crate) partials: Vec<Arc<Block>>,
    /// The names of the blocks so far, those that are still open, too.
    block_names: BTreeSet<&'s str>,
    /// The cycles so far, for `{% cycle name %}` and `{% resetcycle %}`.
    pub(crate) last_cycle: Option<Arc<Cycle>>,
    pub(crate) named_cycles: HashMap<String, Arc<Cycle>>,
    pub(crate) extends: bool,
    /// The mistakes so far, where all of them are wanted and not only the first.
    mistakes: Option<Mistakes>,
}

/// What is known about a template without rendering it.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The variables whose names stand in it, in order.
    pub(crate) names: Vec<Arc<str>>,
    /// The templates that it extends or includes by a constant name.
    pub(crate) references: Vec<Box<str>>,
    /// A tag may look at any variable, or include any template.
    pub(crate) everything: bool,
}

impl Facts {
    /// Does the variable's name stand in it?
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.names
            .binary_search_by(|known| known.as_ref().cmp(name))
            .is_ok()
    }
}

/// A tag as it stands in the source: `{% name words… %}`.
#[derive(Clone, Copy, Debug)]
pub struct TagToken<'s> {
    contents: &'s str,
    offset: usize,
}

impl<'s> TagToken<'s> {
    /// All between the braces, trimmed.
    pub fn contents(&self) -> &'s str {
        self.contents
    }

    /// The first word.
    pub fn name(&self) -> &'s str {
        // Most names end at a space of ASCII; what else may be one is looked at character by character.
        let mut bytes = self.contents.bytes();
        match bytes.position(|byte| !byte.is_ascii_graphic()) {
            None => self.contents,
            Some(end) if self.contents.as_bytes()[end] == b' ' && end > 0 => &self.contents[..end],
            Some(_) => self.contents.split_whitespace().next().unwrap_or(""),
        }
    }

    /// All words, the name first; quoted strings stay whole.
    ///
    /// # Django
    /// `Token.split_contents`.
    pub fn split(&self) -> Vec<&'s str> {
        split_contents(self.contents)
    }

    /// The words behind the name.
    pub fn arguments(&self) -> Vec<&'s str> {
        let mut words = self.split();
        if !words.is_empty() {
            words.remove(0);
        }
        words
    }

    /// Where the tag begins in the source.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// An argument of a tag with a name: `title=post.title`.
#[derive(Debug)]
pub struct NamedExpression {
    /// The name before the `=`.
    pub name: Name,
    /// What stands behind it.
    pub value: Expression,
}

/// A part of a text that is translated as a whole.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece<'s> {
    Text(&'s str),
    /// What stands between the braces.
    Variable(&'s str),
}

/// The result of a successful compilation.
pub(crate) struct Parsed {
    pub(crate) nodes: NodeList,
    pub(crate) blocks: Vec<Arc<Block>>,
    pub(crate) partials: Vec<Arc<Block>>,
    pub(crate) extends: bool,
    pub(crate) facts: Facts,
}

impl<'s> Parser<'s> {
    /// All mistakes of a source: after one, the parser goes on behind the tag.
    /// The libraries that are `assumed` are taken for given, and whatever tags and filters they may have.
    pub(crate) fn mistakes(
        engine: &Inner,
        name: &str,
        source: &str,
        assumed: &[String],
    ) -> Vec<Error> {
        let source = Arc::from(source);
        let mistakes = Mistakes::assuming(assumed);
        let mut parser = Parser::new(engine, name, &source, Some(mistakes));
        let last = parser.parse_rest().err();
        let found = parser.mistakes.take().unwrap_or_default();
        found.all.into_iter().chain(last).collect()
    }

    fn new(
        engine: &'s Inner,
        name: &'s str,
        source: &'s Arc<str>,
        mistakes: Option<Mistakes>,
    ) -> Parser<'s> {
        Parser {
            name,
            source,
            tokens: Lexer::new(source),
            engine,
            loaded: Library::new(),
            open: Vec::new(),
            facts: Facts::default(),
            names: Names::default(),
            nodes: Vec::with_capacity(8),
            blocks: Vec::new(),
            partials: Vec::new(),
            block_names: BTreeSet::new(),
            last_cycle: None,
            named_cycles: HashMap::new(),
            extends: false,
            mistakes,
        }
    }

    pub(crate) fn parse(engine: &Inner, name: &str, source: &Arc<str>) -> Result<Parsed, Error> {
        let mut parser = Parser::new(engine, name, source, None);
        let nodes = parser.parse_rest()?;
        Ok(Parsed {
            nodes,
            blocks: parser.blocks,
            partials: parser.partials,
            extends: parser.extends,
            facts: Facts {
                names: parser.names.finish(),
                ..parser.facts
            },
        })
    }

    /// Parses to the end of the template.
    pub(crate) fn parse_rest(&mut self) -> Result<NodeList, Error> {
        Ok(self.nodes(&[])?.0)
    }

    /// Parses the contents of a tag, up to one of the `ends`; gives the contents and the tag that ended them.
    ///
    /// # Errors
    /// When the template ends first, or a tag in the contents has an error.
    pub fn parse_until(&mut self, ends: &[&str]) -> Result<(NodeList, TagToken<'s>), Error> {
        let (nodes, end) = self.nodes(ends)?;
        match end {
            Some(end) => Ok((nodes, end)),
            None => Err(self.unclosed(ends)),
        }
    }

    /// Passes over everything up to the tag `end`: the contents of `{% comment %}`.
    ///
    /// # Errors
    /// When the template ends first.
    pub fn skip_past(&mut self, end: &str) -> Result<(), Error> {
        for token in self.tokens.by_ref() {
            if token.kind == TokenKind::Block && token.contents == end {
                return Ok(());
            }
        }
        Err(self.unclosed(&[end]))
    }

    /// Takes text and variables up to the next tag; gives what stands in that tag, too.
    pub(crate) fn pieces(&mut self) -> (Vec<Piece<'s>>, Option<&'s str>) {
        let mut pieces = Vec::new();
        for token in self.tokens.by_ref() {
            match token.kind {
                TokenKind::Text => pieces.push(Piece::Text(token.contents)),
                TokenKind::Variable => pieces.push(Piece::Variable(token.contents)),
                TokenKind::Block | TokenKind::Comment => return (pieces, Some(token.contents)),
            }
        }
        (pieces, None)
    }

    /// Compiles a variable or literal with its filters.
    ///
    /// # Errors
    /// When it is malformed or uses an unknown filter.
    ///
    /// # Django
    /// `Parser.compile_filter`.
    pub fn expression(&mut self, text: &str) -> Result<Expression, Error> {
        let Self {
            names,
            source,
            loaded,
            engine,
            ..
        } = self;
        let find = |name: &str| find_filter(loaded, engine, name);
        Expression::compile(source, text, &find, names)
    }

    /// Compiles a variable or literal without filters.
    ///
    /// # Errors
    /// As [`Variable::new`](crate::Variable::new).
    pub fn variable(&mut self, text: &str) -> Result<SingleVariable, Error> {
        SingleVariable::compile(text, &mut self.names)
    }

    /// Compiles several expressions.
    ///
    /// # Errors
    /// As [`Parser::expression`].
    pub fn expressions(&mut self, words: &[&str]) -> Result<Vec<Expression>, Error> {
        words.iter().map(|word| self.expression(word)).collect()
    }

    /// Takes `name=value` words from the beginning of `words`; stops at the first other word.
    ///
    /// # Errors
    /// As [`Parser::expression`].
    ///
    /// # Django
    /// `token_kwargs`.
    pub fn named(&mut self, words: &mut Vec<&str>) -> Result<Vec<NamedExpression>, Error> {
        let mut found = Vec::new();
        let mut taken = 0;
        for word in words.iter() {
            let Some((name, value)) = split_named(word) else {
                break;
            };
            found.push(NamedExpression {
                name: self.name(name),
                value: self.expression(value)?,
            });
            taken += 1;
        }
        words.drain(..taken);
        Ok(found)
    }

    /// Tells that the tag reads the variable `name` by itself, see [`Template::mentions`](crate::Template::mentions).
    pub fn mention(&mut self, name: &str) {
        self.names.mention(name);
    }

    /// A name that the tag sets: one that stood in the template a short while ago is shared.
    pub(crate) fn name(&mut self, text: &str) -> Name {
        self.names.name(text)
    }

    /// Tells that the tag may read any variable.
    pub fn mention_everything(&mut self) {
        self.facts.everything = true;
    }

    /// Tells that the tag renders the template `name`.
    pub fn reference(&mut self, name: &str) {
        self.facts.references.push(name.into());
    }

    /// The name of the template that is being compiled.
    pub fn template_name(&self) -> &str {
        self.name
    }

    /// Adds the tags and filters of a library, as `{% load %}` does.
    ///
    /// # Errors
    /// When there is no such library.
    pub(crate) fn load(&mut self, name: &str) -> Result<(), Error> {
        if self.assumes(name) {
            return Ok(());
        }
        let library = self.library(name)?.clone();
        self.loaded.extend(library);
        Ok(())
    }

    /// Adds one tag or filter of a library: `{% load name from library %}`.
    pub(crate) fn load_from(&mut self, name: &str, library: &str) -> Result<(), Error> {
        if self.assumes(library) {
            return Ok(());
        }
        let Some(part) = self.library(library)?.only(name) else {
            return Err(Error::syntax(format!(
                "'{name}' is not a valid tag or filter in tag library '{library}'"
            )));
        };
        self.loaded.extend(part);
        Ok(())
    }

    /// Is the library to be taken for given? Then nothing is known of the tags and filters that are not known otherwise.
    fn assumes(&mut self, library: &str) -> bool {
        let known = self.engine.libraries.contains_key(library);
        self.mistakes
            .as_mut()
            .is_some_and(|mistakes| !known && mistakes.assume(library))
    }

    /// Takes the name of a block; `false` when a block has it already.
    pub(crate) fn open_block(&mut self, name: &'s str) -> bool {
        self.block_names.insert(name)
    }

    fn library(&self, name: &str) -> Result<&'s Library, Error> {
        let engine = self.engine;
        engine.libraries.get(name).ok_or_else(|| {
            let mut known: Vec<&str> = engine.libraries.keys().map(String::as_str).collect();
            known.sort_unstable();
            let error = Error::syntax(format!(
                "'{name}' is not a registered tag library. Must be one of:\n{}",
                known.join("\n")
            ));
            match closest(name, known.iter().copied()) {
                Some(near) => error.with_hint(format!("did you mean '{near}'?")),
                None => error.with_hint(format!(
                    "a library of one's own is given to the engine with `loadable(\"{name}\", …)`, in a site with `App::library`; \
                     `template check --assume-library {name}` takes it for given"
                )),
            }
        })
    }

    /// The nodes up to one of the `ends` or the end of the template.
    fn nodes(&mut self, ends: &[&str]) -> Result<(NodeList, Option<TagToken<'s>>), Error> {
        let first = self.nodes.len();
        let end = self.nodes_from(first, ends);
        let nodes = self.nodes.drain(first..).collect();
        Ok((NodeList::new(nodes), end?))
    }

    /// Adds the nodes up to one of the `ends` to those that are not in a list yet; the list begins at `first`.
    fn nodes_from(&mut self, first: usize, ends: &[&str]) -> Result<Option<TagToken<'s>>, Error> {
        while let Some(token) = self.tokens.next() {
            match token.kind {
                TokenKind::Text => self.push_text(first, token.contents),
                TokenKind::Comment => {}
                TokenKind::Variable => match self.output(token) {
                    Ok(expression) => self.nodes.push(Node::output(expression, token.offset)),
                    Err(error) => self.mistake(error, token.offset, "")?,
                },
                TokenKind::Block => {
                    let tag = TagToken {
                        contents: token.contents,
                        offset: token.offset,
                    };
                    if !ends.is_empty() && ends.contains(&tag.name()) {
                        return Ok(Some(tag));
                    }
                    let open = self.open.len();
                    if let Err(error) = self.tag(tag, ends, first) {
                        self.open.truncate(open);
                        self.mistake(error, token.offset, tag.name())?;
                    }
                }
            }
        }
        Ok(None)
    }

    /// Adds text; text after text (a comment was between) becomes one piece.
    fn push_text(&mut self, first: usize, text: &str) {
        let last = self.nodes.get(first..).and_then(<[Node]>::last);
        let text = if let Some(before) = last.and_then(Node::text) {
            let text = Slice::from(&*format!("{before}{text}"));
            self.nodes.pop();
            text
        } else {
            Slice::of(self.source, text)
        };
        self.nodes.push(Node::text_of(text));
    }

    fn output(&mut self, token: Token<'s>) -> Result<Expression, Error> {
        if token.contents.is_empty() {
            return Err(Error::syntax(format!(
                "Empty variable tag on line {}",
                self.line(token.offset)
            )));
        }
        self.expression(token.contents)
    }

    fn tag(&mut self, tag: TagToken<'s>, ends: &[&str], first: usize) -> Result<(), Error> {
        let name = tag.name();
        if name.is_empty() {
            return Err(Error::syntax(format!(
                "Empty block tag on line {}",
                self.line(tag.offset)
            )));
        }
        let Some(compile) = self.find_tag(name) else {
            return Err(self.unknown_tag(tag, ends));
        };
        if self.open.len() >= DEEPEST && self.limits_depth() {
            return Err(Error::too_deep("the template"));
        }
        self.open.push(tag);
        let node = compile(self, tag)?;
        self.open.pop();
        if node.must_be_first() && !self.nodes[first..].iter().all(Node::is_text) {
            return Err(Error::syntax(format!(
                "{{% {} %}} must be the first tag in '{}'.",
                tag.contents, self.name
            )));
        }
        self.nodes.push(Node::tag(node, tag.offset));
        Ok(())
    }

    /// Is nesting limited, as it is unless a test says otherwise?
    pub(super) fn limits_depth(&self) -> bool {
        self.engine.limits.depth
    }

    fn find_tag(&self, name: &str) -> Option<TagCompiler> {
        self.loaded
            .find_tag(name)
            .or_else(|| self.engine.builtins.find_tag(name))
            .cloned()
    }

    #[cold]
    fn unknown_tag(&self, tag: TagToken<'s>, ends: &[&str]) -> Error {
        let name = tag.name();
        let line = self.line(tag.offset);
        let expected = match ends {
            [] => String::new(),
            ends => {
                let quoted: Vec<String> = ends.iter().map(|end| format!("'{end}'")).collect();
                format!(", expected {}", text_list(&quoted))
            }
        };
        let error = Error::syntax(format!(
            "Invalid block tag on line {line}: '{name}'{expected}. Did you forget to register or load this tag?"
        ));
        if let Some(library) = self
            .engine
            .libraries
            .iter()
            .find(|(_, library)| library.find_tag(name).is_some())
        {
            return error.with_hint(format!(
                "add {{% load {} %}} at the top of the template",
                library.0
            ));
        }
        let known = self
            .loaded
            .tag_names()
            .chain(self.engine.builtins.tag_names())
            .chain(ends.iter().copied());
        match closest(name, known) {
            Some(near) => error.with_hint(format!("did you mean '{near}'?")),
            None => error,
        }
    }

    #[cold]
    fn unclosed(&self, ends: &[&str]) -> Error {
        let (name, offset) = self
            .open
            .last()
            .map_or(("", 0), |tag| (tag.name(), tag.offset));
        let message = format!(
            "Unclosed tag on line {}: '{name}'. Looking for one of: {}.",
            self.line(offset),
            ends.join(", ")
        );
        self.place(Error::syntax(message), offset)
    }

    /// Notes a mistake and lets the parser go on, if all are wanted; else the mistake is the end.
    #[cold]
    fn mistake(&mut self, error: Error, offset: usize, tag: &str) -> Result<(), Error> {
        let error = self.place(error, offset);
        let known = self.find_tag(tag).is_some();
        let ended = self.tokens.clone().next().is_none();
        match &mut self.mistakes {
            Some(mistakes) if error.kind() != ErrorKind::Depth => {
                mistakes.add(error, tag, known, ended);
                Ok(())
            }
            _ => Err(error),
        }
    }

    fn place(&self, error: Error, offset: usize) -> Error {
        error.at(self.name, self.source, offset)
    }

    pub(crate) fn line(&self, offset: usize) -> usize {
        self.source
            .get(..offset)
            .map_or(0, |before| before.matches('\n').count())
            + 1
    }
}

/// Splits `name=value`.
pub(crate) fn split_named(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (plain && !value.is_empty()).then_some((name, value))
}

fn find_filter(loaded: &Library, engine: &Inner, name: &str) -> Result<Arc<Filter>, Error> {
    if let Some(filter) = loaded
        .find_filter(name)
        .or_else(|| engine.builtins.find_filter(name))
    {
        return Ok(filter.clone());
    }
    let error = Error::syntax(format!("Invalid filter: '{name}'"));
    if let Some(library) = engine
        .libraries
        .iter()
        .find(|(_, library)| library.find_filter(name).is_some())
    {
        return Err(error.with_hint(format!(
            "add {{% load {} %}} at the top of the template",
            library.0
        )));
    }
    let known = loaded.filter_names().chain(engine.builtins.filter_names());
    Err(match closest(name, known) {
        Some(near) => error.with_hint(format!("did you mean '{near}'?")),
        None => error,
    })
}

fn text_list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

impl std::fmt::Debug for Parser<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parser")
            .field("name", &self.name)
            .field("tokens", &self.tokens)
            .finish()
    }
}
