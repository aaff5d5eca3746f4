//! Cal.com, API v2 (<https://cal.com/docs/api-reference/v2>). It decides by its own rules what is free, and keeps the
//! bookings.
//!
//! Each family of its doors has a version of its own in `cal-api-version`, and a request without one is answered in an
//! older shape. It takes no idempotency key: a booking carries our mark in its `metadata` and is looked for by it. Two
//! bookings of one time at the same moment can both succeed there (cal.diy #13397), so a time is reserved first.
//!
//! Not booked by us, because the answer would not be the whole truth: kinds that repeat, that the owner confirms, that share
//! seats (a host's cancelling ends it for all), that cost something, or that ask what only the customer can answer.

mod booking;
mod changing;
mod form;
mod hooks;
pub mod key;
mod reading;
#[cfg(test)]
mod tests;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;

use self::wire::{Done, Fault};
use super::exchange::{self, Answer, Api, Doing};
use crate::{
    domain::{
        connection::{CalendarId, Why},
        secret::Secret,
    },
    ports::calendar::{
        Access, Allowance, Booked, Heard, Hook, Interval, Listed, Report, Scheduler, SeenVisit, Trouble, Visit, Watch,
    },
};

/// Where Cal.com is.
pub const API: &str = "https://api.cal.com";

/// Most kinds want an address; the owner can make it optional for those who leave a number.
pub const NEEDS_EMAIL: &str = "Cal.com takes no booking of this kind without an e-mail address";

/// `cal-api-version` of each family of doors.
const EVENT_TYPES: &str = "2024-06-14";
const SLOTS: &str = "2024-09-04";
const BOOKINGS: &str = "2024-08-13";

pub struct Calcom {
    api: Api,
}

impl Calcom {
    /// `base` is [`API`], or a double.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(base: &str) -> anyhow::Result<Self> {
        Self::with_timeout(base, exchange::TIMEOUT)
    }

    /// As [`new`](Self::new), with another time limit for a request.
    pub fn with_timeout(base: &str, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self { api: Api::new(base, timeout)? })
    }

    fn request(&self, method: Method, path: &str, version: &'static str, access: &Access) -> RequestBuilder {
        self.api.request(method, path, access).header("cal-api-version", version)
    }

    async fn found<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<Done<T>, Trouble> {
        let answer = exchange::ask(request, Doing::Reading).await?;
        if answer.is_success() { done(&answer) } else { Err(refused(&answer)) }
    }
}

/// What was done or found. 200 with `"status": "error"` is neither.
fn done<T: DeserializeOwned>(answer: &Answer) -> Result<Done<T>, Trouble> {
    let done: Done<T> = answer.read()?;
    if done.status == "success" {
        Ok(done)
    } else {
        Err(answer.senseless("it says that it failed, and that it is well"))
    }
}

/// What a refusal means wherever it comes.
fn refused(answer: &Answer) -> Trouble {
    let fault: Fault = answer.refusal();
    match answer.status() {
        // A key that was deleted or has run out.
        403 if fault.mentions("api key") => Trouble::Reconnect(Why::Revoked),
        403 => Trouble::Reconnect(Why::NotAllowed),
        404 | 410 => Trouble::Gone,
        409 => Trouble::Conflict,
        _ => Trouble::Refused("Cal.com does not take the request"),
    }
}

#[async_trait]
impl Scheduler for Calcom {
    /// Each kind says for itself: most want an address, and are refused without one.
    fn needs_email(&self) -> bool {
        false
    }

    fn moves(&self) -> bool {
        true
    }

    fn allowances(&self) -> &'static [Allowance] {
        // 120 requests a minute of any kind; it tells in time.
        &[]
    }

    async fn kinds(&self, access: &Access) -> Result<Vec<Listed>, Trouble> {
        self.list_kinds(access).await
    }

    async fn free(&self, access: &Access, kind: &CalendarId, range: Interval) -> Result<Vec<Timestamp>, Trouble> {
        self.free_times(access, kind, range, None).await
    }

    async fn book(&self, access: &Access, kind: &CalendarId, visit: &Visit) -> Result<Booked, Trouble> {
        self.make(access, kind, visit).await
    }

    async fn find(&self, access: &Access, kind: &CalendarId, visit: &Visit) -> Result<Option<SeenVisit>, Trouble> {
        self.look_for(access, kind, visit).await
    }

    async fn move_to(&self, access: &Access, booked: &Booked, starts: Timestamp) -> Result<Booked, Trouble> {
        self.reschedule(access, booked, starts).await
    }

    async fn cancel(&self, access: &Access, booked: &Booked) -> Result<(), Trouble> {
        self.take_back(access, &booked.id).await
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
        hooks::heard(report, secret)
    }
}
