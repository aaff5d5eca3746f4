//! Reports of changes: subscriptions, and what comes to our address because of them.

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use subtle::ConstantTimeEq as _;

use super::{
    graph::{About, Graph, PLAIN},
    times,
    wire::{NewSubscription, Notice, Notices, Subscription},
};
use crate::{
    domain::{connection::CalendarId, secret::Secret},
    ports::calendar::{Access, Heard, Hook, Report, Trouble, Watch},
};

/// Events may be watched for 4,230 minutes. A little less, since the vendor's clock counts.
const LONGEST: SignedDuration = SignedDuration::from_mins(4_230 - 30);
/// Characters of `clientState`.
const STATE: usize = 128;
/// Bytes of a text that is sent back. Graph's is some 100.
const ECHO: usize = 2_048;

pub(super) async fn watch(
    graph: &Graph,
    access: &Access,
    calendar: &CalendarId,
    hook: &Hook,
    now: Timestamp,
) -> Result<Option<Watch>, Trouble> {
    if hook.secret.expose().len() > STATE {
        return Err(Trouble::Refused("the secret is too long"));
    }
    let until = now.checked_add(LONGEST).map_err(|_| Trouble::Refused("a time that is too late"))?;
    let new = NewSubscription {
        change_type: "created,updated,deleted",
        notification_url: &hook.address,
        lifecycle_notification_url: &hook.address,
        resource: format!("me/calendars/{}/events", calendar.as_str()),
        expiration_date_time: times::query(until),
        client_state: hook.secret.expose(),
    };
    let request = graph.request(Method::POST, graph.url(&["subscriptions"])?).json(&new);
    let answer = match graph.write(access, About::Calendar, request).await {
        Ok(answer) => answer,
        // A calendar that somebody else shares can be read and written, and not watched.
        Err(Trouble::Reconnect(_)) => return Ok(None),
        Err(trouble) => return Err(trouble),
    };
    let made: Subscription = answer.read()?;
    Ok(Some(Watch { id: made.id, resource: made.resource, until: Some(made.expiration_date_time) }))
}

/// One that Graph has dropped is not there any more; that it says so comes to the same address, and may get lost.
pub(super) async fn watches(graph: &Graph, access: &Access, watch: &Watch) -> Result<bool, Trouble> {
    let url = graph.url(&["subscriptions", &watch.id])?;
    match graph.read::<Subscription>(access, url, About::Watch, PLAIN).await {
        Ok(_) => Ok(true),
        Err(Trouble::Gone) => Ok(false),
        Err(trouble) => Err(trouble),
    }
}

pub(super) async fn unwatch(graph: &Graph, access: &Access, watch: &Watch) -> Result<(), Trouble> {
    let url = graph.url(&["subscriptions", &watch.id])?;
    match graph.write(access, About::Watch, graph.request(Method::DELETE, url)).await {
        Ok(_) | Err(Trouble::Gone) => Ok(()),
        Err(trouble) => Err(trouble),
    }
}

pub(super) fn heard(report: Report<'_>, secret: &Secret) -> Heard {
    if let Some((_, token)) = report.query.iter().find(|(name, _)| name == "validationToken") {
        let good = !token.is_empty() && token.len() <= ECHO && !token.chars().any(char::is_control);
        return if good { Heard::Echo(token.clone()) } else { Heard::Nothing };
    }
    let Ok(notices) = serde_json::from_slice::<Notices>(report.body) else {
        return Heard::Forged;
    };
    if notices.value.is_empty() {
        return Heard::Nothing;
    }
    let mut heard = Heard::Forged;
    for notice in notices.value.iter().filter(|notice| is_ours(notice, secret)) {
        match notice.lifecycle_event.as_deref() {
            // It could be authorized again instead, which comes to the same as a new one.
            Some("reauthorizationRequired" | "subscriptionRemoved") => return Heard::Lost,
            // A change, "missed", or something that a listing will tell.
            _ => heard = Heard::Changed,
        }
    }
    heard
}

fn is_ours(notice: &Notice, secret: &Secret) -> bool {
    let state = notice.client_state.as_deref().unwrap_or_default();
    !state.is_empty() && bool::from(state.as_bytes().ct_eq(secret.expose().as_bytes()))
}
