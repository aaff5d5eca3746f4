//! Text messages: each once, whatever happens on the way.

use std::{sync::Arc, time::Duration};

use deskbell::{
    domain::booking::Booking,
    jobs::outbox::OutboxWorker,
    ports::{clock::Clock, desk::Actor, sms::Sms},
    store::{
        Store,
        outbox::{Outbox, OutboxState},
    },
    testing::{
        clock::FixedClock,
        sms::{Mishap, RememberingSms},
    },
};
use jiff::SignedDuration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    desk::rig::{Rig, tuesday},
    support::database::each_engine,
};

struct Post {
    rig: Rig,
    sms: Arc<RememberingSms>,
    worker: OutboxWorker,
}

impl Post {
    async fn open(store: Store, mishaps: impl IntoIterator<Item = Mishap>) -> Self {
        let rig = Rig::open(store).await;
        let sms = Arc::new(RememberingSms::new().with(mishaps));
        let worker = worker(&rig, &sms);
        Self { rig, sms, worker }
    }

    /// Works, waits, works again, until `minutes` have passed.
    async fn work_for(&self, minutes: i64) {
        for _ in 0..minutes * 2 {
            self.worker.work_off().await;
            self.rig.clock.advance(SignedDuration::from_secs(30));
        }
        self.worker.work_off().await;
    }

    /// The only row about a booking.
    async fn row(&self, booking: &Booking) -> Outbox {
        let mut rows = self.rig.store.outbox_of_booking(booking.id).await.unwrap();
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }
}

fn worker(rig: &Rig, sms: &Arc<RememberingSms>) -> OutboxWorker {
    let sms: Arc<dyn Sms> = Arc::<RememberingSms>::clone(sms);
    OutboxWorker::new(rig.store.clone(), sms, rig.registry.clone(), Arc::new(rig.clock.clone()), rig.desk.nudge())
}

#[tokio::test]
async fn a_confirmed_booking_sends_one_text() {
    each_engine(|store| async move {
        let post = Post::open(store, []).await;
        let booked = post.rig.book(tuesday("10:00")).await;
        post.work_for(5).await;
        let taken = post.sms.taken();
        assert_eq!(taken.len(), 1);
        let row = post.row(&booked).await;
        assert_eq!((taken[0].to.as_str(), &taken[0].body, &taken[0].key), ("+12125550123", &row.body, &row.dedupe_key));
        assert_eq!((row.state, row.vendor_id), (OutboxState::Sent, Some(taken[0].id.0.clone())));
    })
    .await;
}

#[tokio::test]
async fn l4_a_text_whose_answer_was_lost_is_found_and_not_sent_again() {
    each_engine(|store| async move {
        let post = Post::open(store, [Mishap::AnswerLost]).await;
        let booked = post.rig.book(tuesday("10:00")).await;
        post.worker.work_off().await;
        assert_eq!(post.row(&booked).await.state, OutboxState::Sending);
        post.work_for(5).await;
        assert_eq!((post.sms.taken().len(), post.sms.asked()), (1, 1));
        assert_eq!(post.row(&booked).await.state, OutboxState::Sent);
    })
    .await;
}

#[tokio::test]
async fn l4_a_text_that_never_reached_the_provider_is_sent_again() {
    each_engine(|store| async move {
        let post = Post::open(store, [Mishap::RequestLost, Mishap::RequestLost]).await;
        let booked = post.rig.book(tuesday("10:00")).await;
        post.work_for(5).await;
        assert_eq!((post.sms.taken().len(), post.sms.asked()), (1, 3));
        assert_eq!(post.row(&booked).await.state, OutboxState::Sent);
    })
    .await;
}

#[tokio::test]
async fn l4_while_the_provider_cannot_be_asked_nothing_is_sent_a_second_time() {
    each_engine(|store| async move {
        let post = Post::open(store, [Mishap::AnswerLost]).await;
        let booked = post.rig.book(tuesday("10:00")).await;
        post.sms.deaf(true);
        post.work_for(10).await;
        assert_eq!(post.sms.asked(), 1);
        post.work_for(30).await;
        let row = post.row(&booked).await;
        assert_eq!(row.state, OutboxState::Failed);
        assert_eq!(row.problem.as_deref(), Some("it is not known whether it was sent"));
    })
    .await;
}

