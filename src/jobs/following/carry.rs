//! Carrying out what an owner did in their calendar: the desk moves or cancels the appointment, once, and the customer is
//! told in the same transaction.

use std::sync::Arc;

use jiff::SignedDuration;
use tracing::info;

use super::{
    Account, Follower,
    look::{Failure, Stands},
};
use crate::{
    domain::{
        booking::{Booking, BookingState, Slot},
        business::Business,
    },
    ports::{
        calendar::Interval,
        desk::{Actor, Cancel, Confirm, DeskError, Hold},
        registry::is_on,
        vendors::Kind,
    },
    store::{
        StoreError,
        following::{Carried, StoredWish, WishKind, WishState},
        placements::Placement,
    },
};

/// When one that could not be carried out is tried again.
pub(super) const AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// What the business reads as the reason.
const DELETED: &str = "Deleted in the calendar";

impl Follower {
    pub(super) async fn carry_out(&self, wish: &StoredWish) -> Result<(), StoreError> {
        match self.try_to(wish).await {
            Ok(Some(state)) => {
                self.store.end_wish(wish.id, &state, self.clock.now()).await?;
                (self.forget)(wish.connection);
                info!(wish.id = %wish.id, booking.id = %wish.booking, "what an owner did to booking {}: {state:?}", wish.booking);
                Ok(())
            }
            // It stays due.
            Ok(None) | Err(Failure::Vendor(_)) => Ok(()),
            Err(Failure::Store(error)) => Err(error),
        }
    }

    /// How it ends; nothing: not yet.
    async fn try_to(&self, wish: &StoredWish) -> Result<Option<WishState>, Failure> {
        let Some(business) = self.store.business(wish.business).await? else { return Ok(Some(WishState::Over)) };
        let business = Arc::new(business.business);
        let Some(lineage) = self.store.lineage(wish.business, wish.booking).await? else {
            return Ok(Some(WishState::Over));
        };
        // Done before, by a process that died before it said so; or the customer has had the last word.
        let standing = match lineage.standing() {
            Some(standing) if standing.id == wish.booking => standing.clone(),
            Some(moved) => {
                return Ok(Some(ended(matches!(wish.kind, WishKind::Move(to) if to.from == moved.slot.starts))));
            }
            None => {
                let cancelled = lineage.bookings.iter().find(|booking| booking.id == wish.booking);
                let cancelled = cancelled.is_some_and(|it| matches!(it.state, BookingState::Cancelled { .. }));
                return Ok(Some(ended(cancelled && wish.kind == WishKind::Cancel)));
            }
        };
        // It waited for so long that the appointment took place.
        if standing.slot.ends <= self.clock.now() {
            return Ok(Some(WishState::Over));
        }
        let Some(connection) = self.store.connection(wish.business, wish.connection).await? else {
            return Ok(Some(WishState::Over));
        };
        if !is_on(&business, &connection.provider) {
            return Ok(Some(WishState::Over));
        }
        let Some(placement) = self.store.placement(wish.placement).await? else { return Ok(Some(WishState::Over)) };
        // Nobody can be asked: it waits until its calendar is open again.
        let Some(account) = self.account(&business, wish.connection).await? else { return Ok(None) };
        let elsewhere = matches!(account.vendor.kind, Kind::Scheduler(_));
        let mut found = None;
        // A visit is known by another name once it was moved, so it is asked for by whoever carries on, too.
        if wish.state == WishState::Waiting || elsewhere {
            let Some(stands) = self.still_so(wish, &account, &placement).await? else { return Ok(None) };
            found = Some(stands);
        }
        if matches!(wish.kind, WishKind::Move(to) if placement.is_whole_days(to)) {
            return Ok(Some(WishState::Refused("whole_day".to_owned())));
        }
        if self.store.carry_wish(wish.id).await? == Carried::NotYours {
            return Ok(None);
        }
        // From now on that visit is what stands for the appointment, so that the desk neither makes nor cancels one there.
        if let Some(Stands::At(when, placed)) = found.filter(|_| elsewhere) {
            self.store.moved_placement(&placement, &placed, when).await?;
        }
        let done = match wish.kind {
            WishKind::Cancel => self.cancelled(&business, &standing).await,
            WishKind::Move(to) => self.moved(&business, wish, &standing, to).await,
        };
        Ok(match done {
            Ok(_) => Some(WishState::Done),
            Err(DeskError::Taken) => Some(WishState::Refused("taken".to_owned())),
            Err(DeskError::Gone) => Some(WishState::Over),
            Err(DeskError::NotOffered | DeskError::TooLate | DeskError::TooMany | DeskError::ByPage { .. }) => {
                Some(WishState::Refused("not_offered".to_owned()))
            }
            Err(DeskError::Unavailable(_)) => None,
        })
    }

    /// Looks once more, right before it is carried out. What is different by now is another wish, with its own time to be
    /// taken back.
    async fn still_so(
        &self,
        wish: &StoredWish,
        account: &Account,
        placement: &Placement,
    ) -> Result<Option<Stands>, Failure> {
        let stands = self.stands(account, placement).await?;
        let same = match (wish.kind, &stands) {
            (WishKind::Move(to), Stands::At(when, _)) => to.from == when.from,
            (WishKind::Cancel, Stands::Nowhere) => true,
            _ => false,
        };
        if same {
            return Ok(Some(stands));
        }
        // Begun and not ended, and different since: what is so now is seen like any other change.
        if wish.state == WishState::Carrying {
            self.store.end_wish(wish.id, &WishState::Over, self.clock.now()).await?;
        }
        self.wished(placement, stands).await?;
        Ok(None)
    }

    async fn cancelled(&self, business: &Arc<Business>, booking: &Booking) -> Result<Booking, DeskError> {
        let cancel = Cancel {
            business: Arc::clone(business),
            booking: booking.id,
            by: Actor::Business,
            reason: Some(DELETED.to_owned()),
            tell: true,
            language: None,
        };
        self.desk.cancel(cancel).await
    }

    async fn moved(
        &self,
        business: &Arc<Business>,
        wish: &StoredWish,
        booking: &Booking,
        to: Interval,
    ) -> Result<Booking, DeskError> {
        let service = business.service(booking.slot.service).ok_or(DeskError::NotOffered)?;
        let hold = Hold {
            business: Arc::clone(business),
            slot: Slot::at(service, booking.slot.staff, to.from),
            customer: booking.customer.clone(),
            call: None,
            by: Actor::Business,
            anyway: true,
            // The same for whoever tries again.
            key: format!("wish/{}", wish.id),
            replacing: Some(booking.id),
        };
        let held = self.desk.hold(hold).await?;
        let confirm = Confirm {
            business: Arc::clone(business),
            hold: held.id,
            customer: booking.customer.clone(),
            by: Actor::Business,
            tell: true,
            language: None,
        };
        self.desk.confirm(confirm).await
    }
}

fn ended(as_wished: bool) -> WishState {
    if as_wished { WishState::Done } else { WishState::Over }
}
