//! The calendars that businesses connect, put together: their vendors, the way into them, and whoever looks after them.

use std::sync::Arc;

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::vendors;
use crate::{
    adapters::calendar::native::Native,
    calendars::{
        opener::Opener,
        providers::{Providers, Shared},
    },
    config::Config,
    jobs::{
        connections::ConnectionKeeper,
        following::{Follower, Lanes},
        placements::PlacementKeeper,
        second_look::SecondLook,
    },
    ports::{
        booking::BookingProvider, clock::Clock, desk::Desk, email::Email, nudge::Nudge, registry::Registry,
        vendors::Vendors,
    },
    store::{Store, connections::Vault},
};

/// What is shared by the desk, the pages and the jobs.
pub(super) struct Calendars {
    pub vendors: Vendors,
    pub opener: Opener,
    pub registry: Registry,
    providers: Providers,
    store: Store,
    clock: Arc<dyn Clock>,
    /// The vendors are this machine's, so they reach what only this machine reaches.
    near: bool,
}

impl Calendars {
    /// `vendors`: in the place of those of the settings. What is begun for a caller goes on among `tasks`.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(super) fn new(
        config: &Config,
        vault: Vault,
        vendors: Option<Vendors>,
        clock: &Arc<dyn Clock>,
        tasks: &TaskTracker,
    ) -> anyhow::Result<Self> {
        let (store, clock) = (vault.store().clone(), Arc::clone(clock));
        let near = vendors.is_some();
        let vendors = match vendors {
            Some(vendors) => vendors,
            None => vendors::vendors(config, &clock)?,
        };
        let opener = Opener::new(vault, vendors.clone(), clock.clone(), tasks.clone());
        let shared = Shared {
            store: store.clone(),
            opener: opener.clone(),
            clock: clock.clone(),
            // What is read ahead keeps no server from stopping.
            tasks: TaskTracker::new(),
            alias_domain: config.calendars.alias_domain.clone(),
        };
        let providers = Providers::new(&vendors, &shared);
        let mut known: Vec<Arc<dyn BookingProvider>> = vec![Arc::new(Native)];
        known.extend(providers.list());
        Ok(Self { vendors, opener, registry: Registry::new(known), providers, store, clock, near })
    }

    /// Begins to look after them, until `stop`. `key`: makes the secrets of hooks.
    pub(super) fn look_after(
        &self,
        config: &Config,
        desk: &Arc<dyn Desk>,
        email: &Arc<dyn Email>,
        key: [u8; 32],
        (tasks, stop): (&TaskTracker, &CancellationToken),
    ) -> Follower {
        let (store, clock, origin) = (&self.store, &self.clock, config.origin.http().to_owned());
        let keeper = PlacementKeeper::new(store.clone(), self.registry.clone(), clock.clone());
        tasks.spawn(keeper.run(stop.clone()));
        let second_look = SecondLook::new(store.clone(), desk.clone(), clock.clone());
        tasks.spawn(second_look.run(stop.clone()));
        let (opener, email) = (self.opener.clone(), Arc::clone(email));
        let keeper = ConnectionKeeper::new(store.clone(), opener, clock.clone(), email, origin.clone());
        tasks.spawn(keeper.run(stop.clone()));
        let providers = self.providers.clone();
        let follower = Follower {
            store: store.clone(),
            opener: self.opener.clone(),
            desk: Arc::clone(desk),
            clock: clock.clone(),
            forget: Arc::new(move |connection| providers.forget(connection)),
            nudge: Nudge::default(),
            lanes: Lanes::default(),
            origin: Some(origin).filter(|_| self.near || !config.origin.is_loopback()),
            key,
        };
        tasks.spawn(follower.clone().run(stop.clone()));
        follower
    }
}
