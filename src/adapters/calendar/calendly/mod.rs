//! Calendly, API v2 (<https://developer.calendly.com/api-docs>). It decides by its own rules what is free, and keeps the
//! bookings.
//!
//! What it does differently from what one would hope: it takes no idempotency key, so a booking whose answer was lost is
//! looked for by the mark in `tracking.utm_content`; it wants an e-mail address of everybody; it cannot move a booking; a
//! free plan can neither book nor report, but can be read. An event is cancelled as a whole: a session that others have
//! joined is left alone. `text_reminder_number` is never sent: with it the account would vouch for a consent that we do not
//! have, and we text customers ourselves.

mod booking;
pub mod consent;
mod form;
mod hooks;
mod names;
mod reading;
#[cfg(test)]
mod tests;
mod wire;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;

pub use self::consent::CalendlyConsent;
use self::{names::Seat, wire::Fault};
use super::exchange::{self, Answer, Api, Doing};
use crate::{
    domain::{
        connection::{CalendarId, Why},
        secret::Secret,
    },
    ports::{
        calendar::{
            Access, Allowance, Booked, Heard, Hook, Interval, Listed, Report, Scheduler, SeenVisit, Trouble, Visit,
            Watch,
        },
        clock::Clock,
    },
};

/// Where Calendly is.
pub const API: &str = "https://api.calendly.com";

/// Why a free plan books nothing; the page of the kind still does, so whoever reads this can text its link.
pub const NEEDS_PAID_PLAN: &str = "booking for a customer needs a paid Calendly plan";
pub const NEEDS_EMAIL: &str = "Calendly takes no booking without an e-mail address";

/// What a paid plan that is not an enterprise's allows each user (release note of 2026-04-15). A trial has 5 a day, and
/// says so with 429.
const ALLOWANCES: [Allowance; 3] = [
    Allowance { within: Duration::from_mins(1), bookings: 10 },
    Allowance { within: Duration::from_hours(1), bookings: 50 },
    Allowance { within: Duration::from_hours(24), bookings: 100 },
];

/// Its clock may be ahead of ours, and it refuses a window that begins in the past. Nothing can be booked that soon.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_secs(60);

pub struct Calendly {
    api: Api,
    clock: Arc<dyn Clock>,
    /// The app's, which the vendor shows when the app is made.
    signing: Option<Secret>,
}

impl Calendly {
    /// `base` is [`API`], or a double.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(base: &str, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Self::with_timeout(base, clock, exchange::TIMEOUT)
    }

    /// As [`new`](Self::new), with another time limit for a request.
    pub fn with_timeout(base: &str, clock: Arc<dyn Clock>, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self { api: Api::new(base, timeout)?, clock, signing: None })
    }

    /// Reports may be signed with this, too.
    #[must_use]
    pub fn signed_with(self, signing: Option<Secret>) -> Self {
        Self { signing, ..self }
    }

    /// The first moment that may be asked about.
    fn soonest(&self) -> Timestamp {
        exchange::second(self.clock.now().saturating_add(CLOCKS_DIFFER).unwrap_or(Timestamp::MAX))
    }

    fn get(&self, access: &Access, path: &str) -> RequestBuilder {
        self.api.request(Method::GET, path, access)
    }

    fn post(&self, access: &Access, path: &str) -> RequestBuilder {
        self.api.request(Method::POST, path, access)
    }

    async fn found<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Trouble> {
        let answer = exchange::ask(request, Doing::Reading).await?;
        if answer.is_success() { answer.read() } else { Err(refused(&answer)) }
    }

    /// The path of a thing that the vendor or the owner's choice names by its address.
    fn path(&self, kind: &str, address: &str) -> Result<String, Trouble> {
        names::path(self.api.base(), kind, address).ok_or(Trouble::Refused("this is not an address at Calendly"))
    }
}

/// What a refusal means wherever it comes.
fn refused(answer: &Answer) -> Trouble {
    let fault: Fault = answer.refusal();
    match answer.status() {
        403 if fault.mentions("upgrade") => Trouble::Refused(NEEDS_PAID_PLAN),
        403 => Trouble::Reconnect(Why::NotAllowed),
        404 | 410 => Trouble::Gone,
        409 => Trouble::Conflict,
        _ => Trouble::Refused("Calendly does not take the request"),
    }
}

#[async_trait]
impl Scheduler for Calendly {
    fn needs_email(&self) -> bool {
        true
    }

    fn moves(&self) -> bool {
        false
    }

    fn allowances(&self) -> &'static [Allowance] {
        &ALLOWANCES
    }

    async fn kinds(&self, access: &Access) -> Result<Vec<Listed>, Trouble> {
        self.list_kinds(access).await
    }

    async fn free(&self, access: &Access, kind: &CalendarId, range: Interval) -> Result<Vec<Timestamp>, Trouble> {
        self.free_times(access, kind, range).await
    }

    async fn book(&self, access: &Access, kind: &CalendarId, visit: &Visit) -> Result<Booked, Trouble> {
        self.make(access, kind, visit).await
    }

    async fn find(&self, access: &Access, _: &CalendarId, visit: &Visit) -> Result<Option<SeenVisit>, Trouble> {
        self.look_for(access, visit).await
    }

    async fn move_to(&self, _: &Access, _: &Booked, _: Timestamp) -> Result<Booked, Trouble> {
        Err(Trouble::Refused("Calendly moves nothing for others: book anew, then cancel"))
    }

    async fn cancel(&self, access: &Access, booked: &Booked) -> Result<(), Trouble> {
        let seat = Seat::named(&booked.id).ok_or(Trouble::Refused("this is not a booking at Calendly"))?;
        self.take_back(access, &seat).await
    }

    async fn visits(&self, access: &Access, range: Interval) -> Result<Vec<SeenVisit>, Trouble> {
        self.list_visits(access, range).await
    }

    async fn stands(&self, access: &Access, booked: &Booked) -> Result<SeenVisit, Trouble> {
        self.whereabouts(access, booked).await
    }

    async fn watch(&self, access: &Access, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        self.subscribe(access, hook).await
    }

    async fn watches(&self, access: &Access, watch: &Watch) -> Result<bool, Trouble> {
        self.is_subscribed(access, watch).await
    }

    async fn unwatch(&self, access: &Access, watch: &Watch) -> Result<(), Trouble> {
        self.unsubscribe(access, &watch.id).await
    }

    fn heard(&self, report: Report<'_>, secret: &Secret) -> Heard {
        let keys: Vec<&Secret> = [secret].into_iter().chain(&self.signing).collect();
        hooks::heard(self.api.base(), report, &keys)
    }
}
