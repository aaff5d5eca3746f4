//! Access tokens: who gets a new one, how often the vendor is asked, and what happens when its answer is lost.

use std::{sync::Arc, time::Duration};

use deskbell::{
    calendars::opener::Opener,
    domain::{
        account::Role,
        connection::{Connection, ConnectionState, Why},
    },
    jobs::connections::ConnectionKeeper,
    ports::{
        calendar::Trouble,
        email::EmailError,
        vendors::{Vendor, Vendors},
    },
    secrets::Keyring,
    store::{
        Store,
        connections::{Lease, Vault},
    },
    testing::{
        calendar::{Misdeed, Trap, consent::Refresh},
        email::RememberingEmail,
    },
};
use jiff::SignedDuration;
use tokio::task::JoinSet;

use super::accounts::{PROVIDER, Played, SUBJECT, deed, master};
use crate::{
    store::samples::{member, opened},
    support::{
        database::{Database, each_engine},
        server::eventually,
    },
};

fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

/// Asks as often at once; how many were answered.
async fn ask_at_once(played: &Played, nodes: &[Opener], connection: &Connection, each: usize) -> usize {
    let mut asking = JoinSet::new();
    for node in nodes {
        for _ in 0..each {
            let (played, node, connection) = (played.clone(), node.clone(), connection.clone());
            asking.spawn(async move { node.ask(&connection, |access| played.ask(access)).await.is_ok() });
        }
    }
    asking.join_all().await.into_iter().filter(|well| *well).count()
}

async fn ask(played: &Played, node: &Opener, connection: &Connection) -> Result<(), Trouble> {
    node.ask(connection, |access| played.ask(access)).await
}

async fn state(store: &Store, connection: &Connection) -> ConnectionState {
    store.connection(connection.business, connection.id).await.unwrap().unwrap().state
}

