//! `FormSet`: several forms of one kind in one page.

mod build;
mod management;
mod marks;
mod object;
mod options;

use std::marker::PhantomData;
use std::sync::Arc;

use build::Core;
pub(crate) use management::submitted_counts;
use nuages_db::Db;
use nuages_orm::Error;
pub use options::AbsoluteMaxError;

use crate::data::FormData;
use crate::errors::{ErrorDict, ErrorList};
use crate::fields::Field;
use crate::form::Form;
use crate::models::Asked;
use crate::typed::TypedForm;

/// The field that asks for the place of a form.
const ORDER: &str = "ORDER";
/// The field that asks for a form to be deleted.
const DELETE: &str = "DELETE";

/// Several forms of one kind in one page: those that are there already, and empty ones to fill in.
///
/// `derive(Form)` gives a struct its formset, which cleans to a `Vec` of it; [`FormSet::new`] makes one of any
/// [`Form`].
///
/// ```
/// use nuages_forms::{Form, FormData};
///
/// #[derive(Debug, Form, PartialEq)]
/// struct Guest {
///     name: String,
///     age: Option<u8>,
/// }
///
/// // What the page shows: the hidden management form and two empty forms.
/// let guests = Guest::formset().extra(2).can_delete(true);
/// assert!(guests.to_string().contains(r#"name="form-TOTAL_FORMS" value="2""#));
/// assert!(guests.to_string().contains(r#"name="form-1-name""#));
///
/// // What a view does with submitted data:
/// let data = FormData::from([
///     ("form-TOTAL_FORMS", "3"),
///     ("form-INITIAL_FORMS", "0"),
///     ("form-0-name", "Ada"),
///     ("form-0-age", "36"),
///     ("form-1-name", "left out again"),
///     ("form-1-DELETE", "on"),
/// ]);
/// let guests = guests.bind(&data).into_cleaned().expect("all of it is right");
/// assert_eq!(guests, [Guest { name: "Ada".into(), age: Some(36) }]);
/// ```
///
/// In a template `{{ formset }}` shows all of it, or piece by piece:
/// `{{ formset.management_form }}{% for form in formset %}{{ form.as_p }}{% endfor %}`.
///
/// # Security
/// A request that says it has 1,000,000,000 forms gets the error "Please submit at most …"; no more than
/// [`FormSet::absolute_max`] forms are ever made. The numbers in the management form are what the client says:
/// which rows it may change is not for them to decide (see [`ModelFormSet`](crate::ModelFormSet)).
///
/// # Django
/// `formset_factory` and `BaseFormSet`; `formset_factory(…, absolute_max=…)` that makes no sense is an error of
/// the setter here.
pub struct FormSet<T = Form> {
    core: Arc<Core>,
    cleans_to: PhantomData<fn() -> T>,
}

impl FormSet {
    /// Several of this form.
    ///
    /// ```
    /// use nuages_forms::{CharField, Form, FormData, FormSet};
    /// let names = FormSet::new(Form::new().field("name", CharField::new()));
    /// let names = names.bind(&FormData::from([
    ///     ("form-TOTAL_FORMS", "1000000000"),
    ///     ("form-INITIAL_FORMS", "0"),
    ///     ("form-0-name", "Ada"),
    /// ]));
    /// assert_eq!(names.len(), 2000);
    /// assert_eq!(names.non_form_errors().as_text(), "* Please submit at most 1000 forms.");
    /// assert_eq!(names.forms()[0].value::<String>("name").as_deref(), Some("Ada"));
    /// ```
    pub fn new(form: Form) -> Self {
        Self::from(Core::new(form))
    }
}

impl<T> From<Core> for FormSet<T> {
    fn from(core: Core) -> Self {
        Self {
            core: Arc::new(core),
            cleans_to: PhantomData,
        }
    }
}

impl<T: TypedForm> FormSet<T> {
    /// Several of the form of a struct.
    pub fn of() -> Self {
        Self::from(Core::new(T::form()))
    }

    /// The structs of the filled forms, without those to be deleted and in the order that was asked for;
    /// nothing if something is wrong.
    pub fn cleaned(&self) -> Option<Vec<T>> {
        if !self.is_valid() {
            return None;
        }
        let ordered = self.core.ordered_forms();
        let indexes = ordered.unwrap_or_else(|| self.core.filled_forms());
        indexes
            .into_iter()
            .map(|index| self.cleaned_at(index))
            .collect()
    }

