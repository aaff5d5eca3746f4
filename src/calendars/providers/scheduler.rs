//! Vendors that decide by their own rules when something can be booked, and keep the bookings: a booking is made there before
//! it is confirmed here. A service that the owner has tied to none of the vendor's kinds of appointment is our ledger's
//! alone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::anyhow;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tracing::warn;
use uuid::Uuid;

use super::{Shared, is_disconnected, known::Known, staff_of};
use crate::{
    calendars::placements::{Converger, Made, Side, receiving, told},
    domain::{
        booking::{BookingState, Slot},
        business::Business,
        connection::{CalendarId, Connection},
        ids::{BookingId, ConnectionId, MessageId, StaffId},
    },
    ports::{
        booking::{
            Availability, BookingContext, BookingIntent, BookingProvider, Capabilities, ProviderError, RangeContext,
            Says,
        },
        calendar::{Interval, Scheduler, Trouble},
    },
    store::{
        StoreError,
        notes::StoredNote,
        placements::{Placement, PlacementState},
    },
};

/// The owner is told when so much of an allowance is used, in percent.
const NEARLY: u64 = 80;

/// Kinds whose pages are remembered.
const PAGES: usize = 4_096;

pub(super) struct SchedulerProvider {
    name: &'static str,
    vendor: Arc<dyn Scheduler>,
    shared: Shared,
    side: Side,
    converger: Converger,
    known: Known<Timestamp>,
    pages: Mutex<HashMap<(ConnectionId, CalendarId), String>>,
}

impl SchedulerProvider {
    pub(super) fn new(name: &'static str, vendor: &Arc<dyn Scheduler>, shared: &Shared) -> Self {
        let alias = shared.alias_domain.as_deref().map(Arc::from);
        let side = Side::Scheduler { vendor: Arc::clone(vendor), alias };
        let asked = Arc::clone(vendor);
        // One kind at a time.
        let known = Known::new(name, shared, move |access, kinds, range| {
            let vendor = Arc::clone(&asked);
            Box::pin(async move {
                let Some(kind) = kinds.first() else { return Ok(Vec::new()) };
                vendor.free(&access, kind, range).await
            })
        });
        Self {
            name,
            vendor: Arc::clone(vendor),
            shared: shared.clone(),
            converger: known.converger(side.clone()),
            side,
            known,
            pages: Mutex::default(),
        }
    }

    pub(super) fn forget(&self, connection: ConnectionId) {
        self.known.forget(connection);
    }

    /// What is known of a booking there: nothing, when it was never tried.
    async fn standing(&self, context: &BookingContext, connection: &Connection) -> Result<Option<bool>, ProviderError> {
        let Some(booking) = &context.booking else { return Ok(None) };
        let rows = self.shared.store.placements_of(booking.id).await;
        let rows = rows.map_err(|error| ProviderError::Unavailable(error.into()))?;
        let there = rows.iter().filter(|row| row.connection == connection.id);
        // One whose move was not answered yet may still be where it was.
        let stands = |row: &Placement| row.state == PlacementState::Placed && row.stands == Some(row.wanted);
        Ok(there.filter(|row| row.state != PlacementState::Gone).map(stands).max())
    }

    /// Whether the booking that is given up stands there, and would be in the way of the new one.
    async fn in_its_own_way(&self, context: &BookingContext, connection: &Connection) -> Result<bool, ProviderError> {
        let Some(replaced) = context.replacing.filter(|_| self.vendor.moves()) else { return Ok(false) };
        let rows = self.shared.store.placements_of(replaced).await;
        let rows = rows.map_err(|error| ProviderError::Unavailable(error.into()))?;
        let slot = context.slot;
        Ok(rows.iter().any(|row| {
            row.connection == connection.id
                && row.state == PlacementState::Placed
                && row.wanted.from < slot.ends
                && row.wanted.to > slot.starts
        }))
    }

    /// Where that stands which stood for the booking that is given up, when it was moved at the vendor's to where the new one
    /// is to be: it is there already.
    async fn moved_there(
        &self,
        context: &BookingContext,
        connections: &[Connection],
    ) -> Result<Option<(ConnectionId, CalendarId)>, ProviderError> {
        let Some(replaced) = context.replacing else { return Ok(None) };
        let (store, slot) = (&self.shared.store, context.slot);
        let down = |error: StoreError| ProviderError::Unavailable(error.into());
        let rows = store.placements_of(replaced).await.map_err(down)?;
        let there = rows.into_iter().find(|row| {
            row.state == PlacementState::Placed
                && row.stands.is_some_and(|stands| stands.from == slot.starts)
                && connections.iter().any(|connection| connection.id == row.connection)
        });
        let Some(row) = there else { return Ok(None) };
        let old = store.booking(context.business.id, replaced).await.map_err(down)?;
        let alike = old.is_some_and(|old| old.slot.service == slot.service && old.slot.staff == slot.staff);
        Ok(alike.then_some((row.connection, row.calendar)))
    }

