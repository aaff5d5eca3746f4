//! What Google's refusals mean (<https://developers.google.com/workspace/calendar/api/guides/errors>). Its words go
//! nowhere; its reasons are fixed names.

use anyhow::anyhow;
use serde::Deserialize;

use super::exchange::Answer;
use crate::{domain::connection::Why, ports::calendar::Trouble};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Body {
    error: Refusal,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Refusal {
    errors: Vec<Cause>,
    details: Vec<Cause>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Cause {
    reason: String,
}

/// The reasons that an answer gives, in the old way and in the new one.
pub(super) fn reasons(answer: &Answer) -> Vec<String> {
    let body: Body = answer.refusal();
    body.error.errors.into_iter().chain(body.error.details).map(|cause| cause.reason).collect()
}

/// What a refusal means that is not about an event.
pub(super) fn of_account(answer: &Answer) -> Trouble {
    match answer.status() {
        403 => forbidden(answer),
        404 | 410 => Trouble::Reconnect(Why::CalendarGone),
        _ => common(answer),
    }
}

/// The same for a request about one event.
pub(super) fn of_event(answer: &Answer) -> Trouble {
    match answer.status() {
        403 => forbidden(answer),
        404 | 410 => Trouble::Gone,
        _ => common(answer),
    }
}

fn common(answer: &Answer) -> Trouble {
    match answer.status() {
        409 | 412 => Trouble::Conflict,
        _ => Trouble::Refused("Google does not take the request"),
    }
}

fn forbidden(answer: &Answer) -> Trouble {
    for reason in reasons(answer) {
        return match reason.as_str() {
            "rateLimitExceeded"
            | "userRateLimitExceeded"
            | "quotaExceeded"
            | "dailyLimitExceeded"
            | "variableTermLimitExceeded"
            | "calendarUsageLimitsExceeded"
            | "RATE_LIMIT_EXCEEDED" => Trouble::Limited { after: None },
            "insufficientPermissions"
            | "forbidden"
            | "requiredAccessLevel"
            | "domainPolicy"
            | "authError"
            | "ACCESS_TOKEN_SCOPE_INSUFFICIENT" => Trouble::Reconnect(Why::NotAllowed),
            "accessNotConfigured" | "SERVICE_DISABLED" => {
                Trouble::Refused("the calendar's interface is not switched on in this server's project at Google")
            }
            "" => continue,
            _ => Trouble::Refused("Google does not allow it"),
        };
    }
    // Whoever sits between us and Google may say 403, too: that is no reason to ask the owner to connect again.
    answer.senseless("HTTP 403 without a reason")
}

/// A 4xx that came back for a listing's cursor.
pub(super) fn of_cursor(answer: &Answer) -> Option<Trouble> {
    matches!(answer.status(), 400 | 410).then_some(Trouble::Stale)
}

/// What stands in the error of one calendar of `freeBusy`.
pub(super) fn of_calendar(reason: &str) -> Trouble {
    match reason {
        "notFound" => Trouble::Reconnect(Why::CalendarGone),
        _ => Trouble::Unavailable(anyhow!("one of the calendars cannot be read just now")),
    }
}