    /// The struct of one form; nothing if something is wrong with it, or it was left empty.
    pub fn cleaned_at(&self, index: usize) -> Option<T> {
        let form = self.forms().get(index)?;
        if !form.is_valid() {
            return None;
        }
        T::from_cleaned(form.cleaned_data()).ok()
    }

    /// The structs, or the formset with what is wrong; see [`FormSet::cleaned`].
    ///
    /// # Errors
    /// The formset itself, to be shown again.
    pub fn into_cleaned(self) -> Result<Vec<T>, Self> {
        self.cleaned().ok_or(self)
    }
}

impl<T> FormSet<T> {
    /// The same formset, filled with what was submitted, and cleaned.
    pub fn bind(mut self, data: &FormData) -> Self {
        Arc::make_mut(&mut self.core).bind(data);
        self
    }

    /// Was it filled with data?
    pub fn is_bound(&self) -> bool {
        self.core.built().bound
    }

    /// Was it filled with data, and is all of it right? Forms to be deleted may be wrong.
    pub fn is_valid(&self) -> bool {
        self.core.is_valid()
    }

    /// The forms.
    pub fn forms(&self) -> &[Form] {
        &self.core.built().forms
    }

    /// The forms that were there before.
    pub fn initial_forms(&self) -> &[Form] {
        split(self.forms(), self.core.built().counts.1).0
    }

    /// The forms that were empty before.
    pub fn extra_forms(&self) -> &[Form] {
        split(self.forms(), self.core.built().counts.1).1
    }

    /// How many forms there are.
    pub fn len(&self) -> usize {
        self.forms().len()
    }

    /// Are there no forms?
    pub fn is_empty(&self) -> bool {
        self.forms().is_empty()
    }

    /// How many forms there are by the management form, but at most [`FormSet::absolute_max`]; a number that
    /// makes no sense stays what it is.
    pub fn total_form_count(&self) -> i64 {
        self.core.built().counts.0
    }

    /// How many forms were there before, by the management form: it may be more than there are.
    pub fn initial_form_count(&self) -> i64 {
        self.core.built().counts.1
    }

    /// The hidden form with the number of forms, which every page needs.
    pub fn management_form(&self) -> &Form {
        &self.core.built().management
    }

    /// A form with `__prefix__` in place of its number, for a script that adds forms.
    pub fn empty_form(&self) -> Form {
        self.core.empty_form()
    }

    /// What is wrong with each form that is not to be deleted; nothing without data.
    pub fn errors(&self) -> Vec<&ErrorDict> {
        if !self.is_bound() {
            return Vec::new();
        }
        let kept = self.core.kept_forms();
        kept.map(|(_, form)| form.errors()).collect()
    }

    /// What is wrong with the formset as a whole.
    pub fn non_form_errors(&self) -> &ErrorList {
        &self.core.built().errors
    }

    /// How many fields and forms have errors.
    pub fn total_error_count(&self) -> usize {
        self.core.total_error_count()
    }