    /// Where customers book a kind by themselves. Nothing: it is not known now.
    async fn page(&self, connection: &Connection, kind: &CalendarId) -> Option<String> {
        let key = (connection.id, kind.clone());
        let known = |pages: &HashMap<_, String>| pages.get(&key).cloned();
        if let Some(page) = known(&self.pages.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Some(page);
        }
        let vendor = self.vendor.as_ref();
        let kinds =
            self.shared.opener.ask(connection, |access| async move { vendor.kinds(&access).await }).await.ok()?;
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() > PAGES {
            pages.clear();
        }
        for listed in kinds {
            pages.extend(listed.page.map(|page| ((connection.id, listed.id), page)));
        }
        known(&pages)
    }

    async fn made(
        &self,
        business: &Business,
        hold: BookingId,
        place: (&Connection, &CalendarId),
    ) -> Result<BookingIntent, ProviderError> {
        Ok(match self.converger.book(business, hold, place).await? {
            Made::Stands(row) => BookingIntent::Created { external: row.to_string() },
            Made::Taken => {
                self.known.forget(place.0.id);
                BookingIntent::Taken
            }
        })
    }

    async fn by_page(
        &self,
        connection: &Connection,
        kind: &CalendarId,
        otherwise: ProviderError,
    ) -> Result<BookingIntent, ProviderError> {
        match self.page(connection, kind).await {
            Some(page) => Ok(BookingIntent::ByPage { page }),
            None => Err(otherwise),
        }
    }

    /// Whether one more booking is within what the vendor allows. The owner hears of it before it is not.
    async fn allowed(&self, connection: &Connection, now: Timestamp) -> Result<bool, ProviderError> {
        for allowance in self.vendor.allowances() {
            let within = SignedDuration::try_from(allowance.within).unwrap_or(SignedDuration::MAX);
            let since = now.checked_sub(within).unwrap_or(Timestamp::UNIX_EPOCH);
            let made = self.shared.store.placements_asked(connection.id, since).await;
            let made = made.map_err(|error| ProviderError::Unavailable(error.into()))?;
            if made >= allowance.bookings {
                warn!(connection.id = %connection.id, "connection {} has used up what its vendor allows", connection.id);
                return Ok(false);
            }
            // Of a minute or an hour nobody needs to hear.
            let daily = allowance.within.as_secs() >= 24 * 3600;
            if daily && (u64::from(made) + 1) * 100 >= u64::from(allowance.bookings) * NEARLY {
                self.tell_owner(connection, now, u64::from(made) + 1, allowance.bookings).await;
            }
        }
        Ok(true)
    }

    /// Once a day, as a message to the business.
    async fn tell_owner(&self, connection: &Connection, now: Timestamp, made: u64, of: u32) {
        let note = StoredNote {
            id: MessageId(once_a_day(connection.id, now)),
            business: connection.business,
            call: None,
            from: None,
            name: Some("Deskbell".to_owned()),
            text: format!(
                "{made} of the {of} appointments that {} lets Deskbell book in a day are booked. After that, callers are \
                 sent the address of your booking page.",
                connection.account.label
            ),
            created: now,
            done: None,
        };
        // It was told already, or the store is busy: the log has it.
        let told = self.shared.store.add_note(&note).await.is_ok();
        warn!(connection.id = %connection.id, told, "connection {} has nearly used up what its vendor allows", connection.id);
    }
}

/// The same all day long, so that a second note is not written.
fn once_a_day(connection: ConnectionId, now: Timestamp) -> Uuid {
    use sha2::{Digest as _, Sha256};
    let hash = Sha256::digest(format!("{connection}/{}", now.as_second().div_euclid(24 * 3600)));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    // In order with other notes, which have ids of their time (RFC 9562, 5.7).
    let millis = now.as_millisecond().div_euclid(24 * 3_600_000).saturating_mul(24 * 3_600_000);
    bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    uuid::Builder::from_bytes(bytes).with_version(uuid::Version::SortRand).into_uuid()
}

