//! Calendly's reports: where they go, whether they still come, and which of them are believed.
//!
//! `Calendly-Webhook-Signature: t=…,v1=…`: HMAC-SHA256 over `t`, a dot and the body
//! (<https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures>). A report that failed is sent again for 24
//! hours; after that the subscription is switched off and nobody is told.
//!
//! With which key is told in two ways: with the one that the subscription brings (`signing_key`), and with the one that an
//! OAuth app got when it was made. Either is believed.

use jiff::SignedDuration;

use super::{
    Calendly, reading, refused,
    wire::{One, Payload, Report as Told, Subscribing, Subscription},
};
use crate::{
    adapters::calendar::{
        exchange::{self, Doing},
        signed::is_signed,
    },
    domain::secret::Secret,
    ports::calendar::{Access, Heard, Hook, Report, Trouble, Watch},
};

const EVENTS: &[&str] = &["invitee.created", "invitee.canceled"];

/// How far a report's time may be from ours, before and after.
const FRESH: SignedDuration = SignedDuration::from_mins(3);

/// A signature is 77 characters; with a second key in use there are two.
const LONGEST_HEADER: usize = 1_000;
/// How many `v1` are looked at.
const MOST_SIGNATURES: usize = 5;

impl Calendly {
    /// Of the user's own events. Nothing on a free plan, which has no reports.
    pub(super) async fn subscribe(&self, access: &Access, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        let me = self.me(access).await?;
        let wish = Subscribing {
            url: &hook.address,
            events: EVENTS,
            organization: &me.current_organization,
            user: &me.uri,
            scope: "user",
            signing_key: hook.secret.expose(),
        };
        let post = || exchange::ask(self.post(access, "/webhook_subscriptions").json(&wish), Doing::Writing);
        let mut answer = post().await?;
        if answer.status() == 409 {
            // One of ours from before, with another key: it takes the new one's place.
            let query = [("organization", me.current_organization.as_str()), ("user", &me.uri), ("scope", "user")];
            let old: Vec<Subscription> = self.pages(access, "/webhook_subscriptions", &query).await?;
            for old in old.iter().filter(|old| old.callback_url == hook.address) {
                self.unsubscribe(access, &old.uri).await?;
            }
            answer = post().await?;
        }
        if !answer.is_success() {
            return match refused(&answer) {
                Trouble::Refused(super::NEEDS_PAID_PLAN) => Ok(None),
                trouble => Err(trouble),
            };
        }
        let made: One<Subscription> = answer.read()?;
        if self.path("webhook_subscriptions", &made.resource.uri).is_err() {
            return Err(answer.senseless("the subscription has an address elsewhere"));
        }
        Ok(Some(Watch { id: made.resource.uri, resource: None, until: None }))
    }

    pub(super) async fn is_subscribed(&self, access: &Access, watch: &Watch) -> Result<bool, Trouble> {
        let path = self.path("webhook_subscriptions", &watch.id)?;
        match self.found::<One<Subscription>>(self.get(access, &path)).await {
            Ok(subscription) => Ok(subscription.resource.state == "active"),
            Err(Trouble::Gone) => Ok(false),
            Err(trouble) => Err(trouble),
        }
    }

    pub(super) async fn unsubscribe(&self, access: &Access, address: &str) -> Result<(), Trouble> {
        let path = self.path("webhook_subscriptions", address)?;
        let request = self.api.request(reqwest::Method::DELETE, &path, access);
        let answer = exchange::ask(request, Doing::Writing).await?;
        match answer.status() {
            204 | 404 | 410 => Ok(()),
            _ if answer.is_success() => Err(answer.senseless("the end of a subscription has no body")),
            _ => Err(refused(&answer)),
        }
    }
}

pub(super) fn heard(base: &str, report: Report<'_>, keys: &[&Secret]) -> Heard {
    if !is_genuine(&report, keys) {
        return Heard::Forged;
    }
    // It is Calendly's; when we do not understand it, the listing tells.
    let Ok(told) = serde_json::from_slice::<Told>(report.body) else { return Heard::Changed };
    if !EVENTS.contains(&told.event.as_str()) {
        return Heard::Nothing;
    }
    let Ok(payload) = serde_json::from_value::<Payload>(told.payload) else { return Heard::Changed };
    let mut invitee = payload.invitee;
    if told.event == "invitee.canceled" {
        "canceled".clone_into(&mut invitee.status);
    }
    match reading::seen(base, invitee, payload.scheduled_event.as_ref()) {
        Some(mut visit) => {
            // Links are for the customer, who has them from the booking.
            (visit.booked.cancel_link, visit.booked.change_link) = (None, None);
            Heard::Booking(visit)
        }
        None => Heard::Changed,
    }
}

fn is_genuine(report: &Report<'_>, keys: &[&Secret]) -> bool {
    let mut headers = report.headers.iter().filter(|(name, _)| name == "calendly-webhook-signature");
    let (Some((_, header)), None) = (headers.next(), headers.next()) else { return false };
    if header.len() > LONGEST_HEADER {
        return false;
    }
    let mut stamps = header.split(',').filter_map(|part| part.strip_prefix("t="));
    let (Some(stamp), None) = (stamps.next(), stamps.next()) else { return false };
    let Ok(at) = stamp.parse::<i64>() else { return false };
    if at.abs_diff(report.now.as_second()) > FRESH.as_secs().unsigned_abs() {
        return false;
    }
    let parts = [stamp.as_bytes(), b".", report.body];
    let mut signatures = header.split(',').filter_map(|part| part.strip_prefix("v1=")).take(MOST_SIGNATURES);
    signatures.any(|signature| keys.iter().any(|key| is_signed(key, &parts, signature)))
}
