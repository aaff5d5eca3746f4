//! Blocking time from the page.

use super::rig::{Rig, hidden, notice, wednesday};

#[tokio::test]
async fn time_is_blocked_what_is_in_it_is_listed_and_it_is_given_back() {
    let rig = Rig::start().await;
    let staff = rig.staff().await;
    let booked = rig.book(rig.slot(wednesday("10:00")), "Anna Kovacs").await;
    let fields = [
        ("from", "2026-11-25"),
        ("from_time", "09:30"),
        ("to", "2026-11-25"),
        ("to_time", "12:00"),
        ("reason", "Training"),
    ];
    let blocked = staff.post(&rig.path("/calendar/block"), &fields).await;
    assert_eq!(blocked.status, 303, "{}", blocked.text);
    let (said, undo) = notice(&blocked);
    assert!(
        said.contains("Blocked: everybody, Wednesday, November 25, 9:30 am to 12:00 pm. One appointment"),
        "{said}"
    );
    let page = blocked.location().to_owned();
    let shown = staff.get(&page).await;
    assert!(shown.text.contains("They stay: move or cancel them"), "{}", shown.text);
    assert!(shown.text.contains(&rig.page_of(booked.id)) && shown.text.contains("Haircut with Maria"));
    assert!(
        staff.get(&rig.path("/calendar")).await.text.contains("9:30 Training, blocked, until 12:00 pm for everybody")
    );

    let removed = staff.post(&undo.unwrap(), &[]).await;
    let (said, restore) = notice(&removed);
    assert!(said.contains("can be booked again"), "{said}");
    assert!(!staff.get(&rig.path("/calendar")).await.text.contains("Training"));
    assert_eq!(staff.get(&page).await.status, 404);
    assert_eq!(staff.post(&restore.unwrap(), &[]).await.status, 303);
    assert!(staff.get(&rig.path("/calendar")).await.text.contains("Training"));
    // The clock stands still, so their order is nobody's.
    let mut deeds = rig.deeds().await;
    deeds.sort();
    assert_eq!(deeds, ["block.added", "block.removed", "block.restored"]);
    rig.server.stop().await;
}

#[tokio::test]
async fn of_two_who_change_a_block_the_second_sees_what_the_first_saved() {
    let rig = Rig::start().await;
    let (one, other) = (rig.staff().await, rig.staff().await);
    let whole = [("from", "2026-11-25"), ("to", "2026-11-26"), ("whole", "on"), ("reason", "Holiday")];
    let undo = notice(&one.post(&rig.path("/calendar/block"), &whole).await).1.unwrap();
    let page = undo.trim_end_matches("/remove").to_owned();
    let form = one.get(&page).await;
    // Two whole days: the last one is the 26th, not the midnight after it.
    assert_eq!(form.text.matches("value=\"2026-11-26\"").count(), 1);
    let base = hidden(&form, "base");
    let mut first = [whole.as_slice(), &[("base", base.as_str())]].concat();
    first[3] = ("reason", "Sick leave");
    assert_eq!(other.post(&page, &first).await.status, 303);
    let mut second = first.clone();
    second[3] = ("reason", "Wedding");
    let late = one.post(&page, &second).await;
    assert_eq!(late.status, 409);
    assert!(
        late.text.contains("Saved now: <b>Sick leave</b>") && late.text.contains("value=\"Wedding\""),
        "{}",
        late.text
    );
    let base = hidden(&late, "base");
    second[4] = ("base", &base);
    assert_eq!(one.post(&page, &second).await.status, 303);
    rig.server.stop().await;
}

#[tokio::test]
async fn a_block_that_cannot_be_is_refused_beside_the_field() {
    let rig = Rig::start().await;
    let staff = rig.staff().await;
    for (fields, said) in [
        (
            vec![("from", "2026-11-25"), ("from_time", "12:00"), ("to", "2026-11-25"), ("to_time", "11:00")],
            "must be after",
        ),
        (
            vec![("from", "2027-03-14"), ("from_time", "02:30"), ("to", "2027-03-14"), ("to_time", "11:00")],
            "is skipped",
        ),
        (vec![("from", "soon"), ("to", "later")], "give a date"),
        (vec![("from", "2026-11-25"), ("to", "2030-11-25"), ("whole", "on")], "a year at most"),
        (
            vec![("from", "2026-11-25"), ("to", "2026-11-25"), ("whole", "on"), ("staff", "x")],
            "is not one of the staff",
        ),
    ] {
        let refused = staff.post(&rig.path("/calendar/block"), &fields).await;
        assert_eq!(refused.status, 422, "{fields:?}");
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    rig.server.stop().await;
}