#[async_trait]
impl BookingProvider for SchedulerProvider {
    fn name(&self) -> &'static str {
        self.name
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            reschedule: self.vendor.moves(),
            needs_email: self.vendor.needs_email(),
            owns_rules: true,
            has_page: true,
            ..Capabilities::default()
        }
    }

    async fn check_availability(&self, context: &BookingContext) -> Result<Availability, ProviderError> {
        let slot = context.slot;
        let connections = self.shared.connections(&context.business, self.name).await?;
        if self.moved_there(context, &connections).await?.is_some() {
            return Ok(Availability::Free);
        }
        let Some((connection, kind)) = receiving(&self.side, &connections, self.name, &slot) else {
            return if connections.is_empty() { Err(ProviderError::Disconnected) } else { Ok(Availability::Free) };
        };
        match self.standing(context, connection).await? {
            Some(true) => return Ok(Availability::Free),
            Some(false) => return Ok(Availability::Unknown),
            None => {}
        }
        // Confirmed, and not there yet: that its time is still free there does not make it true.
        let confirmed = |state| matches!(state, BookingState::Confirmed { .. });
        if context.booking.as_ref().is_some_and(|booking| confirmed(booking.state)) {
            return Ok(Availability::Unknown);
        }
        if self.in_its_own_way(context, connection).await? {
            return Ok(Availability::Free);
        }
        let range = Interval { from: slot.starts, to: slot.starts + SignedDuration::from_mins(1) };
        match self.known.fresh(connection, std::slice::from_ref(kind), range).await {
            Ok(starts) if starts.contains(&slot.starts) => Ok(Availability::Free),
            Ok(_) => {
                // Whoever was offered it was told from memory.
                self.known.forget(connection.id);
                Ok(Availability::Taken)
            }
            Err(trouble) => Err(told(trouble)),
        }
    }

    async fn create_booking(&self, context: &BookingContext) -> Result<BookingIntent, ProviderError> {
        let business = context.business.as_ref();
        let connections = self.shared.connections(business, self.name).await?;
        let moved = self.moved_there(context, &connections).await?;
        let place = match &moved {
            Some((id, kind)) => connections.iter().find(|one| one.id == *id).map(|connection| (connection, kind)),
            None => receiving(&self.side, &connections, self.name, &context.slot),
        };
        let Some((connection, kind)) = place else {
            return if connections.is_empty() { Err(ProviderError::Disconnected) } else { Ok(BookingIntent::OnLedger) };
        };
        let Some(hold) = &context.booking else { return Ok(BookingIntent::OnLedger) };
        if moved.is_some() {
            return self.made(business, hold.id, (connection, kind)).await;
        }
        if self.vendor.needs_email() && self.shared.alias_domain.is_none() {
            let why = anyhow!("it wants an e-mail address, and there is no domain to make one in");
            return self.by_page(connection, kind, ProviderError::Unavailable(why)).await;
        }
        if !self.allowed(connection, context.now).await? {
            let why = anyhow!("what the vendor allows is used up");
            return self.by_page(connection, kind, ProviderError::Unavailable(why)).await;
        }
        match self.made(business, hold.id, (connection, kind)).await {
            Err(ProviderError::Unavailable(why)) if refuses(&why) => {
                self.by_page(connection, kind, ProviderError::Unavailable(why)).await
            }
            made => made,
        }
    }

    async fn after_booking(&self, context: &BookingContext, booking: BookingId) -> Result<(), ProviderError> {
        let unasked = context.booking.as_ref().is_some_and(|booking| booking.unverified);
        self.converger.converge(&context.business, booking, unasked).await
    }

    async fn says(&self, asked: &RangeContext) -> Result<Says, ProviderError> {
        let range = Interval { from: asked.from, to: asked.to };
        let connections = self.shared.connections(&asked.business, self.name).await?;
        if connections.is_empty() {
            return Err(ProviderError::Disconnected);
        }
        let mut says = Says::default();
        for staff in staff_of(asked) {
            let slot = slot_of(asked, staff);
            let Some((connection, kind)) = receiving(&self.side, &connections, self.name, &slot) else { continue };
            let mut starts = Vec::new();
            for window in self.known.of(connection, std::slice::from_ref(kind), range).await {
                match window {
                    Ok(items) => starts.extend(items.iter().filter(|start| (range.from..range.to).contains(*start))),
                    Err(trouble) if is_disconnected(&trouble) => return Err(ProviderError::Disconnected),
                    Err(trouble) => return Err(ProviderError::Unavailable(anyhow!("{trouble}"))),
                }
            }
            starts.sort_unstable();
            starts.dedup();
            says.starts.push((staff, starts));
        }
        Ok(says)
    }

    fn expect(&self, business: &Arc<Business>) {
        self.known
            .expect(business, |connection| connection.choice.kinds.values().map(|kind| vec![kind.clone()]).collect());
    }
}

/// The vendor does not take this booking, now or ever: nothing was done.
fn refuses(why: &anyhow::Error) -> bool {
    matches!(why.downcast_ref(), Some(Trouble::Refused(_) | Trouble::Limited { .. }))
}

/// Any slot of a member of staff: only who and what matters for where it is received.
fn slot_of(asked: &RangeContext, staff: StaffId) -> Slot {
    Slot { starts: asked.from, ends: asked.to, service: asked.service, staff }
}
