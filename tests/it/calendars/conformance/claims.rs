//! What each provider says of itself, held against what it does.

use deskbell::{
    ports::{
        booking::Capabilities,
        calendar::{Event, EventKey, Trouble, Visit},
        desk::DeskError,
        vendors::Kind,
    },
    testing::calendar::Misdeed,
};

use super::{case::Case, world::ALL};
use crate::{calendars::rig::tuesday, desk::rig::tuesday as at};

fn says(case: &Case) -> Capabilities {
    case.rig.desk.registry.for_all(&case.rig.desk.business)[0].capabilities()
}

#[tokio::test]
async fn whoever_has_rules_of_its_own_is_asked_by_them() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        // The salon is closed over lunch; schedulers here are not.
        assert_eq!(case.offers(at("13:00")).await, says(&case).owns_rules, "{vendor}");
        assert!(!says(&case).holds, "{vendor}: nobody keeps a slot for a caller but our ledger");
    }
}

/// Asked directly, past everything that keeps us from asking twice.
#[tokio::test]
async fn with_one_key_twice_there_is_one_and_a_provider_that_says_so_answers_with_it() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        let business = &case.rig.desk.business;
        let key = EventKey { booking: case.holds(at("10:00")).await.id, generation: 1 };
        let choice = case.world.choice(business);
        let again = match case.world.vendor().kind {
            Kind::Diary(diary) => {
                let calendar = &choice.receives.unwrap();
                let event = &Event {
                    key,
                    title: "Haircut".into(),
                    description: "Deskbell".into(),
                    location: None,
                    when: tuesday("10:00", "10:45"),
                    zone: "America/New_York".into(),
                    meeting: false,
                };
                let place = async || {
                    let placed = case.rig.opener.ask(&case.connection, |access| {
                        let diary = std::sync::Arc::clone(&diary);
                        async move { diary.place(&access, calendar, event).await }
                    });
                    placed.await.map(|placed| placed.id)
                };
                place().await.unwrap() == place().await.unwrap()
            }
            Kind::Scheduler(scheduler) => {
                let kind = &choice.kinds[&business.services[0].id];
                let visit = &Visit {
                    key,
                    starts: at("10:00"),
                    minutes: 45,
                    zone: "America/New_York".into(),
                    name: "Anna".into(),
                    email: Some("a@guests.example.com".into()),
                    phone: None,
                    language: "en".into(),
                    notes: "Deskbell".into(),
                };
                let book = async || {
                    let booked = case.rig.opener.ask(&case.connection, |access| {
                        let scheduler = std::sync::Arc::clone(&scheduler);
                        async move { scheduler.book(&access, kind, visit).await }
                    });
                    booked.await.map(|booked| booked.id)
                };
                book().await.unwrap();
                let again = book().await;
                assert!(matches!(again, Err(Trouble::Taken)), "{vendor}: {again:?}");
                false
            }
        };
        assert_eq!(again, says(&case).idempotent_create, "{vendor}");
        assert_eq!(case.world.ours(), [tuesday("10:00", "10:45")], "{vendor}");
    }
}

#[tokio::test]
async fn whoever_can_move_an_appointment_moves_it_and_who_cannot_cancels_the_old_one() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        let booked = case.has_booked("10:00").await;
        case.moves(&booked, "15:00").await;
        case.ends_well("moved").await;
        assert_eq!(case.asked(case.world.removes()) == 0, says(&case).reschedule, "{vendor}");
    }
}

#[tokio::test]
async fn whoever_has_a_page_sends_customers_there_when_it_takes_nothing_from_us() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        let held = case.holds(at("10:00")).await;
        case.trap(case.world.makes(), 1, case.world.limits(None));
        let by_page = matches!(case.rig.desk.confirm(held.id).await, Err(DeskError::ByPage { .. }));
        assert_eq!(by_page, says(&case).has_page, "{vendor}");
    }
}

/// And it gets one of a domain that is ours, though the caller has given none.
#[tokio::test]
async fn whoever_needs_an_address_is_not_asked_without_one() {
    for vendor in ALL {
        let case = Case::of(vendor).await;
        case.trap(case.world.makes(), 1, Misdeed::DoneBut(502));
        case.books("10:00").await;
        case.ends_well("an address").await;
        let (method, path) = case.world.makes();
        let asked = case.world.kit().asked();
        let made = asked.iter().find(|asked| asked.method == method && asked.path.contains(path)).unwrap().text();
        if says(&case).needs_email {
            assert!(made.contains("@guests.example.com"), "{vendor}");
        }
    }
}
