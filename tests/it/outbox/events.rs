//! Calendar events: tried until they stand.

use std::sync::{Arc, atomic::Ordering};

use deskbell::{
    jobs::outbox::OutboxWorker,
    ports::booking::BookingProvider,
    store::outbox::{Kind, Outbox, OutboxState},
    testing::sms::RememberingSms,
};
use jiff::SignedDuration;

use crate::{
    desk::{
        calendar::{Mood, Moody, with_calendar},
        rig::{Rig, tuesday},
    },
    support::database::each_engine,
};

async fn work_for(rig: &Rig, hours: i64) {
    let sms = Arc::new(RememberingSms::new());
    let clock = Arc::new(rig.clock.clone());
    let worker = OutboxWorker::new(rig.store.clone(), sms, rig.registry.clone(), clock, rig.desk.nudge());
    for _ in 0..hours * 6 {
        worker.work_off().await;
        rig.clock.advance(SignedDuration::from_mins(10));
    }
    worker.work_off().await;
}

async fn event(rig: &Rig, booking: deskbell::domain::ids::BookingId) -> Outbox {
    let rows = rig.store.outbox_of_booking(booking).await.unwrap();
    rows.into_iter().find(|row| row.kind == Kind::Calendar).unwrap()
}

async fn open(store: deskbell::store::Store) -> (Rig, Arc<Moody>) {
    let calendar = Moody::new(Mood::Free);
    let providers: Vec<Arc<dyn BookingProvider>> = vec![Arc::<Moody>::clone(&calendar)];
    (Rig::with(store, with_calendar(), providers).await, calendar)
}

#[tokio::test]
async fn an_event_follows_its_booking_once_the_calendar_is_back() {
    each_engine(|store| async move {
        let (rig, calendar) = open(store).await;
        let booked = rig.book(tuesday("17:00")).await;
        *calendar.mood.lock().unwrap() = Mood::Down;
        work_for(&rig, 5).await;
        assert_eq!(event(&rig, booked.id).await.problem.as_deref(), Some("the calendar cannot be reached"));
        *calendar.mood.lock().unwrap() = Mood::Free;
        work_for(&rig, 1).await;
        assert_eq!(calendar.told.load(Ordering::SeqCst), 1);
        assert_eq!(event(&rig, booked.id).await.state, OutboxState::Sent);
    })
    .await;
}

#[tokio::test]
async fn a_calendar_that_stays_away_for_a_day_is_the_owners_problem() {
    each_engine(|store| async move {
        let (rig, calendar) = open(store).await;
        let booked = rig.book(tuesday("17:00")).await;
        *calendar.mood.lock().unwrap() = Mood::Down;
        work_for(&rig, 25).await;
        let row = event(&rig, booked.id).await;
        assert_eq!(row.state, OutboxState::Failed);
        assert_eq!(row.problem.as_deref(), Some("it could not be sent in time"));
    })
    .await;
}
