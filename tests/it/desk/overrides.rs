//! What the business may do and customers may not, and what customers are told.

use std::sync::Arc;

use deskbell::{
    domain::booking::{Customer, CustomerName},
    ports::desk::{Actor, Cancel, Confirm, Desk, DeskError, Hold, News},
};
use jiff::SignedDuration;

use super::rig::{MONDAY_MORNING, Rig, anna, customer, ts, tuesday};
use crate::support::database::each_engine;

#[tokio::test]
async fn the_business_books_outside_of_its_own_rules_when_it_says_so() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        // In the lunch break; late at night; off the grid; in ten minutes; further ahead than callers can.
        let now = ts(MONDAY_MORNING);
        for starts in [
            tuesday("12:45"),
            tuesday("22:00"),
            tuesday("09:05"),
            now + SignedDuration::from_mins(10),
            now - SignedDuration::from_hours(3),
            tuesday("09:00") + SignedDuration::from_hours(24 * 200),
        ] {
            let asked = rig.asking(rig.slot(starts), None);
            let plain = rig.desk.hold(asked.clone()).await;
            assert!(matches!(plain, Err(DeskError::NotOffered)), "{starts}: {plain:?}");
            let caller = Hold { by: Actor::Customer, anyway: true, ..asked.clone() };
            let pushy = rig.desk.hold(caller).await;
            assert!(matches!(pushy, Err(DeskError::NotOffered)), "{starts}: a customer's word is not heeded");
            let held = rig.desk.hold(Hold { anyway: true, ..asked }).await.unwrap();
            rig.confirm(held.id).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn not_even_the_business_books_over_somebody_or_at_the_end_of_time() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        rig.book(tuesday("10:00")).await;
        let anyway = |starts| Hold { anyway: true, ..rig.asking(rig.slot(starts), None) };
        assert!(matches!(rig.desk.hold(anyway(tuesday("10:20"))).await, Err(DeskError::Taken)));
        let far = tuesday("10:00") + SignedDuration::from_hours(24 * 365 * 50);
        assert!(matches!(rig.desk.hold(anyway(far)).await, Err(DeskError::NotOffered)));
        let long_ago = tuesday("10:00") - SignedDuration::from_hours(24 * 10);
        assert!(matches!(rig.desk.hold(anyway(long_ago)).await, Err(DeskError::NotOffered)));
        let mut nobody = anyway(tuesday("14:00"));
        nobody.slot.staff = deskbell::domain::ids::StaffId(uuid::Uuid::from_u128(5));
        assert!(matches!(rig.desk.hold(nobody).await, Err(DeskError::NotOffered)));
    })
    .await;
}

#[tokio::test]
async fn a_customer_without_a_call_is_held_to_the_limit_and_the_cut_off_too() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let book = async |time: &str| {
            let asked = Hold { by: Actor::Customer, ..rig.asking(rig.slot(tuesday(time)), None) };
            let held = rig.desk.hold(asked).await?;
            let (business, customer, by) = (Arc::clone(&rig.business), anna(), Actor::Customer);
            let confirm = Confirm { business, hold: held.id, customer, by, tell: true, language: None };
            rig.desk.confirm(confirm).await
        };
        let first = book("09:00").await.unwrap();
        book("10:00").await.unwrap();
        book("11:00").await.unwrap();
        assert!(matches!(book("14:00").await, Err(DeskError::TooMany)));
        rig.clock.set(tuesday("08:00"));
        let mut later = rig.asking(rig.slot(tuesday("15:00")), None);
        later.replacing = Some(first.id);
        let late = rig.desk.hold(Hold { by: Actor::Customer, ..later.clone() }).await;
        assert!(matches!(late, Err(DeskError::TooLate)), "{late:?}");
        rig.desk.hold(later).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_customer_is_told_unless_the_business_would_rather_not() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let quiet = async |time: &str, tell: bool| {
            let held = rig.hold(rig.slot(tuesday(time)), None).await.unwrap();
            let (business, customer, by) = (Arc::clone(&rig.business), anna(), Actor::Business);
            rig.desk.confirm(Confirm { business, hold: held.id, customer, by, tell, language: None }).await.unwrap().id
        };
        let (silent, spoken) = (quiet("10:00", false).await, quiet("14:00", true).await);
        assert_eq!(rig.letters(silent).await, Vec::<String>::new());
        assert_eq!(rig.letters(spoken).await, ["booked"]);
        for (booking, tell) in [(silent, true), (spoken, false)] {
            let (business, by, reason) =
                (Arc::clone(&rig.business), Actor::Business, Some("  Maria is ill ".to_owned()));
            rig.desk.cancel(Cancel { business, booking, by, reason, tell, language: None }).await.unwrap();
            let ending = rig.store.ending(rig.business.id, booking).await.unwrap();
            assert_eq!((ending.by.as_deref(), ending.reason.as_deref()), (Some("business"), Some("Maria is ill")));
        }
        assert_eq!(rig.letters(silent).await, ["cancelled"]);
        assert_eq!(rig.letters(spoken).await, ["booked"]);
    })
    .await;
}

#[tokio::test]
async fn what_would_be_told_is_what_is_told() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let slot = rig.slot(tuesday("10:00"));
        let ahead = rig.desk.letter_to(&rig.business, &slot, &anna(), News::Booked).unwrap();
        let booked = rig.book(tuesday("10:00")).await;
        let sent = rig.store.outbox_of_booking(booked.id).await.unwrap();
        assert!(ahead.contains("10:00"), "{ahead}");
        assert_eq!(sent[0].body.split(": http").next(), ahead.split(": http").next(), "but for its own address");
        let nobody = Customer { name: CustomerName::new("Anna"), phone: None };
        assert_eq!(rig.desk.letter_to(&rig.business, &slot, &nobody, News::Booked), None);
        let satellite = customer("Anna", "+870773111632");
        assert_eq!(rig.desk.letter_to(&rig.business, &slot, &satellite, News::Moved), None);
        rig.clock.set(tuesday("11:00"));
        assert_eq!(rig.desk.letter_to(&rig.business, &slot, &anna(), News::Cancelled), None, "it is over");
    })
    .await;
}
