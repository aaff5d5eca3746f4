//! What a call needs to be talked through by models, in memory: a purse, the reports, and what was counted.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::{
    domain::{
        call::Line,
        ids::CallId,
        report::{Micros, Price, Report},
    },
    ports::{
        journal::{JournalError, Lease},
        language_model::LanguageModel,
        observer::Unobserved,
        purse::{Leave, Payer, Purse, Spent},
        reports::Reports,
    },
    session::receptionist::{Endpoint, Instructions, Receptionist, Settings},
};

/// Models in the order in which they are asked, at a price of a few cents a call, with a purse that is never empty.
pub fn receptionist(models: &[Arc<dyn LanguageModel>]) -> Receptionist {
    let price = Price { input: Micros(1_000_000), cached: Micros(100_000), output: Micros(4_000_000) };
    let names = ["first", "second", "third", "fourth"];
    let endpoints = models.iter().zip(names).map(|(model, name)| Endpoint::new(name, Arc::clone(model), price));
    Receptionist {
        endpoints: endpoints.collect(),
        purse: Arc::new(PurseInMemory::with(u64::MAX)),
        reports: Arc::new(ReportsInMemory::default()),
        observer: Arc::new(Unobserved),
        settings: Settings::default(),
        tasks: TaskTracker::new(),
        summaries: Arc::new(Semaphore::new(1)),
        instructions: Instructions::default(),
    }
}

/// A purse for one call.
#[derive(Debug)]
pub struct PurseInMemory {
    most: AtomicU64,
    spent: AtomicU64,
}

impl PurseInMemory {
    /// `most`: in millionths.
    pub fn with(most: u64) -> Self {
        Self { most: most.into(), spent: AtomicU64::new(0) }
    }

    /// From now on it holds no more than this.
    pub fn holds(&self, most: u64) {
        self.most.store(most, Ordering::Relaxed);
    }

    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Purse for PurseInMemory {
    async fn open(&self, _: &Payer) {}

    fn may_spend(&self, _: &Payer) -> Result<Leave, Spent> {
        if self.spent() < self.most.load(Ordering::Relaxed) { Ok(Leave::free()) } else { Err(Spent::Call) }
    }

    fn spend(&self, _: &Payer, cost: Micros) {
        self.spent.fetch_add(cost.0, Ordering::Relaxed);
    }

    fn close(&self, _: &Payer) {}
}

#[derive(Debug, Default)]
pub struct ReportsInMemory {
    filed: Mutex<Vec<Report>>,
    said: Vec<Line>,
}

impl ReportsInMemory {
    /// Of calls in which this was said.
    pub fn of_calls(said: Vec<Line>) -> Self {
        Self { said, ..Self::default() }
    }

    pub fn filed(&self) -> Vec<Report> {
        self.filed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Reports for ReportsInMemory {
    async fn file(&self, _: Lease, report: &Report) -> Result<(), JournalError> {
        self.filed.lock().unwrap_or_else(PoisonError::into_inner).push(report.clone());
        Ok(())
    }

    async fn said(&self, _: CallId) -> Result<Vec<Line>, JournalError> {
        Ok(self.said.clone())
    }
}