#[tokio::test(flavor = "multi_thread")]
async fn g3_a_hundred_questions_at_once_get_one_new_token() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Once).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        for round in 1..=3 {
            // Both sides know that the token is over.
            played.clock.advance(hours(2));
            played.kit.once("POST", "/token", Misdeed::Slow(Duration::from_millis(100)));
            assert_eq!(ask_at_once(&played, std::slice::from_ref(&node), &connection, 100).await, 100);
            assert_eq!(played.asked_for_tokens(), (round, 0));
        }
        assert!(store.connection(business, connection.id).await.unwrap().unwrap().health.problem.is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g3_two_nodes_ask_for_a_token_each_and_never_with_the_same_one() {
    for database in Database::each().await {
        // Two processes: two pools, two memories.
        let (store, other) = (database.store().await, Store::open(&database.url).await.unwrap());
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Once).await;
        let nodes = [played.node(&store), played.node(&other)];
        let connection = played.connected(&store, &nodes[0], business).await;
        played.clock.advance(hours(2));
        let slow = Misdeed::Slow(Duration::from_millis(100));
        played.kit.trap(Trap { method: "POST", path: "/token".to_owned(), times: 2, misdeed: slow });
        assert_eq!(ask_at_once(&played, &nodes, &connection, 50).await, 100, "on {}", database.engine);
        // A token that is good once, used twice, would have been refused.
        assert_eq!(played.asked_for_tokens(), (2, 0), "on {}", database.engine);
        assert_eq!(state(&store, &connection).await, ConnectionState::Active);
        store.close().await;
        other.close().await;
        database.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn g1_a_token_that_is_not_accepted_is_replaced_once_and_nobody_notices() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Kept).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        ask(&played, &node, &connection).await.unwrap();
        played.consent.expire_access_tokens();
        assert_eq!(ask_at_once(&played, std::slice::from_ref(&node), &connection, 20).await, 20);
        assert_eq!(played.asked_for_tokens(), (1, 0));
        // One that never accepts what it has given out is not asked for ever.
        let denied = Trap { method: "GET", path: "/me".to_owned(), times: 9, misdeed: Misdeed::status(401, "") };
        played.kit.trap(denied);
        assert!(matches!(ask(&played, &node, &connection).await, Err(Trouble::Unavailable(_))));
        assert_eq!(played.asked_for_tokens(), (2, 0));
        assert_eq!(state(&store, &connection).await, ConnectionState::Active);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_is_got_before_the_old_one_runs_out_and_nobody_waits_for_it() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Once).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        played.clock.advance(SignedDuration::from_mins(57));
        ask(&played, &node, &connection).await.unwrap();
        eventually("a new token", async || played.asked_for_tokens() == (1, 0)).await;
        // Also without a question, by whoever goes round.
        let email = Arc::new(RememberingEmail::new());
        let keeper = ConnectionKeeper::new(
            store.clone(),
            node.clone(),
            Arc::new(played.clock.clone()),
            email,
            "https://voice.example.com".to_owned(),
        );
        eventually("the new token is known", async || {
            keeper.work_off().await.unwrap();
            played.asked_for_tokens() == (1, 0)
        })
        .await;
        played.clock.advance(SignedDuration::from_mins(57));
        keeper.work_off().await.unwrap();
        assert_eq!(played.asked_for_tokens(), (2, 0));
        // One that slept for weeks is woken, so that its vendor does not forget it.
        let restarted = played.node(&store);
        let keeper = ConnectionKeeper::new(
            store.clone(),
            restarted,
            Arc::new(played.clock.clone()),
            Arc::new(RememberingEmail::new()),
            "https://voice.example.com".to_owned(),
        );
        keeper.work_off().await.unwrap();
        assert_eq!(played.asked_for_tokens(), (2, 0));
        played.clock.advance(hours(8 * 24));
        keeper.work_off().await.unwrap();
        assert_eq!(played.asked_for_tokens(), (3, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g2_access_that_was_taken_back_is_final_and_owners_are_told_once() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        member(&store, business, Role::Owner).await;
        member(&store, business, Role::Staff).await;
        let played = Played::start(Refresh::Once).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        played.consent.revoke_account("ann-1");
        for _ in 0..3 {
            let answer = ask(&played, &node, &connection).await;
            assert!(matches!(answer, Err(Trouble::Reconnect(Why::Revoked))), "{answer:?}");
        }
        assert_eq!(played.asked_for_tokens(), (1, 1), "no loop");
        let since = played.now();
        assert_eq!(state(&store, &connection).await, ConnectionState::Reconnect { why: Why::Revoked, since });
        let email = Arc::new(RememberingEmail::new());
        email.then(EmailError::NotTaken(anyhow::anyhow!("greylisted")));
        for _ in 0..3 {
            let keeper = ConnectionKeeper::new(
                store.clone(),
                played.node(&store),
                Arc::new(played.clock.clone()),
                email.clone(),
                "https://voice.example.com".to_owned(),
            );
            keeper.work_off().await.unwrap();
        }
        let letters = email.sent();
        assert_eq!(letters.len(), 1, "one owner, once, though the first try failed");
        assert!(letters[0].text.contains("https://voice.example.com/b/"), "{}", letters[0].text);
        // Connected again, it is as it was chosen.
        let again = played.connected(&store, &node, business).await;
        assert_eq!((again.id, again.state), (connection.id, ConnectionState::Active));
        ask(&played, &node, &again).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_is_down_keeps_no_accounts_of_another_one_waiting() {
    let database = Database::sqlite();
    let store = database.store().await;
    let business = opened(&store).await.id;
    let (down, well) = (Played::start(Refresh::Once).await, Played::start(Refresh::Once).await);
    let named = |name, of: &Played| Vendor { name, ..of.vendors().named(PROVIDER).unwrap().clone() };
    let node = down.node_for(&store, Vendors::new(vec![named(PROVIDER, &down), named("other", &well)]));
    down.connected(&store, &node, business).await;
    well.connected_at(("other", SUBJECT), &store, &node, business).await;
    for played in [&down, &well] {
        played.clock.advance(SignedDuration::from_mins(57));
    }
    down.kit.trap(Trap { method: "POST", path: "/token".to_owned(), times: 9, misdeed: Misdeed::Unanswered });
    let clock = Arc::new(down.clock.clone());
    let origin = "https://voice.example.com".to_owned();
    let keeper = ConnectionKeeper::new(store.clone(), node, clock, Arc::new(RememberingEmail::new()), origin);
    let mut round = JoinSet::new();
    round.spawn(async move { keeper.work_off().await });
    eventually("the other one has a new token", async || well.asked_for_tokens() == (1, 0)).await;
    assert!(round.try_join_next().is_none(), "while the first one is still waited for");
    round.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g5_a_vendor_that_wants_to_be_left_alone_is_for_a_minute_at_most() {
    let database = Database::sqlite();
    let store = database.store().await;
    let business = opened(&store).await.id;
    let played = Played::start(Refresh::Once).await;
    let node = played.node(&store);
    let connection = played.connected(&store, &node, business).await;
    let limits = async |after| {
        node.ask(&connection, async |_| Err::<(), _>(Trouble::Limited { after })).await.unwrap_err();
    };
    limits(Some(Duration::from_secs(20))).await;
    let Err(Trouble::Limited { after }) = ask(&played, &node, &connection).await else { panic!("it is left alone") };
    assert_eq!((after, played.kit.count("GET", "/me")), (Some(Duration::from_secs(20)), 0));
    played.clock.advance(SignedDuration::from_secs(20));
    ask(&played, &node, &connection).await.unwrap();
    // A day is not believed, and who does not say for how long is asked again at once.
    limits(Some(Duration::from_hours(24))).await;
    played.clock.advance(SignedDuration::from_secs(60));
    ask(&played, &node, &connection).await.unwrap();
    limits(None).await;
    ask(&played, &node, &connection).await.unwrap();
    assert_eq!(node.counted(), [(PROVIDER, "answered", 3), (PROVIDER, "limited", 3)]);
}

/// What a process leaves behind that was killed after the vendor had answered and before that was written down.
async fn killed_in_between(played: &Played, store: &Store, connection: &Connection) {
    let vault = Vault::new(store.clone(), Some(Arc::new(Keyring::new(&master(1), &[]))));
    let at = (connection.business, connection.id);
    let now = played.now();
    let Lease::Taken(leased) = vault.lease(at, now, now + SignedDuration::from_secs(45)).await.unwrap() else {
        panic!("nobody else has it")
    };
    played.refresh(&leased.credential).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn g15_a_kill_between_the_answer_and_writing_it_down_ends_in_reconnect_and_no_loop() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Once).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        played.clock.advance(hours(2));
        killed_in_between(&played, &store, &connection).await;
        assert_eq!(played.asked_for_tokens(), (1, 0));
        // Its lease runs out.
        played.clock.advance(SignedDuration::from_mins(1));
        let restarted = played.node(&store);
        assert_eq!(ask_at_once(&played, &[restarted.clone(), node], &connection, 10).await, 0);
        let answer = ask(&played, &restarted, &connection).await;
        assert!(matches!(answer, Err(Trouble::Reconnect(Why::TokenLost))), "{answer:?}");
        assert_eq!(played.asked_for_tokens(), (2, 1), "tried once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_does_no_harm_where_the_old_token_stays_good() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Rotated).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        played.clock.advance(hours(2));
        killed_in_between(&played, &store, &connection).await;
        played.clock.advance(SignedDuration::from_mins(1));
        assert_eq!(ask_at_once(&played, &[node], &connection, 10).await, 10);
        assert_eq!(played.asked_for_tokens(), (2, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_is_asked_for_once_more_and_later() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        for (rule, well) in [(Refresh::Rotated, true), (Refresh::Once, false)] {
            let played = Played::start(rule).await;
            let node = played.node(&store);
            let connection = played.connected(&store, &node, business).await;
            played.clock.advance(hours(2));
            // Done, and the answer is somebody's sign-in page.
            played.kit.once("POST", "/token", Misdeed::Html);
            assert!(matches!(ask(&played, &node, &connection).await, Err(Trouble::Unavailable(_))));
            assert_eq!(state(&store, &connection).await, ConnectionState::Active);
            played.clock.advance(SignedDuration::from_secs(10));
            match ask(&played, &node, &connection).await {
                Ok(()) => assert!(well),
                Err(Trouble::Reconnect(Why::TokenLost)) => assert!(!well),
                other => panic!("{other:?}"),
            }
            assert_eq!(played.asked_for_tokens().0, 2);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_gives_no_token_today_is_asked_again_tomorrow() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Once).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        played.clock.advance(hours(2));
        for status in [500, 503, 429] {
            played.kit.once("POST", "/token", Misdeed::status(status, "{}"));
            let answer = ask(&played, &node, &connection).await;
            assert!(matches!(answer, Err(Trouble::Unavailable(_))), "{status}: {answer:?}");
            assert_eq!(state(&store, &connection).await, ConnectionState::Active);
        }
        eventually("the owner sees it", async || {
            store.connection(business, connection.id).await.unwrap().unwrap().health.problem.is_some()
        })
        .await;
        ask(&played, &node, &connection).await.unwrap();
        eventually("and that it is over", async || {
            store.connection(business, connection.id).await.unwrap().unwrap().health.problem.is_none()
        })
        .await;
        assert_eq!(played.asked_for_tokens(), (1, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_written_down_before_it_is_used_however_long_the_database_takes() {
    let database = Database::sqlite();
    let store = database.store().await;
    let business = opened(&store).await.id;
    let played = Played::start(Refresh::Once).await;
    let node = played.node(&store);
    let connection = played.connected(&store, &node, business).await;
    played.clock.advance(hours(2));
    // Long enough for the lock below, however busy the machine is.
    played.kit.once("POST", "/token", Misdeed::Slow(Duration::from_secs(2)));
    let asking = {
        let (played, node, connection) = (played.clone(), node.clone(), connection.clone());
        async move { ask(&played, &node, &connection).await }
    };
    let locked = async {
        eventually("it is asked for", async || played.kit.count("POST", "/token") == 1).await;
        let mut other = <sqlx::SqliteConnection as sqlx::Connection>::connect(&database.url).await.unwrap();
        while sqlx::raw_sql("begin immediate").execute(&mut other).await.is_err() {}
        eventually("it is answered", async || played.asked_for_tokens().0 == 1).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(played.kit.count("GET", "/me"), 0, "not used before it is written down");
        sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
    };
    let (answer, ()) = tokio::join!(asking, locked);
    answer.unwrap();
    assert_eq!(played.asked_for_tokens(), (1, 0));
    store.close().await;
    database.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_waiting_does_not_stop_it_being_written_down() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Once).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        played.clock.advance(hours(2));
        played.kit.once("POST", "/token", Misdeed::Slow(Duration::from_millis(300)));
        let patience = Duration::from_millis(100);
        assert!(tokio::time::timeout(patience, ask(&played, &node, &connection)).await.is_err(), "the caller has gone");
        ask(&played, &node, &connection).await.unwrap();
        assert_eq!(played.asked_for_tokens(), (1, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnecting_erases_what_opens_it_and_gives_the_access_back() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let played = Played::start(Refresh::Once).await;
        let node = played.node(&store);
        let connection = played.connected(&store, &node, business).await;
        assert!(node.disconnect(&connection, &deed(business, "calendar.disconnected")).await.unwrap());
        assert!(!node.disconnect(&connection, &deed(business, "calendar.disconnected")).await.unwrap());
        assert_eq!(played.consent.counters().revocations, 1);
        assert!(played.consent.refresh_tokens().is_empty());
        assert!(store.connections(business).await.unwrap().is_empty());
        let answer = ask(&played, &node, &connection).await;
        assert!(matches!(answer, Err(Trouble::Refused(_))), "{answer:?}");
        assert_eq!(played.asked_for_tokens(), (0, 0));
    })
    .await;
}
