//! A vendor on paper behind those doors: its calendars, or the kinds of appointment that it takes bookings for.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Counted, locked};
use crate::{
    domain::{
        connection::{CalendarId, Why},
        secret::Secret,
    },
    ports::calendar::{
        Access, Allowance, Booked, Changes, Diary, Event, EventKey, Heard, Hook, Interval, Listed, Placed, Report,
        Scheduler, Seen, SeenVisit, Trouble, Visit, Watch, Words,
    },
};

/// What the next question gets instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ails {
    Down,
    Revoked,
    Slow(Duration),
}

/// A diary, or a scheduler, with what a test writes into it.
#[derive(Default)]
pub struct PaperDiary {
    listed: Mutex<Vec<Listed>>,
    busy: Mutex<Vec<Interval>>,
    ails: Mutex<Option<Ails>>,
    pub asked: Counted,
}

impl PaperDiary {
    /// With a main calendar, one of holidays that may not be written to, and a spare one.
    pub fn usual() -> Arc<Self> {
        let listed = |id: &str, name: &str, primary, writable| Listed {
            id: CalendarId::new(id).expect("a calendar's id"),
            name: name.to_owned(),
            primary,
            writable,
            minutes: None,
            page: None,
        };
        let all = vec![
            listed("holidays", "Holidays", false, false),
            listed("ann@example.com", "Ann", true, true),
            listed("spare", "Family", false, true),
        ];
        Arc::new(Self { listed: Mutex::new(all), ..Self::default() })
    }

    /// With these kinds of appointment, by id, name and minutes.
    pub fn of_kinds(kinds: &[(&str, &str, u16)]) -> Arc<Self> {
        let listed = |(id, name, minutes): &(&str, &str, u16)| Listed {
            id: CalendarId::new(*id).expect("a kind's id"),
            name: (*name).to_owned(),
            primary: false,
            writable: true,
            minutes: Some(*minutes),
            page: None,
        };
        Arc::new(Self { listed: Mutex::new(kinds.iter().map(listed).collect()), ..Self::default() })
    }

    pub fn is_busy(&self, from: Timestamp, to: Timestamp) {
        locked(&self.busy).push(Interval { from, to });
    }

    pub fn loses(&self, id: &str) {
        locked(&self.listed).retain(|one| one.id.as_str() != id);
    }

    /// From now on, until it is told otherwise.
    pub fn ails(&self, ails: Option<Ails>) {
        *locked(&self.ails) = ails;
    }

    async fn question(&self) -> Result<(), Trouble> {
        self.asked.one();
        let ails = *locked(&self.ails);
        match ails {
            None => Ok(()),
            Some(Ails::Down) => Err(Trouble::Unavailable(anyhow::anyhow!("down"))),
            Some(Ails::Revoked) => Err(Trouble::Reconnect(Why::Revoked)),
            Some(Ails::Slow(time)) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
        }
    }
}

#[async_trait]
impl Diary for PaperDiary {
    async fn calendars(&self, _: &Access) -> Result<Vec<Listed>, Trouble> {
        self.question().await?;
        Ok(locked(&self.listed).clone())
    }

    async fn busy(&self, _: &Access, _: &[CalendarId], range: Interval) -> Result<Vec<Interval>, Trouble> {
        self.question().await?;
        let inside = |busy: &Interval| busy.from < range.to && busy.to > range.from;
        Ok(locked(&self.busy).iter().filter(|busy| inside(busy)).copied().collect())
    }

    async fn place(&self, _: &Access, _: &CalendarId, event: &Event) -> Result<Placed, Trouble> {
        self.question().await?;
        Ok(Placed { id: event.key.to_string(), etag: None, link: None, meeting: None })
    }

    async fn revise(
        &self,
        _: &Access,
        _: &CalendarId,
        placed: &Placed,
        _: &Event,
        _: Words,
    ) -> Result<Placed, Trouble> {
        self.question().await?;
        Ok(placed.clone())
    }