    /// Adds errors found outside of the formset to one of its forms (see [`Form::add_error`]),
    /// or to the formset as a whole if there is no such form.
    pub fn add_form_error<'a>(
        &mut self,
        index: usize,
        field: impl Into<Option<&'a str>>,
        error: impl Into<ErrorList>,
    ) {
        let (field, error) = (field.into(), error.into());
        let core = Arc::make_mut(&mut self.core);
        core.change_built(|built| match built.forms.get_mut(index) {
            Some(form) => form.add_error(field, error),
            None => built.errors.extend(error),
        });
    }

    /// Adds errors to the formset as a whole.
    ///
    /// ```
    /// use nuages_forms::{Form, FormData, FormSet};
    /// let data = FormData::from([("form-TOTAL_FORMS", "0"), ("form-INITIAL_FORMS", "0")]);
    /// let mut set = FormSet::new(Form::new()).bind(&data);
    /// assert!(set.is_valid());
    /// set.add_error("Somebody else was faster.");
    /// assert!(!set.is_valid());
    /// ```
    pub fn add_error(&mut self, error: impl Into<ErrorList>) {
        let core = Arc::make_mut(&mut self.core);
        core.change_built(|built| built.errors.extend(error.into()));
    }

    /// Is anything in any form not as it was?
    pub fn has_changed(&self) -> bool {
        self.forms().iter().any(Form::has_changed)
    }

    /// The indexes of the forms to be deleted; none if something is wrong or nothing can be deleted.
    pub fn deleted_forms(&self) -> Vec<usize> {
        self.core.deleted_forms()
    }

    /// The indexes of the filled forms in the order that was asked for, without those to be deleted; nothing if
    /// something is wrong or the forms have no order.
    pub fn ordered_forms(&self) -> Option<Vec<usize>> {
        self.core.ordered_forms()
    }

    /// Does it have to be sent as `multipart/form-data`, because it has files?
    pub fn is_multipart(&self) -> bool {
        self.core.is_multipart()
    }

    /// The management form and each form as [`Form::as_div`].
    pub fn as_div(&self) -> String {
        self.core.render(Form::as_div)
    }

    /// The management form and each form as [`Form::as_p`].
    pub fn as_p(&self) -> String {
        self.core.render(Form::as_p)
    }

    /// The management form and each form as [`Form::as_table`].
    pub fn as_table(&self) -> String {
        self.core.render(Form::as_table)
    }

    /// The management form and each form as [`Form::as_ul`].
    pub fn as_ul(&self) -> String {
        self.core.render(Form::as_ul)
    }

    /// With a field that the forms must have that were there before: the key of a row.
    pub(crate) fn key(mut self, field: &'static str) -> Self {
        Arc::make_mut(&mut self.core).options.key = Some(field);
        self
    }

    /// With the form changed that all forms are made of.
    pub(crate) fn change_form(mut self, change: impl FnOnce(Form) -> Form) -> Self {
        let core = Arc::make_mut(&mut self.core);
        core.form = change(core.form.clone());
        core.built.take();
        self
    }

    pub(crate) fn has_field(&self, name: &str) -> bool {
        self.core.form.get(name).is_some()
    }

    /// How many forms are made when so many are asked for.
    pub(crate) fn at_most(&self, forms: i64) -> usize {
        let most = self.core.options.absolute_max();
        usize::try_from(forms).map_or(0, |forms| forms.min(most))
    }

    /// Loads the rows that the fields of its forms offer, to show the formset: one query for each such field.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn load_choices(self, db: &Db) -> Result<Self, Error> {
        let answers = self.core.form.ask(|_, field| field.all_rows(), db).await?;
        Ok(self.change_form(|form| form.with_answers(&answers)))
    }

    /// As [`FormSet::bind`], after the database was asked for the rows that were chosen: one query for each field
    /// that offers rows, however many forms there are. If something is wrong, all rows are loaded, to show the
    /// formset again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn bind_with(self, data: &FormData, db: &Db) -> Result<Self, Error> {
        let form = &self.core.form;
        let prefix = self.get_prefix();
        let forms = self.at_most(submitted_counts(prefix, data).0);
        let asked = |name: &str, field: &Field| {
            let mut keys = Vec::new();
            for index in 0..forms {
                let form = form.clone().prefix(format!("{prefix}-{index}"));
                form.sent(name, field, data, &mut keys);
            }
            Asked::Only(keys)
        };
        let answers = form.ask(asked, db).await?;
        if answers.is_empty() {
            return Ok(self.bind(data));
        }
        let set = self.clone().change_form(|form| form.with_answers(&answers));
        let bound = set.bind(data);
        if bound.is_valid() {
            return Ok(bound);
        }
        Ok(self.load_choices(db).await?.bind(data))
    }

    pub(crate) fn get_prefix(&self) -> &str {
        &self.core.options.prefix
    }

    /// The indexes of the filled forms that are to stay.
    pub(crate) fn filled_forms(&self) -> Vec<usize> {
        self.core.filled_forms()
    }

    /// Was the form there before?
    pub(crate) fn is_initial(&self, index: usize) -> bool {
        self.core.is_initial(index)
    }
}

impl Core {
    fn total_error_count(&self) -> usize {
        let built = self.built();
        let kept = self.kept_forms();
        let of_forms = kept.map(|(_, form)| form.errors().len()).sum::<usize>();
        built.errors.len() + of_forms
    }
}

/// The forms that were there before, and the others; the count is what the client says.
fn split(forms: &[Form], initial: i64) -> (&[Form], &[Form]) {
    let from_end = |back: i64| {
        forms
            .len()
            .saturating_sub(usize::try_from(back).unwrap_or(usize::MAX))
    };
    let at = if initial < 0 {
        // As Python counts from the end.
        from_end(initial.saturating_neg())
    } else {
        usize::try_from(initial).map_or(forms.len(), |at| at.min(forms.len()))
    };
    forms.split_at(at)
}

impl<T> Clone for FormSet<T> {
    fn clone(&self) -> Self {
        Self {
            core: Arc::clone(&self.core),
            cleans_to: PhantomData,
        }
    }
}
