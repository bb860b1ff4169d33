//! What a regular expression matches at the least: the forms in which a URL is written from it.

/// One way to write a URL: text, and parameters between.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) parts: Vec<FormPart>,
    /// The parameters that have to be given, in order; those of groups without a name are `_0`, `_1`.
    pub(super) params: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormPart {
    Text(String),
    Param(String),
}

/// More ways than this are not told apart: a hostile pattern would have billions.
const MOST_FORMS: usize = 256;

/// Longer texts are not made of a repetition.
const MOST_REPEATS: usize = 1000;

/// A piece of the expression.
#[derive(Debug, Clone)]
enum Piece {
    Text(char),
    /// A group that captures; without a parameter when it repeats one that is there already.
    Group(String, bool),
    Sequence(Vec<Piece>),
    /// Nothing, or this.
    Maybe(Box<Piece>),
}

/// The forms of an expression in Python's dialect: groups once, repetitions as seldom as they may, one
/// letter of a class, and no look-around. `None` for what cannot be written, such as groups with flags.
///
/// # Django
/// `django.utils.regex_helper.normalize`.
pub(super) fn normalize(pattern: &str) -> Option<Vec<Form>> {
    let mut reader = Reader {
        rest: pattern.chars(),
        is_cut_off: false,
    };
    match reader.pieces() {
        Ok(_) if reader.is_cut_off => None,
        Ok(pieces) => Some(flatten(&Piece::Sequence(pieces))),
        Err(Stop::Alternatives) => Some(vec![Form::default()]),
        Err(Stop::End | Stop::Unwritable) => None,
    }
}

/// The forms of an expression as text, `%(name)s` for a parameter, each with its parameters; `None` when
/// no URL can be written from it.
///
/// ```
/// let forms = nuages_web::regex_normalize(r"^posts/(?:(?P<year>\d{4})/)?$").unwrap();
/// assert_eq!(forms[0].0, "posts/");
/// assert_eq!(forms[1], ("posts/%(year)s/".to_owned(), vec!["year".to_owned()]));
/// ```
///
/// # Django
/// `django.utils.regex_helper.normalize`.
pub fn regex_normalize(pattern: &str) -> Option<Vec<(String, Vec<String>)>> {
    let forms = normalize(pattern)?.into_iter();
    Some(forms.map(|form| (form.text(), form.params)).collect())
}

/// What begins with a bracket.
enum Opened {
    /// A group as a whole.
    Group(Piece),
    /// Look-around, which writes nothing.
    Nothing,
    /// A group that does not capture, whose end is still to come.
    Sequence,
}

enum Stop {
    /// The expression ends too soon; what was read until then counts.
    End,
    /// One of several: Django writes nothing then.
    Alternatives,
    Unwritable,
}

struct Reader<'p> {
    rest: std::str::Chars<'p>,
    /// A backslash was the last letter.
    is_cut_off: bool,
}

impl Reader<'_> {
    /// The next letter, and whether it was escaped; classes give a letter of theirs.
    fn next(&mut self) -> Option<(char, bool)> {
        loop {
            let c = self.rest.next()?;
            if c != '\\' {
                return Some((c, false));
            }
            let Some(escaped) = self.rest.next() else {
                self.is_cut_off = true;
                return None;
            };
            match escaped {
                // Places, not letters.
                'A' | 'b' | 'B' | 'Z' | 'z' => {}
                'd' => return Some(('0', true)),
                's' => return Some((' ', true)),
                'D' | 'S' | 'w' => return Some(('x', true)),
                'W' => return Some(('!', true)),
                c => return Some((c, true)),
            }
        }
    }

    fn pieces(&mut self) -> Result<Vec<Piece>, Stop> {
        let mut pieces: Vec<Piece> = Vec::new();
        match self.read_into(&mut pieces) {
            Ok(()) | Err(Stop::End) => Ok(pieces),
            Err(stop) => Err(stop),
        }
    }

    fn read_into(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Stop> {
        let mut open: Vec<usize> = Vec::new();
        let mut positional = 0;
        let mut ahead = self.next();
        while let Some((c, is_escaped)) = ahead {
            ahead = None;
            let mut has_ahead = false;
            match c {
                _ if is_escaped => pieces.push(Piece::Text(c)),
                '|' => return Err(Stop::Alternatives),
                '^' => {}
                '$' => break,
                ')' => {
                    let start = open.pop().ok_or(Stop::Unwritable)?;
                    let inner = pieces.split_off(start.min(pieces.len()));
                    pieces.push(Piece::Sequence(inner));
                }
                '[' => {
                    let Some((first, _)) = self.next() else { break };
                    pieces.push(Piece::Text(first));
                    while self.next().is_some_and(|next| next != (']', false)) {}
                }
                '(' => match self.group(&mut positional)? {
                    Opened::Group(piece) => pieces.push(piece),
                    Opened::Nothing => {}
                    Opened::Sequence => open.push(pieces.len()),
                },
                '*' | '?' | '+' | '{' => {
                    let (least, next) = self.quantifier(c)?;
                    ahead = next;
                    has_ahead = next.is_some();
                    if pieces.is_empty() && least != 1 {
                        return Err(Stop::Unwritable);
                    }
                    repeat(pieces, least);
                }
                _ => pieces.push(Piece::Text(c)),
            }
            if !has_ahead {
                ahead = self.next();
            }
        }
        Ok(())
    }

    /// What comes after `(`.
    fn group(&mut self, positional: &mut usize) -> Result<Opened, Stop> {
        let first = self.next().ok_or(Stop::End)?;
        if first != ('?', false) {
            let name = format!("_{positional}");
            *positional += 1;
            if first != (')', false) {
                self.walk_to_end(first == ('(', false));
            }
            return Ok(Opened::Group(Piece::Group(name, true)));
        }
        match self.next().ok_or(Stop::End)?.0 {
            '!' | '=' | '<' => {
                self.walk_to_end(false);
                Ok(Opened::Nothing)
            }
            ':' => Ok(Opened::Sequence),
            'P' => {
                let end = match self.next().ok_or(Stop::End)?.0 {
                    '<' => '>',
                    '=' => ')',
                    _ => return Err(Stop::Unwritable),
                };
                let mut name = String::new();
                loop {
                    match self.next().ok_or(Stop::End)?.0 {
                        c if c == end => break,
                        c => name.push(c),
                    }
                }
                if end == '>' {
                    self.walk_to_end(false);
                }
                Ok(Opened::Group(Piece::Group(name, end == '>')))
            }
            _ => Err(Stop::Unwritable),
        }
    }

    fn walk_to_end(&mut self, is_nested: bool) {
        let mut depth = usize::from(is_nested);
        while let Some((c, is_escaped)) = self.next() {
            match c {
                _ if is_escaped => {}
                '(' => depth += 1,
                ')' if depth == 0 => return,
                ')' => depth -= 1,
                _ => {}
            }
        }
    }

    /// How often at the least, and the letter after it.
    fn quantifier(&mut self, c: char) -> Result<(usize, Option<(char, bool)>), Stop> {
        let least = match c {
            '+' => 1,
            '{' => {
                let mut text = String::new();
                loop {
                    match self.next().ok_or(Stop::End)?.0 {
                        '}' => break,
                        c => text.push(c),
                    }
                }
                let least = text.split(',').next().unwrap_or("");
                least.parse().map_err(|_| Stop::Unwritable)?
            }
            _ => 0,
        };
        let next = self.next().filter(|(next, _)| *next != '?');
        Ok((least, next))
    }
}

