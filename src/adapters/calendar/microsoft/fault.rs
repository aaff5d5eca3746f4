//! What an answer that is not the one asked for means.

use anyhow::anyhow;

use super::{graph::About, wire};
use crate::{
    adapters::calendar::exchange::{Answer, Doing},
    domain::connection::Why,
    ports::calendar::Trouble,
};

/// Access is refused as such; other words with 403 come from proxies and firewalls on the way.
const DENIED: &[&str] = &[
    "erroraccessdenied",
    "accessdenied",
    "authorization_requestdenied",
    "forbidden",
    "erroraccountsuspend",
    "extensionerror",
];
/// The account has no mailbox that Graph can reach: no licence, or on somebody's own server.
const NO_MAILBOX: &[&str] = &["mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi"];
/// A cursor that is not good any more comes as 410, and now and then as 400.
const STALE: &[&str] =
    &["syncstatenotfound", "syncstateinvalid", "resyncrequired", "errorinvalidsyncstatedata", "fullsyncrequired"];
/// An id of another mailbox, or of none.
const NO_ID: &[&str] = &["errorinvalididmalformed", "errorinvalidmailboxitemid", "errorinvalidid"];

/// The words of an error's body stay here: they can name people.
pub(super) fn trouble(about: About, answer: &Answer) -> Trouble {
    let code = answer.refusal::<Option<wire::Fault>>().map(|fault| fault.error.code.to_ascii_lowercase());
    let is = |codes: &[&str]| code.as_deref().is_some_and(|code| codes.contains(&code));
    let not_done = || Trouble::Unavailable(anyhow!("status {}", answer.status()));
    match answer.status() {
        403 if is(DENIED) || is(NO_MAILBOX) => Trouble::Reconnect(Why::NotAllowed),
        // Without Graph's own words, it was somebody else on the way who did not find it.
        404 | 410 if code.is_none() => not_done(),
        404 if is(NO_MAILBOX) => Trouble::Reconnect(Why::NotAllowed),
        400 | 404 if about == About::Cursor && is(STALE) => Trouble::Stale,
        410 if matches!(about, About::Calendar | About::Cursor) => Trouble::Stale,
        404 | 410 => not_there(about),
        400 if is(NO_ID) => not_there(about),
        400 if is(&["errortimeintervaltoobig"]) => Trouble::Refused("the range is too long"),
        409 | 412 if answer.doing() == Doing::Writing => Trouble::Conflict,
        403 | 409 | 412 | 423 => not_done(),
        400..=499 => Trouble::Refused("the request is not accepted"),
        _ => answer.senseless("an answer that is neither success nor refusal"),
    }
}

fn not_there(about: About) -> Trouble {
    match about {
        About::Calendar | About::Cursor => Trouble::Reconnect(Why::CalendarGone),
        About::Account => Trouble::Reconnect(Why::NotAllowed),
        About::Event | About::Watch => Trouble::Gone,
    }
}
