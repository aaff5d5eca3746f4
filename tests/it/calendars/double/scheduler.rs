//! A vendor in memory that keeps its own bookings, one at a time, and gives no key to book twice with.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use deskbell::{
    domain::{connection::CalendarId, secret::Secret},
    ports::calendar::{
        Access, Allowance, Booked, EventKey, Heard, Hook, Interval, Listed, Report, Scheduler, SeenVisit, Trouble,
        Visit, Watch,
    },
};
use jiff::{SignedDuration, Timestamp};

use super::vendor::{Asked, Vendor};

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
pub(crate) struct Seats {
    seats: BTreeMap<String, Seat>,
    /// What others have booked.
    taken: Vec<Interval>,
    moves: bool,
    wants_email: bool,
    generous: bool,
    /// Starts are on these hours of every day, UTC.
    hours: std::ops::Range<i64>,
}

pub(crate) type BookingHall = Vendor<Seats>;

const DAILY: [Allowance; 1] = [Allowance { within: Duration::from_hours(24), bookings: 5 }];

impl BookingHall {
    pub(crate) fn open(hours: std::ops::Range<i64>) -> Self {
        Self::keeping(Seats { hours, ..Seats::default() })
    }

    /// Whether it moves a booking that stands; if not, another is made and the first cancelled.
    pub(crate) fn can_move(&self, moves: bool) {
        self.kept().moves = moves;
    }

    pub(crate) fn insists_on_email(&self) {
        self.kept().wants_email = true;
    }

    /// It lets us book as often as we like.
    pub(crate) fn is_generous(&self) {
        self.kept().generous = true;
    }

    /// Somebody books on the vendor's own page. False: it is taken.
    pub(crate) fn somebody_books(&self, when: Interval) -> bool {
        let mut kept = self.kept();
        let free = kept.is_free(when, None);
        kept.taken.extend(free.then_some(when));
        free
    }

    /// And thinks better of it.
    pub(crate) fn somebody_cancels(&self) {
        self.kept().taken.pop();
    }

    /// Its owner cancels all that is there.
    pub(crate) fn owner_cancels_all(&self) {
        self.kept().seats.values_mut().for_each(|seat| seat.cancelled = true);
    }

    /// Its owner, or the customer, cancels one.
    pub(crate) fn cancels(&self, id: &str) {
        self.kept().seats.get_mut(id).unwrap().cancelled = true;
    }

    /// Its owner, or the customer, moves one: another visit takes its place. The new one's id; nothing: it is taken.
    pub(crate) fn moves_one(&self, id: &str, when: Interval) -> Option<String> {
        let mut kept = self.kept();
        if !kept.is_free(when, Some(id)) {
            return None;
        }
        let new_id = kept.fresh();
        let old = kept.seats.get_mut(id).unwrap();
        let new = Seat { when, ..old.clone() };
        (old.cancelled, old.moved_to) = (true, Some(new_id.clone()));
        kept.seats.insert(new_id.clone(), new);
        Some(new_id)
    }

    /// The same with the one that stands. The new one's id.
    pub(crate) fn moves_the_one(&self, when: Interval) -> String {
        let (id, _) = self.standing().pop().unwrap();
        self.moves_one(&id, when).unwrap()
    }

    /// What stands there of ours, in order of time.
    pub(crate) fn ours(&self) -> Vec<Seat> {
        self.standing().into_iter().map(|(_, seat)| seat).collect()
    }

    /// The same, with their ids.
    pub(crate) fn standing(&self) -> Vec<(String, Seat)> {
        let kept = self.kept();
        let standing = kept.seats.iter().filter(|(_, seat)| !seat.cancelled);
        let mut standing: Vec<_> = standing.map(|(id, seat)| (id.clone(), seat.clone())).collect();
        standing.sort_by_key(|(_, seat)| seat.when);
        standing
    }
}

