//! Where a template prints a variable in a place in which escaping for HTML is not enough.
//!
//! Autoescaping keeps text from becoming markup. It does not keep it from ending an attribute without quotes,
//! from being code inside of a script, or from being a URL with the scheme `javascript:`.
//! Django prints there without a word, and so do we; these are warnings for the author.

mod expression;
mod html;
mod script;

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind};
use crate::syntax::{Token, TokenKind, split_contents, tokenize};
use expression::Printed;
use html::{Machine, Place};

/// What a comment begins with that says why the variables of its line are right: `{# exempt: numbers only #}`.
const EXEMPT: &str = "exempt:";

/// The warnings of a template, by place; none when its name says that it is no HTML.
pub(crate) fn lint(name: &str, source: &str) -> Vec<Error> {
    let Some(machine) = Machine::of(name) else {
        return Vec::new();
    };
    let tokens = tokenize(source);
    let mut exempt = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Comment && token.contents.starts_with(EXEMPT))
        .peekable();
    let lines: Vec<usize> = match exempt.peek() {
        Some(_) => source.match_indices('\n').map(|(at, _)| at).collect(),
        None => Vec::new(),
    };
    let line = |at| lines.partition_point(|line| *line < at);
    let exempt: BTreeSet<usize> = exempt.map(|token| line(token.offset)).collect();
    let mut walk = Walk {
        name,
        source,
        lines: &lines,
        exempt,
        machine,
        branches: Vec::new(),
        skipped: false,
        found: Vec::new(),
    };
    for token in &tokens {
        walk.token(token);
    }
    walk.found
}

struct Walk<'s> {
    name: &'s str,
    source: &'s str,
    /// Where the lines end, if that is of interest.
    lines: &'s [usize],
    /// The lines that are right.
    exempt: BTreeSet<usize>,
    machine: Machine,
    /// Where the open `{% if %}` and their like began: each branch begins there.
    branches: Vec<Machine>,
    /// Inside of `{% comment %}`.
    skipped: bool,
    found: Vec<Error>,
}

impl Walk<'_> {
    fn token(&mut self, token: &Token<'_>) {
        match token.kind {
            TokenKind::Text if !self.skipped => self.machine.read(token.contents),
            TokenKind::Variable if !self.skipped => self.variable(token),
            TokenKind::Block => self.tag(token.contents),
            _ => {}
        }
    }

    fn tag(&mut self, contents: &str) {
        let word = contents.split_whitespace().next().unwrap_or("");
        match word {
            "comment" => self.skipped = true,
            "endcomment" => self.skipped = false,
            _ if self.skipped => {}
            "if" | "for" | "ifchanged" => self.branches.push(self.machine.clone()),
            "elif" | "else" | "empty" => {
                if let Some(began) = self.branches.last() {
                    self.machine = began.clone();
                }
            }
            "endif" | "endfor" | "endifchanged" => {
                self.branches.pop();
            }
            "extends" | "load" | "with" | "endwith" | "block" | "endblock" => {}
            // A tag of one's own, or `{% url … %}`: it stands for a piece of text.
            _ if prints(contents) => self.machine.printed(),
            _ => {}
        }
    }

    fn variable(&mut self, token: &Token<'_>) {
        let place = self.machine.place();
        self.machine.printed();
        let Some(place) = place else { return };
        let printed = Printed::of(token.contents);
        if printed.is_harmless(&place) || self.is_exempt(token) {
            return;
        }
        let error = warning(&place, token.contents);
        self.found
            .push(error.at(self.name, self.source, token.offset));
    }

    /// Does a comment on the line of this tag say why it is right?
    fn is_exempt(&self, token: &Token<'_>) -> bool {
        let line = self.lines.partition_point(|line| *line < token.offset);
        self.exempt.contains(&line)
    }
}

/// Does the tag write something where it stands?
fn prints(contents: &str) -> bool {
    let words = split_contents(contents);
    let is_assigned = words.iter().rev().nth(1) == Some(&"as");
    !is_assigned && !words.first().is_some_and(|word| word.starts_with("end"))
}

fn warning(place: &Place, printed: &str) -> Error {
    let (message, hint) = match place {
        Place::Tag => (
            format!("{{{{ {printed} }}}} stands in a tag and in no value: escaped text can begin an attribute there"),
            "write it as the value of an attribute, in quotes".to_owned(),
        ),
        Place::Unquoted(name) => (
            format!("the value of '{name}' has no quotes: a space in {{{{ {printed} }}}} ends it, and another attribute begins"),
            format!("write {name}=\"{{{{ {printed} }}}}\""),
        ),
        Place::Script { .. } => (
            format!("{{{{ {printed} }}}} stands in a script, where escaping for HTML is not enough"),
            "hand it over with the filter json_script, or write it in quotes with escapejs".to_owned(),
        ),
        Place::Handler { name, .. } => (
            format!("{{{{ {printed} }}}} stands in '{name}': the browser undoes the escaping before it runs the script"),
            "put it into a data- attribute, or write it in quotes with escapejs".to_owned(),
        ),
        Place::Style => (
            format!("{{{{ {printed} }}}} stands in a style, where escaped text can add rules"),
            "choose a class by it, or give it a filter that makes a number".to_owned(),
        ),
        Place::Url(name) => (
            format!("'{name}' begins with {{{{ {printed} }}}}: with a value that begins with javascript: it is a script"),
            "use {% url %}, write the beginning of the URL before it, or accept only http and https where the value comes from".to_owned(),
        ),
        Place::ScriptUrl(name) => (
            format!("{{{{ {printed} }}}} stands in the javascript: of '{name}': the browser undoes the escaping before it runs the script"),
            "put it into a data- attribute and the script into a file".to_owned(),
        ),
        Place::Srcdoc => (
            format!("{{{{ {printed} }}}} stands in 'srcdoc', whose value is HTML again"),
            "give it the filter force_escape, so that it is escaped twice".to_owned(),
        ),
    };
    Error::new(ErrorKind::Unescaped, message).with_hint(hint)
}