#[tokio::test]
async fn a_crash_between_sending_and_sent_makes_one_text() {
    each_engine(|store| async move {
        let post = Post::open(store, []).await;
        let booked = post.rig.book(tuesday("10:00")).await;
        // What the process that died had done: leased, marked, handed over, and no more.
        let now = post.rig.clock.now();
        let row = post.rig.store.lease_outbox(now, now + SignedDuration::from_secs(30), 8).await.unwrap().remove(0);
        assert!(post.rig.store.outbox_sending(row.id, row.fence, now).await.unwrap());
        let to = row.recipient.parse().unwrap();
        let id = post.sms.send(&to, &row.body, &row.dedupe_key).await.unwrap();

        assert_eq!(post.worker.work_off().await, 0, "it is leased to the dead");
        post.work_for(5).await;
        assert_eq!(post.sms.taken().len(), 1);
        assert_eq!(post.row(&booked).await.vendor_id, Some(id.0));
    })
    .await;
}

#[tokio::test]
async fn a_crash_before_the_provider_was_called_still_makes_one_text() {
    each_engine(|store| async move {
        let post = Post::open(store, []).await;
        let booked = post.rig.book(tuesday("10:00")).await;
        let now = post.rig.clock.now();
        let row = post.rig.store.lease_outbox(now, now + SignedDuration::from_secs(30), 8).await.unwrap().remove(0);
        assert!(post.rig.store.outbox_sending(row.id, row.fence, now).await.unwrap());
        post.work_for(5).await;
        assert_eq!(post.sms.taken().len(), 1);
        assert_eq!(post.row(&booked).await.state, OutboxState::Sent);
    })
    .await;
}

#[tokio::test]
async fn l5_a_number_that_cannot_get_texts_is_tried_once_and_the_owner_sees_why() {
    each_engine(|store| async move {
        let post = Post::open(store, [Mishap::Refused]).await;
        let booked = post.rig.book(tuesday("10:00")).await;
        post.work_for(60).await;
        assert_eq!(post.sms.asked(), 1);
        let row = post.row(&booked).await;
        assert_eq!(row.state, OutboxState::Failed);
        assert_eq!(row.problem.as_deref(), Some("the number cannot get text messages"));
    })
    .await;
}

#[tokio::test]
async fn l6_a_confirmation_that_comes_too_late_is_not_sent() {
    each_engine(|store| async move {
        let post = Post::open(store, vec![Mishap::NotTaken; 50]).await;
        let booked = post.rig.book(tuesday("10:00")).await;
        post.work_for(60).await;
        assert!((4..=6).contains(&post.sms.asked()), "5 s, 30 s, 2 min, 10 min: {}", post.sms.asked());
        assert!(post.sms.taken().is_empty());
        let row = post.row(&booked).await;
        assert_eq!(row.state, OutboxState::Failed);
        assert_eq!(row.problem.as_deref(), Some("it could not be sent in time"));
    })
    .await;
}

