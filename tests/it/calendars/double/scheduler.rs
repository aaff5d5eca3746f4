//! A vendor in memory that keeps its own bookings, one at a time, and gives no key to book twice with.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use deskbell::{
    domain::{connection::CalendarId, secret::Secret},
    ports::calendar::{
        Access, Allowance, Booked, EventKey, Heard, Hook, Interval, Listed, Report, Scheduler, SeenVisit, Trouble,
        Visit, Watch,
    },
};
use jiff::{SignedDuration, Timestamp};

use super::{Asked, Trap, Traps};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) key: EventKey,
    pub(crate) when: Interval,
    pub(crate) email: Option<String>,
    pub(crate) cancelled: bool,
    /// The visit that took its place.
    pub(crate) moved_to: Option<String>,
}

#[derive(Default)]
struct Inner {
    seats: BTreeMap<String, Seat>,
    /// What others have booked.
    taken: Vec<Interval>,
    traps: Traps,
}

pub(crate) struct BookingHall {
    inner: Mutex<Inner>,
    pub(crate) moves: AtomicBool,
    pub(crate) wants_email: AtomicBool,
    /// Starts are on these hours of every day, UTC.
    hours: std::ops::Range<i64>,
}

const DAILY: [Allowance; 1] = [Allowance { within: Duration::from_hours(24), bookings: 5 }];

impl BookingHall {
    pub(crate) fn open(hours: std::ops::Range<i64>) -> Self {
        let (moves, wants_email) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { inner: Mutex::default(), moves, wants_email, hours }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub(crate) fn trap(&self, asked: Asked, trap: Trap, times: usize) {
        self.lock().traps.set(asked, trap, times);
    }

    pub(crate) fn count(&self, asked: Asked) -> usize {
        self.lock().traps.asked.get(&asked).copied().unwrap_or_default()
    }

    /// Somebody books on the vendor's own page.
    pub(crate) fn somebody_books(&self, when: Interval) {
        self.lock().taken.push(when);
    }

    /// Its owner cancels all that is there.
    pub(crate) fn owner_cancels_all(&self) {
        self.lock().seats.values_mut().for_each(|seat| seat.cancelled = true);
    }

    /// Its owner, or the customer, moves the one that stands: another visit takes its place. The new one's id.
    pub(crate) fn moves_the_one(&self, when: Interval) -> String {
        let mut inner = self.lock();
        let id = format!("visit-{}", inner.seats.len());
        let old = inner.seats.values_mut().find(|seat| !seat.cancelled).expect("one stands");
        let new = Seat { when, ..old.clone() };
        (old.cancelled, old.moved_to) = (true, Some(id.clone()));
        inner.seats.insert(id.clone(), new);
        id
    }

    /// What stands there of ours, in order of time.
    pub(crate) fn ours(&self) -> Vec<Seat> {
        let mut ours: Vec<_> = self.lock().seats.values().filter(|seat| !seat.cancelled).cloned().collect();
        ours.sort_by_key(|seat| seat.when);
        ours
    }

    async fn before(&self, asked: Asked) -> Result<bool, Trouble> {
        let sprung = self.lock().traps.spring(asked);
        match sprung {
            None => Ok(false),
            Some(Trap::Lost) => Ok(true),
            Some(Trap::Silent) => pending().await,
            Some(Trap::Slow) => {
                tokio::time::sleep(Duration::from_secs(2)).await;
                Ok(false)
            }
            Some(trap) => Err(trap.trouble()),
        }
    }
}

impl Inner {
    /// Where a visit was moved to, at last.
    fn latest(&self, id: &str) -> String {
        let mut id = id.to_owned();
        while let Some(next) = self.seats.get(&id).and_then(|seat| seat.moved_to.clone()) {
            id = next;
        }
        id
    }

    fn is_free(&self, when: Interval, except: Option<&str>) -> bool {
        let touches = |other: &Interval| other.from < when.to && other.to > when.from;
        let ours = self.seats.iter().filter(|(id, seat)| !seat.cancelled && Some(id.as_str()) != except);
        !self.taken.iter().any(touches) && !ours.map(|(_, seat)| &seat.when).any(touches)
    }
}

fn booked(id: &str) -> Booked {
    Booked { id: id.to_owned(), cancel_link: None, change_link: None }
}

fn lasting(starts: Timestamp, minutes: u16) -> Interval {
    Interval { from: starts, to: starts + SignedDuration::from_mins(i64::from(minutes)) }
}

#[async_trait]
impl Scheduler for BookingHall {
    fn needs_email(&self) -> bool {
        self.wants_email.load(Ordering::SeqCst)
    }

    fn moves(&self) -> bool {
        self.moves.load(Ordering::SeqCst)
    }

    fn allowances(&self) -> &'static [Allowance] {
        &DAILY
    }

