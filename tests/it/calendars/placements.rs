//! What comes to stand in a calendar, whatever goes wrong on the way: one event for each booking that stands, none for others.

use std::sync::Arc;

use deskbell::{
    domain::{booking::Slot, ids::StaffId},
    ports::{
        booking::BookingContext,
        calendar::Interval,
        clock::Clock as _,
        desk::{Actor, Cancel, Desk as _, Hold},
    },
    store::{outbox::OutboxState, placements::PlacementState},
};
use jiff::SignedDuration;

use super::{
    double::{Asked, Trap},
    rig::{DIARY, Rig, SECOND, both, tuesday, uses},
};
use crate::{desk::rig::tuesday as at, support::database::each_engine};

#[tokio::test]
async fn a_booking_comes_to_stand_is_moved_along_and_is_taken_away() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let booked = rig.desk.book(at("10:00")).await;
        rig.work().await;
        let stands = rig.diary.ours();
        assert_eq!(stands.len(), 1);
        assert_eq!(stands[0].when.from, at("10:00"));
        assert!(stands[0].title.contains("Anna") && stands[0].title.contains("Maria"), "{}", stands[0].title);

        let held = rig.desk.move_to(booked.id, rig.desk.slot(at("10:15")), None).await.unwrap();
        let moved = rig.desk.confirm(held.id).await.unwrap();
        rig.work().await;
        let stands = rig.diary.ours();
        assert_eq!((stands.len(), stands[0].when.from), (1, at("10:15")));
        assert_eq!(rig.diary.count(Asked::Place), 1, "the event is moved, not made anew");
        assert_eq!(rig.placements(moved.id).await.len(), 1);
        assert!(rig.placements(booked.id).await.is_empty(), "it was handed on");

        rig.desk.cancel(moved.id, Actor::Business).await.unwrap();
        rig.work().await;
        assert!(rig.diary.ours().is_empty());
        rig.an_hour_later().await;
        assert_eq!((rig.diary.count(Asked::Place), rig.diary.count(Asked::Withdraw)), (1, 1), "and that is all");
    })
    .await;
}

#[tokio::test]
async fn g7_a_lost_answer_is_looked_for_before_anything_is_written_again() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        for (trap, places) in [(Trap::Lost, 1), (Trap::Vanished, 3)] {
            rig.diary.trap(Asked::Place, trap, 1);
            let starts = if trap == Trap::Lost { at("10:00") } else { at("14:00") };
            let booked = rig.desk.book(starts).await;
            rig.work().await;
            assert_eq!(rig.placements(booked.id).await[0].state, PlacementState::Placing);
            rig.an_hour_later().await;
            assert_eq!(rig.placements(booked.id).await[0].state, PlacementState::Placed);
            assert_eq!(rig.diary.count(Asked::Place), places);
        }
        assert_eq!(rig.diary.ours().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn every_way_of_failing_ends_with_one_event_for_each_booking_and_none_for_others() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let asked = [Asked::Place, Asked::Revise, Asked::Withdraw, Asked::Find];
        let traps = [Trap::Down, Trap::Limited, Trap::Lost, Trap::Vanished];
        let mut days = 0;
        for trap in traps {
            for what in asked {
                rig.diary.trap(what, trap, 2);
                let later = SignedDuration::from_hours(24 * days);
                let day = |time: &str| at(time) + later;
                days += 1;
                // A week has a Sunday and a Monday when the salon is closed.
                let Ok(held) = rig.desk.hold(rig.desk.slot(day("10:00")), None).await else { continue };
                let kept = rig.desk.confirm(held.id).await.unwrap();
                let gone = rig.desk.book(day("14:00")).await;
                rig.work().await;
                let held = rig.desk.move_to(kept.id, rig.desk.slot(day("11:00")), None).await.unwrap();
                let moved = rig.desk.confirm(held.id).await.unwrap();
                rig.desk.cancel(gone.id, Actor::Business).await.unwrap();
                rig.an_hour_later().await;
                rig.an_hour_later().await;
                let ours: Vec<_> = rig.diary.ours().iter().map(|page| page.when.from).collect();
                let here = ours.iter().filter(|from| (day("00:00")..day("23:59")).contains(*from)).collect::<Vec<_>>();
                assert_eq!(here, [&day("11:00")], "{what:?} {trap:?}");
                assert_eq!(rig.placements(moved.id).await.len(), 1, "{what:?} {trap:?}");
                rig.diary.untrap();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn g15_what_the_owner_changes_in_an_event_is_kept_and_what_they_moved_is_left_to_them() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let booked = rig.desk.book(at("10:00")).await;
        rig.work().await;
        // Only the text: our move goes on.
        rig.diary.owner_edits(booked.id, |page| page.title = "Anna, bring the red".into());
        let held = rig.desk.move_to(booked.id, rig.desk.slot(at("11:00")), None).await.unwrap();
        let moved = rig.desk.confirm(held.id).await.unwrap();
        rig.work().await;
        assert_eq!(rig.diary.ours()[0].when.from, at("11:00"));
        // How long it takes: that, too.
        rig.diary.owner_edits(booked.id, |page| page.when = tuesday("11:00", "12:30"));
        let held = rig.desk.move_to(moved.id, rig.desk.slot(at("14:00")), None).await.unwrap();
        let moved = rig.desk.confirm(held.id).await.unwrap();
        rig.work().await;
        assert_eq!(rig.diary.ours()[0].when.from, at("14:00"));
        // The time: it stays as the owner wants it.
        rig.diary.owner_edits(booked.id, |page| page.when = tuesday("16:00", "16:45"));
        let held = rig.desk.move_to(moved.id, rig.desk.slot(at("13:30")), None).await.unwrap();
        rig.desk.confirm(held.id).await.unwrap();
        rig.work().await;
        rig.an_hour_later().await;
        let ours = rig.diary.ours();
        assert_eq!((ours.len(), ours[0].when.from), (1, at("16:00")));
    })
    .await;
}