#[tokio::test]
async fn l9_a_text_that_crashes_the_worker_is_given_up_and_the_others_go_out() {
    each_engine(|store| async move {
        let post = Post::open(store, [Mishap::Panics]).await;
        let poison = post.rig.book(tuesday("10:00")).await;
        post.worker.work_off().await;
        let others = [post.rig.book(tuesday("14:00")).await, post.rig.book(tuesday("15:00")).await];
        post.worker.work_off().await;
        for other in &others {
            assert_eq!(post.row(other).await.state, OutboxState::Sent);
        }
        let mut crashes = 1;
        while post.row(&poison).await.state != OutboxState::Failed {
            // It crashes whenever it is touched; the time it takes does not matter here.
            post.sms.then(Mishap::Panics);
            crashes += 1;
            post.rig.clock.advance(SignedDuration::from_mins(4));
            post.worker.work_off().await;
            assert!(crashes < 20);
        }
        assert_eq!(post.sms.taken().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn l10_a_worker_that_slept_past_its_lease_cannot_mark_anything() {
    each_engine(|store| async move {
        let post = Post::open(store, []).await;
        let booked = post.rig.book(tuesday("10:00")).await;
        let now = post.rig.clock.now();
        let slept = post.rig.store.lease_outbox(now, now + SignedDuration::from_secs(30), 8).await.unwrap().remove(0);
        post.rig.clock.advance(SignedDuration::from_mins(2));
        post.worker.work_off().await;
        let store = &post.rig.store;
        assert!(!store.outbox_sending(slept.id, slept.fence, now).await.unwrap(), "it may not even begin");
        assert!(!store.outbox_sent(slept.id, slept.fence, "SMlate", now).await.unwrap());
        assert!(!store.outbox_failed(slept.id, slept.fence, "late").await.unwrap());
        let row = post.row(&booked).await;
        assert_eq!((row.state, row.vendor_id), (OutboxState::Sent, Some(post.sms.taken()[0].id.0.clone())));
    })
    .await;
}

#[tokio::test]
async fn l11_a_text_about_a_booking_that_has_changed_is_not_sent() {
    each_engine(|store| async move {
        let post = Post::open(store, [Mishap::NotTaken]).await;
        let cancelled = post.rig.book(tuesday("10:00")).await;
        post.worker.work_off().await;
        post.rig.cancel(cancelled.id, Actor::Customer).await.unwrap();
        let old = post.rig.book(tuesday("14:00")).await;
        let held = post.rig.move_to(old.id, post.rig.slot(tuesday("16:00")), None).await.unwrap();
        post.rig.confirm(held.id).await.unwrap();
        post.work_for(10).await;
        let mut told: Vec<String> = post
            .sms
            .taken()
            .into_iter()
            .map(|taken| taken.key.split('/').nth(1).unwrap_or_default().to_owned())
            .collect();
        told.sort();
        assert_eq!(told, ["cancelled", "moved"]);
        let row = post.row(&old).await;
        assert_eq!(row.problem.as_deref(), Some("the booking has changed since"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_workers_send_thirty_texts_once_each() {
    each_engine(|store| async move {
        let post = Post::open(store, []).await;
        let week = |n: i64| SignedDuration::from_hours(24 * 7 * (n / 10)) + SignedDuration::from_mins(45 * (n % 10));
        let open = [0, 45, 90, 135, 270, 315, 360, 405, 450, 495];
        for n in 0..30 {
            let at = tuesday("09:00") + week(n) - SignedDuration::from_mins(45 * (n % 10));
            post.rig.book(at + SignedDuration::from_mins(open[usize::try_from(n % 10).unwrap()])).await;
        }
        let stop = CancellationToken::new();
        let mut workers = JoinSet::new();
        for _ in 0..3 {
            workers.spawn(worker(&post.rig, &post.sms).run(stop.clone()));
        }
        until(&post.rig.clock, || post.sms.taken().len() == 30).await;
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(40), workers.join_all()).await.unwrap();
        let keys: std::collections::HashSet<String> = post.sms.taken().into_iter().map(|taken| taken.key).collect();
        assert_eq!((keys.len(), post.sms.asked()), (30, 30));
    })
    .await;
}

#[tokio::test]
async fn a_commit_wakes_the_worker_and_a_stop_lets_it_finish() {
    each_engine(|store| async move {
        let post = Post::open(store, []).await;
        let stop = CancellationToken::new();
        let mut running = JoinSet::new();
        running.spawn(worker(&post.rig, &post.sms).run(stop.clone()));
        // Idle: without the nudge it would look again in 15 s.
        tokio::task::yield_now().await;
        let booked = post.rig.book(tuesday("10:00")).await;
        let started = tokio::time::Instant::now();
        until(&post.rig.clock, || post.sms.taken().len() == 1).await;
        assert!(started.elapsed() < Duration::from_secs(10));
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(40), running.join_all()).await.unwrap();
        assert_eq!(post.row(&booked).await.state, OutboxState::Sent, "what was in flight was finished");
    })
    .await;
}

/// Real databases answer in real time, so this is looked at again and again, and the clock goes with it: on a busy
/// machine a lease may have to run out.
async fn until(clock: &FixedClock, done: impl Fn() -> bool) {
    let looked = async {
        let mut second = tokio::time::Instant::now();
        while !done() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            if second.elapsed() >= Duration::from_secs(1) {
                second += Duration::from_secs(1);
                clock.advance(SignedDuration::from_secs(1));
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(90), looked).await.expect("it happens in time");
}
