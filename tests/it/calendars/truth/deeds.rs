//! What callers, the owner and vendors do.

use std::sync::Arc;

use deskbell::{
    domain::{
        booking::{Booking, Customer, Slot},
        connection::{Connection, Why},
        ids::BookingId,
    },
    ports::{
        calendar::Interval,
        clock::Clock as _,
        desk::{Actor, Cancel, Confirm, Desk as _, DeskError, Hold},
    },
    store::following::{StoredWish, WishKind, WishState},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    super::{
        double::{Asked, Trap},
        rig::{DIARY, HALL},
    },
    town::{Appointment, Town, Way},
};
use crate::desk::rig::{customer, tuesday};

impl Town {
    pub(super) async fn something_happens(&mut self) {
        match self.dice.below(100) {
            0..20 => self.books().await,
            20..28 => self.moves(Actor::Customer).await,
            28..32 => self.moves(Actor::Business).await,
            32..37 => self.cancels().await,
            37..55 => self.owner_acts_there().await,
            55..62 => self.owner_takes_back().await,
            62..66 => self.owner_settles().await,
            66..80 => self.something_breaks(),
            80..86 => self.something_is_held(),
            86..89 => self.switched().await,
            89..92 => self.revoked_or_renewed().await,
            92..95 => self.disconnected_or_connected().await,
            95..97 => self.receives_elsewhere().await,
            _ => {}
        }
        match self.dice.below(8) {
            0..3 => {}
            3..5 => self.minutes(1).await,
            5 => self.minutes(2).await,
            6 => self.minutes(6).await,
            _ => {
                // What has just happened is worked at before.
                self.minutes(2).await;
                self.half_hours(1).await;
            }
        }
    }

    /// While a vendor holds a question of ours.
    pub(super) async fn meanwhile(&mut self) {
        match self.dice.below(4) {
            0 => self.owner_takes_back().await,
            1 => self.cancels().await,
            // At a vendor that keeps its own bookings a move waits for whoever is at the appointment.
            2 if self.way == Way::Diary => self.moves_at_once().await,
            _ => self.owner_touches(true).await,
        }
    }

    /// Some days ahead, so that nothing is over before the end. Few enough to be in each other's way.
    fn sometime(&mut self) -> Timestamp {
        let days = [7, 8, 10][self.dice.below(3)];
        let hour = ["10:00", "11:00", "12:00", "14:00", "15:00"][self.dice.below(5)];
        tuesday(hour) + SignedDuration::from_hours(24 * days)
    }

    fn slot(&self, starts: Timestamp) -> Slot {
        self.rig.desk.slot(starts)
    }

    /// All that stands here.
    pub(super) async fn standing(&self) -> Vec<(usize, Booking)> {
        let mut standing = Vec::new();
        for (n, one) in self.appointments.iter().enumerate() {
            let lineage = self.rig.desk.store.lineage(self.business.id, one.root).await.unwrap().unwrap();
            standing.extend(lineage.standing().map(|booking| (n, booking.clone())));
        }
        standing
    }

    async fn somebody(&mut self) -> Option<(usize, Booking)> {
        let standing = self.standing().await;
        self.dice.pick(&standing).cloned()
    }

    async fn books(&mut self) {
        let starts = self.sometime();
        let number = self.appointments.len();
        let caller = customer(&format!("Caller {number}"), &format!("+1212556{number:04}"));
        self.tell(format!("caller {number} wants {starts}"));
        let hold = self.hold(starts, None, Actor::Customer, caller.clone());
        let desk = Arc::clone(&self.rig.desk.desk);
        let Some(Ok(held)) = self.through(async move { desk.hold(hold).await }).await else { return };
        self.appointments.push(Appointment {
            root: held.id,
            customer: caller,
            judged: (1, false),
            asked: Vec::new(),
            cancelled: false,
            dragged: Vec::new(),
            deleted: false,
            settled: false,
        });
        if self.dice.percent(90) {
            self.confirms(number, &held, Actor::Customer).await;
        }
    }

