//! `django.template`: the lexer, variables, expressions.

use std::sync::{Arc, Mutex};

use nuages_template::{
    Condition, Context, Engine, Error, Expression, Library, Parser, Renderer, Tag, TokenKind,
    Value, Variable, split_contents, tokenize,
};
use serde_json::{Value as Json, json};

use super::{Answer, Call};
use crate::conformance::describe;
use crate::conformance::services::Recorded;
use crate::conformance::values::{to_json, value};

/// What is an operator in a list of tokens; everything else is an operand.
const OPERATORS: [&str; 11] = [
    "or", "and", "not", "in", "is", "==", "!=", ">", ">=", "<", "<=",
];

pub(super) fn run(call: &Call<'_>) -> Answer {
    Some(match call.name {
        "FilterExpression.resolve" => {
            let ignore = call.flag(2, "ignore_failures");
            asked(call, move |parser, source| {
                let expression = parser.expression(source)?;
                Ok(Question::Expression(expression, ignore))
            })?
        }
        "Variable.resolve" => match call.value(0, "var")? {
            number @ Value::Int(_) => Ok(to_json(&number)),
            float @ Value::Float(_) => Ok(to_json(&float)),
            text if text.as_str().is_some() => asked(call, |parser, source| {
                Ok(Question::Variable(parser.variable(source)?))
            })?,
            _ => Err(Error::new(
                nuages_template::ErrorKind::Type,
                "only text can name a variable",
            )),
        },
        "eval" => condition(call)?,
        "Token.split_contents" => Ok(Json::from(split_contents(&call.text(0, "contents")?))),
        "Lexer.tokenize" => Ok(tokens(&call.text(0, "source")?, false)),
        "DebugLexer.tokenize" => Ok(tokens(&call.text(0, "source")?, true)),
        _ => return None,
    })
}

fn tokens(source: &str, places: bool) -> Json {
    let chars = |end: usize| source[..end].chars().count();
    let tokens = tokenize(source);
    let tokens = tokens.iter().map(|token| {
        let kind = match token.kind {
            TokenKind::Text => "TEXT",
            TokenKind::Variable => "VAR",
            TokenKind::Block => "BLOCK",
            TokenKind::Comment => "COMMENT",
        };
        let line = source[..token.offset].matches('\n').count() + 1;
        let place = places.then(|| json!({ "$tuple": [chars(token.offset), chars(token.end)] }));
        json!({ "$tuple": [kind, token.contents, line, place] })
    });
    Json::from(tokens.collect::<Vec<_>>())
}

/// What a template is asked for.
#[derive(Debug)]
enum Question {
    Expression(Expression, bool),
    Variable(Variable),
    Condition(Condition),
}

/// A tag that remembers what an expression of the test is in its place.
#[derive(Debug)]
struct Ask(Question, Arc<Mutex<Json>>);

impl Tag for Ask {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let value = match &self.0 {
            Question::Expression(expression, true) => renderer.eval_or_none(expression)?,
            Question::Expression(expression, false) => renderer.eval(expression)?,
            Question::Variable(variable) => renderer.resolve(variable)?,
            Question::Condition(condition) => renderer.eval_condition(condition)?,
        };
        *self.1.lock().unwrap() = to_json(&value);
        Ok(())
    }
}

/// The value of the first argument in the context that is the second one.
fn asked(
    call: &Call<'_>,
    compile: impl Fn(&mut Parser<'_>, &str) -> Result<Question, Error> + Send + Sync + 'static,
) -> Option<Result<Json, Error>> {
    let source = call.text(0, "source")?;
    let engine = describe(call.record).build();
    let context = context(call.args.get(1).copied()?, &engine)?;
    Some(answered(call, &context, move |parser| {
        compile(parser, &source)
    }))
}

/// The value of a condition whose operands are values.
fn condition(call: &Call<'_>) -> Option<Result<Json, Error>> {
    let (mut context, mut words) = (Context::new(), Vec::new());
    for (at, token) in call.args.first()?.as_array()?.iter().enumerate() {
        if let Some(word) = token.as_str().filter(|word| OPERATORS.contains(word)) {
            words.push(word.to_owned());
            continue;
        }
        let name = format!("operand{at}");
        context.set(name.clone(), value(token, &call.engine).ok()?);
        words.push(name);
    }
    Some(answered(call, &context, move |parser| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Ok(Question::Condition(Condition::compile(parser, &words)?))
    }))
}

/// What a template gets for the question.
fn answered(
    call: &Call<'_>,
    context: &Context<'_>,
    compile: impl Fn(&mut Parser<'_>) -> Result<Question, Error> + Send + Sync + 'static,
) -> Result<Json, Error> {
    let seen = Arc::new(Mutex::new(Json::Null));
    let told = seen.clone();
    let library = Library::new().tag("ask", move |parser, _| {
        Ok(Box::new(Ask(compile(parser)?, told.clone())))
    });
    let engine = describe(call.record).library(library).build();
    let page = engine.from_str("{% ask %}")?;
    page.render(context, &Recorded::new(call.record))?;
    Ok(seen.lock().unwrap().take())
}

/// A dictionary as a context.
fn context(json: &Json, engine: &Engine) -> Option<Context<'static>> {
    let mut context = Context::new();
    for pair in json["$dict"].as_array()? {
        let name = pair[0].as_str()?.to_owned();
        context.set(name, value(&pair[1], engine).ok()?);
    }
    Some(context)
}
