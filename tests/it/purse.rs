//! The purse on a real store: many calls at once, several nodes, restarts, midnights.

use std::sync::Arc;

use deskbell::{
    domain::{
        business::Zone,
        ids::{BusinessId, CallId},
        report::{Micros, Report},
    },
    jobs::purse::{Limits, SharedPurse},
    ports::{
        journal::Lease,
        purse::{Payer, Purse, Spent},
    },
    store::{Store, calls::NewCall},
    testing::{clock::FixedClock, salon},
};
use jiff::SignedDuration;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::support::{
    database::{Database, each_engine},
    server::eventually,
};

/// A cent, in millionths of a dollar.
const CENT: u64 = 10_000;

fn limits(call: u64, business: u64, number: u64) -> Limits {
    Limits { call: Micros(call), business: Micros(business), number: Micros(number) }
}

fn clock() -> FixedClock {
    FixedClock::at("2026-11-24T15:00:00Z")
}

fn purse(store: &Store, clock: &FixedClock, limits: Limits) -> SharedPurse {
    SharedPurse::new(store.clone(), Arc::new(clock.clone()), limits, Micros(CENT / 10), [7; 32])
}

async fn opened(store: &Store) -> BusinessId {
    let salon = salon();
    store.create_business(&salon, clock_now()).await.unwrap();
    salon.id
}

fn clock_now() -> jiff::Timestamp {
    "2026-11-24T15:00:00Z".parse().unwrap()
}

fn payer(business: BusinessId, number: Option<&str>) -> Payer {
    Payer {
        call: CallId(Uuid::from_u128(rand())),
        business,
        zone: Zone::named("America/New_York").unwrap(),
        number: number.map(|number| number.parse().unwrap()),
    }
}

fn rand() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    u128::from_le_bytes(bytes)
}

