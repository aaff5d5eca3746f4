//! The vendors of the sandbox, one file for each.

pub(super) mod calcom;
pub(super) mod caldav;
pub(super) mod calendly;
pub(super) mod google;
pub(super) mod microsoft;

use super::stand::Done;

/// What a double does not find.
const NOT_THERE: &str = "It is not there any more.";
/// What the rules of a vendor that has its own do not let happen.
const NOT_FREE: &str = "That time is not free there: it keeps hours of its own.";

fn found(there: bool) -> Done {
    there.then_some(()).ok_or(NOT_THERE)
}
