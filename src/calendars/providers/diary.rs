//! Calendars with busy times and events: our rules decide what is free, they decide what is busy, and every booking comes to
//! stand in them.

use std::sync::Arc;

use anyhow::anyhow;
use async_trait::async_trait;
use futures_util::future::{join, join_all};
use tracing::warn;

use super::{Shared, is_disconnected, known::Known, own::without_own, staff_of};
use crate::{
    calendars::placements::{Converger, Side},
    domain::{
        booking::{Booking, BookingState},
        business::Business,
        connection::{CalendarId, Connection, Whom},
        ids::{BookingId, ConnectionId, StaffId},
        slots::Busy,
    },
    ports::{
        booking::{
            Availability, BookingContext, BookingIntent, BookingProvider, Capabilities, ProviderError, RangeContext,
            Says,
        },
        calendar::{Diary, Interval, Trouble},
        registry::checks_availability,
    },
    store::{
        StoreError,
        placements::{OwnTime, PlacementState},
    },
};

pub(super) struct DiaryProvider {
    name: &'static str,
    shared: Shared,
    converger: Converger,
    /// When each of the calendars that were asked about is busy, in their order.
    known: Known<Vec<Interval>>,
}

/// What is asked of one account, all of it at once.
struct Asked<'a> {
    connection: &'a Connection,
    /// Each with whom it keeps busy.
    calendars: Vec<(&'a CalendarId, Whom)>,
}

impl<'a> Asked<'a> {
    /// All that says something about anybody, as it is read ahead.
    fn of(connection: &'a Connection) -> Self {
        Self { connection, calendars: connection.blocking() }
    }

    fn concerns(&self, staff: StaffId) -> bool {
        self.calendars.iter().any(|(_, whom)| self.connection.blocks(whom, staff))
    }

    /// Those alone that say something about one member of staff.
    fn about(mut self, staff: StaffId) -> Self {
        self.calendars.retain(|(_, whom)| self.connection.blocks(whom, staff));
        self
    }

    fn ids(&self) -> Vec<CalendarId> {
        self.calendars.iter().map(|(calendar, _)| (*calendar).clone()).collect()
    }
}

impl DiaryProvider {
    pub(super) fn new(name: &'static str, diary: &Arc<dyn Diary>, shared: &Shared) -> Self {
        let asked = Arc::clone(diary);
        let known = Known::new(name, shared, move |access, calendars, range| {
            let diary = Arc::clone(&asked);
            Box::pin(async move {
                let each = diary.busy_each(&access, &calendars, range).await?;
                // One that nothing is said about is not free.
                let whole = each.len() == calendars.len();
                if whole { Ok(each) } else { Err(Trouble::Unavailable(anyhow!("a calendar is missing"))) }
            })
        });
        let converger = known.converger(Side::Diary(Arc::clone(diary)));
        Self { name, shared: shared.clone(), converger, known }
    }

    pub(super) fn forget(&self, connection: ConnectionId) {
        self.known.forget(connection);
    }

    /// A booking that was made while the calendar could not be read: it is read before our event comes to stand there, since
    /// afterwards nobody could tell what else is at that time.
    async fn look_first(&self, context: &BookingContext) -> Result<(), ProviderError> {
        let unverified =
            |booking: &&Booking| booking.unverified && matches!(booking.state, BookingState::Confirmed { .. });
        let Some(booking) = context.booking.as_ref().filter(unverified) else { return Ok(()) };
        let business = context.business.as_ref();
        let checks = checks_availability(business, booking.slot.service, self.name);
        let store_down = |error: StoreError| ProviderError::Unavailable(error.into());
        let rows = self.shared.store.placements_of(booking.id).await.map_err(store_down)?;
        let is_there = rows.iter().any(|row| row.state != PlacementState::Gone && row.asked.is_some());
        if !checks || is_there {
            return Ok(());
        }
        match self.check_availability(context).await {
            Ok(Availability::Free) | Err(ProviderError::Disconnected) => Ok(()),
            Ok(Availability::Taken) => {
                let now = self.shared.clock.now();
                if self.shared.store.collides(business.id, booking.id, now).await.map_err(store_down)? {
                    let (id, business) = (booking.id, business.id);
                    warn!(booking.id = %id, business.id = %business, "booking {id} collides with the business's calendar");
                }
                Ok(())
            }
            Ok(Availability::Unknown) => Err(ProviderError::Unavailable(anyhow!("it still cannot be read"))),
            Err(error) => Err(error),
        }
    }

    /// What the ledger knows of our own appointments in the business's calendars.
    async fn own(&self, business: &Business, range: Interval) -> Result<Vec<OwnTime>, ProviderError> {
        self.shared.store.own_times(business.id, range).await.map_err(|error| ProviderError::Unavailable(error.into()))
    }
}

