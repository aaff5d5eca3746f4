//! Forms: what was typed is kept, what is wrong is said beside the field, and what somebody else changed meanwhile is shown.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
};
use sha2::{Digest as _, Sha256};

use super::fault::Fault;
use crate::{
    domain::business::Mistake,
    web::{assets::short, body},
};

/// Fields and their values, in the order of the form. A field may come more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(in crate::web) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The first value of a field, trimmed; empty when it is not there.
    pub(in crate::web) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// The first value of a field as it was typed: spaces belong to a password.
    pub(in crate::web) fn exact(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// The same without what must not go back to the browser.
    #[must_use]
    pub(in crate::web) fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(field, _)| !names.contains(&field.as_str()));
        self
    }

    /// Every value of a field, trimmed.
    pub(in crate::web) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// Whether a checkbox is checked.
    pub(in crate::web) fn is_on(&self, name: &str) -> bool {
        !matches!(self.text(name), "" | "off" | "false")
    }

    /// Whether a field has this value, among others.
    pub(in crate::web) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|given| given == value)
    }

    pub(in crate::web) fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The same with one more, for building them in a row.
    #[must_use]
    pub(in crate::web) fn and(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.add(name, value);
        self
    }

    pub(in crate::web) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Tells two states of the same form apart.
    pub(in crate::web) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for part in self.0.iter().flat_map(|(name, value)| [name, value]) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        short(hash)
    }
}

/// The body of a form, of 64 KiB at most.
impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let (parts, content) = request.into_parts();
        let _ = state;
        let bytes: Bytes = body::whole(&parts.headers, content).await?;
        Ok(Self::parse(&bytes))
    }
}

/// A form as it is shown.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Form {
    /// What stands in its fields: what is saved, or what was typed.
    pub(in crate::web) fields: Fields,
    /// What is saved now, when it is no longer what the form was made from.
    pub(in crate::web) theirs: Option<Fields>,
    /// What is wrong, by the field's name.
    pub(in crate::web) wrong: Vec<Mistake>,
    /// The fingerprint of what is saved, which goes back with the form in its field `base`.
    pub(in crate::web) base: String,
}

impl Form {
    /// What is saved.
    pub(in crate::web) fn of(fields: Fields) -> Self {
        Self { base: fields.fingerprint(), fields, ..Self::default() }
    }

    /// What was typed, with what is wrong about it.
    pub(in crate::web) fn refused(typed: Fields, wrong: Vec<Mistake>) -> Self {
        Self { base: typed.text("base").to_owned(), fields: typed, wrong, theirs: None }
    }

    /// What was typed, to be typed on: a row was added, nothing was sent to be saved.
    pub(in crate::web) fn going_on(typed: Fields) -> Self {
        Self::refused(typed, Vec::new())
    }

    /// What was typed, over what somebody else has saved meanwhile. Sending it again overwrites that.
    pub(in crate::web) fn overtaken(typed: Fields, theirs: Fields) -> Self {
        Self { base: theirs.fingerprint(), fields: typed, theirs: Some(theirs), wrong: Vec::new() }
    }

    /// 409 when somebody else saved meanwhile, 422 when something is wrong, and 200 when it is only being filled in.
    pub(in crate::web) fn status(&self) -> StatusCode {
        if self.theirs.is_some() {
            StatusCode::CONFLICT
        } else if self.wrong.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }

    /// For templates: what stands in a field.
    pub(in crate::web) fn value(&self, name: &str) -> &str {
        self.fields.text(name)
    }

    /// For templates: what is wrong with a field.
    pub(in crate::web) fn wrong(&self, name: &str) -> Option<&str> {
        self.wrong.iter().find(|mistake| mistake.at == name).map(|mistake| mistake.why.as_str())
    }

    /// For templates: mistakes that belong to none of the fields named (separated by spaces).
    pub(in crate::web) fn wrong_elsewhere(&self, fields: &str) -> Vec<&Mistake> {
        let known = |at: &str| fields.split(' ').any(|field| field == at);
        self.wrong.iter().filter(|mistake| !known(&mistake.at)).collect()
    }

    /// For templates: what somebody else has saved in a field, when it is something else.
    pub(in crate::web) fn theirs(&self, name: &str) -> Option<String> {
        let theirs = self.theirs.as_ref()?;
        // A box that is not ticked is not sent; one that is saved as not ticked is empty.
        let both = |fields: &Fields| {
            let filled = fields.all(name).filter(|value| !value.is_empty());
            filled.map(str::to_owned).collect::<Vec<_>>()
        };
        let (now, typed) = (both(theirs), both(&self.fields));
        let ticks = now.concat() == "on" || typed.concat() == "on";
        (now != typed).then(|| match now.concat().as_str() {
            "on" => "ticked".to_owned(),
            "" if ticks => "not ticked".to_owned(),
            "" => "empty".to_owned(),
            _ => now.join(", "),
        })
    }

    /// For templates: whether somebody else has saved this value in a field.
    pub(in crate::web) fn theirs_has(&self, name: &str, value: &str) -> bool {
        self.theirs.as_ref().is_some_and(|theirs| theirs.has(name, value))
    }

    /// For templates.
    pub(in crate::web) fn is_overtaken(&self) -> bool {
        self.theirs.is_some()
    }
}

/// A mistake in a field.
pub(in crate::web) fn wrong(at: impl Into<String>, why: impl Into<String>) -> Mistake {
    Mistake { at: at.into(), why: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_and_nothing_else() {
        let saved = Fields::default().and("name", "Willow").and("staff", "a").and("staff", "b").and("page", "");
        let typed = Fields::parse(b"name=Willow+Salon&staff=a&staff=b&base=x");
        let form = Form::overtaken(typed, saved.clone());
        assert_eq!(form.theirs("name").as_deref(), Some("Willow"));
        assert_eq!(form.theirs("staff"), None);
        assert_eq!(form.theirs("page"), None, "a box that nobody ticked");
        assert_eq!(form.base, saved.fingerprint());
        assert_eq!(form.value("name"), "Willow Salon");
    }

    #[test]
    fn fields_that_only_look_alike_have_other_fingerprints() {
        let one = Fields::default().and("a", "bc");
        let other = Fields::default().and("ab", "c");
        assert_ne!(one.fingerprint(), other.fingerprint());
    }
}
