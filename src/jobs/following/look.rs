//! Reading a calendar: what of ours has its owner touched?

use std::{collections::HashSet, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;
use tracing::{debug, info};

use super::{ACCOUNT, Account, Follower, MANY, UNDO, UNDO_MANY, followed};
use crate::{
    domain::{connection::CalendarId, ids::WishId},
    ports::{
        calendar::{Booked, Changes, Diary, Interval, Placed, Scheduler, Seen, Trouble},
        registry::is_on,
        vendors::Kind,
    },
    store::{
        StoreError,
        following::{self, Following, NewWish, WishKind},
        placements::{Placement, PlacementState},
    },
};

/// For a listing, all its pages; for one from the start, which may have many; and for one event.
const LISTING: Duration = Duration::from_secs(25);
const FROM_THE_START: Duration = Duration::from_secs(55);
const ONE: Duration = Duration::from_secs(10);
/// Customers are told so long before.
const BEFORE: SignedDuration = SignedDuration::from_hours(1);
/// A calendar that cannot be read is tried later and later, up to this.
const LATEST: SignedDuration = SignedDuration::from_mins(15);
/// A vendor that keeps its own bookings is asked for those of so many days.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 90);
/// How often an account is read while its vendor reports what changes: reports get lost, and a reading is a request or, where
/// there is no listing of changes, many, of which vendors do not allow many.
const RARELY: SignedDuration = SignedDuration::from_mins(10);

/// What stands for a booking, as its owner has left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// There, and known so.
    At(Interval, Placed),
    /// It was deleted or cancelled.
    Nowhere,
}

impl Follower {
    /// Reads what is due; it is due again at `again`.
    pub(super) async fn look(&self, following: &Following, again: Timestamp) -> Result<(), StoreError> {
        let Some(business) = self.store.business(following.business).await? else { return Ok(()) };
        let Some(account) = self.account(&business.business, following.connection).await? else {
            // It is read on when it is active again.
            return Ok(());
        };
        // What happens there while it is switched off is found by a full listing when it is switched on again.
        if !is_on(&business.business, &account.connection.provider) {
            return match following.cursor {
                Some(_) => self.store.not_followed(following, true, again).await,
                None => Ok(()),
            };
        }
        if self.is_over(&account, following).await? {
            return self.store.unfollow(following).await;
        }
        let now = self.clock.now();
        let read = match &account.vendor.kind {
            Kind::Diary(diary) => self.look_at_diary(&account, diary.as_ref(), following).await,
            Kind::Scheduler(scheduler) => self.look_at_visits(&account, scheduler.as_ref(), following).await,
        };
        match read {
            Ok(Read::Settled { cursor, changed }) => {
                self.store.followed(following, &cursor, now).await?;
                if self.may_rest(&account, following, changed).await? {
                    self.store.rest_following(following, again, now + RARELY).await?;
                }
                Ok(())
            }
            // The same is read again, until it has settled.
            Ok(Read::Unsettled) => Ok(()),
            Err(Failure::Store(error)) => Err(error),
            Err(Failure::Vendor(trouble)) => {
                let tries = u32::try_from(following.tries).unwrap_or(0).min(6);
                let pause = SignedDuration::from_secs(60 << tries).min(LATEST);
                let stale = matches!(trouble, Trouble::Stale);
                // A vendor that says so of a beginning, too, is not asked on and on.
                let again = if stale && following.cursor.is_some() { now } else { now + pause };
                let id = following.connection;
                debug!(connection.id = %id, "connection {id} is read again later: {trouble}");
                self.store.not_followed(following, stale, again).await
            }
        }
    }

    /// Whether what changes there is reported. A diary's vendor is believed when a report has arrived, and none has been
    /// missing since: that it has promised to report does not say that we are reached. A scheduler's need not have come, since
    /// few things happen there.
    async fn may_rest(&self, account: &Account, following: &Following, changed: bool) -> Result<bool, StoreError> {
        let Some(hook) = self.reporting(following).await? else { return Ok(false) };
        if matches!(account.vendor.kind, Kind::Scheduler(_)) {
            return Ok(true);
        }
        let Some(heard) = hook.heard else { return Ok(false) };
        let missed = changed && following.looked.is_some_and(|looked| heard < looked);
        if missed {
            self.store.hook_is_mute(&hook.id, heard).await?;
        }
        Ok(!missed)
    }

    /// Whether new appointments go elsewhere, and none is left that stands there or is to.
    async fn is_over(&self, account: &Account, following: &Following) -> Result<bool, StoreError> {
        if followed(&account.connection, &account.vendor).contains(&following.calendar) {
            return Ok(false);
        }
        let calendar = match account.vendor.kind {
            Kind::Diary(_) => Some(following.calendar.as_str()),
            Kind::Scheduler(_) => None,
        };
        Ok(!self.store.is_kept_in(following.connection, calendar, self.clock.now()).await?)
    }

