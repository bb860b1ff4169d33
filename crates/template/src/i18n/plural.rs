//! The rule of a catalogue which of its plural forms a number takes: an expression in C, read and evaluated within limits.

/// The longest rule that is read, and how deep it may nest. The longest one of gettext's manual has 130 characters.
const LONGEST: usize = 2000;
const DEEPEST: usize = 50;
/// No language has more than six.
const MOST_FORMS: usize = 20;

/// Which plural form a number takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plural {
    forms: usize,
    rule: Expr,
}

#[derive(Clone, Debug, PartialEq)]
enum Expr {
    Count,
    Number(i64),
    Not(Box<Expr>),
    Two(Operator, Box<Expr>, Box<Expr>),
    Choice(Box<(Expr, Expr, Expr)>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Longer ones first: `<=` begins with `<`. The number is how tightly it binds.
const OPERATORS: [(&str, Operator, u8); 13] = [
    ("||", Operator::Or, 1),
    ("&&", Operator::And, 2),
    ("==", Operator::Equal, 3),
    ("!=", Operator::Unequal, 3),
    ("<=", Operator::LessEqual, 4),
    (">=", Operator::GreaterEqual, 4),
    ("<", Operator::Less, 4),
    (">", Operator::Greater, 4),
    ("+", Operator::Add, 5),
    ("-", Operator::Subtract, 5),
    ("*", Operator::Multiply, 6),
    ("/", Operator::Divide, 6),
    ("%", Operator::Remainder, 6),
];

impl Default for Plural {
    /// The rule of English: one is singular, all else is plural.
    fn default() -> Self {
        let (count, one) = (Box::new(Expr::Count), Box::new(Expr::Number(1)));
        Self {
            forms: 2,
            rule: Expr::Two(Operator::Unequal, count, one),
        }
    }
}

impl Plural {
    /// Reads `nplurals=2; plural=(n != 1);`.
    pub(super) fn parse(header: &str) -> Result<Self, String> {
        if header.len() > LONGEST {
            return Err("the rule of plurals is too long".to_owned());
        }
        let part = |name: &str| {
            header.split(';').find_map(|part| {
                let (key, value) = part.split_once('=')?;
                (key.trim() == name).then_some(value)
            })
        };
        let forms = part("nplurals").and_then(|count| count.trim().parse().ok());
        let Some(forms) = forms.filter(|count| (1..=MOST_FORMS).contains(count)) else {
            return Err("no usable number of plural forms (nplurals)".to_owned());
        };
        let text = part("plural").ok_or("no rule of plurals (plural)")?;
        let mut reader = Reader {
            rest: text.trim_start(),
        };
        let rule = reader.choice(0)?;
        if !reader.rest.is_empty() {
            return Err(format!("the rule of plurals is wrong at '{}'", reader.rest));
        }
        Ok(Self { forms, rule })
    }

    /// The form of a number; the first one where the rule gives no answer.
    pub(super) fn form(&self, count: i64) -> usize {
        let form = self
            .rule
            .value(count)
            .and_then(|at| usize::try_from(at).ok());
        form.filter(|at| *at < self.forms).unwrap_or(0)
    }
}

impl Expr {
    /// Nothing for a division by zero and numbers beyond 64 bits.
    fn value(&self, count: i64) -> Option<i64> {
        Some(match self {
            Self::Count => count,
            Self::Number(number) => *number,
            Self::Not(inner) => i64::from(inner.value(count)? == 0),
            Self::Choice(parts) => {
                let (test, yes, no) = &**parts;
                let taken = if test.value(count)? == 0 { no } else { yes };
                taken.value(count)?
            }
            Self::Two(operator, left, right) => {
                let left = left.value(count)?;
                // The right side of these may be one that has no value.
                match (operator, left != 0) {
                    (Operator::Or, true) => return Some(1),
                    (Operator::And, false) => return Some(0),
                    _ => {}
                }
                operator.apply(left, right.value(count)?)?
            }
        })
    }
}

impl Operator {
    fn apply(self, left: i64, right: i64) -> Option<i64> {
        let truth = |yes: bool| Some(i64::from(yes));
        match self {
            Self::Or | Self::And => truth(right != 0),
            Self::Equal => truth(left == right),
            Self::Unequal => truth(left != right),
            Self::Less => truth(left < right),
            Self::LessEqual => truth(left <= right),
            Self::Greater => truth(left > right),
            Self::GreaterEqual => truth(left >= right),
            Self::Add => left.checked_add(right),
            Self::Subtract => left.checked_sub(right),
            Self::Multiply => left.checked_mul(right),
            Self::Divide => left.checked_div_euclid(right),
            Self::Remainder => left.checked_rem_euclid(right),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// `test ? yes : no`, or less.
    fn choice(&mut self, depth: usize) -> Result<Expr, String> {
        if depth > DEEPEST {
            return Err("the rule of plurals is nested too deeply".to_owned());
        }
        let test = self.binary(depth, 1)?;
        if !self.take("?") {
            return Ok(test);
        }
        let yes = self.choice(depth + 1)?;
        if !self.take(":") {
            return Err("a '?' without its ':' in the rule of plurals".to_owned());
        }
        let no = self.choice(depth + 1)?;
        Ok(Expr::Choice(Box::new((test, yes, no))))
    }

    /// Operators that bind at least as tightly as `least`.
    fn binary(&mut self, depth: usize, least: u8) -> Result<Expr, String> {
        let mut left = self.single(depth)?;
        let mut length = 0;
        while let Some((text, operator, binds)) = OPERATORS
            .into_iter()
            .find(|(text, _, binds)| *binds >= least && self.rest.starts_with(text))
        {
            length += 1;
            if length > DEEPEST {
                return Err("the rule of plurals is nested too deeply".to_owned());
            }
            self.take(text);
            let right = self.binary(depth + 1, binds + 1)?;
            left = Expr::Two(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn single(&mut self, depth: usize) -> Result<Expr, String> {
        if depth > DEEPEST {
            return Err("the rule of plurals is nested too deeply".to_owned());
        }
        if self.take("(") {
            let inner = self.choice(depth + 1)?;
            return if self.take(")") {
                Ok(inner)
            } else {
                Err("a '(' without its ')' in the rule of plurals".to_owned())
            };
        }
        if self.take("!") {
            return Ok(Expr::Not(Box::new(self.single(depth + 1)?)));
        }
        if self.take("n") {
            return Ok(Expr::Count);
        }
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.rest.split_at(digits);
        let number = number
            .parse()
            .map_err(|_| format!("the rule of plurals is wrong at '{}'", self.rest))?;
        self.rest = rest.trim_start();
        Ok(Expr::Number(number))
    }

    fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expect: &[(i64, usize)]) {
        let plural = Plural::parse(header).unwrap();
        for (count, form) in expect {
            assert_eq!(plural.form(*count), *form, "{header} for {count}");
        }
    }

    #[test]
    fn rules_choose_the_forms_of_their_languages() {
        check("nplurals=2; plural=(n != 1);", &[(0, 1), (1, 0), (2, 1)]);
        check("nplurals=2; plural=n > 1", &[(0, 0), (1, 0), (2, 1)]);
        check("nplurals=1; plural=0;", &[(0, 0), (1, 0), (7, 0)]);
        check(
            "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;",
            &[(1, 0), (2, 1), (5, 2), (11, 2), (21, 0), (112, 2), (122, 1)],
        );
    }

    #[test]
    fn a_rule_without_an_answer_takes_the_first_form() {
        check("nplurals=2; plural=n/0;", &[(1, 0)]);
        check("nplurals=2; plural=7;", &[(1, 0)]);
        check("nplurals=2; plural=n*9223372036854775807;", &[(3, 0)]);
    }

    #[test]
    fn rules_that_would_exhaust_the_stack_are_refused() {
        for nested in ["(", "!", "n?", "n?n:", "n+", "n||n&&n=="] {
            let header = format!("nplurals=2; plural={}n;", nested.repeat(400));
            assert!(Plural::parse(&header).is_err(), "{nested}");
        }
        assert!(Plural::parse(&format!("nplurals=2; plural={};", "n".repeat(9000))).is_err());
        assert!(Plural::parse("nplurals=2; plural=__import__('os')").is_err());
        assert!(Plural::parse("nplurals=99; plural=0").is_err());
    }
}
