//! What every handler can reach.

use std::{ops::Deref, sync::Arc};

use crate::{
    calendars::opener::Opener,
    config::Config,
    lifecycle::Lifecycle,
    ports::{
        clock::Clock,
        desk::Desk,
        email::Email,
        hooks::Hooks,
        identity::Identity,
        journal::Journal,
        line::LineCodec,
        links::Links,
        live::LiveCalls,
        nudge::Nudge,
        registry::Registry,
        telephony::{Expected, Telephony},
        vendors::Vendors,
    },
    session::switchboard::Switchboard,
    store::Store,
    web::{
        businesses::Businesses,
        metrics::Metrics,
        paces::Paces,
        pages::{Doorkeeper, Watchers},
        receptionists::Receptionists,
        sightings::Sightings,
        tokens::CallTokens,
    },
};

/// Cloning it shares it.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

pub struct Parts {
    pub config: Arc<Config>,
    pub store: Store,
    pub businesses: Businesses,
    pub tokens: CallTokens,
    pub desk: Arc<dyn Desk>,
    pub links: Links,
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<dyn Clock>,
    pub email: Arc<dyn Email>,
    /// Nothing: people sign in with a password alone.
    pub identity: Option<Arc<dyn Identity>>,
    /// Nothing: only the browser can call.
    pub telephony: Option<Arc<dyn Telephony>>,
    /// The codec of calls from the browser.
    pub web_codec: fn(Expected) -> Box<dyn LineCodec>,
    pub receptionists: Arc<Receptionists>,
    /// Which calendars this program knows.
    pub providers: Registry,
    /// Whose accounts can be connected, and the way into those that are.
    pub vendors: Vendors,
    pub opener: Opener,
    /// Takes what vendors report.
    pub hooks: Arc<dyn Hooks>,
    /// Woken when something about connected accounts was changed here.
    pub following: Nudge,
    pub paces: Paces,
    pub sightings: Sightings,
    pub metrics: Arc<Metrics>,
    pub switchboard: Switchboard,
    pub live: LiveCalls,
    /// Who watches calls as they go on.
    pub watchers: Watchers,
    /// Woken when a message has been written that is to be sent.
    pub outbox: Nudge,
    pub lifecycle: Lifecycle,
    pub doorkeeper: Doorkeeper,
}

impl AppState {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