    async fn withdraw(&self, _: &Access, _: &CalendarId, _: &Placed) -> Result<(), Trouble> {
        self.question().await
    }

    async fn find(&self, _: &Access, _: &CalendarId, _: EventKey) -> Result<Option<Seen>, Trouble> {
        self.question().await?;
        Ok(None)
    }

    async fn changes(&self, _: &Access, _: &CalendarId, _: Option<&str>, _: Timestamp) -> Result<Changes, Trouble> {
        self.question().await?;
        Ok(Changes { seen: Vec::new(), cursor: "1".to_owned() })
    }

    async fn watch(&self, _: &Access, _: &CalendarId, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        self.question().await?;
        Ok(Some(Watch { id: hook.id.clone(), resource: None, until: None }))
    }

    async fn unwatch(&self, _: &Access, _: &Watch) -> Result<(), Trouble> {
        self.question().await
    }

    fn heard(&self, report: Report<'_>, secret: &Secret) -> Heard {
        heard(report, secret)
    }
}

#[async_trait]
impl Scheduler for PaperDiary {
    fn needs_email(&self) -> bool {
        false
    }

    fn moves(&self) -> bool {
        false
    }

    fn allowances(&self) -> &'static [Allowance] {
        &[]
    }

    async fn kinds(&self, _: &Access) -> Result<Vec<Listed>, Trouble> {
        self.question().await?;
        Ok(locked(&self.listed).clone())
    }

    async fn free(&self, _: &Access, _: &CalendarId, range: Interval) -> Result<Vec<Timestamp>, Trouble> {
        self.question().await?;
        let starts: Vec<Timestamp> = locked(&self.busy).iter().map(|one| one.from).collect();
        Ok(starts.into_iter().filter(|start| (range.from..range.to).contains(start)).collect())
    }

    async fn book(&self, _: &Access, _: &CalendarId, visit: &Visit) -> Result<Booked, Trouble> {
        self.question().await?;
        Ok(Booked { id: visit.key.to_string(), cancel_link: None, change_link: None })
    }

    async fn find(&self, _: &Access, _: &CalendarId, _: &Visit) -> Result<Option<SeenVisit>, Trouble> {
        self.question().await?;
        Ok(None)
    }

    async fn move_to(&self, _: &Access, booked: &Booked, _: Timestamp) -> Result<Booked, Trouble> {
        self.question().await?;
        Ok(booked.clone())
    }

    async fn cancel(&self, _: &Access, _: &Booked) -> Result<(), Trouble> {
        self.question().await
    }

    async fn visits(&self, _: &Access, _: Interval) -> Result<Vec<SeenVisit>, Trouble> {
        self.question().await?;
        Ok(Vec::new())
    }

    async fn stands(&self, _: &Access, _: &Booked) -> Result<SeenVisit, Trouble> {
        self.question().await?;
        Err(Trouble::Gone)
    }

    async fn watch(&self, _: &Access, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        self.question().await?;
        Ok(Some(Watch { id: hook.id.clone(), resource: None, until: None }))
    }

    async fn watches(&self, _: &Access, _: &Watch) -> Result<bool, Trouble> {
        self.question().await?;
        Ok(true)
    }

    async fn unwatch(&self, _: &Access, _: &Watch) -> Result<(), Trouble> {
        self.question().await
    }

    fn heard(&self, report: Report<'_>, secret: &Secret) -> Heard {
        heard(report, secret)
    }
}

/// A report on paper says its secret in a header, and what it is about in its body. One that proves an address says so in the
/// query.
fn heard(report: Report<'_>, secret: &Secret) -> Heard {
    let value = |pairs: &[(String, String)], name: &str| {
        pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    if let Some(echo) = value(report.query, "validationToken") {
        return Heard::Echo(echo);
    }
    if value(report.headers, "x-secret").as_deref() != Some(secret.expose()) {
        return Heard::Forged;
    }
    match report.body {
        b"lost" => Heard::Lost,
        b"nothing" => Heard::Nothing,
        _ => Heard::Changed,
    }
}
