//! Writes what all calls tell their journals, many at a time: a commit costs the same for one entry as for two hundred.

use std::{slice, sync::Arc, time::Duration};

use anyhow::anyhow;
use async_trait::async_trait;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::error;

use crate::{
    ports::journal::{Entry, Journal, JournalError},
    store::{Store, StoreError, calls::Written},
};

/// How many entries may wait; whoever comes then waits for a place.
const QUEUE: usize = 1024;

/// The most that is committed at once.
const BATCH: usize = 200;

/// Commits begin at least this far apart, so that a crowd of entries shares one. An entry that comes alone, longer after
/// the last commit than this, is written at once.
const PACE: Duration = Duration::from_millis(10);

/// How long a call waits for its entry to be durable. The store's own budgets end sooner.
const PATIENCE: Duration = Duration::from_secs(3);

type Answer = Result<(), JournalError>;
type Reply = oneshot::Sender<Answer>;

/// Gathers entries while the batch before is being committed; alone, an entry is written at once.
pub struct BatchingJournal {
    queue: mpsc::Sender<(Entry, Reply)>,
}

impl BatchingJournal {
    /// Writes until `stop`, then what is still queued; entries after that are refused. So `stop` comes when the calls
    /// have ended.
    pub fn start(store: Store, tracker: &TaskTracker, stop: CancellationToken) -> Arc<dyn Journal> {
        let (queue, entries) = mpsc::channel(QUEUE);
        tracker.spawn(write_batches(store, entries, stop));
        Arc::new(Self { queue })
    }
}

#[async_trait]
impl Journal for BatchingJournal {
    async fn write(&self, entry: Entry) -> Result<(), JournalError> {
        let written = async {
            let (reply, answer) = oneshot::channel();
            let closed = || JournalError::Unavailable(anyhow!("the journal is closed"));
            self.queue.send((entry, reply)).await.map_err(|_| closed())?;
            answer.await.map_err(|_| closed())?
        };
        match tokio::time::timeout(PATIENCE, written).await {
            Ok(done) => done,
            Err(elapsed) => Err(JournalError::Unavailable(elapsed.into())),
        }
    }
}

async fn write_batches(store: Store, mut queue: mpsc::Receiver<(Entry, Reply)>, stop: CancellationToken) {
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

/// In the order they came, so that several of one call stay in theirs.
async fn write(store: &Store, batch: &mut Vec<(Entry, Reply)>) {
    let (entries, replies): (Vec<Entry>, Vec<Reply>) = batch.drain(..).unzip();
    let answers = match commit(store, &entries).await {
        // One call's impossible entry must not keep the others' from being written.
        Err(StoreError::Refused(_)) if entries.len() > 1 => one_by_one(store, &entries).await,
        Err(error) => entries.iter().map(|_| Err(unavailable(&error))).collect(),
        Ok(answers) => answers,
    };
    for (reply, answer) in replies.into_iter().zip(answers) {
        // Nobody waits any more: the call has ended meanwhile.
        let _ = reply.send(answer);
    }
}

async fn one_by_one(store: &Store, entries: &[Entry]) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(entries.len());
    for entry in entries {
        match commit(store, slice::from_ref(entry)).await {
            Ok(answer) => answers.extend(answer),
            Err(error) => answers.push(Err(unavailable(&error))),
        }
    }
    answers
}

async fn commit(store: &Store, entries: &[Entry]) -> Result<Vec<Answer>, StoreError> {
    let written = store.write_entries(entries).await.inspect_err(|error| {
        error!(error = %error, entries = entries.len(), "{} journal entries could not be written", entries.len());
    })?;
    let answer = |written| match written {
        Written::Written => Ok(()),
        Written::Fenced => Err(JournalError::Fenced),
    };
    Ok(written.into_iter().map(answer).collect())
}

fn unavailable(error: &StoreError) -> JournalError {
    JournalError::Unavailable(anyhow!("{error}"))
}
