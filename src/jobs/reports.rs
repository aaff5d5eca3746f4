//! Files the reports of calls that are over, many at a time: a thousand callers who hang up at once must not stand in
//! front of a booking at the database.

use std::{sync::Arc, time::Duration};

use anyhow::anyhow;
use async_trait::async_trait;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    domain::{call::Line, ids::CallId, report::Report},
    ports::{
        journal::{JournalError, Lease},
        reports::Reports,
    },
    store::{Store, StoreError},
};

/// How many reports may wait; whoever comes then waits for a place.
const QUEUE: usize = 1_024;
/// The most that is committed at once.
const BATCH: usize = 200;
/// Commits begin at least this far apart: nobody waits for a report.
const PACE: Duration = Duration::from_millis(100);

type Reply = oneshot::Sender<Result<(), JournalError>>;
type Filed = (Lease, Report);

/// Gathers reports while the batch before is being committed.
pub struct BatchingReports {
    store: Store,
    queue: mpsc::Sender<(Filed, Reply)>,
}

impl BatchingReports {
    /// Writes until `stop`, then what is still queued; reports after that are refused.
    pub fn start(store: Store, tracker: &TaskTracker, stop: CancellationToken) -> Arc<dyn Reports> {
        let (queue, reports) = mpsc::channel(QUEUE);
        tracker.spawn(write_batches(store.clone(), reports, stop));
        Arc::new(Self { store, queue })
    }
}

#[async_trait]
impl Reports for BatchingReports {
    async fn file(&self, lease: Lease, report: &Report) -> Result<(), JournalError> {
        let closed = || JournalError::Unavailable(anyhow!("reports are no longer taken"));
        let (reply, answer) = oneshot::channel();
        self.queue.send(((lease, report.clone()), reply)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    async fn said(&self, call: CallId) -> Result<Vec<Line>, JournalError> {
        self.store.transcript(call).await.map_err(unavailable)
    }
}

async fn write_batches(store: Store, mut queue: mpsc::Receiver<(Filed, Reply)>, stop: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut next = Instant::now();
    loop {
        tokio::select! {
            () = stop.cancelled(), if !queue.is_closed() => queue.close(),
            taken = queue.recv_many(&mut batch, BATCH) => {
                if taken == 0 {
                    return;
                }
                sleep_until(next).await;
                while batch.len() < BATCH && let Ok(late) = queue.try_recv() {
                    batch.push(late);
                }
                next = Instant::now() + PACE;
                write(&store, &mut batch).await;
            }
        }
    }
}

async fn write(store: &Store, batch: &mut Vec<(Filed, Reply)>) {
    let (reports, replies): (Vec<Filed>, Vec<Reply>) = batch.drain(..).unzip();
    let together = store.file_reports(&reports).await;
    for (report, reply) in reports.iter().zip(replies) {
        let filed = match &together {
            Ok(()) => Ok(()),
            // One impossible report must not keep the others from being filed.
            Err(StoreError::Refused(_)) => store.file_reports(std::slice::from_ref(report)).await.map_err(unavailable),
            Err(error) => Err(JournalError::Unavailable(anyhow!("{error}"))),
        };
        // Nobody waits any more: it took too long.
        let _ = reply.send(filed);
    }
}

fn unavailable(error: StoreError) -> JournalError {
    JournalError::Unavailable(error.into())
}
