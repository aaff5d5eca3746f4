//! How much one caller may book.

use deskbell::{
    domain::{business::Limits, ids::CallId},
    ports::desk::DeskError,
};
use jiff::SignedDuration;

use super::rig::{Rig, customer, tuesday};
use crate::support::database::each_engine;

async fn booked(rig: &Rig, call: CallId, time: &str, phone: &str) -> Result<(), DeskError> {
    let held = rig.hold(rig.slot(tuesday(time)), Some(call)).await?;
    rig.confirm_for(held.id, customer("Anna", phone)).await.map(drop)
}

#[tokio::test]
async fn one_call_books_twice_and_not_a_third_time() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let call = rig.call().await;
        booked(&rig, call, "09:00", "+12125550101").await.unwrap();
        booked(&rig, call, "10:00", "+12125550102").await.unwrap();
        let third = booked(&rig, call, "11:00", "+12125550103").await;
        assert!(matches!(third, Err(DeskError::TooMany)), "{third:?}");
    })
    .await;
}

#[tokio::test]
async fn one_number_books_three_times_a_day() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        for time in ["09:00", "10:00", "11:00"] {
            booked(&rig, rig.call().await, time, "+12125550101").await.unwrap();
        }
        let fourth = booked(&rig, rig.call().await, "14:00", "+12125550101").await;
        assert!(matches!(fourth, Err(DeskError::TooMany)), "{fourth:?}");
        booked(&rig, rig.call().await, "15:00", "+12125550102").await.unwrap();
        rig.clock.advance(SignedDuration::from_hours(25));
        let next_week = tuesday("10:00") + SignedDuration::from_hours(24 * 7);
        let held = rig.hold(rig.slot(next_week), Some(rig.call().await)).await.unwrap();
        rig.confirm_for(held.id, customer("Anna", "+12125550101")).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_move_is_not_another_booking_and_the_business_has_no_limit() {
    each_engine(|store| async move {
        let rig = Rig::open(store).await;
        let call = rig.call().await;
        booked(&rig, call, "09:00", "+12125550101").await.unwrap();
        let held = rig.hold(rig.slot(tuesday("10:00")), Some(call)).await.unwrap();
        let second = rig.confirm(held.id).await.unwrap();
        let moved = rig.move_to(second.id, rig.slot(tuesday("14:00")), Some(call)).await.unwrap();
        rig.confirm(moved.id).await.unwrap();
        for time in ["15:00", "16:00", "17:00", "11:00", "10:00"] {
            rig.book(tuesday(time)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_business_sets_its_own_limits() {
    each_engine(|store| async move {
        let mut business = salon();
        business.rules.limits = Limits { per_call: 1, per_number_a_day: 1 };
        let rig = Rig::with(store, business, Vec::new()).await;
        let call = rig.call().await;
        booked(&rig, call, "09:00", "+12125550101").await.unwrap();
        let second = booked(&rig, call, "10:00", "+12125550102").await;
        assert!(matches!(second, Err(DeskError::TooMany)), "in one call: {second:?}");
        let second = booked(&rig, rig.call().await, "11:00", "+12125550101").await;
        assert!(matches!(second, Err(DeskError::TooMany)), "from one number: {second:?}");
    })
    .await;
}
