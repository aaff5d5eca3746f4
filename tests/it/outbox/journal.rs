//! The journal of calls: durable when it says so, in order, and not for a connection that was taken over.

use std::sync::Arc;

use deskbell::{
    domain::call::{Line, Outcome, Speaker},
    jobs::journal::BatchingJournal,
    ports::{
        clock::Clock,
        journal::{Entry, Journal, JournalError, Lease},
    },
    store::calls::Claimed,
};
use tokio::task::JoinSet;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{desk::rig::Rig, support::database::each_engine};

struct Desk {
    rig: Rig,
    journal: Arc<dyn Journal>,
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Desk {
    async fn open(store: deskbell::store::Store) -> Self {
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let journal = BatchingJournal::start(store.clone(), &tracker, stop.clone());
        Self { rig: Rig::open(store).await, journal, tracker, stop }
    }

    async fn call(&self) -> Lease {
        let call = self.rig.call().await;
        let claimed = self.claim(call, 0).await;
        let Claimed::Claimed { lease, .. } = claimed else { panic!("a new call can be claimed") };
        lease
    }

    async fn claim(&self, call: deskbell::domain::ids::CallId, epoch: i32) -> Claimed {
        let now = self.rig.clock.now();
        self.rig.store.claim_call(self.rig.business.id, &call.to_string(), epoch, now).await.unwrap()
    }

    fn entry(&self, lease: Lease, n: i32) -> Entry {
        let at = self.rig.clock.now();
        let line = Line { speaker: Speaker::Caller, text: format!("line {n}"), at, cut: false };
        let state = format!("{{\"turn\":{n}}}");
        let (outcome, lines, turns) = (Outcome::None, vec![line], Vec::new());
        Entry { lease, at, state, outcome, first_line: n, lines, turns, why_not: None, ended: false }
    }
}

#[tokio::test]
async fn entries_of_many_calls_are_written_and_each_calls_stay_in_order() {
    each_engine(|store| async move {
        let desk = Arc::new(Desk::open(store).await);
        let mut calls = Vec::new();
        for _ in 0..20 {
            calls.push(desk.call().await);
        }
        let mut talking = JoinSet::new();
        for lease in calls.clone() {
            let desk = Arc::clone(&desk);
            talking.spawn(async move {
                // All at once: they are queued in this order.
                let turns = (0..5).map(|n| desk.journal.write(desk.entry(lease, n)));
                futures_util::future::try_join_all(turns).await.unwrap();
            });
        }
        talking.join_all().await;
        for lease in calls {
            let lines = desk.rig.store.transcript(lease.call).await.unwrap();
            let said: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(said, ["line 0", "line 1", "line 2", "line 3", "line 4"]);
            let call = desk.rig.store.call(desk.rig.business.id, lease.call).await.unwrap().unwrap();
            assert_eq!(call.state.as_deref(), Some("{\"turn\":4}"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_was_taken_over_is_told_so_and_nobody_else_is() {
    each_engine(|store| async move {
        let desk = Desk::open(store).await;
        let (old, other) = (desk.call().await, desk.call().await);
        desk.rig.store.disconnect_call(old).await.unwrap();
        let Claimed::Claimed { lease: new, .. } = desk.claim(old.call, old.epoch).await else { panic!("taken over") };
        let (late, fresh, unrelated) = tokio::join!(
            desk.journal.write(desk.entry(old, 0)),
            desk.journal.write(desk.entry(new, 0)),
            desk.journal.write(desk.entry(other, 0)),
        );
        assert!(matches!(late, Err(JournalError::Fenced)), "{late:?}");
        assert!(fresh.is_ok() && unrelated.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_stop_writes_what_is_queued_and_refuses_what_comes_after() {
    each_engine(|store| async move {
        let desk = Desk::open(store).await;
        let lease = desk.call().await;
        let entries: Vec<_> = (0..50).map(|n| desk.journal.write(desk.entry(lease, n))).collect();
        let queued = futures_util::future::join_all(entries);
        let stop = async {
            tokio::task::yield_now().await;
            desk.stop.cancel();
        };
        let (written, ()) = tokio::join!(queued, stop);
        assert!(written.iter().all(Result::is_ok));
        desk.tracker.close();
        desk.tracker.wait().await;
        let after = desk.journal.write(desk.entry(lease, 50)).await;
        assert!(matches!(after, Err(JournalError::Unavailable(_))));
        assert_eq!(desk.rig.store.transcript(lease.call).await.unwrap().len(), 50);
    })
    .await;
}
