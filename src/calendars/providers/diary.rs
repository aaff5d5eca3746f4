//! Calendars with busy times and events: our rules decide what is free, they decide what is busy, and every booking comes to
//! stand in them.

use std::sync::Arc;

use anyhow::anyhow;
use async_trait::async_trait;
use futures_util::future::{join, join_all};
use tracing::warn;

use super::{
    Shared,
    ahead::{Ahead, Answer, Key, next_weeks},
    is_disconnected,
    own::without_own,
    staff_of,
};
use crate::{
    calendars::{
        opener::Opener,
        placements::{Converger, Side},
    },
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
        calendar::{Diary, Interval, Trouble},
        registry::{names_for, settings_of},
    },
    store::{
        StoreError,
        placements::{OwnTime, PlacementState},
    },
};

pub(super) struct DiaryProvider {
    name: &'static str,
    diary: Arc<dyn Diary>,
    shared: Shared,
    converger: Converger,
    ahead: Ahead<Interval>,
}

/// Calendars of one account that are asked about together: the one that receives our appointments alone, so that what we
/// take out of its busy times hides nothing of the others.
struct Group<'a> {
    connection: &'a Connection,
    calendars: Vec<CalendarId>,
}

fn groups(connection: &Connection) -> Vec<Group<'_>> {
    let choice = &connection.choice;
    let receives = |calendar: &&CalendarId| Some(*calendar) == choice.receives.as_ref();
    let (receiving, others): (Vec<_>, Vec<_>) = choice.blocks.iter().partition(receives);
    let group = |calendars: Vec<&CalendarId>| Group { connection, calendars: calendars.into_iter().cloned().collect() };
    [receiving, others].into_iter().filter(|calendars| !calendars.is_empty()).map(group).collect()
}

impl Group<'_> {
    fn key(&self) -> Key {
        Key { connection: self.connection.id, calendars: self.calendars.clone() }
    }
}

impl DiaryProvider {
    pub(super) fn new(name: &'static str, diary: &Arc<dyn Diary>, shared: &Shared) -> Self {
        let converger = shared.converger(name, Side::Diary(Arc::clone(diary)));
        let ahead = Ahead::new(shared.tasks.clone());
        Self { name, diary: Arc::clone(diary), shared: shared.clone(), converger, ahead }
    }

    pub(super) fn forget(&self, connection: ConnectionId) {
        self.ahead.forget(connection);
    }

    /// What a group said about a range, from memory where that is fresh.
    async fn remembered(&self, group: &Group<'_>, range: Interval) -> Vec<Answer<Interval>> {
        let reading = |window: Interval| {
            let (diary, opener) = (Arc::clone(&self.diary), self.shared.opener.clone());
            let (connection, calendars) = (group.connection.clone(), group.calendars.clone());
            async move { read(diary.as_ref(), &opener, &connection, &calendars, window).await }
        };
        self.ahead.get(&group.key(), range, self.shared.clock.now(), reading).await
    }

    /// A booking that was made while the calendar could not be read: it is read before our event comes to stand there, since
    /// afterwards nobody could tell what else is at that time.
    async fn look_first(&self, context: &BookingContext) -> Result<(), ProviderError> {
        let unverified =
            |booking: &&Booking| booking.unverified && matches!(booking.state, BookingState::Confirmed { .. });
        let Some(booking) = context.booking.as_ref().filter(unverified) else { return Ok(()) };
        let business = context.business.as_ref();
        let checks = settings_of(business, self.name).is_some_and(|settings| settings.check_availability);
        let store_down = |error: StoreError| ProviderError::Unavailable(error.into());
        let rows = self.shared.store.placements_of(booking.id).await.map_err(store_down)?;
        let is_there = rows.iter().any(|row| row.state != PlacementState::Gone && row.asked.is_some());
        if !checks || is_there || !names_for(business, booking.slot.service).contains(&self.name) {
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

async fn read(
    diary: &dyn Diary,
    opener: &Opener,
    connection: &Connection,
    calendars: &[CalendarId],
    range: Interval,
) -> Result<Vec<Interval>, Trouble> {
    opener.ask(connection, |access| async move { diary.busy(&access, calendars, range).await }).await
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
        let groups: Vec<_> = concerned.iter().flat_map(|connection| groups(connection)).collect();
        let asked = groups
            .iter()
            .map(|group| read(self.diary.as_ref(), &self.shared.opener, group.connection, &group.calendars, range));
        let (answers, own) = join(join_all(asked), self.own(business, range)).await;
        let own = own?;
        // One that only receives says nothing, and is there.
        let mut connected = concerned.iter().any(|connection| connection.choice.blocks.is_empty());
        let mut unknown = false;
        for (group, answer) in groups.iter().zip(answers) {
            match answer {
                Ok(busy) => {
                    if !without_own(busy, &group.calendars, &own, range).is_empty() {
                        return Ok(Availability::Taken);
                    }
                    connected = true;
                }
                Err(trouble) if is_disconnected(&trouble) => {}
                Err(trouble) => {
                    let id = group.connection.id;
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
        let done = self.converger.converge(&context.business, booking).await;
        self.shared.forget(&self.ahead, context.business.id, self.name).await;
        done
    }

    async fn says(&self, asked: &RangeContext) -> Result<Says, ProviderError> {
        let range = Interval { from: asked.from, to: asked.to };
        let connections = self.shared.connections(asked.business.id, self.name).await?;
        let staff = staff_of(asked);
        let concerned = |connection: &&Connection| staff.iter().any(|id| connection.concerns(*id));
        let groups: Vec<_> = connections.iter().filter(concerned).flat_map(groups).collect();
        if groups.is_empty() {
            return if connections.is_empty() { Err(ProviderError::Disconnected) } else { Ok(Says::default()) };
        }
        let reading = join_all(groups.iter().map(|group| self.remembered(group, range)));
        let (answers, own) = join(reading, self.own(&asked.business, range)).await;
        let own = own?;
        let mut says = Says::default();
        let (mut heard, mut failed) = (false, None);
        for (group, windows) in groups.iter().zip(answers) {
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
            let busy = without_own(busy, &group.calendars, &own, range);
            for member in staff.iter().filter(|id| group.connection.concerns(**id)) {
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
        let (name, diary, shared, ahead) =
            (self.name, Arc::clone(&self.diary), self.shared.clone(), self.ahead.clone());
        let business = business.id;
        self.shared.tasks.spawn(async move {
            let Ok(connections) = shared.connections(business, name).await else { return };
            let now = shared.clock.now();
            for group in connections.iter().flat_map(groups) {
                let reading = |window: Interval| {
                    let (diary, opener) = (Arc::clone(&diary), shared.opener.clone());
                    let (connection, calendars) = (group.connection.clone(), group.calendars.clone());
                    async move { read(diary.as_ref(), &opener, &connection, &calendars, window).await }
                };
                // It goes on by itself.
                drop(ahead.get(&group.key(), next_weeks(now), now, reading));
            }
        });
    }
}
