//! Idempotency keys: a request sent twice acts once.

use deskbell::store::idempotency::Begun;

use super::samples::{minutes, now};
use crate::support::database::each_engine;

#[tokio::test]
async fn a_request_is_answered_once_and_then_replayed_for_a_day() {
    each_engine(|store| async move {
        let begin = |hash, after| store.begin_request("key-1", hash, now() + minutes(after));
        assert_eq!(begin("a", 0).await.unwrap(), Begun::Fresh);
        assert_eq!(begin("a", 0).await.unwrap(), Begun::InFlight);
        assert_eq!(begin("b", 0).await.unwrap(), Begun::Mismatch);
        store.finish_request("key-1", 201, "{\"id\":1}").await.unwrap();
        store.finish_request("key-1", 500, "late").await.unwrap();
        store.forget_request("key-1").await.unwrap();
        let answer = Begun::Replay { status: 201, body: "{\"id\":1}".to_owned() };
        assert_eq!(begin("a", 5).await.unwrap(), answer);
        assert_eq!(begin("b", 5).await.unwrap(), Begun::Mismatch);
        assert_eq!(begin("a", 24 * 60 - 1).await.unwrap(), answer);
        assert_eq!(begin("b", 24 * 60).await.unwrap(), Begun::Fresh, "forgotten after a day");
    })
    .await;
}

#[tokio::test]
async fn a_request_that_failed_or_died_can_be_sent_again() {
    each_engine(|store| async move {
        let begin = |seconds| store.begin_request("key-1", "a", now() + jiff::SignedDuration::from_secs(seconds));
        assert_eq!(begin(0).await.unwrap(), Begun::Fresh);
        store.forget_request("key-1").await.unwrap();
        assert_eq!(begin(1).await.unwrap(), Begun::Fresh);
        assert_eq!(begin(61).await.unwrap(), Begun::InFlight);
        assert_eq!(begin(62).await.unwrap(), Begun::Fresh, "the first attempt died more than a minute ago");
        assert_eq!(begin(62).await.unwrap(), Begun::InFlight, "one takes over, not two");
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_one_is_fresh() {
    each_engine(|store| async move {
        let mut rush = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let store = store.clone();
            rush.spawn(async move { store.begin_request("key-1", "a", now()).await.unwrap() });
        }
        let fresh = rush.join_all().await.into_iter().filter(|begun| *begun == Begun::Fresh).count();
        assert_eq!(fresh, 1);
    })
    .await;
}