#[tokio::test]
async fn an_event_that_the_owner_deleted_comes_back_only_when_the_customer_moves_it() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let booked = rig.desk.book(at("10:00")).await;
        rig.work().await;
        let id = rig.placements(booked.id).await[0].placed.clone().unwrap().id;
        rig.diary.owner_deletes(&id);
        rig.an_hour_later().await;
        assert!(rig.diary.ours().is_empty());
        let held = rig.desk.move_to(booked.id, rig.desk.slot(at("11:00")), None).await.unwrap();
        let moved = rig.desk.confirm(held.id).await.unwrap();
        rig.work().await;
        let ours = rig.diary.ours();
        assert_eq!((ours.len(), ours[0].when.from), (1, at("11:00")));
        assert_eq!(rig.placements(moved.id).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_id_that_is_burnt_is_not_used_again() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        rig.diary.trap(Asked::Place, Trap::Lost, 1);
        let booked = rig.desk.book(at("10:00")).await;
        rig.work().await;
        // It stands, we do not know it yet, and the owner throws it away.
        let key = rig.placements(booked.id).await[0].key;
        rig.diary.owner_deletes(&key.to_string());
        rig.an_hour_later().await;
        let ours = rig.diary.ours();
        assert_eq!((ours.len(), ours[0].key.unwrap().generation), (1, 2));
    })
    .await;
}

#[tokio::test]
async fn two_who_bring_one_booking_in_order_at_once_make_one_event() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let booked = rig.desk.book(at("10:00")).await;
        let provider = rig.desk.registry.for_all(&rig.desk.business).remove(0);
        let context = BookingContext {
            business: Arc::clone(&rig.desk.business),
            slot: booked.slot,
            booking: Some(booked.clone()),
            replacing: None,
            now: booked.created,
        };
        let at_once = (0..8).map(|_| provider.after_booking(&context, booked.id));
        let done = futures_util::future::join_all(at_once).await;
        assert!(done.iter().any(Result::is_ok), "{done:?}");
        assert_eq!((rig.diary.ours().len(), rig.diary.count(Asked::Place)), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn what_changed_while_the_calendar_was_switched_off_is_put_in_order_afterwards() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let booked = rig.desk.book(at("10:00")).await;
        rig.work().await;
        let cancel = Cancel {
            business: rig.set(|business| business.ai_config.integrations.provider = "native".into()).await,
            booking: booked.id,
            by: Actor::Business,
            reason: None,
            tell: false,
            language: None,
        };
        rig.desk.desk.cancel(cancel).await.unwrap();
        rig.an_hour_later().await;
        assert_eq!(rig.diary.ours().len(), 1, "nobody is asked anything while it is switched off");
        assert_eq!(rig.diary.count(Asked::Withdraw), 0);
        rig.set(|business| business.ai_config.integrations.provider = DIARY.into()).await;
        rig.keep_in_order().await;
        assert!(rig.diary.ours().is_empty(), "at once, now that it is on again");
    })
    .await;
}

