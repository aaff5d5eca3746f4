//! A business with a calendar that answers, refuses, or does not answer: the design's table, row by row.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use deskbell::{
    domain::{
        booking::BookingState,
        business::{Business, ProviderSettings, WhenCalendarDown},
        ids::BookingId,
        slots::Busy,
    },
    ports::{
        booking::{
            Availability, BookingContext, BookingIntent, BookingProvider, Capabilities, ProviderError, RangeContext,
            Says,
        },
        desk::{Desk, DeskError},
    },
    store::Store,
    testing::salon,
};

use super::rig::{Rig, tuesday};
use crate::support::database::each_engine;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Free,
    Taken,
    DoesNotSay,
    Disconnected,
    Down,
    /// Never answers.
    Silent,
    /// Says free, and then fails to create the booking.
    FreeThenDown,
    /// Says free, and then that somebody was faster.
    FreeThenTaken,
}

/// A calendar with a mood.
pub(crate) struct Moody {
    pub(crate) mood: Mutex<Mood>,
    pub(crate) busy: Mutex<Vec<Busy>>,
    pub(crate) asked: AtomicUsize,
    pub(crate) told: AtomicUsize,
}

impl Moody {
    pub(crate) fn new(mood: Mood) -> Arc<Self> {
        let (asked, told) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { mood: Mutex::new(mood), busy: Mutex::default(), asked, told })
    }

    fn mood(&self) -> Mood {
        self.asked.fetch_add(1, Ordering::SeqCst);
        *self.mood.lock().unwrap()
    }
}

fn down() -> ProviderError {
    ProviderError::Unavailable(anyhow::anyhow!("503"))
}

#[async_trait]
impl BookingProvider for Moody {
    fn name(&self) -> &'static str {
        "moody"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    async fn check_availability(&self, _: &BookingContext) -> Result<Availability, ProviderError> {
        match self.mood() {
            Mood::Free | Mood::FreeThenDown | Mood::FreeThenTaken => Ok(Availability::Free),
            Mood::Taken => Ok(Availability::Taken),
            Mood::DoesNotSay => Ok(Availability::Unknown),
            Mood::Disconnected => Err(ProviderError::Disconnected),
            Mood::Down => Err(down()),
            Mood::Silent => std::future::pending().await,
        }
    }

    async fn create_booking(&self, _: &BookingContext) -> Result<BookingIntent, ProviderError> {
        match self.mood() {
            Mood::FreeThenDown => Err(ProviderError::Unknown(anyhow::anyhow!("timed out"))),
            Mood::FreeThenTaken => Ok(BookingIntent::Taken),
            _ => Ok(BookingIntent::Created { external: "event-1".into() }),
        }
    }

