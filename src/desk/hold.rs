//! Keeping a slot free while its details are read back.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{FrontDesk, find::farthest};
use crate::{
    domain::{
        booking::{Booking, BookingState, Slot},
        business::Service,
        ids::BookingId,
        slots::free::{self, Search},
    },
    ports::{
        booking::RangeContext,
        desk::{Actor, DeskError, Hold},
    },
    store::bookings::{Held, NewHold},
};

/// How long a slot is kept for somebody who is being read the details.
const KEPT: SignedDuration = SignedDuration::from_mins(3);

/// How far back the business may write down what has begun: "she came without an appointment, at nine".
const IN_HINDSIGHT: SignedDuration = SignedDuration::from_hours(24);
/// How far ahead the business may book, whatever its horizon for callers.
const FAR_AHEAD: SignedDuration = SignedDuration::from_hours(3 * 366 * 24);

/// How often one caller may come back to a slot that they let go.
const SECOND_THOUGHTS: u32 = 5;

impl FrontDesk {
    pub(super) async fn hold_slot(&self, hold: &Hold) -> Result<Booking, DeskError> {
        let now = self.clock.now();
        let service = hold.business.service(hold.slot.service).ok_or(DeskError::NotOffered)?;
        self.offered(hold, service, now).await?;
        if let Some(replaced) = hold.replacing {
            self.replaceable(hold, replaced, now).await?;
        }
        let mut row = self.row(hold, service, now);
        for again in 1..=SECOND_THOUGHTS {
            if again > 1 {
                // This key's hold has ended or run out. The caller came back to the same slot: "no, three is better after all".
                row.id = BookingId(self.clock.new_id());
                row.key = format!("{}#{again}", hold.key);
            }
            match self.store.hold(&row).await? {
                Held::Held(booking) => return Ok(booking),
                Held::Replayed(booking) if booking.active(now) => return Ok(booking),
                Held::Replayed(_) => {}
                Held::Taken => return Err(DeskError::Taken),
            }
        }
        Err(DeskError::TooMany)
    }

    /// By the owner's rules, or the provider's where those decide. Whether it is taken is for the ledger to say.
    async fn offered(&self, hold: &Hold, service: &Service, now: Timestamp) -> Result<(), DeskError> {
        let Hold { business, slot, .. } = hold;
        let anyway = hold.anyway && hold.by == Actor::Business;
        let (first, last) = if anyway {
            (now.checked_sub(IN_HINDSIGHT).ok(), now.checked_add(FAR_AHEAD).ok())
        } else {
            (Some(now), farthest(business, now))
        };
        // Also keeps the arithmetic below away from the ends of time.
        if first.is_none_or(|first| slot.starts < first) || last.is_none_or(|last| slot.starts > last) {
            return Err(DeskError::NotOffered);
        }
        if !service.staff.contains(&slot.staff) || *slot != Slot::at(service, slot.staff, slot.starts) {
            return Err(DeskError::NotOffered);
        }
        if anyway {
            return Ok(());
        }
        let to = slot.starts + SignedDuration::from_secs(1);
        let range = RangeContext {
            business: Arc::clone(business),
            service: service.id,
            staff: Some(slot.staff),
            from: slot.starts,
            to,
            now,
        };
        if self.others_decide(&range)
            && let Some(theirs) = self.calendars_say(&range).await.starts_of(slot.staff)
        {
            return if theirs.contains(&slot.starts) { Ok(()) } else { Err(DeskError::NotOffered) };
        }
        let search = Search { business, service, staff: Some(slot.staff), from: slot.starts, to, now };
        if free::starts(&search, &[]).contains(slot) { Ok(()) } else { Err(DeskError::NotOffered) }
    }

    /// Whether the booking to be given up may be. The business is not kept to the cut-off.
    async fn replaceable(&self, hold: &Hold, replaced: BookingId, now: Timestamp) -> Result<(), DeskError> {
        let old = self.store.booking(hold.business.id, replaced).await?.ok_or(DeskError::Gone)?;
        match old.state {
            BookingState::Confirmed { .. } if hold.by == Actor::Business || old.changeable(&hold.business, now) => {
                Ok(())
            }
            BookingState::Confirmed { .. } => Err(DeskError::TooLate),
            // It was moved to this very slot already: the ledger will answer with what that move made.
            BookingState::Moved { to } => match self.store.booking(hold.business.id, to).await? {
                Some(new) if new.slot == hold.slot => Ok(()),
                _ => Err(DeskError::Gone),
            },
            _ => Err(DeskError::Gone),
        }
    }

    fn row(&self, hold: &Hold, service: &Service, now: Timestamp) -> NewHold {
        let zone = &hold.business.zone;
        NewHold {
            id: BookingId(self.clock.new_id()),
            business: hold.business.id,
            slot: hold.slot,
            busy: hold.slot.busy(service),
            capacity: service.capacity,
            wall: zone.tz().to_datetime(hold.slot.starts),
            zone: zone.name().to_owned(),
            customer: hold.customer.clone(),
            call: hold.call,
            key: hold.key.clone(),
            expires: now + KEPT,
            replacing: hold.replacing,
            now,
        }
    }
}