impl Seats {
    fn fresh(&self) -> String {
        format!("visit-{:04}", self.seats.len())
    }

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
        self.kept().wants_email
    }

    fn moves(&self) -> bool {
        self.kept().moves
    }

    fn allowances(&self) -> &'static [Allowance] {
        if self.kept().generous { &[] } else { &DAILY }
    }

    async fn kinds(&self, _: &Access) -> Result<Vec<Listed>, Trouble> {
        let cut = Listed {
            id: CalendarId::new("cut").unwrap(),
            name: "Haircut".into(),
            primary: true,
            writable: true,
            minutes: Some(45),
            page: Some("https://book.example.com/salon/cut".into()),
        };
        self.ask(Asked::Kinds, |_| Ok(vec![cut])).await
    }

    async fn free(&self, _: &Access, _: &CalendarId, range: Interval) -> Result<Vec<Timestamp>, Trouble> {
        self.ask(Asked::Busy, move |kept| {
            let hour = |n: i64| Timestamp::from_second(n * 3600).unwrap();
            let all = range.from.as_second().div_euclid(3600)..=range.to.as_second().div_euclid(3600);
            let open = all.filter(|n| kept.hours.contains(&n.rem_euclid(24))).map(hour);
            let asked = open.filter(|start| (range.from..range.to).contains(start));
            Ok(asked.filter(|start| kept.is_free(lasting(*start, 45), None)).collect())
        })
        .await
    }

    async fn book(&self, _: &Access, _: &CalendarId, visit: &Visit) -> Result<Booked, Trouble> {
        let when = lasting(visit.starts, visit.minutes);
        let seat = Seat { key: visit.key, when, email: visit.email.clone(), cancelled: false, moved_to: None };
        self.ask(Asked::Place, move |kept| {
            if !kept.is_free(when, None) {
                return Err(Trouble::Taken);
            }
            let id = kept.fresh();
            kept.seats.insert(id.clone(), seat);
            Ok(booked(&id))
        })
        .await
    }

    async fn find(&self, _: &Access, _: &CalendarId, visit: &Visit) -> Result<Option<SeenVisit>, Trouble> {
        let key = visit.key;
        self.ask(Asked::Find, move |kept| {
            let found = kept.seats.iter().find(|(_, seat)| seat.key == key && !seat.cancelled);
            Ok(found.map(|(id, seat)| SeenVisit {
                booked: booked(id),
                key: Some(seat.key),
                when: Some(seat.when),
                moved_to: None,
            }))
        })
        .await
    }

    async fn move_to(&self, _: &Access, known: &Booked, starts: Timestamp) -> Result<Booked, Trouble> {
        let known = known.id.clone();
        self.ask(Asked::Revise, move |kept| {
            let id = kept.latest(&known);
            let seat = kept.seats.get(&id).filter(|seat| !seat.cancelled).ok_or(Trouble::Gone)?;
            let when = Interval { from: starts, to: starts + seat.when.to.duration_since(seat.when.from) };
            if !kept.is_free(when, Some(&id)) {
                return Err(Trouble::Taken);
            }
            kept.seats.get_mut(&id).unwrap().when = when;
            Ok(booked(&id))
        })
        .await
    }

    async fn cancel(&self, _: &Access, known: &Booked) -> Result<(), Trouble> {
        let known = known.id.clone();
        self.ask(Asked::Withdraw, move |kept| {
            let id = kept.latest(&known);
            if let Some(seat) = kept.seats.get_mut(&id) {
                seat.cancelled = true;
            }
            Ok(())
        })
        .await
    }

    async fn visits(&self, _: &Access, range: Interval) -> Result<Vec<SeenVisit>, Trouble> {
        self.ask(Asked::Changes, move |kept| {
            let there = kept.seats.iter().filter(|(_, seat)| range.from <= seat.when.from && seat.when.from < range.to);
            let visit = |(id, seat): (&String, &Seat)| SeenVisit {
                booked: booked(id),
                key: Some(seat.key),
                when: (!seat.cancelled).then_some(seat.when),
                moved_to: seat.moved_to.clone(),
            };
            Ok(there.map(visit).collect())
        })
        .await
    }

    async fn stands(&self, _: &Access, known: &Booked) -> Result<SeenVisit, Trouble> {
        let known = known.id.clone();
        self.ask(Asked::Find, move |kept| {
            let id = kept.latest(&known);
            let seat = kept.seats.get(&id).ok_or(Trouble::Gone)?;
            let when = (!seat.cancelled).then_some(seat.when);
            Ok(SeenVisit { booked: booked(&id), key: None, when, moved_to: None })
        })
        .await
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
