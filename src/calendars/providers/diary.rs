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
        connection::{CalendarId, Connection},
        ids::{BookingId, ConnectionId},
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

/// Calendars of one account that are asked about together: the one that receives our appointments alone, so that what we
/// take out of its busy times hides nothing of the others.
fn groups(connection: &Connection) -> Vec<Vec<CalendarId>> {
    let choice = &connection.choice;
    let receives = |calendar: &CalendarId| Some(calendar) == choice.receives.as_ref();
    let (receiving, others): (Vec<_>, Vec<_>) = choice.blocks.iter().cloned().partition(receives);
    [receiving, others].into_iter().filter(|calendars| !calendars.is_empty()).collect()
}

impl DiaryProvider {
    pub(super) fn new(name: &'static str, diary: &Arc<dyn Diary>, shared: &Shared) -> Self {
        let asked = Arc::clone(diary);
        let known = Known::new(name, shared, move |access, calendars, range| {
            let diary = Arc::clone(&asked);
            Box::pin(async move { diary.busy(&access, &calendars, range).await })
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
        let connections = self.shared.connections(business.id, self.name).await?;
        let concerned: Vec<_> = connections.iter().filter(|connection| connection.concerns(slot.staff)).collect();
        let groups = by_group(concerned.iter().copied());
        let asked = groups.iter().map(|(connection, calendars)| self.known.fresh(connection, calendars, range));
        let (answers, own) = join(join_all(asked), self.own(business, range)).await;
        let own = own?;
        // One that only receives says nothing, and is there.
        let mut connected = concerned.iter().any(|connection| connection.choice.blocks.is_empty());
        let mut unknown = false;
        for ((connection, calendars), answer) in groups.iter().zip(answers) {
            match answer {
                Ok(busy) => {
                    if !without_own(busy, calendars, &own, range).is_empty() {
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
        let connections = self.shared.connections(context.business.id, self.name).await?;
        let concerned = connections.iter().any(|connection| connection.concerns(context.slot.staff));
        if concerned { Ok(BookingIntent::OnLedger) } else { Err(ProviderError::Disconnected) }
    }

    async fn after_booking(&self, context: &BookingContext, booking: BookingId) -> Result<(), ProviderError> {
        self.look_first(context).await?;
        self.converger.converge(&context.business, booking, false).await
    }

    async fn says(&self, asked: &RangeContext) -> Result<Says, ProviderError> {
        let range = Interval { from: asked.from, to: asked.to };
        let connections = self.shared.connections(asked.business.id, self.name).await?;
        let staff = staff_of(asked);
        let concerned = |connection: &&Connection| staff.iter().any(|id| connection.concerns(*id));
        let groups = by_group(connections.iter().filter(concerned));
        if groups.is_empty() {
            return if connections.is_empty() { Err(ProviderError::Disconnected) } else { Ok(Says::default()) };
        }
        let reading =
            join_all(groups.iter().map(|(connection, calendars)| self.known.of(connection, calendars, range)));
        let (answers, own) = join(reading, self.own(&asked.business, range)).await;
        let own = own?;
        let mut says = Says::default();
        let (mut heard, mut failed) = (false, None);
        for ((connection, calendars), windows) in groups.iter().zip(answers) {
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
            let busy = without_own(busy, calendars, &own, range);
            for member in staff.iter().filter(|id| connection.concerns(**id)) {
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
        self.known.expect(business.id, groups);
    }
}

fn by_group<'a>(connections: impl Iterator<Item = &'a Connection>) -> Vec<(&'a Connection, Vec<CalendarId>)> {
    connections.flat_map(|connection| groups(connection).into_iter().map(move |group| (connection, group))).collect()
}
