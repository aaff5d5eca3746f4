//! What has to be so: at every step, and when all is well again.

use std::collections::BTreeSet;

use deskbell::{
    domain::{
        booking::{Booking, BookingState},
        ids::BookingId,
    },
    ports::calendar::Interval,
    store::{
        following::WishState,
        outbox::{Kind, OutboxState},
    },
};
use jiff::{SignedDuration, Timestamp};

use super::{
    super::rig::{DIARY, HALL},
    town::Town,
};

impl Town {
    pub(super) async fn told_the_truth(&mut self) {
        for number in 0..self.appointments.len() {
            self.truth_of(number).await;
        }
    }

    /// Its customer was told of each change once, and nothing has changed that nobody wanted.
    pub(super) async fn truth_of(&mut self, number: usize) {
        let root = self.appointments[number].root;
        let lineage = self.rig.desk.store.lineage(self.business.id, root).await.unwrap().unwrap();
        for (n, booking) in lineage.bookings.iter().enumerate() {
            let letters = self.letters(booking.id).await;
            let made = if n == 0 { "booked" } else { "moved" };
            let expected: &[&str] = match booking.state {
                // Where else they can book.
                BookingState::Expired if letters == ["page"] => &["page"],
                BookingState::Held { .. } | BookingState::Expired => &[],
                BookingState::Confirmed { .. } | BookingState::Moved { .. } => &[made],
                BookingState::Cancelled { .. } => &[made, "cancelled"],
            };
            assert_eq!(letters, expected, "what {number} was told, of its booking {n}");
        }
        let one = &mut self.appointments[number];
        for pair in lineage.bookings[one.judged.0 - 1..].windows(2) {
            let (from, to) = (pair[0].slot.starts, pair[1].slot.starts);
            assert_ne!(from, to, "{number} was moved to where it was");
            let wanted = one.asked.contains(&to) || one.dragged.contains(&to);
            assert!(wanted, "{number} was moved to {to}, and nobody wanted that");
            one.asked.retain(|asked| *asked != to);
            one.dragged.retain(|dragged| *dragged != to);
        }
        one.judged.0 = lineage.bookings.len();
        if !one.judged.1 && matches!(lineage.last().state, BookingState::Cancelled { .. }) {
            assert!(one.cancelled || one.deleted, "{number} was cancelled, and nobody wanted that");
            one.judged.1 = true;
        }
    }

    async fn letters(&self, booking: BookingId) -> Vec<String> {
        let rows = self.rig.desk.store.outbox_of_booking(booking).await.unwrap();
        rows.into_iter().filter(|row| row.kind == Kind::Sms).map(|row| row.template).collect()
    }

    /// When something stands for an appointment at a vendor's.
    async fn there(&self, provider: &str, number: usize) -> Vec<Timestamp> {
        let keys: Vec<_> = if provider == DIARY {
            let pages = self.rig.diary.ours().into_iter();
            pages.filter_map(|page| Some((page.key?, page.when.from))).collect()
        } else {
            self.rig.hall.ours().into_iter().map(|seat| (seat.key, seat.when.from)).collect()
        };
        let mut there = Vec::new();
        for (key, from) in keys {
            if self.number_of(key.booking).await == Some(number) {
                there.push(from);
            }
        }
        there
    }

    /// Bookings that the owner is shown because something is not as it should be.
    async fn shown(&self) -> BTreeSet<BookingId> {
        let (store, business, now) = (&self.rig.desk.store, self.business.id, self.now());
        let mut shown: BTreeSet<BookingId> = BTreeSet::new();
        shown.extend(store.unverified(business, now, 1_000).await.unwrap().iter().map(|booking| booking.id));
        shown.extend(store.colliding(business, now, 1_000).await.unwrap().iter().map(|booking| booking.id));
        shown.extend(store.lost_events(business, now, 1_000).await.unwrap().iter().map(|event| event.booking));
        shown.extend(store.wishes_to_see(business).await.unwrap().iter().map(|wish| wish.booking));
        shown
    }

    /// Whoever does not stand where they should is on the way there, or before the owner's eyes.
    pub(super) async fn nobody_is_forgotten(&mut self) {
        let shown = self.shown().await;
        for provider in [DIARY, HALL] {
            if !self.is_on(provider).await || self.is_behind(provider).await {
                continue;
            }
            for (number, booking) in self.standing().await {
                let one = &self.appointments[number];
                let touched = one.settled || one.deleted || !one.dragged.is_empty();
                if touched || self.there(provider, number).await == [booking.slot.starts] {
                    continue;
                }
                let rows = self.rig.placements(booking.id).await;
                let outbox = self.rig.desk.store.outbox_of_booking(booking.id).await.unwrap();
                let waits = |state| matches!(state, OutboxState::Pending | OutboxState::Sending);
                let tried = rows.iter().any(|row| row.due.is_some())
                    || outbox.iter().any(|row| row.kind == Kind::Calendar && waits(row.state));
                assert!(tried || shown.contains(&booking.id), "{number} is forgotten at {provider}");
            }
        }
    }

