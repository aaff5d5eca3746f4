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
    store::businesses::{Saved, Versioned},
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

    /// Makes the change. What is wrong is named by the field's name. Doing it twice is doing it once: a form that was sent
    /// twice is saved once.
    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>>;

    /// The field that a path into the document stands for ("services[2].minutes" → "minutes"), for what
    /// [`Business::mistakes`] says. A path of none is shown above the form.
    fn field_of(&self, at: &str, _business: &Business) -> String {
        at.to_owned()
    }

    /// What a field is called in the audit log. No personal data: a field's name, never its value.
    fn word(&self, field: &str) -> String {
        field.replace(['_', '.'], " ")
    }
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

/// The same, with something to say in the audit log before the names of the fields that changed.
pub(in crate::web) async fn save_as<P: Part>(
    state: &AppState,
    access: &Access,
    part: &P,
    typed: Fields,
    detail: &str,
) -> Result<Business, NotSaved> {
    for _ in 0..ATTEMPTS {
        let found = read(state, access).await?;
        let theirs = part.fields(&found.business);
        let mut business = found.business.clone();
        let applied = part.apply(&typed, &mut business);
        if applied.is_ok() && business == found.business {
            // Sent twice, or somebody else saved the very same: there is nothing to save and nothing to say.
            return Ok(business);
        }
        if theirs.fingerprint() != typed.text("base") {
            return Err(NotSaved::Form(Form::overtaken(typed, theirs)));
        }
        let wrong = match applied {
            Ok(()) => new_mistakes(part, &found.business, &business),
            Err(wrong) => wrong,
        };
        if !wrong.is_empty() {
            return Err(NotSaved::Form(Form::refused(typed, wrong)));
        }
        let changed = changed(part, &theirs, &part.fields(&business));
        let told: Vec<&str> = [detail, &changed].into_iter().filter(|part| !part.is_empty()).collect();
        if let Some(business) = try_once(state, access, business, found.version, P::DEED, &told.join(": ")).await? {
            return business.map_err(|wrong| NotSaved::Form(Form::refused(typed, vec![wrong])));
        }
    }
    Err(NotSaved::Fault(Fault::Down))
}

/// A change that no form stands behind: removing something, putting it back. It is made on the newest document; one that
/// changes nothing is not written down.
pub(in crate::web) async fn change(
    state: &AppState,
    access: &Access,
    (deed, detail): (&str, &str),
    mut change: impl FnMut(&mut Business) -> Result<(), Fault>,
) -> Result<Business, Fault> {
    for _ in 0..ATTEMPTS {
        let found = read(state, access).await?;
        let mut business = found.business.clone();
        change(&mut business)?;
        if business == found.business {
            return Ok(business);
        }
        if business.mistakes().iter().any(|mistake| !found.business.mistakes().contains(mistake)) {
            return Err(Fault::Bad("the business would not be in order"));
        }
        if let Some(business) = try_once(state, access, business, found.version, deed, detail).await? {
            return business.map_err(|_| Fault::Bad("a number belongs to another business"));
        }
    }
    Err(Fault::Down)
}

async fn read(state: &AppState, access: &Access) -> Result<Versioned, Fault> {
    in_time("reading a business", state.store.business(access.business.id)).await?.ok_or(Fault::NotFound)
}

/// Nothing when somebody else saved first. A number that belongs to another business is a mistake.
async fn try_once(
    state: &AppState,
    access: &Access,
    business: Business,
    version: i32,
    deed: &str,
    detail: &str,
) -> Result<Option<Result<Business, Mistake>>, Fault> {
    let deed = access.deed(state, deed, business.id, detail);
    // On the heap: it is part of every form's future, and looks at calendars, too.
    let saving = Box::pin(state.store.save_business_as(&business, version, &deed));
    match in_time("saving a business", saving).await? {
        Saved::Saved { .. } => {
            state.businesses.forget(business.id);
            Ok(Some(Ok(business)))
        }
        Saved::Conflict(_) => Ok(None),
        Saved::Missing => Err(Fault::NotFound),
        Saved::NumberTaken(number) => {
            let why = format!("{number} belongs to another business here");
            Ok(Some(Err(super::form::wrong("numbers", why))))
        }
    }
}

/// What is wrong now and was not before: nobody is kept from saving their hours by a mistake in something else.
fn new_mistakes(part: &impl Part, before: &Business, after: &Business) -> Vec<Mistake> {
    let old = before.mistakes();
    let new = after.mistakes().into_iter().filter(|mistake| !old.contains(mistake));
    let placed = new.map(|mistake| Mistake { at: part.field_of(&mistake.at, after), why: mistake.why });
    placed.collect()
}

/// The fields that differ, in words: "name, opening hours on Monday".
fn changed(part: &impl Part, before: &Fields, after: &Fields) -> String {
    // A field that is empty and one that is not there are the same.
    let values = |fields: &Fields, name: &str| {
        let values: Vec<String> = fields.all(name).map(str::to_owned).collect();
        if values.iter().all(String::is_empty) { Vec::new() } else { values }
    };
    let mut words: Vec<String> = Vec::new();
    for (name, _) in before.iter().chain(after.iter()) {
        let word = part.word(name);
        if !words.contains(&word) && values(before, name) != values(after, name) {
            words.push(word);
        }
    }
    words.join(", ")
}
