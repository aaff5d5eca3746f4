//! Reports of changes (<https://developers.google.com/workspace/calendar/api/guides/push>): a channel for each calendar,
//! which posts without a body and says in headers whose it is. They are not signed, so the channel's token is what makes
//! one believable. Not every change is reported, so it is looked at now and then all the same.

use jiff::Timestamp;
use reqwest::Method;
use subtle::ConstantTimeEq as _;

use super::{Google, refusals, wire};
use crate::{
    adapters::calendar::exchange::{self, Doing},
    domain::{
        connection::{CalendarId, Why},
        secret::Secret,
    },
    ports::calendar::{Access, Heard, Hook, Report, Trouble, Watch},
};

/// Seconds: a week, which is what Google gives at most.
const LIFE: &str = "604800";

impl Google {
    pub(super) async fn open_channel(
        &self,
        access: &Access,
        calendar: &CalendarId,
        hook: &Hook,
    ) -> Result<Option<Watch>, Trouble> {
        let wish = wire::ChannelWish {
            id: &hook.id,
            kind: "web_hook",
            address: &hook.address,
            token: hook.secret.expose(),
            params: wire::ChannelLife { ttl: LIFE },
        };
        let parts = ["calendars", calendar.as_str(), "events", "watch"];
        let request = self.request(Method::POST, &parts, &[], access).json(&wish);
        let answer = exchange::ask(request, Doing::Writing).await?;
        if answer.is_success() {
            let made: wire::Channel = answer.read()?;
            let millis = made.expiration.and_then(|text| text.parse().ok());
            let until = millis.and_then(|millis| Timestamp::from_millisecond(millis).ok()).map(exchange::second);
            return Ok(Some(Watch { id: made.id, resource: made.resource_id, until }));
        }
        // An address that Google cannot reach, or a calendar that has no reports or is somebody else's: it is looked at
        // again and again instead.
        let none = |reason: &String| {
            reason.starts_with("push.") || reason.contains("webhook") || reason.starts_with("pushNotSupported")
        };
        if refusals::reasons(&answer).iter().any(none) {
            return Ok(None);
        }
        match refusals::of_account(&answer) {
            Trouble::Reconnect(Why::NotAllowed) => Ok(None),
            trouble => Err(trouble),
        }
    }

    pub(super) async fn stop_channel(&self, access: &Access, watch: &Watch) -> Result<(), Trouble> {
        let end = wire::ChannelEnd { id: &watch.id, resource_id: watch.resource.as_deref().unwrap_or_default() };
        let request = self.request(Method::POST, &["channels", "stop"], &[], access).json(&end);
        let answer = exchange::ask(request, Doing::Writing).await?;
        match answer.status() {
            204 | 404 | 410 => Ok(()),
            200..=299 => Err(answer.senseless("the end of a watch was answered with something")),
            _ => Err(refusals::of_account(&answer)),
        }
    }
}

pub(super) fn heard(report: Report<'_>, secret: &Secret) -> Heard {
    // Twice the same header is nobody's we know.
    let header = |name: &str| {
        let mut values = report.headers.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
    };
    let token = header("x-goog-channel-token").unwrap_or_default();
    if secret.expose().is_empty() || !bool::from(token.as_bytes().ct_eq(secret.expose().as_bytes())) {
        return Heard::Forged;
    }
    match header("x-goog-resource-state") {
        // The channel stands; nothing has changed yet.
        Some("sync") => Heard::Nothing,
        Some(_) => Heard::Changed,
        None => Heard::Forged,
    }
}
