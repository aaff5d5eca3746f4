//! Saving a part of a business, so that nobody's edit is lost.
//!
//! A form carries the fingerprint of what it was made from. When its part of the business is no longer that, the form is
//! shown again with both; when only other parts changed meanwhile, the edit is made on the newest document.

use super::{
    access::Access,
    fault::Fault,
    form::{Fields, Form},
};
use crate::{
    domain::business::{Business, Mistake},
    store::businesses::Saved,
    web::{patience::in_time, state::AppState},
};

/// How often an edit is made again because somebody saved another part in between.
const ATTEMPTS: usize = 50;

/// One form of the settings: what of a business stands in it, and what it makes of a business.
pub(in crate::web) trait Part {
    /// The word for the audit log: "settings.hours".
    const DEED: &'static str;

    /// What is saved, as fields. Two businesses with the same fields differ in nothing that this form changes.
    fn fields(&self, business: &Business) -> Fields;

    /// Makes the change. What is wrong is named by the field's name.
    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>>;
}

/// Why an edit was not saved.
#[derive(Debug)]
pub(in crate::web) enum NotSaved {
    /// To be shown again: 422 with what is wrong, 409 with what others saved.
    Form(Form),
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for NotSaved {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// Saves what was typed. The business as it then is.
pub(in crate::web) async fn save(
    state: &AppState,
    access: &Access,
    part: &impl Part,
    typed: Fields,
) -> Result<Business, NotSaved> {
    save_as(state, access, part, typed, "").await
}

/// The same, with something to say in the audit log.
pub(in crate::web) async fn save_as<P: Part>(
    state: &AppState,
    access: &Access,
    part: &P,
    typed: Fields,
    detail: &str,
) -> Result<Business, NotSaved> {
    let id = access.business.id;
    for _ in 0..ATTEMPTS {
        let found = in_time("reading a business", state.store.business(id)).await?.ok_or(Fault::NotFound)?;
        let theirs = part.fields(&found.business);
        if theirs.fingerprint() != typed.text("base") {
            return Err(NotSaved::Form(Form::overtaken(typed, theirs)));
        }
        let mut business = found.business.clone();
        if let Err(wrong) = part.apply(&typed, &mut business) {
            return Err(NotSaved::Form(Form::refused(typed, wrong)));
        }
        let wrong = business.mistakes();
        if !wrong.is_empty() {
            return Err(NotSaved::Form(Form::refused(typed, wrong)));
        }
        let deed = access.deed(state, P::DEED, id, detail);
        let save = state.store.save_business_as(&business, found.version, &deed);
        match in_time("saving a business", save).await? {
            Saved::Saved { .. } => {
                state.businesses.forget(id);
                return Ok(business);
            }
            Saved::Conflict(_) => {}
            Saved::Missing => return Err(NotSaved::Fault(Fault::NotFound)),
            Saved::NumberTaken(number) => {
                let why = format!("{number} belongs to another business here");
                return Err(NotSaved::Form(Form::refused(typed, vec![super::form::wrong("numbers", why)])));
            }
        }
    }
    Err(NotSaved::Fault(Fault::Down))
}
