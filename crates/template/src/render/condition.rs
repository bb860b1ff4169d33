//! Evaluating conditions.

use std::mem;

use super::renderer::Renderer;
use crate::error::{Error, ErrorKind};
use crate::syntax::{Condition, Region, Step};
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
            Condition::Program { steps, regions } => {
                let mut stack = mem::take(&mut self.stack);
                stack.clear();
                let result = self.run(steps, regions, &mut stack);
                self.stack = stack;
                result
            }
        };
        match result {
            Err(error) if error.kind() == ErrorKind::Variable => Ok(false),
            other => other,
        }
    }

    /// An operand that fails makes its operator false, as in Django; what is no matter of values stays an error.
    fn run(
        &mut self,
        steps: &'r [Step],
        regions: &'r [Region],
        stack: &mut Vec<Value<'r>>,
    ) -> Result<bool, Error> {
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            at += 1;
            match step {
                Step::Load(expression) => match self.eval_or_none(expression) {
                    Ok(value) => stack.push(value),
                    Err(error) if is_silent(error.kind()) => {
                        let inside =
                            |region: &&Region| (region.start..region.end).contains(&(at - 1));
                        let region = regions.iter().find(inside).ok_or(error)?;
                        stack.truncate(region.height);
                        stack.push(Value::Bool(false));
                        at = region.end;
                    }
                    Err(error) => return Err(error),
                },
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

/// Errors of a value that a filter cannot work with. Limits and relations that are not loaded are no matter of the value.
fn is_silent(kind: ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::Limit
            | ErrorKind::Depth
            | ErrorKind::Unloaded
            | ErrorKind::NotFound
            | ErrorKind::Load
    )
}
