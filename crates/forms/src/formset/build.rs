//! Making the forms, filling and cleaning them.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::management::{self, INITIAL_FORMS, MAX_NUM_FORMS, MIN_NUM_FORMS, TOTAL_FORMS};
use super::options::Options;
use super::{DELETE, FormSet, ORDER};
use crate::data::FormData;
use crate::errors::{ErrorList, ValidationError};
use crate::fields::{BooleanField, Field, IntegerField};
use crate::form::Form;
use crate::value::Value;

pub(super) type Change = dyn Fn(Form, Option<usize>) -> Form + Send + Sync;
pub(super) type Hook = dyn Fn(&FormSet) -> Result<(), ErrorList> + Send + Sync;
type Initial = Vec<(Cow<'static, str>, Value)>;

/// A formset without the type that its forms clean to.
#[derive(Clone)]
pub(super) struct Core {
    pub(super) form: Form,
    pub(super) options: Options,
    pub(super) initial: Vec<Initial>,
    pub(super) changes: Vec<Arc<Change>>,
    pub(super) hooks: Vec<Arc<Hook>>,
    pub(super) built: OnceLock<Built>,
}

/// The forms, once they are made.
#[derive(Clone)]
pub(super) struct Built {
    pub(super) bound: bool,
    pub(super) management: Form,
    /// How many forms there are, and how many of them were there before, as it was said: it may be nonsense.
    pub(super) counts: (i64, i64),
    pub(super) forms: Vec<Form>,
    pub(super) errors: ErrorList,
}

/// A count as the data has it.
fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Core {
    pub(super) fn new(form: Form) -> Self {
        Self {
            form,
            options: Options::default(),
            initial: Vec::new(),
            changes: Vec::new(),
            hooks: Vec::new(),
            built: OnceLock::new(),
        }
    }

    /// What there is; without data the forms are made now.
    pub(super) fn built(&self) -> &Built {
        self.built.get_or_init(|| self.unbound())
    }

    fn unbound(&self) -> Built {
        let options = &self.options;
        let initial = self.initial.len();
        // What is there already is shown, even if it is too much.
        let wanted = initial.max(options.min_num).saturating_add(options.extra);
        let total = wanted.min(options.max_num).max(initial);
        let management = self
            .management()
            .initial(TOTAL_FORMS, count(total))
            .initial(INITIAL_FORMS, count(initial))
            .initial(MIN_NUM_FORMS, count(options.min_num))
            .initial(MAX_NUM_FORMS, count(options.max_num));
        let counts = (count(total), count(initial));
        Built {
            bound: false,
            management,
            counts,
            forms: self.forms(counts).collect(),
            errors: ErrorList::nonform(),
        }
    }

    fn management(&self) -> Form {
        management::form(&self.options.prefix, &self.options.auto_id)
    }

    /// The forms, without data.
    fn forms(&self, (total, initial): (i64, i64)) -> impl Iterator<Item = Form> {
        let there = self.with_marks(true);
        let extra = self.with_marks(false);
        let total = usize::try_from(total).unwrap_or(0);
        (0..total).map(move |index| {
            let is_there = count(index) < initial;
            let form = if is_there { &there } else { &extra };
            let mut form = form
                .clone()
                .prefix(format!("{}-{index}", self.options.prefix));
            if is_there && self.options.can_order {
                form = form.initial(ORDER, count(index) + 1);
            }
            for (name, value) in self.initial.get(index).into_iter().flatten() {
                form = form.initial(name.clone(), value.clone());
            }
            if !is_there && index >= self.options.min_num {
                form = form.empty_permitted(true);
            }
            self.changed(form, Some(index))
        })
    }

    /// The form with the fields that formsets add, for those that were there before or for the others.
    ///
    /// Made once, so that thousands of forms share their fields.
    fn with_marks(&self, is_there: bool) -> Form {
        let options = &self.options;
        let mut form = self
            .form
            .clone()
            .auto_id(options.auto_id.clone())
            // Browsers would ask for forms that may stay empty, and for those to be deleted.
            .use_required_attribute(false);
        if let Some(key) = options.key.filter(|_| is_there) {
            form = form.change_field(key, |field| field.required(true));
        }
        if options.can_order {
            let order = Field::new(IntegerField::new());
            form = form.field(ORDER, order.label("Order").required(false));
        }
        if options.can_delete && (is_there || options.can_delete_extra) {
            let delete = Field::new(BooleanField::new());
            form = form.field(DELETE, delete.label("Delete").required(false));
        }
        form
    }

    fn changed(&self, form: Form, index: Option<usize>) -> Form {
        self.changes
            .iter()
            .fold(form, |form, change| change(form, index))
    }

    /// The form that a script copies for one more.
    pub(super) fn empty_form(&self) -> Form {
        let form = self
            .with_marks(false)
            .prefix(format!("{}-__prefix__", self.options.prefix))
            .empty_permitted(true);
        self.changed(form, None)
    }

    /// Fills the forms, and cleans them.
    pub(super) fn bind(&mut self, data: &FormData) {
        let management = self.management().bind(data);
        let (sent, initial) = management::counts(&management);
        let total = sent.min(count(self.options.absolute_max()));
        let forms = self.forms((total, initial)).map(|form| form.bind(data));
        let mut errors = ErrorList::nonform();
        if !management.is_valid() {
            let names: Vec<_> = management
                .errors()
                .iter()
                .map(|(name, _)| format!("{}-{name}", self.options.prefix))
                .collect();
            let code = "missing_management_form";
            let message = self.options.message(code, MISSING_MANAGEMENT_FORM);
            let error = ValidationError::new(message).code(code);
            errors.push(error.param("field_names", names.join(", ")));
        }
        let built = Built {
            bound: true,
            management,
            counts: (total, initial),
            forms: forms.collect(),
            errors,
        };
        self.built = OnceLock::from(built);
        if let Err(refused) = self.check(sent) {
            let mut errors = ErrorList::nonform();
            errors.extend(refused);
            self.change_built(|built| built.errors = errors);
        }
    }

    /// Is the number of forms right, and do they go together?
    fn check(&self, sent: i64) -> Result<(), ErrorList> {
        let (options, built) = (&self.options, self.built());
        let deleted = count(self.deleted_forms().len());
        let kept = built.counts.0.saturating_sub(deleted);
        let too_many = options.validate_max && kept > count(options.max_num);
        if too_many || sent > count(options.absolute_max()) {
            return Err(self.refusal(
                "too_many_forms",
                "Please submit at most %(num)d form",
                options.max_num,
            ));
        }
        if options.validate_min {
            let empty = (0..built.forms.len()).filter(|index| self.is_unused(*index));
            if kept.saturating_sub(count(empty.count())) < count(options.min_num) {
                return Err(self.refusal(
                    "too_few_forms",
                    "Please submit at least %(num)d form",
                    options.min_num,
                ));
            }
        }
        if self.hooks.is_empty() {
            return Ok(());
        }
        let set = FormSet::from(self.clone());
        self.hooks.iter().try_for_each(|hook| hook(&set))
    }

    fn refusal(&self, code: &'static str, usual: &'static str, num: usize) -> ErrorList {
        let ending = if num == 1 { "." } else { "s." };
        let mut message = self.options.message(code, usual);
        if message.as_str() == usual {
            message = format!("{usual}{ending}").into();
        }
        let error = ValidationError::new(message).code(code);
        error.param("num", count(num)).into()
    }

    /// Changes what there is.
    pub(super) fn change_built(&mut self, change: impl FnOnce(&mut Built)) {
        let mut built = self.built.take().unwrap_or_else(|| self.unbound());
        change(&mut built);
        self.built = OnceLock::from(built);
    }
}

const MISSING_MANAGEMENT_FORM: &str = "ManagementForm data is missing or has been tampered with. \
     Missing fields: %(field_names)s. You may need to file a bug report if the issue persists.";