    fn hold(&self, starts: Timestamp, replacing: Option<BookingId>, by: Actor, customer: Customer) -> Hold {
        let (business, key) = (Arc::clone(&self.business), self.rig.desk.clock.new_id().to_string());
        let anyway = by == Actor::Business;
        Hold { business, slot: self.slot(starts), customer, call: None, by, anyway, key, replacing }
    }

    fn confirming(&self, number: usize, hold: BookingId, by: Actor) -> Confirm {
        let (business, customer) = (Arc::clone(&self.business), self.appointments[number].customer.clone());
        Confirm { business, hold, customer, by, tell: true, language: None }
    }

    async fn confirms(&mut self, number: usize, held: &Booking, by: Actor) {
        let before = self.in_the_way_of(held);
        self.truth_of(number).await;
        let (watched, between) = (self.is_on(DIARY).await, self.between);
        let mut done = None;
        // Whoever picks the call up asks again.
        for _ in 0..2 {
            let (desk, confirm) = (Arc::clone(&self.rig.desk.desk), self.confirming(number, held.id, by));
            done = self.through(async move { desk.confirm(confirm).await }).await;
            if done.is_some() || self.dice.percent(50) {
                break;
            }
        }
        match done {
            Some(Ok(booking)) => {
                self.tell(format!("  {number} is booked{}", if booking.unverified { ", unverified" } else { "" }));
                let there: Vec<_> = self.in_the_way_of(held).into_iter().filter(|it| before.contains(it)).collect();
                let told = watched && self.is_on(DIARY).await && !booking.unverified;
                assert!(!told || there.is_empty(), "{number} is booked into something private");
                if self.is_on(HALL).await && !booking.unverified {
                    let seats = self.rig.hall.ours();
                    let sits = seats.iter().any(|seat| seat.when.from == booking.slot.starts);
                    assert!(sits || self.between > between, "{number} was told so, and has no seat");
                }
                let one = &mut self.appointments[number];
                one.settled = false;
                // Theirs is the last word about what was deleted; where it was dragged to, and not read yet, is followed.
                one.deleted &= self.between > between;
            }
            Some(Err(error)) => {
                self.tell(format!("  {number} is not booked: {error:?}"));
                self.appointments[number].asked.retain(|asked| *asked != held.slot.starts);
            }
            None => {}
        }
    }

    /// The owner's own.
    fn in_the_way_of(&self, held: &Booking) -> Vec<(String, Interval)> {
        let (from, to) = (held.slot.starts, held.slot.ends);
        let mut theirs = self.rig.diary.theirs();
        theirs.retain(|(_, when)| when.from < to && when.to > from);
        theirs
    }

    async fn moves(&mut self, by: Actor) {
        let Some((number, booking)) = self.somebody().await else { return };
        let starts = self.sometime();
        if starts == booking.slot.starts {
            return;
        }
        self.tell(format!("{number} is moved to {starts} by the {by:?}"));
        let hold = self.hold(starts, Some(booking.id), by, booking.customer);
        let desk = Arc::clone(&self.rig.desk.desk);
        let Some(Ok(held)) = self.through(async move { desk.hold(hold).await }).await else { return };
        self.appointments[number].asked.push(starts);
        self.confirms(number, &held, by).await;
    }

    /// The same, where nobody dies.
    async fn moves_at_once(&mut self) {
        let Some((number, booking)) = self.somebody().await else { return };
        let starts = self.sometime();
        if starts == booking.slot.starts {
            return;
        }
        self.tell(format!("{number} is moved to {starts}"));
        let hold = self.hold(starts, Some(booking.id), Actor::Customer, booking.customer);
        let Ok(held) = self.rig.desk.desk.hold(hold).await else { return };
        let confirm = self.confirming(number, held.id, Actor::Customer);
        if self.rig.desk.desk.confirm(confirm).await.is_ok() {
            self.appointments[number].asked.push(starts);
        }
    }

