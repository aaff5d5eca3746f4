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
        calendar::{Diary, Interval},
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
    known: Known<Interval>,
}

/// A calendar that is asked about. Each is asked about by itself: what we take out of its busy times as ours then hides nothing
/// of another one's, and it is known whom it keeps busy.
struct Asked<'a> {
    connection: &'a Connection,
    calendar: &'a CalendarId,
    whom: Whom,
}

/// Those that say something about any of these members of staff.
fn asked_about<'a>(connections: impl IntoIterator<Item = &'a Connection>, staff: &[StaffId]) -> Vec<Asked<'a>> {
    let all = connections.into_iter().flat_map(|connection| {
        connection.blocking().into_iter().map(move |(calendar, whom)| Asked { connection, calendar, whom })
    });
    all.filter(|asked| staff.iter().any(|id| asked.concerns(*id))).collect()
}

impl Asked<'_> {
    fn concerns(&self, staff: StaffId) -> bool {
        self.connection.blocks(&self.whom, staff)
    }
}

impl DiaryProvider {
    pub(super) fn new(name: &'static str, diary: &Arc<dyn Diary>, shared: &Shared) -> Self {
        let asked = Arc::clone(diary);
        let known = Known::new(name, shared, move |access, calendar, range| {
            let diary = Arc::clone(&asked);
            Box::pin(async move { diary.busy(&access, &[calendar], range).await })
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
        let calendars = asked_about(concerned.iter().copied(), &[slot.staff]);
        let asking = calendars.iter().map(|asked| self.known.fresh(asked.connection, asked.calendar, range));
        let (answers, own) = join(join_all(asking), self.own(business, range)).await;
        let own = own?;
        // One that says nothing about them, and perhaps only receives, is there.
        let says_nothing =
            |connection: &Connection| !calendars.iter().any(|asked| asked.connection.id == connection.id);
        let mut connected = concerned.iter().any(|connection| says_nothing(connection));
        let mut unknown = false;
        for (Asked { connection, calendar, .. }, answer) in calendars.iter().zip(answers) {
            match answer {
                Ok(busy) => {
                    if !without_own(busy, calendar, &own, range).is_empty() {
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
        let calendars = asked_about(&connections, &staff);
        if calendars.is_empty() {
            return if connections.is_empty() { Err(ProviderError::Disconnected) } else { Ok(Says::default()) };
        }
        let reading = join_all(calendars.iter().map(|asked| self.known.of(asked.connection, asked.calendar, range)));
        let (answers, own) = join(reading, self.own(&asked.business, range)).await;
        let own = own?;
        let mut says = Says::default();
        let (mut heard, mut failed) = (false, None);
        for (calendar, windows) in calendars.iter().zip(answers) {
            let mut busy = Vec::new();
            for window in windows {
                match window {
                    Ok(items) => {
                        heard = true;
                        busy.extend(items.iter().copied());
                    }
                    Err(trouble) if is_disconnected(&trouble) => {}
                    Err(trouble) => failed = Some(trouble),
                }
            }
            let busy = without_own(busy, calendar.calendar, &own, range);
            for member in staff.iter().filter(|id| calendar.concerns(**id)) {
                says.busy.extend(busy.iter().map(|it| Busy { staff: *member, from: it.from, to: it.to, class: None }));
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
            connection.blocking().into_iter().map(|(calendar, _)| calendar.clone()).collect()
        });
    }
}
