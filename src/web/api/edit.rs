//! Editing a business: the whole document, all or nothing, and nobody's edit is lost.

use std::fmt::Write as _;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    guard::Doing,
    problem::{Kind, Problem},
};
use crate::{
    domain::{business::Business, ids::BusinessId},
    store::businesses::{Saved, Versioned},
    web::state::AppState,
};

/// How often an edit of a part is made again because somebody else's came in between.
const ATTEMPTS: usize = 8;
/// As many changed paths as a line of the audit log names.
const MOST_PATHS: usize = 12;

/// A business as it stands.
pub(super) async fn load(state: &AppState, id: BusinessId) -> Result<Versioned, Problem> {
    state.store.business(id).await?.ok_or_else(|| Problem::new(Kind::NotFound))
}

/// Changes a business by `change`, which is applied again to the newest document when somebody else saved meanwhile,
/// unless the edit was meant for one version only. Returns what `change` did and the new version. The audit log tells of it
/// in the same transaction, with the paths that changed.
pub(super) async fn edit<T>(
    state: &AppState,
    id: BusinessId,
    only: Option<i32>,
    doing: &Doing,
    mut change: impl FnMut(&mut Business) -> Result<T, Problem>,
) -> Result<(T, i32), Problem> {
    for _ in 0..ATTEMPTS {
        let before = load(state, id).await?;
        let mut business = before.business.clone();
        let done = change(&mut business)?;
        if only.is_some_and(|only| only != before.version) {
            return Err(stale(&before, &business));
        }
        check(&business)?;
        let deed = doing.deed(state, id, told(&before.business, &business));
        match state.store.save_business_as(&business, before.version, &deed).await? {
            Saved::Saved { version } => {
                state.businesses.forget(id);
                return Ok((done, version));
            }
            Saved::Conflict(theirs) if only.is_some() => return Err(stale(&theirs, &business)),
            Saved::Conflict(_) => {}
            Saved::Missing => return Err(Problem::new(Kind::NotFound)),
            Saved::NumberTaken(number) => return Err(number_taken(&business, number.as_str())),
        }
    }
    Err(Problem::new(Kind::Conflict).because("Others keep saving at the same time. Try again in a moment."))
}

/// What cannot be saved is refused with the place of every mistake.
pub(super) fn check(business: &Business) -> Result<(), Problem> {
    let mistakes = business.mistakes();
    if mistakes.is_empty() { Ok(()) } else { Err(Problem::invalid(mistakes)) }
}

pub(super) fn number_taken(business: &Business, number: &str) -> Problem {
    let place = business.numbers.iter().position(|ours| ours.as_str() == number).unwrap_or_default();
    Problem::new(Kind::Conflict)
        .because("Another business has this number.")
        .with("errors", json!([{"at": format!("numbers[{place}]"), "why": "belongs to another business"}]))
}

/// Tells the version that is there now, and where it differs from the one that was to be saved.
fn stale(theirs: &Versioned, ours: &Business) -> Problem {
    let mut differences = Vec::new();
    compare("", &as_json(&theirs.business), &as_json(ours), &mut differences);
    Problem::new(Kind::StaleVersion)
        .because("Read it again, and make the edit on the version that is there now.")
        .with("version", theirs.version.into())
        .with("differences", differences.into())
}

/// Where two versions differ, for the audit log: paths, and never what stands there.
fn told(before: &Business, after: &Business) -> String {
    let mut paths = Vec::new();
    compare("", &as_json(before), &as_json(after), &mut paths);
    let more = paths.len().saturating_sub(MOST_PATHS);
    paths.truncate(MOST_PATHS);
    let mut told = paths.join(", ");
    if more > 0 {
        let _ = write!(told, " and {more} more");
    }
    told
}

fn as_json(business: &Business) -> Value {
    serde_json::to_value(business).unwrap_or_default()
}

/// The paths at which two documents differ; lists of different lengths differ as a whole.
fn compare(path: &str, theirs: &Value, ours: &Value, differences: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            for key in theirs.keys().chain(ours.keys().filter(|key| !theirs.contains_key(*key))) {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let value = |of: &serde_json::Map<String, Value>| of.get(key).cloned().unwrap_or_default();
                compare(&path, &value(theirs), &value(ours), differences);
            }
        }
        (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
            for (n, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
                compare(&format!("{path}[{n}]"), theirs, ours, differences);
            }
        }
        _ if theirs == ours => {}
        _ => differences.push(path.to_owned()),
    }
}

/// The header that names a version.
pub(super) fn tagged(version: i32, response: impl IntoResponse) -> Response {
    let mut headers = HeaderMap::new();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (headers, response).into_response()
}
