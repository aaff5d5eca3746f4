//! The outbox: one lease at a time, and a sleeper's fence does not hold.

use deskbell::store::{
    Store,
    bookings::Confirmed,
    outbox::{Outbox, OutboxState},
};
use jiff::Timestamp;

use super::samples::{confirmation, fresh, held, hold, minutes, nine_plus, now, opened, text_message};
use crate::support::database::each_engine;

/// A booking with these texts waiting.
async fn waiting(store: &Store, templates: &[&str]) -> Vec<Outbox> {
    let salon = opened(store).await;
    let hold = held(store, &hold(&salon, nine_plus(0))).await;
    let mut yes = confirmation(&hold);
    yes.outbox = templates.iter().map(|template| text_message(salon.id, hold.id, template)).collect();
    assert!(matches!(store.confirm(&yes).await.unwrap(), Confirmed::Confirmed { .. }));
    store.outbox_of_booking(hold.id).await.unwrap()
}

async fn leased(store: &Store, at: Timestamp) -> Vec<Outbox> {
    store.lease_outbox(at, at + minutes(1), 10).await.unwrap()
}

#[tokio::test]
async fn a_text_goes_from_pending_to_sent() {
    each_engine(|store| async move {
        let written = waiting(&store, &["booked"]).await.remove(0);
        assert_eq!((written.state, written.attempts, written.fence), (OutboxState::Pending, 0, 0));
        assert_eq!(store.outbox_next_due().await.unwrap(), Some(now()));
        assert!(leased(&store, now() - minutes(1)).await.is_empty(), "not due yet");

        let mine = leased(&store, now()).await.remove(0);
        assert_eq!((mine.id, mine.fence), (written.id, 1));
        assert!(leased(&store, now()).await.is_empty(), "leased already");
        assert_eq!(store.outbox_next_due().await.unwrap(), Some(now() + minutes(1)), "when the lease runs out");
        assert!(store.outbox_sending(mine.id, 1, now()).await.unwrap());
        assert!(store.outbox_sent(mine.id, 1, "SM1", now()).await.unwrap());
        assert!(!store.outbox_sent(mine.id, 1, "SM2", now()).await.unwrap(), "sent is sent");

        let sent = store.outbox_of_booking(mine.booking.unwrap()).await.unwrap().remove(0);
        assert_eq!((sent.state, sent.attempts, sent.first_sent), (OutboxState::Sent, 1, Some(now())));
        assert_eq!(sent.vendor_id.as_deref(), Some("SM1"));
        assert!(leased(&store, now() + minutes(99)).await.is_empty());
        assert_eq!(store.outbox_next_due().await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn l10_a_worker_paused_past_its_lease_marks_nothing() {
    each_engine(|store| async move {
        waiting(&store, &["booked"]).await;
        let sleeper = leased(&store, now()).await.remove(0);
        assert!(store.outbox_sending(sleeper.id, sleeper.fence, now()).await.unwrap());
        let successor = leased(&store, now() + minutes(1)).await.remove(0);
        assert_eq!((successor.state, successor.fence), (OutboxState::Sending, 2), "to be reconciled first");
        let (id, old) = (sleeper.id, sleeper.fence);
        assert!(!store.outbox_sending(id, old, now()).await.unwrap());
        assert!(!store.outbox_sent(id, old, "SM1", now()).await.unwrap());
        assert!(!store.outbox_retry(id, old, now(), "late", false).await.unwrap());
        assert!(!store.outbox_failed(id, old, "late").await.unwrap());
        assert!(store.outbox_sent(id, successor.fence, "SM1", now()).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_text_is_tried_again_later_and_reconciled_when_nobody_knows() {
    each_engine(|store| async move {
        waiting(&store, &["booked"]).await;
        let first = leased(&store, now()).await.remove(0);
        store.outbox_sending(first.id, first.fence, now()).await.unwrap();
        assert!(store.outbox_retry(first.id, first.fence, now() + minutes(5), "no answer", true).await.unwrap());
        assert_eq!(store.outbox_next_due().await.unwrap(), Some(now() + minutes(5)));
        assert!(leased(&store, now() + minutes(4)).await.is_empty());

        let second = leased(&store, now() + minutes(5)).await.remove(0);
        assert_eq!((second.state, second.problem.as_deref()), (OutboxState::Sending, Some("no answer")));
        store.outbox_sending(second.id, second.fence, now() + minutes(5)).await.unwrap();
        store.outbox_retry(second.id, second.fence, now() + minutes(9), "busy", false).await.unwrap();
        let third = leased(&store, now() + minutes(9)).await.remove(0);
        assert_eq!((third.state, third.attempts, third.first_sent), (OutboxState::Pending, 2, Some(now())));
        assert!(store.outbox_failed(third.id, third.fence, "given up").await.unwrap());
        assert!(leased(&store, now() + minutes(99)).await.is_empty());
        let row = store.outbox_of_booking(third.booking.unwrap()).await.unwrap().remove(0);
        assert_eq!((row.state, row.problem.as_deref()), (OutboxState::Failed, Some("given up")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_workers_lease_every_row_once() {
    each_engine(|store| async move {
        let templates: Vec<String> = (0..60).map(|n| format!("text {n}")).collect();
        waiting(&store, &templates.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let store = store.clone();
            workers.spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let some = store.lease_outbox(now(), now() + minutes(1), 4).await.unwrap();
                    if some.is_empty() {
                        return mine;
                    }
                    mine.extend(some.into_iter().map(|row| row.id));
                }
            });
        }
        let mut all = workers.join_all().await.concat();
        all.sort();
        all.dedup();
        // A worker that found every row locked by others stops early, so a few may be left for the next round.
        let left = store.lease_outbox(now(), now() + minutes(1), 100).await.unwrap().len();
        assert_eq!(all.len() + left, 60);
    })
    .await;
}

#[tokio::test]
async fn the_same_text_is_written_once_for_ever() {
    each_engine(|store| async move {
        let rows = waiting(&store, &["booked", "booked", "reminder"]).await;
        let templates: Vec<_> = rows.iter().map(|row| row.template.as_str()).collect();
        assert_eq!(templates, ["booked", "reminder"]);
    })
    .await;
}

#[tokio::test]
async fn l7_delivery_reports_in_any_order_leave_the_final_one() {
    each_engine(|store| async move {
        waiting(&store, &["booked"]).await;
        let row = leased(&store, now()).await.remove(0);
        assert!(!store.outbox_delivery("SM1", "sent").await.unwrap(), "unknown yet");
        store.outbox_sent(row.id, row.fence, "SM1", now()).await.unwrap();
        for (report, counts) in [
            ("queued", true),
            ("sent", true),
            ("queued", false),
            ("delivered", true),
            ("sent", false),
            ("failed", false),
        ] {
            assert_eq!(store.outbox_delivery("SM1", report).await.unwrap(), counts, "{report}");
        }
        let row = store.outbox_of_booking(row.booking.unwrap()).await.unwrap().remove(0);
        assert_eq!(row.delivery.as_deref(), Some("delivered"));
        assert!(!store.outbox_delivery(&fresh().to_string(), "delivered").await.unwrap());
    })
    .await;
}
