//! A booking is moved in the page while a customer books the same time.

use deskbell::{
    domain::booking::BookingState,
    ports::desk::{Actor, DeskError},
};
use jiff::SignedDuration;

use super::rig::{Rig, wednesday};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_wins_and_the_other_is_told() {
    let rig = Rig::start().await;
    let staff = rig.staff().await;
    let (mut moved, mut booked) = (0, 0);
    for week in 0..7 {
        for (old, new) in [("09:00", "10:00"), ("13:30", "14:30"), ("16:00", "17:00")] {
            let later = |time: &str| rig.slot(wednesday(time) + SignedDuration::from_hours(24 * 7 * week));
            let (from, to) = (later(old), later(new));
            let standing = rig.book(from, "Anna Kovacs").await;
            let (path, version) = (format!("{}/move", rig.page_of(standing.id)), standing.version.to_string());
            let at = to.starts.as_second().to_string();
            let fields = [("at", at.as_str()), ("version", version.as_str()), ("tell", "on")];
            let caller = rig.try_book(to, "Bo Lin", Actor::Business);
            let (page, caller) = tokio::join!(staff.post(&path, &fields), caller);
            match (page.status.as_u16(), &caller) {
                (303, Err(DeskError::Taken)) => moved += 1,
                (409, Ok(_)) => {
                    booked += 1;
                    let told = page.text.contains("It cannot be moved there");
                    assert!(told, "{}", page.text);
                    assert!(matches!(rig.booking(standing.id).await.state, BookingState::Confirmed { .. }));
                }
                other => panic!("week {week}, {new}: {other:?}"),
            }
        }
    }
    println!("{moved} moves and {booked} bookings won");
    assert_eq!(moved + booked, 21);
    rig.server.stop().await;
}

/// Two of the staff move the same appointment at once, to different times.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_moves_of_one_booking_one_is_made() {
    let rig = Rig::start().await;
    let (one, other) = (rig.staff().await, rig.staff().await);
    for week in 0..7 {
        let later = |time: &str| wednesday(time) + SignedDuration::from_hours(24 * 7 * week);
        let standing = rig.book(rig.slot(later("09:00")), "Anna Kovacs").await;
        let (path, version) = (format!("{}/move", rig.page_of(standing.id)), standing.version.to_string());
        let (ten, two) = (later("10:00").as_second().to_string(), later("14:30").as_second().to_string());
        let first = [("at", ten.as_str()), ("version", version.as_str())];
        let second = [("at", two.as_str()), ("version", version.as_str())];
        let (first, second) = tokio::join!(one.post(&path, &first), other.post(&path, &second));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "week {week}");
        rig.moved_to(standing.id).await;
        assert_eq!(rig.confirmed().await.len(), usize::try_from(week).unwrap() + 1);
    }
    rig.server.stop().await;
}
