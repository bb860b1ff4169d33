//! Evaluating conditions.

use std::mem;

use super::renderer::Renderer;
use crate::error::{Error, ErrorKind};
use crate::syntax::{Condition, Form, Region, Step};
use crate::value::Value;

impl<'r> Renderer<'r> {
    /// Does the condition hold? A filter argument that does not exist makes it false, as in Django.
    ///
    /// # Errors
    /// When a filter of a condition without operators fails, or a limit is reached.
    pub fn holds(&mut self, condition: &'r Condition) -> Result<bool, Error> {
        let result = match &condition.0 {
            Form::Plain(expression) if expression.filters.is_empty() => self
                .with_head(&expression.head, |_, value| value.is_true())
                .map(|truth| truth.unwrap_or(false)),
            _ => self.eval_condition(condition).map(|value| value.is_true()),
        };
        match result {
            Err(error) if error.kind() == ErrorKind::Variable => Ok(false),
            other => other,
        }
    }

    /// What the condition is in Python: `a or b` is one of the two.
    ///
    /// # Errors
    /// As [`Renderer::holds`], and `Variable` for a filter argument that does not exist.
    pub fn eval_condition(&mut self, condition: &'r Condition) -> Result<Value<'r>, Error> {
        match &condition.0 {
            Form::Plain(expression) => self.eval_or_none(expression),
            Form::Program { steps, regions } => {
                let mut stack = mem::take(&mut self.stack);
                stack.clear();
                let result = self.run(steps, regions, &mut stack);
                self.stack = stack;
                result
            }
        }
    }

    /// An operand that fails makes its operator false, as in Django; what is no matter of values stays an error.
    fn run(
        &mut self,
        steps: &'r [Step],
        regions: &'r [Region],
        stack: &mut Vec<Value<'r>>,
    ) -> Result<Value<'r>, Error> {
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
                Step::Compare(comparison) => {
                    let right = pop(stack);
                    let left = pop(stack);
                    self.spend(comparison.items(&right))?;
                    stack.push(Value::Bool(comparison.holds(&left, &right)));
                }
                Step::And(_) if stack.last().is_some_and(Value::is_true) => drop(pop(stack)),
                Step::Or(_) if !stack.last().is_some_and(Value::is_true) => drop(pop(stack)),
                Step::And(end) | Step::Or(end) => at = *end,
            }
        }
        Ok(pop(stack))
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