#[tokio::test]
async fn a_chain_is_free_only_if_all_say_free_and_each_gets_the_event() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[DIARY, SECOND])).await;
        rig.connect(DIARY, None, &both("main")).await;
        rig.connect(SECOND, None, &both("home")).await;
        rig.second.owner_adds("home", tuesday("10:00", "11:00"));
        rig.diary.owner_adds("main", tuesday("14:00", "15:00"));
        for taken in ["10:00", "14:00"] {
            let held = rig.desk.hold(rig.desk.slot(at(taken)), None).await.unwrap();
            assert!(rig.desk.confirm(held.id).await.is_err(), "{taken}");
        }
        rig.desk.book(at("16:00")).await;
        rig.work().await;
        assert_eq!((rig.diary.ours().len(), rig.second.ours().len()), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_calendar_of_a_member_of_staff_counts_for_them_alone_and_receives_what_is_theirs() {
    each_engine(|store| async move {
        let rig = Rig::with(store, |business| uses(business, &[DIARY])).await;
        let staff = |n: usize| rig.desk.business.staff[n].id;
        rig.connect(DIARY, None, &both("shop")).await;
        rig.connect(DIARY, Some(staff(0)), &both("maria")).await;
        rig.diary.owner_adds("maria", tuesday("10:00", "11:00"));
        let with = |member: StaffId| {
            let service = rig.desk.business.services.iter().find(|service| service.staff.contains(&member)).unwrap();
            Slot::at(service, member, at("10:00"))
        };
        let held = rig.desk.hold(with(staff(0)), None).await.unwrap();
        assert!(rig.desk.confirm(held.id).await.is_err(), "Maria is at the dentist's");
        let held = rig.desk.hold(with(staff(1)), None).await.unwrap();
        rig.desk.confirm(held.id).await.unwrap();
        rig.desk.book(at("14:00")).await;
        rig.work().await;
        let wheres: Vec<_> = rig.diary.ours().iter().map(|page| page.calendar.as_str().to_owned()).collect();
        assert_eq!(wheres, ["shop", "maria"]);
    })
    .await;
}

#[tokio::test]
async fn our_own_events_are_in_nobodys_way_but_a_private_one_is() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let maria = rig.desk.book(at("10:00")).await;
        rig.work().await;
        assert_eq!(rig.diary.ours().len(), 1, "it makes the shop's calendar busy");
        // Somebody else of the staff, in the same calendar, at the same time.
        let ben = rig.desk.business.staff[1].id;
        let service = rig.desk.business.services.iter().find(|service| service.staff.contains(&ben)).unwrap();
        let slot = Slot::at(service, ben, at("10:00"));
        let held = rig.desk.desk.hold(Hold { slot, ..rig.desk.asking(slot, None) }).await.unwrap();
        assert!(!rig.desk.confirm(held.id).await.unwrap().unverified);
        // A move over one's own old time.
        let held = rig.desk.move_to(maria.id, rig.desk.slot(at("10:15")), None).await.unwrap();
        rig.desk.confirm(held.id).await.unwrap();
        rig.work().await;
        rig.diary.owner_adds("main", tuesday("15:00", "16:00"));
        let held = rig.desk.hold(rig.desk.slot(at("15:30")), None).await.unwrap();
        assert!(rig.desk.confirm(held.id).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn what_is_past_is_not_tried_for_ever() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let booked = rig.desk.book(at("10:00")).await;
        rig.work().await;
        rig.diary.trap(Asked::Withdraw, Trap::Refused, 1_000);
        rig.desk.cancel(booked.id, Actor::Business).await.unwrap();
        let day = SignedDuration::from_hours(24);
        rig.desk.clock.advance(at("10:00").duration_since(rig.desk.clock.now()) + day * 2);
        rig.half_an_hour_later().await;
        let tried = rig.diary.count(Asked::Withdraw);
        assert!(tried > 0);
        for _ in 0..4 {
            rig.desk.clock.advance(day);
            rig.half_an_hour_later().await;
        }
        assert_eq!(rig.diary.count(Asked::Withdraw), tried);
    })
    .await;
}

