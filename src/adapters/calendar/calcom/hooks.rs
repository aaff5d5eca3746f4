//! Cal.com's reports: where they go, whether they still come, and which of them are believed.
//!
//! `X-Cal-Signature-256` is the HMAC-SHA256 of the body, in hexadecimal (<https://cal.com/docs/developing/guides/automation/webhooks>).
//! It has no time in it: a report that is played again says what it said before, and changes nothing that a listing does
//! not confirm.

use reqwest::Method;
use serde_json::Value;

use super::{
    BOOKINGS, Calcom, done,
    reading::MARK,
    refused,
    wire::{Payload, Subscribing, Told, Webhook},
};
use crate::{
    adapters::calendar::{
        exchange::{self, Answer, Doing, Pages},
        signed::is_signed,
    },
    domain::secret::Secret,
    ports::calendar::{Access, Booked, Heard, Hook, Report, SeenVisit, Trouble, Watch},
};

const TRIGGERS: &[&str] = &["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REJECTED"];

/// Of a report's shape.
const VERSION: &str = "2021-10-20";

/// As many as a page may have.
const ROWS: usize = 250;

impl Calcom {
    pub(super) async fn subscribe(&self, access: &Access, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        let wish = Subscribing {
            active: true,
            subscriber_url: &hook.address,
            triggers: TRIGGERS,
            secret: hook.secret.expose(),
            version: VERSION,
        };
        let request = self.request(Method::POST, "/v2/webhooks", BOOKINGS, access).json(&wish);
        let answer = exchange::ask(request, Doing::Writing).await?;
        if answer.is_success() {
            return watching(&answer).map(Some);
        }
        if answer.status() != 409 {
            return Err(refused(&answer));
        }
        // One of ours from before, with another secret: it gets the new one.
        let Some(old) = self.webhook_at(access, &hook.address).await? else { return Err(Trouble::Conflict) };
        let request = self.request(Method::PATCH, &format!("/v2/webhooks/{old}"), BOOKINGS, access).json(&wish);
        let answer = exchange::ask(request, Doing::Writing).await?;
        if answer.is_success() { watching(&answer).map(Some) } else { Err(refused(&answer)) }
    }

    async fn webhook_at(&self, access: &Access, address: &str) -> Result<Option<String>, Trouble> {
        let (mut pages, mut skip) = (Pages::default(), 0);
        loop {
            let query = [("take", ROWS.to_string()), ("skip", skip.to_string())];
            let request = self.request(Method::GET, "/v2/webhooks", BOOKINGS, access).query(&query);
            let hooks: Vec<Webhook> = self.found(request).await?.data;
            if let Some(hook) = hooks.iter().find(|hook| hook.subscriber_url == address) {
                return Ok(id(&hook.id));
            }
            if hooks.len() < ROWS {
                return Ok(None);
            }
            skip += hooks.len();
            pages.go_on(&skip.to_string())?;
        }
    }

    pub(super) async fn is_subscribed(&self, access: &Access, watch: &Watch) -> Result<bool, Trouble> {
        let request = self.request(Method::GET, &path(&watch.id)?, BOOKINGS, access);
        match self.found::<Webhook>(request).await {
            Ok(hook) => Ok(hook.data.active),
            Err(Trouble::Gone) => Ok(false),
            Err(trouble) => Err(trouble),
        }
    }

    pub(super) async fn unsubscribe(&self, access: &Access, watch: &str) -> Result<(), Trouble> {
        let request = self.request(Method::DELETE, &path(watch)?, BOOKINGS, access);
        let answer = exchange::ask(request, Doing::Writing).await?;
        match answer.status() {
            404 | 410 => Ok(()),
            _ if answer.is_success() => done::<Value>(&answer).map(drop),
            _ => Err(refused(&answer)),
        }
    }
}

fn path(watch: &str) -> Result<String, Trouble> {
    let good = exchange::is_plain(watch);
    good.then(|| format!("/v2/webhooks/{watch}")).ok_or(Trouble::Refused("this is not a webhook at Cal.com"))
}

/// A number in its description, a text in its answers.
fn id(id: &Value) -> Option<String> {
    let id = match id {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    exchange::is_plain(&id).then_some(id)
}

fn watching(answer: &Answer) -> Result<Watch, Trouble> {
    let hook: Webhook = done(answer)?.data;
    let id = id(&hook.id).ok_or_else(|| answer.senseless("the webhook has no id that can be one"))?;
    Ok(Watch { id, resource: None, until: None })
}

pub(super) fn heard(report: Report<'_>, secret: &Secret) -> Heard {
    let mut headers = report.headers.iter().filter(|(name, _)| name == "x-cal-signature-256");
    let (Some((_, signature)), None) = (headers.next(), headers.next()) else { return Heard::Forged };
    if !is_signed(secret, &[report.body], signature) {
        return Heard::Forged;
    }
    // It is Cal.com's; when we do not understand it, the listing tells.
    let Ok(told) = serde_json::from_slice::<Told>(report.body) else { return Heard::Changed };
    if !TRIGGERS.contains(&told.trigger_event.as_str()) {
        return Heard::Nothing;
    }
    let Ok(payload) = serde_json::from_value::<Payload>(told.payload) else { return Heard::Changed };
    visit(&told.trigger_event, payload).map_or(Heard::Changed, Heard::Booking)
}

fn visit(trigger: &str, payload: Payload) -> Option<SeenVisit> {
    if !exchange::is_plain(&payload.uid) {
        return None;
    }
    let stands = match trigger {
        "BOOKING_CREATED" => payload.status.as_deref().is_none_or(|status| status.eq_ignore_ascii_case("accepted")),
        "BOOKING_RESCHEDULED" => true,
        _ => false,
    };
    if trigger == "BOOKING_CREATED" && !stands {
        return None;
    }
    let when = if stands { Some(exchange::interval(payload.start_time, payload.end_time)?) } else { None };
    let (id, moved_to) = match trigger {
        // Of the one that was there before: it stands in another's name now.
        "BOOKING_RESCHEDULED" => {
            let old = payload.reschedule_uid.filter(|old| exchange::is_plain(old))?;
            if old == payload.uid { (old, None) } else { (old, Some(payload.uid)) }
        }
        _ => (payload.uid, None),
    };
    Some(SeenVisit {
        key: payload.metadata.and_then(|metadata| metadata.get(MARK)?.as_str()?.parse().ok()),
        booked: Booked { id, cancel_link: None, change_link: None },
        when,
        moved_to,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_is_a_number_or_a_text_and_nothing_that_leads_elsewhere() {
        assert_eq!(id(&json!(4711)).as_deref(), Some("4711"));
        assert_eq!(id(&json!("3f2c-a_1")).as_deref(), Some("3f2c-a_1"));
        for odd in [json!(null), json!("../me"), json!(""), json!(1.5), json!({}), json!("a/b")] {
            assert_eq!(id(&odd), None, "{odd}");
        }
    }
}