/// Asks until it is refused; what was spent then, and why.
async fn spend_until_refused(purse: &SharedPurse, payer: &Payer, cost: u64) -> (u64, Spent) {
    let mut spent = 0;
    loop {
        match purse.may_spend(payer) {
            Ok(leave) => {
                // The vendor takes its time, and other calls go on.
                tokio::task::yield_now().await;
                purse.spend(payer, Micros(cost));
                spent += cost;
                drop(leave);
            }
            Err(why) => return (spent, why),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn g36_a_hundred_calls_at_once_do_not_overdraw_the_business_by_more_than_one_in_a_hundred() {
    let database = Database::sqlite();
    let store = database.store().await;
    let business = opened(&store).await;
    // Two dollars in a day, and requests of a fifth of a cent: a hundred of them in flight are ten in a hundred of it.
    let cap = 200 * CENT;
    let purse = purse(&store, &clock(), limits(u64::MAX, cap, u64::MAX));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    tasks.spawn(purse.clone().run(stop.clone()));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let purse = purse.clone();
        calls.spawn(async move {
            let payer = payer(business, None);
            purse.open(&payer).await;
            let told = spend_until_refused(&purse, &payer, CENT / 5).await;
            purse.close(&payer);
            told
        });
    }
    let mut spent = 0;
    while let Some(done) = calls.join_next().await {
        let (of_call, why) = done.unwrap();
        spent += of_call;
        assert_eq!(why, Spent::Business);
    }
    println!("spent {spent} of {cap}");
    assert!(spent <= cap + cap / 100, "{spent} of {cap}");
    assert!(spent >= cap - cap / 50, "what is there can be spent: {spent} of {cap}");
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    // Everything is written down when it stops, and another process goes on from there.
    let next = self::purse(&store, &clock(), limits(u64::MAX, cap, u64::MAX));
    let payer = payer(business, None);
    next.open(&payer).await;
    assert_eq!(next.may_spend(&payer).unwrap_err(), Spent::Business);
    store.close().await;
    database.close().await;
}

#[tokio::test]
async fn a_call_is_held_to_its_own_cap_and_overdraws_it_by_one_request_at_most() {
    each_engine(|store| async move {
        let business = opened(&store).await;
        let purse = purse(&store, &clock(), limits(10 * CENT, u64::MAX, u64::MAX));
        let payer = payer(business, None);
        purse.open(&payer).await;
        let (spent, why) = spend_until_refused(&purse, &payer, 3 * CENT).await;
        assert_eq!((spent, why), (12 * CENT, Spent::Call));
        let other = self::payer(business, None);
        assert!(purse.may_spend(&other).is_ok(), "another call has its own");
        // What one connection of a call has reported counts for the next one, on whichever node.
        let call = NewCall {
            id: payer.call,
            business,
            vendor: "twilio",
            vendor_call: "CA1".into(),
            from: None,
            now: clock_now(),
        };
        store.ring(&call).await.unwrap();
        let report = Report { cost: Micros(spent), ..Report::default() };
        store.file_reports(&[(Lease { call: payer.call, epoch: 1 }, report)]).await.unwrap();
        let elsewhere = self::purse(&store, &clock(), limits(10 * CENT, u64::MAX, u64::MAX));
        elsewhere.open(&payer).await;
        assert_eq!(elsewhere.may_spend(&payer).unwrap_err(), Spent::Call);
    })
    .await;
}

#[tokio::test]
async fn a_number_has_its_own_cap_at_each_business_and_is_not_stored_as_it_is() {
    each_engine(|store| async move {
        let business = opened(&store).await;
        let clock = clock();
        let purse = purse(&store, &clock, limits(u64::MAX, u64::MAX, 5 * CENT));
        let caller = payer(business, Some("+12125550142"));
        assert_eq!(spend_until_refused(&purse, &caller, CENT).await, (5 * CENT, Spent::Number));
        let again = payer(business, Some("+12125550142"));
        assert_eq!(purse.may_spend(&again).unwrap_err(), Spent::Number, "another call of the same number");
        assert!(purse.may_spend(&payer(business, Some("+12125550143"))).is_ok());
        assert!(purse.may_spend(&payer(business, None)).is_ok(), "whose number is withheld shares only the business's");
        assert!(purse.write_down().await);
        // The business's midnight is five hours after UTC's.
        clock.advance(SignedDuration::from_hours(12));
        assert_eq!(purse.may_spend(&again).unwrap_err(), Spent::Number);
        clock.advance(SignedDuration::from_hours(3));
        assert!(purse.may_spend(&again).is_ok(), "a new day");
    })
    .await;
}

#[tokio::test]
async fn nodes_learn_from_one_another_what_is_spent() {
    each_engine(|store| async move {
        let business = opened(&store).await;
        let limits = limits(u64::MAX, 10 * CENT, u64::MAX);
        let [here, there] = [purse(&store, &clock(), limits), purse(&store, &clock(), limits)];
        let (ours, theirs) = (payer(business, None), payer(business, None));
        here.open(&ours).await;
        there.open(&theirs).await;
        here.spend(&ours, Micros(6 * CENT));
        there.spend(&theirs, Micros(6 * CENT));
        assert!(here.may_spend(&ours).is_ok() && there.may_spend(&theirs).is_ok());
        assert!(here.write_down().await && there.write_down().await);
        assert_eq!(there.may_spend(&theirs).unwrap_err(), Spent::Business, "it was told when it wrote");
        here.spend(&ours, Micros(1));
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(here.clone().run(stop.clone()));
        eventually("the other one is told, too", async || here.may_spend(&ours).is_err()).await;
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    })
    .await;
}

#[tokio::test]
async fn a_store_that_is_away_is_no_reason_not_to_talk_and_nothing_is_forgotten() {
    let database = Database::sqlite();
    let store = database.store().await;
    let business = opened(&store).await;
    let away = Store::open(&database.url).await.unwrap();
    away.close().await;
    let purse = purse(&away, &clock(), limits(u64::MAX, 3 * CENT, u64::MAX));
    let payer = payer(business, Some("+12125550142"));
    purse.open(&payer).await;
    assert_eq!(spend_until_refused(&purse, &payer, CENT).await, (3 * CENT, Spent::Business));
    assert!(!purse.write_down().await);
    assert_eq!(purse.may_spend(&payer).unwrap_err(), Spent::Business, "it still counts");
    store.close().await;
    database.close().await;
}

#[tokio::test]
async fn a_cap_of_nothing_lets_nothing_through() {
    let database = Database::sqlite();
    let store = database.store().await;
    let business = opened(&store).await;
    let purse = purse(&store, &clock(), limits(0, u64::MAX, u64::MAX));
    assert_eq!(purse.may_spend(&payer(business, None)).unwrap_err(), Spent::Call);
    store.close().await;
    database.close().await;
}
