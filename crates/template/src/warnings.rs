//! What is no mistake of the language and hardly meant: a block that no parent has, a variable that is nearly another,
//! one that is printed where escaping is not enough.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::context::Context;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::lint::lint;
use crate::suggest::closest;
use crate::syntax::{Token, TokenKind, split_contents, tokenize};
use crate::template::Compiled;

/// Chains of parents longer than this are an error elsewhere.
const LONGEST: usize = 100;

/// The warnings of a template: those about its blocks, then those about its variables and their places.
pub(crate) fn warnings(
    engine: &Engine,
    template: &Arc<Compiled>,
    context: &Context<'_>,
) -> Vec<Error> {
    let chain = chain(engine, template);
    let mut found = Vec::new();
    if let Some(parents) = chain.as_deref().and_then(|chain| chain.get(1..))
        && !parents.is_empty()
    {
        stray_blocks(template, parents, &mut found);
    }
    for page in chain.unwrap_or_else(|| vec![template.clone()]) {
        misspelt(&page, context, &mut found);
        found.extend(lint(&page.name, &page.source));
    }
    found
}

/// The template and those it extends; nothing when a parent's name is not known before rendering.
fn chain(engine: &Engine, template: &Arc<Compiled>) -> Option<Vec<Arc<Compiled>>> {
    let mut chain = vec![template.clone()];
    while let Some(last) = chain.last().filter(|last| last.extends) {
        let tokens = tokenize(&last.source);
        let parent = tokens
            .iter()
            .find_map(|token| match words(token)?.as_slice() {
                ["extends", parent] => Some(*parent),
                _ => None,
            })?;
        let quote = parent.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let parent = parent.strip_prefix(quote)?.strip_suffix(quote)?;
        if chain.len() > LONGEST || parent.starts_with('.') || parent == last.name {
            return None;
        }
        chain.push(engine.compiled(parent).ok()?);
    }
    Some(chain)
}

fn words<'s>(token: &Token<'s>) -> Option<Vec<&'s str>> {
    (token.kind == TokenKind::Block).then(|| split_contents(token.contents))
}

/// The blocks of a template that lie in no other one: each should be one of a parent.
fn stray_blocks(template: &Compiled, parents: &[Arc<Compiled>], found: &mut Vec<Error>) {
    let known: BTreeSet<&str> = parents
        .iter()
        .flat_map(|parent| parent.blocks.iter().map(|block| block.name.as_str()))
        .collect();
    let mut depth = 0_usize;
    for token in tokenize(&template.source) {
        match words(&token).as_deref() {
            Some(["block", name, ..]) => {
                if depth == 0 && !known.contains(name) {
                    let error = Error::new(
                        ErrorKind::NotFound,
                        format!(
                            "no template that '{}' extends has a block '{name}': its contents are not shown",
                            template.name
                        ),
                    );
                    let error = match closest(name, known.iter().copied()) {
                        Some(near) => error.with_hint(format!("did you mean '{near}'?")),
                        None => error,
                    };
                    found.push(error.at(&template.name, &template.source, token.offset));
                }
                depth += 1;
            }
            Some(["endblock", ..]) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// Names of variables that the context has not, and that are nearly those of one that it has.
fn misspelt(template: &Compiled, context: &Context<'_>, found: &mut Vec<Error>) {
    let tokens = tokenize(&template.source);
    let bound = bound(&tokens);
    for name in &template.facts.names {
        let own = matches!(&**name, "forloop" | "block" | "csrf_token");
        if own || bound.contains(&**name) || context.contains(name) {
            continue;
        }
        let Some(near) = closest(name, context.names()) else {
            continue;
        };
        let Some(token) = tokens.iter().find(|token| mentions(token, name)) else {
            continue;
        };
        let error = Error::new(
            ErrorKind::Variable,
            format!("there is no variable '{name}'"),
        )
        .with_hint(format!("did you mean '{near}'?"));
        found.push(error.at(&template.name, &template.source, token.offset));
    }
}

/// The names that tags of the template set: of loops, behind `as`, and before a `=`.
fn bound<'s>(tokens: &[Token<'s>]) -> BTreeSet<&'s str> {
    let mut bound = BTreeSet::new();
    for words in tokens.iter().filter_map(words) {
        if words.first() == Some(&"for") {
            let names = words.iter().skip(1).take_while(|word| **word != "in");
            bound.extend(names.flat_map(|word| word.split(',')));
        }
        for pair in words.windows(2) {
            if pair[0] == "as" {
                bound.insert(pair[1]);
            }
        }
        bound.extend(
            words
                .iter()
                .filter_map(|word| Some(word.split_once('=')?.0)),
        );
    }
    bound
}

/// Does the name stand in the tag, as a word?
fn mentions(token: &Token<'_>, name: &str) -> bool {
    let tag = matches!(token.kind, TokenKind::Variable | TokenKind::Block);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    tag && token.contents.match_indices(name).any(|(at, _)| {
        !token.contents[..at].ends_with(|c| is_word(c) || c == '.')
            && !token.contents[at + name.len()..].starts_with(is_word)
    })
}