fn repeat(pieces: &mut Vec<Piece>, least: usize) {
    let Some(last) = pieces.pop() else { return };
    match least {
        0 if has_group(&last) => pieces.push(Piece::Maybe(Box::new(last))),
        0 => {}
        _ => pieces.extend(std::iter::repeat_n(last, least.min(MOST_REPEATS))),
    }
}

fn has_group(piece: &Piece) -> bool {
    match piece {
        Piece::Group(..) => true,
        Piece::Sequence(pieces) => pieces.iter().any(has_group),
        Piece::Text(_) | Piece::Maybe(_) => false,
    }
}

fn flatten(piece: &Piece) -> Vec<Form> {
    match piece {
        Piece::Text(c) => vec![Form {
            parts: vec![FormPart::Text(c.to_string())],
            params: Vec::new(),
        }],
        Piece::Group(name, is_param) => vec![Form {
            parts: vec![FormPart::Param(name.clone())],
            params: is_param.then(|| name.clone()).into_iter().collect(),
        }],
        Piece::Maybe(inner) => {
            let mut forms = vec![Form::default()];
            forms.extend(flatten(inner));
            forms
        }
        Piece::Sequence(pieces) => {
            let mut forms = vec![Form::default()];
            for piece in pieces {
                let inner = flatten(piece);
                let joined = forms
                    .iter()
                    .flat_map(|form| inner.iter().map(move |next| form.then(next)));
                forms = joined.take(MOST_FORMS).collect();
            }
            forms
        }
    }
}

impl Form {
    fn text(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            FormPart::Text(text) => text.clone(),
            FormPart::Param(name) => format!("%({name})s"),
        });
        parts.collect()
    }

    fn then(&self, next: &Self) -> Self {
        let mut joined = self.clone();
        for part in &next.parts {
            match (joined.parts.last_mut(), part) {
                (Some(FormPart::Text(known)), FormPart::Text(more)) => known.push_str(more),
                _ => joined.parts.push(part.clone()),
            }
        }
        joined.params.extend(next.params.iter().cloned());
        joined
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(pattern: &str, expect: &[&str]) {
        let texts = regex_normalize(pattern).unwrap();
        let texts: Vec<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, expect, "{pattern}");
    }

    #[test]
    fn expressions_are_written_at_their_shortest() {
        check(r"^a/(\d+)/$", &["a/%(_0)s/"]);
        check(r"^(?P<x>\w{2})-b{2,4}c+d*e?$", &["%(x)s-bbc"]);
        check(r"^(?:(?P<x>\d+)/)?y", &["y", "%(x)s/y"]);
        check(r"[abc]\d\w\W.", &["a0x!."]);
        check(r"(?=a)(?!b)c", &["c"]);
        check("a|b", &[""]);
        check("(?P<n>a)(?P=n)", &["%(n)s%(n)s"]);
        assert_eq!(normalize("(?i:a)"), None);
    }

    proptest! {
        #[test]
        fn any_expression_can_be_read(pattern in "[a-z(){}\\[\\]?*+|^$\\\\P<>=!:,0-9]{0,40}") {
            let forms = normalize(&pattern);
            prop_assert!(forms.is_none_or(|forms| forms.len() <= MOST_FORMS));
        }
    }
}
