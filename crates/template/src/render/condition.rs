//! Evaluating conditions.

use std::mem;

use super::renderer::Renderer;
use crate::error::{Error, ErrorKind};
use crate::syntax::{Condition, Step};
use crate::value::Value;

impl<'r> Renderer<'r> {
    /// Does the condition hold? A filter argument that does not exist makes it false, as in Django.
    pub(crate) fn holds(&mut self, condition: &'r Condition) -> Result<bool, Error> {
        let result = match condition {
            Condition::Plain(expression) if expression.filters.is_empty() => self
                .with_head(&expression.head, |_, value| value.is_true())
                .map(|truth| truth.unwrap_or(false)),
            Condition::Plain(expression) => {
                self.eval_or_none(expression).map(|value| value.is_true())
            }
            Condition::Program(steps) => {
                let mut stack = mem::take(&mut self.stack);
                stack.clear();
                let result = self.run(steps, &mut stack);
                self.stack = stack;
                result
            }
        };
        match result {
            Err(error) if error.kind() == ErrorKind::Variable => Ok(false),
            other => other,
        }
    }

    fn run(&mut self, steps: &'r [Step], stack: &mut Vec<Value<'r>>) -> Result<bool, Error> {
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            at += 1;
            match step {
                Step::Load(expression) => {
                    let value = self.eval_or_none(expression)?;
                    stack.push(value);
                }
                Step::Not => {
                    let holds = pop(stack).is_true();
                    stack.push(Value::Bool(!holds));
                }
                Step::Truth => {
                    let holds = pop(stack).is_true();
                    stack.push(Value::Bool(holds));
                }
                Step::Compare(comparison) => {
                    let right = pop(stack);
                    let left = pop(stack);
                    stack.push(Value::Bool(comparison.holds(&left, &right)));
                }
                Step::And(end) => {
                    if !pop(stack).is_true() {
                        stack.push(Value::Bool(false));
                        at = *end;
                    }
                }
                Step::Or(end) => {
                    if pop(stack).is_true() {
                        stack.push(Value::Bool(true));
                        at = *end;
                    }
                }
            }
        }
        Ok(pop(stack).is_true())
    }
}

fn pop<'r>(stack: &mut Vec<Value<'r>>) -> Value<'r> {
    stack.pop().unwrap_or_default()
}
