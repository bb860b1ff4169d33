//! `django.template`: the lexer, variables, expressions.

use std::sync::{Arc, Mutex};

use nuages_template::{
    Context, Engine, Error, Expression, Library, Parser, Renderer, Tag, TokenKind, Value, Variable,
    split_contents, tokenize,
};
use serde_json::{Value as Json, json};

use super::{Answer, Call};
use crate::conformance::describe;
use crate::conformance::services::Recorded;
use crate::conformance::values::{to_json, value};

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
    let (source, seen) = (call.text(0, "source")?, Arc::new(Mutex::new(Json::Null)));
    let told = seen.clone();
    let library = Library::new().tag("ask", move |parser, _| {
        Ok(Box::new(Ask(compile(parser, &source)?, told.clone())))
    });
    let engine = describe(call.record).library(library).build();
    let context = context(call.args.get(1).copied()?, &engine)?;
    let rendered = engine
        .from_str("{% ask %}")
        .and_then(|page| page.render(&context, &Recorded::new(call.record)));
    Some(rendered.map(|_| seen.lock().unwrap().take()))
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
