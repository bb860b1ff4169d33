//! `Renderer`: the state of one rendering, and what tags may do with it.

use std::fmt;
use std::mem;

use super::budget::Budget;
use super::env::Env;
use super::inherit::Blocks;
use super::loops::{Changed, Loop};
use super::scopes::{Name, Scopes};
use crate::context::{Key, hash_name};
use crate::engine::Engine;
use crate::error::Error;
use crate::formats::{Locale, LocaleState};
use crate::nodes::Block;
use crate::services::Services;
use crate::template::Compiled;
use crate::value::Value;

/// How many languages and time zones a rendering remembers.
const MOST_LOCALES: usize = 200;

/// One rendering, as a tag sees it: variables, services, and the output.
pub struct Renderer<'r> {
    pub(crate) env: &'r Env<'r>,
    pub(super) out: String,
    pub(crate) scopes: Scopes<'r>,
    pub(crate) loops: Vec<Loop<'r>>,
    /// Loops below are out of sight.
    pub(super) loop_floor: usize,
    pub(super) base_hidden: bool,
    pub(crate) frame: Frame<'r>,
    pub(super) autoescape: bool,
    /// The language and time zone here.
    pub(crate) locale: &'r LocaleState,
    /// Those that tags have made so far.
    locales: Vec<&'r LocaleState>,
    page: &'r Compiled,
    budget: Budget,
    /// The templates that this rendering used so far: a loop of includes asks the engine once.
    templates: Vec<&'r Compiled>,
    /// The stack of conditions, kept for the next one.
    pub(super) stack: Vec<Value<'r>>,
}

/// What belongs to one template and is not seen by those it includes.
#[derive(Default)]
pub(crate) struct Frame<'r> {
    pub(crate) blocks: Blocks<'r>,
    /// The position of each `{% cycle %}`, by its address.
    pub(crate) cycles: Vec<(usize, usize)>,
    /// What `{% ifchanged %}` outside of loops saw last, by the tag's address.
    pub(crate) changed: Vec<(usize, Changed<'r>)>,
}

impl<'r> Renderer<'r> {
    pub(crate) fn new(env: &'r Env<'r>, page: &'r Compiled) -> Self {
        Self {
            env,
            out: String::with_capacity(page.size_hint()),
            scopes: Scopes::default(),
            loops: Vec::new(),
            loop_floor: 0,
            base_hidden: false,
            frame: Frame::default(),
            autoescape: env.base.autoescape() && env.engine.0.autoescape,
            locale: env.arena.first_locale.get_or_init(|| env.base.locale()),
            locales: Vec::new(),
            page,
            budget: Budget::new(env.engine.0.limits),
            templates: Vec::new(),
            stack: Vec::new(),
        }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// The services of the application.
    pub fn services(&self) -> &'r dyn Services {
        self.env.services
    }