    async fn look_at_diary(
        &self,
        account: &Account,
        diary: &dyn Diary,
        following: &Following,
    ) -> Result<Read, Failure> {
        let now = self.clock.now();
        let calendar = &CalendarId::new(following.calendar.clone())
            .ok_or(Failure::Vendor(Trouble::Refused("it is no calendar")))?;
        let cursor = following.cursor.as_deref();
        let listing = self
            .opener
            .ask(&account.connection, |access| async move { diary.changes(&access, calendar, cursor, now).await });
        let limit = if following.cursor.is_some() { LISTING } else { FROM_THE_START };
        let Changes { seen, cursor } = in_time(limit, listing).await?;
        let (mut settled, mut foreign) = (true, false);
        let mut known = HashSet::new();
        for event in &seen {
            // Copies of ours carry our mark, too: only the id that we were told counts. One that was dragged here from
            // another calendar may have kept it, and does not stand where we put it any more.
            let here = |placement: &Placement| placement.calendar.as_str() == following.calendar;
            match self.store.placement_by_vendor(following.connection, &event.placed.id).await?.filter(here) {
                Some(placement) => {
                    known.insert(placement.id);
                    settled &= self.touched(account, &placement, event.when).await?;
                }
                None => foreign = true,
            }
        }
        if following.cursor.is_none() {
            // What was deleted before there was a cursor is in no listing.
            for placement in self.store.placed_in(following.connection, &following.calendar, now).await? {
                if !known.contains(&placement.id) {
                    settled &= self.touched(account, &placement, None).await?;
                }
            }
        }
        if foreign || !known.is_empty() {
            (self.forget)(following.connection);
        }
        // All of it may be old where it was read from its beginning.
        let changed = following.cursor.is_some() && !seen.is_empty();
        Ok(if settled { Read::Settled { cursor, changed } } else { Read::Unsettled })
    }

    /// A vendor that keeps its own bookings lists them all, cancelled ones, too.
    async fn look_at_visits(
        &self,
        account: &Account,
        scheduler: &dyn Scheduler,
        following: &Following,
    ) -> Result<Read, Failure> {
        let now = self.clock.now();
        let range = Interval { from: now, to: now + AHEAD };
        let listing =
            self.opener.ask(&account.connection, |access| async move { scheduler.visits(&access, range).await });
        let visits = in_time(LISTING, listing).await?;
        for placement in self.store.placed_of(following.connection, range).await? {
            let listed =
                visits.iter().find(|visit| Some(&visit.booked.id) == placement.placed.as_ref().map(|it| &it.id));
            let when = listed.and_then(|visit| visit.when);
            if when.is_some() && when.map(|when| when.from) == placement.stands.map(|stands| stands.from) {
                continue;
            }
            match self.touched(account, &placement, when).await {
                // Nobody there knows of it (any more), which is not to say that it was cancelled.
                Err(Failure::Vendor(Trouble::Gone)) => {
                    let id = placement.booking;
                    debug!(booking.id = %id, "what stands for booking {id} is not known at its vendor");
                }
                done => {
                    done?;
                }
            }
        }
        Ok(Read::Settled { cursor: ACCOUNT.to_owned(), changed: false })
    }

    /// What a listing says of one of ours. False: it is to be seen again, since it is changed by us at this moment.
    async fn touched(&self, account: &Account, placement: &Placement, when: Option<Interval>) -> Result<bool, Failure> {
        match placement.state {
            // It stands there since an earlier connection of the account, and is yet to be looked for.
            PlacementState::Placed if placement.created < account.connection.created => return Ok(false),
            PlacementState::Placed => {}
            PlacementState::Placing => return Ok(false),
            PlacementState::Withdrawing | PlacementState::Gone => return Ok(true),
        }
        let now = self.clock.now();
        if let Some(when) = when.filter(|when| placement.begins(*when)) {
            self.store.wish_is_over(placement.id, is_put_back(placement, when), now).await?;
            return Ok(true);
        }
        let stands = self.stands(account, placement).await?;
        self.wished(placement, stands).await
    }

