//! What models cost, and the reports on calls.

use deskbell::{
    domain::{
        business::Business,
        ids::{BusinessId, CallId},
        report::{Micros, Report, Summary, TurnReport},
    },
    jobs::reports::BatchingReports,
    ports::journal::Lease,
    store::{
        Store, StoreError,
        calls::{Claimed, NewCall},
        spending::Account,
    },
};
use jiff::civil::date;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::samples::{fresh, now, opened};
use crate::support::database::each_engine;

fn account(business: BusinessId, day: i8, number: &str) -> Account {
    Account { business, day: date(2026, 12, day), number: number.to_owned() }
}

async fn ringing(store: &Store, salon: &Business) -> Lease {
    let id = CallId(fresh());
    let call =
        NewCall { id, business: salon.id, vendor: "twilio", vendor_call: id.to_string(), from: None, now: now() };
    store.ring(&call).await.unwrap();
    match store.claim_call(salon.id, &call.vendor_call, 0, now()).await.unwrap() {
        Claimed::Claimed { lease, .. } => lease,
        Claimed::Refused => panic!("the first connection has the call"),
    }
}

#[tokio::test]
async fn what_several_nodes_spend_adds_up() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let (whole, number) = (account(salon.id, 3, ""), account(salon.id, 3, "abc"));
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (store, whole, number) = (store.clone(), whole.clone(), number.clone());
            nodes.spawn(async move {
                for _ in 0..10 {
                    // In either order: they must not wait for each other in a circle.
                    let spent = [(number.clone(), Micros(2)), (whole.clone(), Micros(5))];
                    let totals = store.add_spending(&spent).await.unwrap();
                    assert_eq!(totals.len(), 2);
                }
            });
        }
        while let Some(done) = nodes.join_next().await {
            done.unwrap();
        }
        assert_eq!(store.spending(&whole).await.unwrap(), Micros(200));
        assert_eq!(store.spending(&number).await.unwrap(), Micros(80));
        assert_eq!(store.spending(&account(salon.id, 4, "")).await.unwrap(), Micros(0), "another day");
        let read = store.add_spending(&[(whole.clone(), Micros(0))]).await.unwrap();
        assert_eq!(read, [(whole, Micros(200))], "adding nothing reads it");
    })
    .await;
}

#[tokio::test]
async fn many_accounts_are_written_at_once_and_those_of_numbers_are_forgotten() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let numbers: Vec<_> = (0..1_200).map(|n| (account(salon.id, 3, &format!("{n:032x}")), Micros(n))).collect();
        assert_eq!(store.add_spending(&numbers).await.unwrap().len(), 1_200);
        store
            .add_spending(&[(account(salon.id, 3, ""), Micros(9)), (account(salon.id, 5, "a"), Micros(9))])
            .await
            .unwrap();
        assert_eq!(store.forget_spending_of_numbers(date(2026, 12, 5)).await.unwrap(), 1_200);
        assert_eq!(store.spending(&account(salon.id, 3, "")).await.unwrap(), Micros(9), "the business's stays");
        assert_eq!(store.spending(&account(salon.id, 5, "a")).await.unwrap(), Micros(9), "today's stays");
        let nobody = account(BusinessId(fresh()), 3, "");
        assert!(matches!(store.add_spending(&[(nobody, Micros(1))]).await, Err(StoreError::Refused(_))));
    })
    .await;
}

#[tokio::test]
async fn each_connection_of_a_call_reports_and_they_are_read_as_one() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let first = ringing(&store, &salon).await;
        assert_eq!(store.report(first.call).await.unwrap(), None);
        let turn = TurnReport { model: "fast".into(), first_word_ms: Some(700), ..TurnReport::default() };
        let report =
            Report { turns: vec![turn.clone()], fillers: 1, tokens_in: 4_000, cost: Micros(600), ..Report::default() };
        store.file_reports(&[(first, report.clone())]).await.unwrap();
        let told = Summary { reason: "A haircut\0".into(), by_model: true, ..Summary::default() };
        let report = Report { summary: Some(told), ..report };
        store.file_reports(&[(first, report.clone())]).await.unwrap();
        assert_eq!(store.report(first.call).await.unwrap().unwrap().cost, Micros(600), "again replaces it");
        // The connection broke, and another took over; the old one's last word changes nothing of its report.
        let second = Lease { epoch: 2, ..first };
        let more = Report { turns: vec![turn], fallbacks: 2, cost: Micros(50), ..Report::default() };
        store.file_reports(&[(second, more.clone())]).await.unwrap();
        store.file_reports(&[(first, report.clone())]).await.unwrap();
        let whole = store.report(first.call).await.unwrap().unwrap();
        assert_eq!((whole.turns.len(), whole.fillers, whole.fallbacks, whole.cost), (2, 1, 2, Micros(650)));
        assert!(whole.summary.unwrap().reason.starts_with("A haircut"));
        assert_eq!(store.cost_of_call(first.call).await.unwrap(), Micros(650));
        let unknown = Lease { call: CallId(fresh()), epoch: 1 };
        assert!(store.file_reports(&[(unknown, more.clone())]).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn reports_are_filed_in_batches_and_an_impossible_one_alone_is_refused() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let reports = BatchingReports::start(store.clone(), &tasks, stop.clone());
        let (one, other) = (ringing(&store, &salon).await, ringing(&store, &salon).await);
        let report = |fillers| Report { fillers, ..Report::default() };
        let unknown = Lease { call: CallId(fresh()), epoch: 1 };
        let (first, again, refused, last) = (report(1), report(2), report(3), report(4));
        let (first, again, refused, last) = tokio::join!(
            reports.file(one, &first),
            reports.file(one, &again),
            reports.file(unknown, &refused),
            reports.file(other, &last),
        );
        assert!(first.is_ok() && again.is_ok() && last.is_ok());
        assert!(refused.is_err());
        stop.cancel();
        tasks.close();
        tasks.wait().await;
        assert!(reports.file(one, &report(5)).await.is_err(), "nothing is taken after the stop");
        assert_eq!(store.report(one.call).await.unwrap().unwrap().fillers, 2);
        assert_eq!(store.report(other.call).await.unwrap().unwrap().fillers, 4);
        assert!(reports.said(one.call).await.unwrap().is_empty());
    })
    .await;
}
