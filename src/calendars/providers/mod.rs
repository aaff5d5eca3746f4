//! The vendors as the desk knows them: one provider for each, over all the accounts that a business has connected there.

mod ahead;
mod diary;
mod known;
mod own;
mod scheduler;

use std::sync::Arc;

use tokio_util::task::TaskTracker;

use super::opener::Opener;
use crate::{
    domain::{
        business::Business,
        connection::Connection,
        ids::{ConnectionId, StaffId},
    },
    ports::{
        booking::{BookingProvider, ProviderError, RangeContext},
        calendar::Trouble,
        clock::Clock,
        vendors::{Kind, Vendor, Vendors},
    },
    store::Store,
};

use diary::DiaryProvider;
use scheduler::SchedulerProvider;

/// What all providers share.
#[derive(Clone)]
pub struct Shared {
    pub store: Store,
    pub opener: Opener,
    pub clock: Arc<dyn Clock>,
    /// What is read ahead goes on here when nobody waits for it.
    pub tasks: TaskTracker,
    /// The domain that addresses are made in for customers who have none, where a vendor insists on one; its mail is ours.
    pub alias_domain: Option<String>,
}

/// All providers, and what is to be told to them. Cloning it shares it.
#[derive(Clone)]
pub struct Providers(Arc<[Provider]>);

#[derive(Clone)]
enum Provider {
    Diary(Arc<DiaryProvider>),
    Scheduler(Arc<SchedulerProvider>),
}

impl Providers {
    /// One for each vendor, set up or not: a business may have connected an account before a setting was lost.
    pub fn new(vendors: &Vendors, shared: &Shared) -> Self {
        let provider = |vendor: &Vendor| match &vendor.kind {
            Kind::Diary(diary) => Provider::Diary(Arc::new(DiaryProvider::new(vendor.name, diary, shared))),
            Kind::Scheduler(scheduler) => {
                Provider::Scheduler(Arc::new(SchedulerProvider::new(vendor.name, scheduler, shared)))
            }
        };
        Self(vendors.iter().map(provider).collect())
    }

    /// For the registry.
    pub fn list(&self) -> Vec<Arc<dyn BookingProvider>> {
        let one = |provider: &Provider| -> Arc<dyn BookingProvider> {
            match provider {
                Provider::Diary(provider) => Arc::<DiaryProvider>::clone(provider),
                Provider::Scheduler(provider) => Arc::<SchedulerProvider>::clone(provider),
            }
        };
        self.0.iter().map(one).collect()
    }

    /// Something has changed in an account: what it said before is no longer so.
    pub fn forget(&self, connection: ConnectionId) {
        for provider in self.0.iter() {
            match provider {
                Provider::Diary(provider) => provider.forget(connection),
                Provider::Scheduler(provider) => provider.forget(connection),
            }
        }
    }
}

impl Shared {
    /// The accounts of a business at a provider that may be asked, oldest first.
    async fn connections(&self, business: &Business, provider: &str) -> Result<Vec<Connection>, ProviderError> {
        let all =
            self.store.connections(business.id).await.map_err(|error| ProviderError::Unavailable(error.into()))?;
        let asked = |connection: &Connection| connection.provider == provider && connection.is_active();
        Ok(all.into_iter().filter(asked).map(|connection| connection.of(business)).collect())
    }
}

/// Whom a question is about: those who offer the service, or the one who was asked for.
fn staff_of(range: &RangeContext) -> Vec<StaffId> {
    let Some(service) = range.business.service(range.service) else { return Vec::new() };
    let wanted = |id: &StaffId| range.staff.is_none_or(|staff| staff == *id);
    range.business.offering(service).map(|member| member.id).filter(wanted).collect()
}

/// As if it were not connected: nothing but its owner's connecting it again helps.
fn is_disconnected(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Reconnect(_) | Trouble::Unauthorized)
}