#[async_trait]
impl BookingProvider for DiaryProvider {
    fn name(&self) -> &'static str {
        self.name
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { reschedule: true, idempotent_create: true, ..Capabilities::default() }
    }

    async fn check_availability(&self, context: &BookingContext) -> Result<Availability, ProviderError> {
        let (business, slot) = (context.business.as_ref(), context.slot);
        let (from, to) = business.service(slot.service).map_or((slot.starts, slot.ends), |service| slot.busy(service));
        let range = Interval { from, to };
        let connections = self.shared.connections(business, self.name).await?;
        let concerned: Vec<_> = connections.iter().filter(|connection| connection.concerns(slot.staff)).collect();
        let asked = concerned.iter().map(|connection| Asked::of(connection).about(slot.staff));
        let (asked, silent): (Vec<_>, Vec<_>) = asked.partition(|asked| !asked.calendars.is_empty());
        let asking = asked.iter().map(|asked| self.known.fresh(asked.connection, &asked.ids(), range));
        let (answers, own) = join(join_all(asking), self.own(business, range)).await;
        let own = own?;
        // One that says nothing about them, and perhaps only receives, is there.
        let mut connected = !silent.is_empty();
        let mut unknown = false;
        for (Asked { connection, calendars }, answer) in asked.iter().zip(answers) {
            match answer {
                Ok(each) => {
                    let mut each = calendars.iter().zip(each);
                    if each.any(|((calendar, _), busy)| !without_own(busy, calendar, &own, range).is_empty()) {
                        // Whoever was offered it was told from memory.
                        self.known.forget(connection.id);
                        return Ok(Availability::Taken);
                    }
                    connected = true;
                }
                Err(trouble) if is_disconnected(&trouble) => {}
                Err(trouble) => {
                    let id = connection.id;
                    warn!(connection.id = %id, error = %trouble, "connection {id} did not say whether a time is free");
                    unknown = true;
                }
            }
        }
        match (unknown, connected) {
            (true, _) => Ok(Availability::Unknown),
            (false, true) => Ok(Availability::Free),
            (false, false) => Err(ProviderError::Disconnected),
        }
    }

    /// An event is not waited for: the outbox puts it there, and the ledger keeps the time meanwhile.
    async fn create_booking(&self, context: &BookingContext) -> Result<BookingIntent, ProviderError> {
        let connections = self.shared.connections(&context.business, self.name).await?;
        let concerned = connections.iter().any(|connection| connection.concerns(context.slot.staff));
        if concerned { Ok(BookingIntent::OnLedger) } else { Err(ProviderError::Disconnected) }
    }

    async fn after_booking(&self, context: &BookingContext, booking: BookingId) -> Result<(), ProviderError> {
        self.look_first(context).await?;
        self.converger.converge(&context.business, booking, false).await
    }

    async fn says(&self, asked: &RangeContext) -> Result<Says, ProviderError> {
        let range = Interval { from: asked.from, to: asked.to };
        let connections = self.shared.connections(&asked.business, self.name).await?;
        let staff = staff_of(asked);
        let mut accounts: Vec<_> = connections.iter().map(Asked::of).collect();
        accounts.retain(|account| staff.iter().any(|id| account.concerns(*id)));
        if accounts.is_empty() {
            return if connections.is_empty() { Err(ProviderError::Disconnected) } else { Ok(Says::default()) };
        }
        let reading = join_all(accounts.iter().map(|account| self.known.of(account.connection, &account.ids(), range)));
        let (answers, own) = join(reading, self.own(&asked.business, range)).await;
        let own = own?;
        let mut says = Says::default();
        let (mut heard, mut failed) = (false, None);
        for (Asked { connection, calendars }, windows) in accounts.iter().zip(answers) {
            let mut busy = vec![Vec::new(); calendars.len()];
            for window in windows {
                match window {
                    Ok(each) => {
                        heard = true;
                        busy.iter_mut().zip(each.iter()).for_each(|(busy, more)| busy.extend_from_slice(more));
                    }
                    Err(trouble) if is_disconnected(&trouble) => {}
                    Err(trouble) => failed = Some(trouble),
                }
            }
            for ((calendar, whom), busy) in calendars.iter().zip(busy) {
                let busy = without_own(busy, calendar, &own, range);
                for member in staff.iter().filter(|id| connection.blocks(whom, **id)) {
                    let of = |it: &Interval| Busy { staff: *member, from: it.from, to: it.to, class: None };
                    says.busy.extend(busy.iter().map(of));
                }
            }
        }
        match failed {
            // What the others say is better than nothing.
            Some(trouble) if heard => {
                let id = asked.business.id;
                warn!(business.id = %id, error = %trouble, "one of the calendars of business {id} cannot be read");
                Ok(says)
            }
            Some(trouble) => Err(ProviderError::Unavailable(anyhow!("{trouble}"))),
            None if heard => Ok(says),
            None => Err(ProviderError::Disconnected),
        }
    }

    fn expect(&self, business: &Arc<Business>) {
        self.known.expect(business, |connection| {
            let account = Asked::of(connection);
            if account.calendars.is_empty() { Vec::new() } else { vec![account.ids()] }
        });
    }
}