#[tokio::test]
async fn what_was_given_up_is_tried_again_when_the_owner_says_so() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let booked = rig.desk.book(at("17:00") + SignedDuration::from_hours(24 * 3)).await;
        let again = async || rig.desk.desk.place_again(&rig.desk.business, booked.id).await.unwrap();
        assert!(!again().await, "it waits already");
        rig.diary.trap(Asked::Place, Trap::Down, 10_000);
        for _ in 0..25 {
            rig.an_hour_later().await;
        }
        rig.diary.untrap();
        assert!(again().await);
        rig.work().await;
        assert_eq!(rig.diary.ours().len(), 1);
        let now = rig.desk.clock.now();
        assert!(rig.desk.store.lost_events(rig.desk.business.id, now, 10).await.unwrap().is_empty());
        assert!(!again().await);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_placed_for_a_day_is_the_owners_to_see() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let booked = rig.desk.book(at("17:00") + SignedDuration::from_hours(24 * 3)).await;
        rig.diary.trap(Asked::Place, Trap::Down, 10_000);
        for _ in 0..25 {
            rig.an_hour_later().await;
        }
        let rows = rig.desk.store.outbox_of_booking(booked.id).await.unwrap();
        assert!(rows.iter().any(|row| row.template == "event" && row.state == OutboxState::Failed));
        let lost = rig.desk.store.lost_events(rig.desk.business.id, rig.desk.clock.now(), 10).await.unwrap();
        assert_eq!(lost.iter().map(|event| event.booking).collect::<Vec<_>>(), [booked.id]);
        // And it is still seen to.
        rig.diary.untrap();
        for _ in 0..8 {
            rig.an_hour_later().await;
        }
        assert_eq!(rig.diary.ours().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_our_own_event_hides_is_seen_once_it_is_not_ours_to_be_there() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        // What the calendar calls busy does not tell one from the other.
        let hidden = ["10:00", "14:00"].map(at);
        let moved = rig.desk.book(hidden[0]).await;
        let cancelled = rig.desk.book(hidden[1]).await;
        rig.work().await;
        for from in hidden {
            rig.diary.owner_adds("main", Interval { from, to: from + SignedDuration::from_mins(45) });
        }
        rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
        let held = rig.desk.move_to(moved.id, rig.desk.slot(at("16:00")), None).await.unwrap();
        rig.desk.confirm(held.id).await.unwrap();
        rig.desk.cancel(cancelled.id, Actor::Business).await.unwrap();
        let seen = async |when: &str| {
            let found = rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
            for starts in hidden {
                assert!(!found.iter().any(|slot| slot.starts == starts), "{starts} is offered {when}");
                if let Ok(held) = rig.desk.hold(rig.desk.slot(starts), None).await {
                    assert!(rig.desk.confirm(held.id).await.is_err(), "{starts} is booked {when}");
                }
            }
        };
        seen("while our events still stand there").await;
        rig.work().await;
        assert_eq!(rig.diary.ours().len(), 1);
        seen("when they are gone").await;
    })
    .await;
}

#[tokio::test]
async fn what_was_read_ahead_is_good_for_a_burst_of_bookings_and_not_beyond_a_cancellation() {
    each_engine(|store| async move {
        let (rig, _) = Rig::open(store).await;
        let look = async || rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
        assert!(!look().await.is_empty());
        let mut booked = Vec::new();
        for starts in ["09:00", "10:00", "11:00", "14:00", "15:00", "16:00"] {
            booked.push(rig.desk.book(at(starts)).await);
            rig.work().await;
            assert!(!look().await.iter().any(|slot| slot.starts == at(starts)));
        }
        assert_eq!(rig.diary.ours().len(), 6);
        // One reading ahead, and one of the slot before each confirmation.
        assert_eq!(rig.diary.count(Asked::Busy), 1 + 6);
        rig.desk.cancel(booked[0].id, Actor::Business).await.unwrap();
        rig.work().await;
        assert!(look().await.iter().any(|slot| slot.starts == at("09:00")), "it is free again, and known to be");
        assert_eq!(rig.diary.count(Asked::Busy), 1 + 6 + 1);
    })
    .await;
}