    /// Each that stands here stands there, once and when it does here, or its owner sees it; and nothing else does.
    pub(super) async fn everything_stands(&mut self) {
        self.told_the_truth().await;
        let shown = self.shown().await;
        let standing = self.standing().await;
        for provider in [DIARY, HALL].into_iter().filter(|provider| self.way.has(provider)) {
            for number in 0..self.appointments.len() {
                let there = self.there(provider, number).await;
                let Some((_, booking)) = standing.iter().find(|(n, _)| *n == number) else {
                    assert_eq!(there, [], "{number} is over, and stands at {provider}");
                    continue;
                };
                assert!(there.len() < 2, "{number} stands at {provider} {} times", there.len());
                let excused = shown.contains(&booking.id) || self.appointments[number].settled;
                let starts = booking.slot.starts;
                assert!(excused || there == [starts], "{number} is at {starts}, and stands at {there:?} at {provider}");
                self.is_told(number, booking).await;
            }
        }
        let wishes = self.rig.desk.store.wishes(self.business.id, 1_000).await.unwrap();
        let open = wishes.iter().find(|wish| matches!(wish.state, WishState::Waiting | WishState::Carrying));
        assert!(open.is_none(), "{open:?} is not done");
        let keys = self.rig.diary.ours().into_iter().filter_map(|page| page.key);
        for key in keys.chain(self.rig.hall.ours().into_iter().map(|seat| seat.key)) {
            assert!(self.number_of(key.booking).await.is_some(), "{key:?} is nobody's");
        }
    }

    /// What was written was sent, once.
    async fn is_told(&self, number: usize, booking: &Booking) {
        let rows = self.rig.desk.store.outbox_of_booking(booking.id).await.unwrap();
        for row in rows.iter().filter(|row| row.kind == Kind::Sms) {
            assert_eq!(row.state, OutboxState::Sent, "what {number} is told: {}", row.template);
            let sent = self.rig.sms.taken().iter().filter(|taken| taken.key == row.dedupe_key).count();
            assert_eq!(sent, 1, "what {number} is told: {}", row.template);
        }
    }

    /// After all that: what the owner does there is done here, or they see why not.
    pub(super) async fn its_owner_is_followed(&mut self) {
        let mut wanted = Vec::new();
        for (number, booking) in self.standing().await.into_iter().take(4) {
            let to = booking.slot.starts + SignedDuration::from_mins(60);
            let when = Interval { from: to, to: to + SignedDuration::from_mins(45) };
            let pages = self.rig.diary.ours();
            let mut page = None;
            for key in pages.iter().filter_map(|page| page.key) {
                if self.number_of(key.booking).await == Some(number) {
                    page = Some(key.booking);
                }
            }
            let mut seat = None;
            for (id, one) in self.rig.hall.standing() {
                if self.number_of(one.key.booking).await == Some(number) {
                    seat = Some(id);
                }
            }
            let deletes = self.dice.percent(30);
            match (page, seat) {
                (Some(page), _) if deletes => self.rig.diary.owner_edits(page, |page| page.deleted = true),
                (Some(page), _) => self.rig.diary.owner_edits(page, |page| page.when = when),
                (None, Some(seat)) if deletes => self.rig.hall.cancels(&seat),
                (None, Some(seat)) => {
                    if self.rig.hall.moves_one(&seat, when).is_none() {
                        continue;
                    }
                }
                (None, None) => continue,
            }
            self.tell(format!("{number} is at last {} there", if deletes { "deleted" } else { "moved" }));
            if deletes {
                self.delete(number, false);
            } else {
                self.drag(number, to, false);
            }
            wanted.push((number, (!deletes).then_some(to), booking.id));
        }
        self.minutes(7).await;
        self.half_hours(3).await;
        self.told_the_truth().await;
        let shown = self.shown().await;
        for (number, to, before) in wanted {
            let now = self.standing().await.into_iter().find(|(n, _)| *n == number).map(|(_, booking)| booking);
            let done = now.as_ref().map(|booking| booking.slot.starts) == to;
            assert!(done || shown.contains(&before), "{number} was to be at {to:?}, and is at {now:?}");
        }
    }
}