    /// What its owner wants, going by what stands there.
    pub(super) async fn wished(&self, placement: &Placement, stands: Stands) -> Result<bool, Failure> {
        let now = self.clock.now();
        let wanted = match stands {
            Stands::At(when, _) if placement.begins(when) => {
                self.store.wish_is_over(placement.id, is_put_back(placement, when), now).await?;
                return Ok(true);
            }
            Stands::At(when, _) => WishKind::Move(when),
            Stands::Nowhere => WishKind::Cancel,
        };
        let Some(lineage) = self.store.lineage(placement.business, placement.booking).await? else { return Ok(true) };
        let Some(booking) = lineage.standing() else { return Ok(true) };
        if booking.id != placement.booking {
            // It was moved here, and what stands there is about to be.
            return Ok(false);
        }
        // What has begun is not moved or cancelled any more.
        if booking.slot.starts <= now || matches!(wanted, WishKind::Move(to) if to.from <= now) {
            return Ok(true);
        }
        let due = match wanted {
            // One that cannot be followed is told at once.
            WishKind::Move(to) if placement.is_whole_days(to) => now,
            WishKind::Move(_) => now + UNDO,
            WishKind::Cancel => self.cancelled_when(placement, booking.slot.starts).await?,
        };
        let new = NewWish {
            id: WishId(self.clock.new_id()),
            business: placement.business,
            connection: placement.connection,
            placement: placement.id,
            booking: booking.id,
            kind: wanted,
            was: Interval { from: booking.slot.starts, to: booking.slot.ends },
            due,
            now,
        };
        match self.store.wish(&new).await? {
            following::Seen::New | following::Seen::Changed => {
                let what = if wanted == WishKind::Cancel { "deleted" } else { "moved" };
                info!(booking.id = %booking.id, "what stands for booking {} was {what} by its owner", booking.id);
            }
            following::Seen::Known => {}
            following::Seen::Undone => {
                let there = if let WishKind::Move(to) = wanted { Some(to) } else { None };
                self.store.put_back(placement.id, there, now).await?;
            }
        }
        Ok(true)
    }

    /// What stands there, asked for by itself: a listing alone is a claim.
    pub(super) async fn stands(&self, account: &Account, placement: &Placement) -> Result<Stands, Failure> {
        let connection = &account.connection;
        match &account.vendor.kind {
            Kind::Diary(diary) => {
                let asking = self.opener.ask(connection, |access| async move {
                    diary.find(&access, &placement.calendar, placement.key).await
                });
                let there = |seen: Seen| Some(Stands::At(seen.when?, seen.placed));
                match in_time(ONE, asking).await?.and_then(there) {
                    Some(stands) => Ok(stands),
                    None => self.elsewhere(account, diary.as_ref(), placement).await,
                }
            }
            Kind::Scheduler(scheduler) => {
                let Some(placed) = &placement.placed else { return Err(Failure::Vendor(Trouble::Gone)) };
                let booked = &Booked::from(placed);
                let asking =
                    self.opener.ask(connection, |access| async move { scheduler.stands(&access, booked).await });
                let visit = in_time(ONE, asking).await?;
                Ok(visit.when.map_or(Stands::Nowhere, |when| Stands::At(when, visit.booked.into())))
            }
        }
    }
}

impl Follower {
    /// When an appointment that was deleted there is cancelled: later, and those before it, too, when there are many.
    async fn cancelled_when(&self, placement: &Placement, starts: Timestamp) -> Result<Timestamp, StoreError> {
        let now = self.clock.now();
        let waiting = self.store.waiting_cancels(placement.connection).await?;
        let others = || waiting.iter().filter(|wish| wish.placement != placement.id);
        if others().count() + 1 < MANY {
            return Ok(now + UNDO);
        }
        let when = |starts: Timestamp, seen: Timestamp| (starts - BEFORE).clamp(seen + UNDO, seen + UNDO_MANY);
        for wish in others() {
            // By when it was seen, so that whoever reads the same again puts nothing off again.
            let later = when(wish.was.from, wish.seen);
            if wish.due < later {
                self.store.put_off_wish(wish.id, later).await?;
            }
        }
        Ok(when(starts, now))
    }

    /// What is not in its calendar any more may have been put into another one that is used for something, where it is
    /// kept from now on.
    async fn elsewhere(&self, account: &Account, diary: &dyn Diary, placement: &Placement) -> Result<Stands, Failure> {
        let connection = &account.connection;
        for calendar in connection.used().into_iter().filter(|calendar| **calendar != placement.calendar) {
            let asking = self.opener.ask(connection, |access| async move {
                match diary.find(&access, calendar, placement.key).await {
                    // It only blocks, and need not let us look at its events.
                    Err(Trouble::Reconnect(_) | Trouble::Refused(_)) => Ok(None),
                    found => found,
                }
            });
            let Some(Seen { placed, when: Some(when), .. }) = in_time(ONE, asking).await? else { continue };
            if self.store.rehoused(placement, calendar, &placed).await? {
                let id = placement.booking;
                info!(booking.id = %id, "what stands for booking {id} was put into another calendar");
                self.store.follow(connection, calendar.as_str(), self.clock.now()).await?;
            }
            return Ok(Stands::At(when, placed));
        }
        Ok(Stands::Nowhere)
    }
}

/// How far a reading got.
pub(super) enum Read {
    /// As far as this cursor. `changed`: there was something new.
    Settled {
        cursor: String,
        changed: bool,
    },
    Unsettled,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vendor(#[from] Trouble),
}

/// It stands where it is to stand: what was taken back here, or could not be done, is settled.
fn is_put_back(placement: &Placement, when: Interval) -> bool {
    placement.wanted.from == when.from
}

pub(super) async fn in_time<T>(
    limit: Duration,
    asking: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Failure> {
    match timeout(limit, asking).await {
        Ok(answer) => Ok(answer?),
        Err(late) => Err(Failure::Vendor(Trouble::Unavailable(late.into()))),
    }
}
