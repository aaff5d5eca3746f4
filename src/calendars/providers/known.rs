//! What a provider knows of a business's accounts: read ahead, remembered, or read afresh.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{
    Shared,
    ahead::{Ahead, Answer, Key, next_weeks},
};
use crate::{
    calendars::placements::{Converger, Side},
    domain::{
        business::Business,
        connection::{CalendarId, Connection},
        ids::ConnectionId,
    },
    ports::calendar::{Access, Interval, Trouble},
};

/// Asks a vendor about calendars, or about one kind of appointment.
type Read<T> = dyn Fn(Access, Arc<[CalendarId]>, Interval) -> BoxFuture<'static, Result<Vec<T>, Trouble>> + Send + Sync;

/// Cloning it shares it.
pub(super) struct Known<T> {
    name: &'static str,
    shared: Shared,
    ahead: Ahead<T>,
    read: Arc<Read<T>>,
}

impl<T> Clone for Known<T> {
    fn clone(&self) -> Self {
        let (shared, ahead, read) = (self.shared.clone(), self.ahead.clone(), Arc::clone(&self.read));
        Self { name: self.name, shared, ahead, read }
    }
}

impl<T: Clone + Send + Sync + 'static> Known<T> {
    pub(super) fn new(
        name: &'static str,
        shared: &Shared,
        read: impl Fn(Access, Arc<[CalendarId]>, Interval) -> BoxFuture<'static, Result<Vec<T>, Trouble>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let ahead = Ahead::new(shared.tasks.clone());
        Self { name, shared: shared.clone(), ahead, read: Arc::new(read) }
    }

    /// Of the same accounts.
    pub(super) fn converger(&self, side: Side) -> Converger {
        let ahead = self.ahead.clone();
        Converger {
            provider: self.name,
            side,
            store: self.shared.store.clone(),
            opener: self.shared.opener.clone(),
            clock: Arc::clone(&self.shared.clock),
            freed: Arc::new(move |connection| ahead.forget(connection)),
        }
    }

    pub(super) fn forget(&self, connection: ConnectionId) {
        self.ahead.forget(connection);
    }

    /// Asked afresh.
    pub(super) fn fresh(
        &self,
        connection: &Connection,
        calendars: &[CalendarId],
        range: Interval,
    ) -> impl Future<Output = Result<Vec<T>, Trouble>> + Send + use<T> {
        let (opener, read) = (self.shared.opener.clone(), Arc::clone(&self.read));
        let (connection, calendars) = (connection.clone(), Arc::<[CalendarId]>::from(calendars));
        async move { opener.ask(&connection, |access| read(access, Arc::clone(&calendars), range)).await }
    }

    /// From memory where that is fresh, one answer for each window. What has to be read is begun at once, and goes on when the
    /// future is dropped.
    pub(super) fn of(
        &self,
        connection: &Connection,
        calendars: &[CalendarId],
        range: Interval,
    ) -> impl Future<Output = Vec<Answer<T>>> + use<T> {
        let key = Key { connection: connection.id, calendars: calendars.to_vec() };
        let (known, connection, calendars) = (self.clone(), connection.clone(), calendars.to_vec());
        let read = move |window| known.fresh(&connection, &calendars, window);
        self.ahead.get(&key, range, self.shared.clock.now(), read)
    }

    /// Reads the next two weeks in the background: of each account, what `asked` names together.
    pub(super) fn expect(&self, business: &Arc<Business>, asked: fn(&Connection) -> Vec<Vec<CalendarId>>) {
        let (known, business) = (self.clone(), Arc::clone(business));
        self.shared.tasks.spawn(async move {
            let Ok(connections) = known.shared.connections(&business, known.name).await else { return };
            let soon = next_weeks(known.shared.clock.now());
            for connection in &connections {
                for calendars in asked(connection) {
                    // It goes on by itself.
                    drop(known.of(connection, &calendars, soon));
                }
            }
        });
    }
}