    async fn cancels(&mut self) {
        let Some((number, booking)) = self.somebody().await else { return };
        self.tell(format!("{number} is cancelled"));
        let (business, by) = (Arc::clone(&self.business), Actor::Customer);
        let cancel = Cancel { business, booking: booking.id, by, reason: None, tell: true, language: None };
        match self.rig.desk.desk.cancel(cancel).await {
            Ok(_) => self.appointments[number].cancelled = true,
            Err(DeskError::Gone) => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    async fn owner_acts_there(&mut self) {
        if !self.dice.percent(30) {
            return self.owner_touches(false).await;
        }
        let when = Interval::from_to(self.sometime());
        if self.way != Way::Diary && self.dice.percent(60) {
            if self.dice.percent(30) {
                self.rig.hall.somebody_cancels();
            } else if self.rig.hall.somebody_books(when) {
                self.tell(format!("somebody books at the vendor's at {}", when.from));
            }
            return;
        }
        let theirs = self.rig.diary.theirs();
        match self.dice.pick(&theirs).cloned() {
            Some((id, _)) if self.dice.percent(40) => {
                self.tell("something private is deleted");
                self.rig.diary.owner_deletes(&id);
            }
            _ => {
                self.tell(format!("something private at {}", when.from));
                self.rig.diary.owner_adds("main", when);
            }
        }
    }

    /// Moves, deletes, puts back or renames what stands for an appointment. `racing`: while we are at it, so that what they
    /// wanted before may still be done.
    async fn owner_touches(&mut self, inside: bool) {
        let racing = inside;
        if self.way != Way::Diary && (self.way != Way::Both || self.dice.percent(50)) {
            return self.owner_touches_a_visit(racing).await;
        }
        let pages = self.rig.diary.ours();
        let Some(page) = self.dice.pick(&pages).cloned() else { return };
        let Some(key) = page.key else { return };
        let Some(number) = self.number_of(key.booking).await else { return };
        self.truth_of(number).await;
        // What they did at one vendor is not taken back by what they do at another.
        let racing = racing || self.way == Way::Both || self.is_carried(number).await;
        match self.dice.below(5) {
            0 | 1 => {
                let to = self.sometime();
                self.tell(format!("{number} is dragged to {to}"));
                self.drag(number, to, racing);
                self.rig.diary.owner_edits(key.booking, |page| page.when = Interval::from_to(to));
            }
            2 | 3 => {
                self.tell(format!("{number} is deleted there"));
                self.delete(number, racing);
                self.rig.diary.owner_edits(key.booking, |page| page.deleted = true);
                // By mistake.
                if self.dice.percent(30) {
                    self.minutes_unless(inside).await;
                    self.truth_of(number).await;
                    self.restore(number, &key.to_string()).await;
                }
            }
            _ => {
                self.tell(format!("{number} is renamed there"));
                self.rig.diary.owner_edits(key.booking, |page| page.title = "Bring the red".into());
            }
        }
    }

    async fn minutes_unless(&mut self, racing: bool) {
        if !racing {
            let minutes = self.dice.below(3);
            Box::pin(self.minutes(minutes)).await;
        }
    }

    /// As long as it is the one that stands for the appointment.
    async fn restore(&mut self, number: usize, id: &str) {
        let Some((_, booking)) = self.standing().await.into_iter().find(|(n, _)| *n == number) else { return };
        let rows = self.rig.placements(booking.id).await;
        let stands = rows.len() == 1 && rows[0].placed.as_ref().is_some_and(|placed| placed.id == id);
        let wishes = self.rig.desk.store.wishes_to_see(self.business.id).await.unwrap();
        let waits = wishes.iter().all(|wish| wish.booking != booking.id || wish.state == WishState::Waiting);
        if stands && waits {
            self.tell(format!("{number} is put back there"));
            self.rig.diary.owner_restores(id);
        }
    }

    async fn owner_touches_a_visit(&mut self, racing: bool) {
        let seats = self.rig.hall.standing();
        let Some((id, seat)) = self.dice.pick(&seats).cloned() else { return };
        let Some(number) = self.number_of(seat.key.booking).await else { return };
        self.truth_of(number).await;
        // What they did at one vendor is not taken back by what they do at another.
        let racing = racing || self.way == Way::Both || self.is_carried(number).await;
        if self.dice.percent(65) {
            let to = self.sometime();
            if self.rig.hall.moves_one(&id, Interval::from_to(to)).is_some() {
                self.tell(format!("{number} is moved there to {to}"));
                self.drag(number, to, racing);
            }
        } else {
            self.tell(format!("{number} is cancelled there"));
            self.delete(number, racing);
            self.rig.hall.cancels(&id);
        }
    }

    pub(super) fn drag(&mut self, number: usize, to: Timestamp, racing: bool) {
        let one = &mut self.appointments[number];
        if !racing {
            one.dragged.clear();
            one.deleted = false;
        }
        one.dragged.push(to);
        one.settled = false;
    }

    pub(super) fn delete(&mut self, number: usize, racing: bool) {
        let one = &mut self.appointments[number];
        if !racing {
            one.dragged.clear();
        }
        (one.deleted, one.settled) = (true, false);
    }

    /// Whether what its owner did before is being done.
    async fn is_carried(&self, number: usize) -> bool {
        let wishes = self.rig.desk.store.wishes(self.business.id, 200).await.unwrap();
        for wish in wishes.iter().filter(|wish| wish.state == WishState::Carrying) {
            if self.number_of(wish.booking).await == Some(number) {
                return true;
            }
        }
        false
    }

    pub(super) async fn number_of(&self, booking: BookingId) -> Option<usize> {
        let lineage = self.rig.desk.store.lineage(self.business.id, booking).await.unwrap()?;
        self.appointments.iter().position(|one| one.root == lineage.root())
    }

    async fn owner_takes_back(&mut self) {
        let mut wishes = self.rig.desk.store.wishes_to_see(self.business.id).await.unwrap();
        wishes.retain(|wish| wish.state == WishState::Waiting);
        let Some(wish) = self.dice.pick(&wishes).cloned() else { return };
        let (now, deed) = (self.now(), self.rig.deed());
        if self.rig.desk.store.undo_wish(wish.business, wish.id, &deed, now).await.unwrap() {
            self.is_taken_back(&wish).await;
        }
    }

    async fn is_taken_back(&mut self, wish: &StoredWish) {
        let Some(number) = self.number_of(wish.booking).await else { return };
        self.truth_of(number).await;
        self.tell(format!("{number} is taken back here: {:?}", wish.kind));
        let one = &mut self.appointments[number];
        match wish.kind {
            WishKind::Cancel => one.deleted = false,
            WishKind::Move(to) => one.dragged.retain(|dragged| *dragged != to.from),
        }
    }

    /// What stands on the page of today.
    async fn owner_settles(&mut self) {
        let (business, now) = (Arc::clone(&self.business), self.now());
        let store = self.rig.desk.store.clone();
        match self.dice.below(3) {
            0 => {
                let wishes = store.wishes_to_see(business.id).await.unwrap();
                for wish in wishes.iter().filter(|wish| matches!(wish.state, WishState::Refused(_))) {
                    assert!(store.acknowledge_wish(business.id, wish.id, now).await.unwrap());
                    self.settles(wish.booking, "what was refused").await;
                }
            }
            1 => {
                let mut doubtful = store.unverified(business.id, now, 100).await.unwrap();
                doubtful.extend(store.colliding(business.id, now, 100).await.unwrap());
                let Some(one) = self.dice.pick(&doubtful).cloned() else { return };
                assert!(self.rig.desk.desk.vouch(&business, one.id).await.unwrap());
                self.settles(one.id, "a doubt").await;
            }
            _ => {
                let lost = store.lost_events(business.id, now, 100).await.unwrap();
                let Some(one) = self.dice.pick(&lost).cloned() else { return };
                self.tell("what was lost is tried again");
                assert!(self.rig.desk.desk.place_again(&business, one.booking).await.unwrap());
            }
        }
    }

    async fn settles(&mut self, booking: BookingId, what: &str) {
        let Some(number) = self.number_of(booking).await else { return };
        self.tell(format!("{what} of {number} is settled"));
        self.appointments[number].settled = true;
    }

    fn set(&mut self, asked: Asked, trap: Trap, times: usize) {
        let in_diary = match self.way {
            Way::Diary => true,
            Way::Hall { .. } => false,
            Way::Both => self.dice.percent(50),
        };
        self.tell(format!("{} will go wrong {times} times: {asked:?} {trap:?}", if in_diary { DIARY } else { HALL }));
        if in_diary {
            self.rig.diary.trap(asked, trap, times);
        } else {
            self.rig.hall.trap(asked, trap, times);
        }
    }

    fn something_breaks(&mut self) {
        let asked =
            [Asked::Busy, Asked::Place, Asked::Place, Asked::Revise, Asked::Withdraw, Asked::Find, Asked::Changes];
        let traps = [Trap::Down, Trap::Limited, Trap::Lost, Trap::Vanished, Trap::Late, Trap::Stale];
        let asked = asked[self.dice.below(asked.len())];
        let trap = match traps[self.dice.below(traps.len())] {
            Trap::Stale if asked != Asked::Changes => Trap::Lost,
            trap => trap,
        };
        let times = 1 + self.dice.below(3);
        self.set(asked, trap, times);
    }

    /// What is being done is held at the vendor's: whoever does it dies, or something else happens meanwhile.
    fn something_is_held(&mut self) {
        let asked = [Asked::Place, Asked::Revise, Asked::Withdraw, Asked::Find, Asked::Changes];
        let (asked, after) = (asked[self.dice.below(asked.len())], self.dice.percent(50));
        self.set(asked, if after { Trap::HeldAfter } else { Trap::Held }, 1);
    }

    async fn switched(&mut self) {
        let on = self.business.ai_config.integrations.provider != "native";
        self.tell(if on { "switched off" } else { "switched on" });
        self.switches(!on).await;
    }

    async fn revoked_or_renewed(&mut self) {
        let n = self.dice.below(self.accounts.len());
        let Some(connection) = self.connection(n).await else { return };
        if connection.is_active() {
            self.tell("revoked");
            self.rig.revoked(&connection, Why::Revoked).await;
        } else {
            self.tell("connected again");
            self.accounts[n].connection = Some(self.rig.renew(&connection).await);
        }
    }

    async fn disconnected_or_connected(&mut self) {
        let n = self.dice.below(self.accounts.len());
        match self.connection(n).await {
            Some(connection) => {
                self.tell("disconnected");
                self.rig.disconnect(&connection).await;
                self.accounts[n].connection = None;
            }
            None => {
                self.tell("connected anew");
                self.connects(n).await;
            }
        }
    }

    async fn receives_elsewhere(&mut self) {
        let n = self.dice.below(self.accounts.len());
        let to = ["main", "work"][self.dice.below(2)];
        if self.connection(n).await.as_ref().is_some_and(Connection::is_active) {
            self.tell(format!("receives in {to}"));
            self.receives_in(n, to).await;
        }
    }
}

/// What an appointment takes.
trait Lasting {
    fn from_to(starts: Timestamp) -> Interval;
}

impl Lasting for Interval {
    fn from_to(from: Timestamp) -> Interval {
        Interval { from, to: from + SignedDuration::from_mins(45) }
    }
}
