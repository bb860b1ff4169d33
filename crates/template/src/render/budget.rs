//! `Budget`: how much a rendering may cost, and how deep it may go.
//!
//! Templates are the site's own, but their data is not: a list that a visitor makes long is walked once for each of its items
//! by a loop in a loop, and no timeout ends a computation that never waits.

use crate::engine::Limits;
use crate::error::{Error, ErrorKind};
use crate::services::Services;

/// How deep contents may be nested while rendering, includes and blocks counted in.
const DEEPEST: usize = 400;

/// After so many steps the services are asked whether the rendering is still wanted.
const INTERVAL: u64 = 4096;

/// So many bytes of a text or list that a filter made count as one step.
const BYTES_A_STEP: usize = 256;

/// What a rendering has used so far.
pub(super) struct Budget {
    limits: Limits,
    deepest: usize,
    depth: usize,
    steps: u64,
    /// The step at which to look again: in most steps there is one comparison to make.
    look: u64,
    /// Bytes of output that wait until a capture is over.
    held: usize,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            deepest: if limits.depth { DEEPEST } else { usize::MAX },
            depth: 0,
            steps: 0,
            look: INTERVAL.min(limits.steps),
            held: 0,
        }
    }

    #[inline]
    pub(super) fn enter(&mut self, nodes: usize, services: &dyn Services) -> Result<(), Error> {
        self.depth += 1;
        self.steps += 1 + nodes as u64;
        if self.depth > self.deepest {
            return Err(Error::too_deep("the rendered template"));
        }
        if self.steps > self.look {
            return self.look(services);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn hold(&mut self, bytes: usize) {
        self.held += bytes;
    }

    pub(super) fn release(&mut self, bytes: usize) {
        self.held -= bytes;
    }

    #[inline]
    pub(super) fn check_output(&self, written: usize) -> Result<(), Error> {
        self.limits.check_length(written + self.held)
    }

    #[inline]
    pub(super) fn check_made(
        &mut self,
        bytes: usize,
        services: &dyn Services,
    ) -> Result<(), Error> {
        self.steps += (bytes / BYTES_A_STEP) as u64;
        self.limits.check_length(bytes)?;
        if self.steps > self.look {
            return self.look(services);
        }
        Ok(())
    }

    /// Counts the work of a tag or an operator that goes through so many items.
    #[inline]
    pub(super) fn spend(&mut self, items: usize, services: &dyn Services) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(items as u64);
        if self.steps > self.look {
            return self.look(services);
        }
        Ok(())
    }

    #[cold]
    fn look(&mut self, services: &dyn Services) -> Result<(), Error> {
        if self.steps > self.limits.steps {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("the rendering takes more than {} steps", self.limits.steps),
            )
            .with_hint(
                "look for a loop over a long list in another loop; `max_steps` is the limit",
            ));
        }
        if services.is_cancelled() {
            return Err(Error::new(
                ErrorKind::Limit,
                "the rendering was stopped: its time is over",
            ));
        }
        self.look = (self.steps + INTERVAL).min(self.limits.steps);
        Ok(())
    }
}