    /// The engine.
    pub fn engine(&self) -> &'r Engine {
        self.env.engine
    }

    /// Is autoescaping on here?
    pub fn autoescape(&self) -> bool {
        self.autoescape
    }

    /// Runs with autoescaping on or off.
    pub(crate) fn with_autoescape<T>(&mut self, on: bool, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = mem::replace(&mut self.autoescape, on);
        let result = run(self);
        self.autoescape = before;
        result
    }

    /// The language and time zone in which values are shown here.
    pub fn locale(&self) -> Locale<'r> {
        Locale::of(self.env.services, self.locale)
    }

    /// The state for as long as the rendering lasts; one that was there before is taken again, so that a loop of
    /// `{% language %}` takes no memory.
    fn kept_locale(&mut self, state: LocaleState) -> &'r LocaleState {
        if let Some(known) = self.locales.iter().find(|known| known.is_like(&state)) {
            return known;
        }
        let kept = self.env.arena.locales.keep(state);
        if self.locales.len() < MOST_LOCALES {
            self.locales.push(kept);
        }
        kept
    }

    /// Runs with another language, time zone or way of showing values.
    pub(crate) fn with_locale<T>(
        &mut self,
        change: impl FnOnce(&mut LocaleState),
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let changed = self.kept_locale(self.locale.changed(change));
        let before = mem::replace(&mut self.locale, changed);
        let result = run(self);
        self.locale = before;
        result
    }

    /// The variable `name`, for as long as the rendering lasts.
    pub fn get(&self, name: &str) -> Option<Value<'r>> {
        self.lookup(Key::of(name))
    }

    pub(crate) fn lookup(&self, key: Key<'_>) -> Option<Value<'r>> {
        match self.scopes.get(key) {
            // Variables of scopes are held by the arena: a copy of one is a copy of a pointer.
            Some(binding) => Some(binding.value.clone()),
            None => self.base(key).map(Value::reborrow),
        }
    }

    /// The caller's variable, where it can be seen.
    #[inline]
    pub(super) fn base(&self, key: Key<'_>) -> Option<&'r Value<'r>> {
        if self.base_hidden {
            return None;
        }
        self.env.base.get_ref(key)
    }

    /// Sets a variable in the innermost scope.
    pub fn set(&mut self, name: &'r Name, value: impl Into<Value<'r>>) {
        let value = self.env.hold(value.into());
        self.scopes.set(name.as_str(), name.hash(), value);
    }

    /// Sets a variable whose name is not known before rendering.
    pub fn set_text(&mut self, name: &str, value: impl Into<Value<'r>>) {
        let value = self.env.hold(value.into());
        self.scopes
            .set(self.env.hold_text(name), hash_name(name), value);
    }

    /// Runs in a scope of its own: variables set in it are forgotten afterwards.
    ///
    /// # Errors
    /// Those of `run`.
    pub fn scoped<T>(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.scopes.push();
        let result = run(self)?;
        self.scopes.pop();
        Ok(result)
    }

    /// Runs in a scope that sees no variable of the template around it.
    ///
    /// # Errors
    /// Those of `run`.
    pub fn isolated<T>(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let floor = self.scopes.hide();
        let loops = mem::replace(&mut self.loop_floor, self.loops.len());
        let hidden = mem::replace(&mut self.base_hidden, true);
        let result = self.scoped(run)?;
        self.base_hidden = hidden;
        self.loop_floor = loops;
        self.scopes.reveal(floor);
        Ok(result)
    }

    /// Collects what `run` writes instead of writing it.
    ///
    /// # Errors
    /// Those of `run`.
    pub fn capture(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<String, Error> {
        let before = mem::take(&mut self.out);
        let held = before.len();
        self.budget.hold(held);
        let result = run(self);
        self.budget.release(held);
        let captured = mem::replace(&mut self.out, before);
        result.map(|()| captured)
    }

    /// Renders a template in the current scope, with cycles and blocks of its own.
    pub(crate) fn render_included(&mut self, template: &'r Compiled) -> Result<(), Error> {
        let frame = mem::take(&mut self.frame);
        let page = mem::replace(&mut self.page, template);
        template.nodes.render(self)?;
        self.page = page;
        self.frame = frame;
        Ok(())
    }

    /// Renders a template or one of its partials in the current scope.
    pub(crate) fn render_part(
        &mut self,
        template: &'r Compiled,
        part: Option<&'r Block>,
    ) -> Result<(), Error> {
        let Some(part) = part else {
            return self.render_included(template);
        };
        let frame = mem::take(&mut self.frame);
        let page = mem::replace(&mut self.page, template);
        part.nodes.render(self)?;
        self.page = page;
        self.frame = frame;
        Ok(())
    }

    /// Renders the template `name`, or the partial of `name#partial`, in the current scope.
    pub(crate) fn render_named(&mut self, name: &str) -> Result<(), Error> {
        let Some((file, part)) = name.split_once('#') else {
            let template = self.template(name)?;
            return self.render_included(template);
        };
        let template = self.template(file)?;
        let part = template
            .partials
            .iter()
            .find(|known| known.name.as_str() == part);
        let part = part.ok_or_else(|| Error::not_found(name))?;
        self.render_part(template, Some(part))
    }

    /// Sets a variable in the scope that has it, else in the innermost one.
    pub(crate) fn set_upward(&mut self, name: &'r Name, value: Value<'r>) {
        let value = self.env.hold(value);
        self.scopes.set_upward(name.as_str(), name.hash(), value);
    }

    /// What `{% ifchanged %}` tags saw last: in the innermost loop, or in the template.
    pub(crate) fn changed(&mut self) -> &mut Vec<(usize, Changed<'r>)> {
        match self
            .loops
            .get_mut(self.loop_floor..)
            .and_then(<[_]>::last_mut)
        {
            Some(current) => &mut current.changed,
            None => &mut self.frame.changed,
        }
    }

    /// The template `name`; asked again in the same rendering, it is the same one.
    pub(crate) fn template(&mut self, name: &str) -> Result<&'r Compiled, Error> {
        if let Some(known) = self.templates.iter().find(|template| template.name == name) {
            return Ok(known);
        }
        let found = self.env.template(name)?;
        self.templates.push(found);
        Ok(found)
    }

    pub(crate) fn page(&self) -> &'r Compiled {
        self.page
    }

    pub(super) fn set_page(&mut self, page: &'r Compiled) {
        self.page = page;
    }

    /// Goes one level down, to render so many nodes.
    #[inline]
    pub(crate) fn enter(&mut self, nodes: usize) -> Result<(), Error> {
        self.budget.enter(nodes, self.env.services)
    }

    pub(crate) fn leave(&mut self) {
        self.budget.leave();
    }

    /// Is the output still within its limit?
    #[inline]
    pub(crate) fn check_output(&self) -> Result<(), Error> {
        self.budget.check_output(self.out.len())
    }

    /// Counts the work that a filter had with a text or list of so many bytes, and refuses one beyond the limit.
    #[inline]
    pub(super) fn check_made(&mut self, bytes: usize) -> Result<(), Error> {
        self.budget.check_made(bytes, self.env.services)
    }

    /// Counts the work of going through so many items.
    #[inline]
    pub(crate) fn spend(&mut self, items: usize) -> Result<(), Error> {
        self.budget.spend(items, self.env.services)
    }

    /// All variables that are visible here, innermost last.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &Value<'r>)> {
        let base = if self.base_hidden {
            None
        } else {
            Some(self.env.base.iter())
        };
        base.into_iter().flatten().chain(self.scopes.iter())
    }
}

impl fmt::Debug for Renderer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renderer")
            .field("page", &self.page.name)
            .finish_non_exhaustive()
    }
}