    async fn kinds(&self, _: &Access) -> Result<Vec<Listed>, Trouble> {
        self.before(Asked::Kinds).await?;
        Ok(vec![Listed {
            id: CalendarId::new("cut").unwrap(),
            name: "Haircut".into(),
            primary: true,
            writable: true,
            minutes: Some(45),
            page: Some("https://book.example.com/salon/cut".into()),
        }])
    }

    async fn free(&self, _: &Access, _: &CalendarId, range: Interval) -> Result<Vec<Timestamp>, Trouble> {
        self.before(Asked::Busy).await?;
        let inner = self.lock();
        let hour = |n: i64| Timestamp::from_second(n * 3600).unwrap();
        let all = range.from.as_second().div_euclid(3600)..=range.to.as_second().div_euclid(3600);
        let open = all.filter(|n| self.hours.contains(&n.rem_euclid(24))).map(hour);
        let asked = open.filter(|start| (range.from..range.to).contains(start));
        Ok(asked.filter(|start| inner.is_free(lasting(*start, 45), None)).collect())
    }

    async fn book(&self, _: &Access, _: &CalendarId, visit: &Visit) -> Result<Booked, Trouble> {
        let lost = self.before(Asked::Place).await?;
        let mut inner = self.lock();
        let when = lasting(visit.starts, visit.minutes);
        if !inner.is_free(when, None) {
            return Err(Trouble::Taken);
        }
        let id = format!("visit-{}", inner.seats.len());
        let seat = Seat { key: visit.key, when, email: visit.email.clone(), cancelled: false, moved_to: None };
        inner.seats.insert(id.clone(), seat);
        if lost { Err(Trap::Lost.trouble()) } else { Ok(booked(&id)) }
    }

    async fn find(&self, _: &Access, _: &CalendarId, visit: &Visit) -> Result<Option<SeenVisit>, Trouble> {
        self.before(Asked::Find).await?;
        let inner = self.lock();
        let found = inner.seats.iter().find(|(_, seat)| seat.key == visit.key && !seat.cancelled);
        Ok(found.map(|(id, seat)| SeenVisit {
            booked: booked(id),
            key: Some(seat.key),
            when: Some(seat.when),
            moved_to: None,
        }))
    }

    async fn move_to(&self, _: &Access, known: &Booked, starts: Timestamp) -> Result<Booked, Trouble> {
        let lost = self.before(Asked::Revise).await?;
        let mut inner = self.lock();
        let id = inner.latest(&known.id);
        let Some(seat) = inner.seats.get(&id).filter(|seat| !seat.cancelled) else { return Err(Trouble::Gone) };
        let when = Interval { from: starts, to: starts + seat.when.to.duration_since(seat.when.from) };
        if !inner.is_free(when, Some(&id)) {
            return Err(Trouble::Taken);
        }
        inner.seats.get_mut(&id).unwrap().when = when;
        if lost { Err(Trap::Lost.trouble()) } else { Ok(booked(&id)) }
    }

    async fn cancel(&self, _: &Access, known: &Booked) -> Result<(), Trouble> {
        let lost = self.before(Asked::Withdraw).await?;
        let mut inner = self.lock();
        let id = inner.latest(&known.id);
        if let Some(seat) = inner.seats.get_mut(&id) {
            seat.cancelled = true;
        }
        drop(inner);
        if lost { Err(Trap::Lost.trouble()) } else { Ok(()) }
    }

    async fn visits(&self, _: &Access, range: Interval) -> Result<Vec<SeenVisit>, Trouble> {
        let inner = self.lock();
        let there = inner.seats.iter().filter(|(_, seat)| range.from <= seat.when.from && seat.when.from < range.to);
        let visit = |(id, seat): (&String, &Seat)| SeenVisit {
            booked: booked(id),
            key: Some(seat.key),
            when: (!seat.cancelled).then_some(seat.when),
            moved_to: seat.moved_to.clone(),
        };
        Ok(there.map(visit).collect())
    }

    async fn stands(&self, _: &Access, known: &Booked) -> Result<SeenVisit, Trouble> {
        self.before(Asked::Find).await?;
        let inner = self.lock();
        let id = inner.latest(&known.id);
        let seat = inner.seats.get(&id).ok_or(Trouble::Gone)?;
        Ok(SeenVisit { booked: booked(&id), key: None, when: (!seat.cancelled).then_some(seat.when), moved_to: None })
    }

    async fn watch(&self, _: &Access, _: &Hook) -> Result<Option<Watch>, Trouble> {
        Ok(None)
    }

    async fn watches(&self, _: &Access, _: &Watch) -> Result<bool, Trouble> {
        Ok(false)
    }

    async fn unwatch(&self, _: &Access, _: &Watch) -> Result<(), Trouble> {
        Ok(())
    }

    fn heard(&self, _: Report<'_>, _: &Secret) -> Heard {
        Heard::Nothing
    }
}