    async fn after_booking(&self, _: &BookingContext, _: BookingId) -> Result<(), ProviderError> {
        match self.mood() {
            Mood::Down => Err(down()),
            Mood::Disconnected => Err(ProviderError::Disconnected),
            _ => {
                self.told.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        }
    }

    async fn says(&self, _: &RangeContext) -> Result<Says, ProviderError> {
        match self.mood() {
            Mood::Down => Err(down()),
            Mood::Silent => std::future::pending().await,
            _ => Ok(Says { busy: self.busy.lock().unwrap().clone(), starts: Vec::new() }),
        }
    }
}

pub(crate) fn with_calendar() -> Business {
    let mut business = salon();
    business.ai_config.integrations.provider = "moody".into();
    let settings = ProviderSettings { enabled: true, ..ProviderSettings::default() };
    business.ai_config.integrations.providers = BTreeMap::from([("moody".into(), settings)]);
    business
}

async fn rig(store: Store, mood: Mood, change: impl FnOnce(&mut Business)) -> (Rig, Arc<Moody>) {
    let mut business = with_calendar();
    change(&mut business);
    let calendar = Moody::new(mood);
    let providers: Vec<Arc<dyn BookingProvider>> = vec![Arc::<Moody>::clone(&calendar)];
    (Rig::with(store, business, providers).await, calendar)
}

/// What came of booking Tuesday at ten: (unverified, what is in the outbox).
async fn booked(store: Store, mood: Mood, change: impl FnOnce(&mut Business)) -> (bool, Vec<String>) {
    let (rig, _) = rig(store, mood, change).await;
    let booked = rig.book(tuesday("10:00")).await;
    assert!(matches!(booked.state, BookingState::Confirmed { .. }));
    let mut letters = rig.letters(booked.id).await;
    letters.sort();
    (booked.unverified, letters)
}

#[tokio::test]
async fn a_calendar_that_says_free_gets_the_event() {
    each_engine(|store| async move {
        let (unverified, letters) = booked(store, Mood::Free, |_| ()).await;
        assert!(!unverified);
        assert_eq!(letters, ["booked", "event"]);
    })
    .await;
}

#[tokio::test]
async fn what_the_calendar_says_is_taken_is_taken_and_the_hold_is_given_up() {
    each_engine(|store| async move {
        for mood in [Mood::Taken, Mood::FreeThenTaken] {
            let mut business = with_calendar();
            business.id = deskbell::domain::ids::BusinessId(uuid::Uuid::from_u128(mood as u128 + 1));
            business.numbers.clear();
            let calendar = Moody::new(mood);
            let rig = Rig::with(store.clone(), business, vec![Arc::<Moody>::clone(&calendar) as _]).await;
            let held = rig.hold(rig.slot(tuesday("10:00")), None).await.unwrap();
            assert!(matches!(rig.confirm(held.id).await, Err(DeskError::Taken)));
            assert!(rig.letters(held.id).await.is_empty());
            *calendar.mood.lock().unwrap() = Mood::Free;
            rig.book(tuesday("10:00")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_calendar_that_cannot_be_read_leaves_the_booking_unverified() {
    each_engine(|store| async move {
        let (unverified, letters) = booked(store, Mood::Down, |_| ()).await;
        assert!(unverified);
        assert_eq!(letters, ["booked", "event"]);
    })
    .await;
}

#[tokio::test]
async fn a_calendar_that_never_answers_costs_a_second_and_a_half_and_no_booking() {
    each_engine(|store| async move {
        let started = tokio::time::Instant::now();
        let (unverified, letters) = booked(store, Mood::Silent, |_| ()).await;
        assert!(started.elapsed() < std::time::Duration::from_secs(3));
        assert!(unverified);
        assert_eq!(letters, ["booked", "event"]);
    })
    .await;
}

#[tokio::test]
async fn when_the_owner_wants_to_look_first_the_customer_is_told_that() {
    each_engine(|store| async move {
        let (unverified, letters) = booked(store, Mood::DoesNotSay, |business| {
            business.rules.when_calendar_down = WhenCalendarDown::ConfirmByText;
        })
        .await;
        assert!(unverified);
        assert_eq!(letters, ["event", "requested"]);
    })
    .await;
}

#[tokio::test]
async fn a_booking_stands_when_its_event_cannot_be_created() {
    each_engine(|store| async move {
        let (unverified, letters) = booked(store, Mood::FreeThenDown, |_| ()).await;
        assert!(unverified);
        assert_eq!(letters, ["booked", "event"], "the outbox goes on trying");
    })
    .await;
}

#[tokio::test]
async fn a_calendar_that_is_not_connected_is_as_none() {
    each_engine(|store| async move {
        let (unverified, letters) = booked(store, Mood::Disconnected, |_| ()).await;
        assert!(!unverified);
        assert_eq!(letters, ["booked"]);
    })
    .await;
}

#[tokio::test]
async fn the_kill_switch_and_a_calendar_switched_off_ask_nobody() {
    each_engine(|store| async move {
        let changes: [fn(&mut Business); 3] = [
            |business| business.ai_config.integrations.provider = "native".into(),
            |business| business.ai_config.integrations.provider = "unheard_of".into(),
            |business| business.ai_config.integrations.providers.get_mut("moody").unwrap().enabled = false,
        ];
        for (n, change) in changes.into_iter().enumerate() {
            let (rig, calendar) = rig(store.clone(), Mood::Taken, |business| {
                change(business);
                business.id = deskbell::domain::ids::BusinessId(uuid::Uuid::from_u128(n as u128 + 1));
                business.numbers.clear();
            })
            .await;
            let booked = rig.book(tuesday("10:00")).await;
            assert_eq!(rig.letters(booked.id).await, ["booked"]);
            assert_eq!(calendar.asked.load(Ordering::SeqCst), 0);
        }
    })
    .await;
}

#[tokio::test]
async fn an_owner_may_want_only_events_or_only_checks() {
    each_engine(|store| async move {
        let (rig, calendar) = rig(store, Mood::Taken, |business| {
            business.ai_config.integrations.providers.get_mut("moody").unwrap().check_availability = false;
        })
        .await;
        *calendar.mood.lock().unwrap() = Mood::Free;
        let booked = rig.book(tuesday("10:00")).await;
        assert_eq!(calendar.asked.load(Ordering::SeqCst), 1, "only to create the booking");
        assert!(rig.letters(booked.id).await.contains(&"event".to_owned()));
    })
    .await;
    each_engine(|store| async move {
        let (_, letters) = booked(store, Mood::Free, |business| {
            business.ai_config.integrations.providers.get_mut("moody").unwrap().create_events = false;
        })
        .await;
        assert_eq!(letters, ["booked"]);
    })
    .await;
}

#[tokio::test]
async fn what_the_calendar_holds_is_not_offered_and_a_calendar_that_is_down_hides_nothing() {
    each_engine(|store| async move {
        let (rig, calendar) = rig(store, Mood::Free, |_| ()).await;
        let dentist =
            Busy { staff: rig.business.staff[0].id, from: tuesday("09:00"), to: tuesday("12:00"), class: None };
        calendar.busy.lock().unwrap().push(dentist);
        let first = |slots: Vec<deskbell::domain::booking::Slot>| slots[0].starts;
        assert_eq!(first(rig.desk.find(rig.on_tuesday()).await.unwrap()), tuesday("13:30"));
        *calendar.mood.lock().unwrap() = Mood::Down;
        assert_eq!(first(rig.desk.find(rig.on_tuesday()).await.unwrap()), tuesday("09:00"));
    })
    .await;
}
