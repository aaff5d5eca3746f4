//! What the calendar shows.

use deskbell::{
    domain::business::{Business, OpenPeriod, WeeklyHours, Zone},
    ports::desk::KeepFree,
    testing::salon,
};
use std::sync::Arc;

use super::rig::{Rig, ts, wednesday};

#[tokio::test]
async fn the_week_of_everybody_tells_every_appointment_in_words() {
    let rig = Rig::start().await;
    let booked = rig.book(rig.slot(wednesday("10:00")), "Anna Kovacs").await;
    let keep = KeepFree {
        business: Arc::clone(&rig.business),
        staff: Some(rig.business.staff[1].id),
        from: wednesday("14:00"),
        to: wednesday("15:00"),
        reason: "Dentist & <b>lunch</b>".to_owned(),
        instead_of: None,
    };
    rig.server.state.desk.block(keep).await.unwrap();
    let staff = rig.staff().await;
    let week = staff.get(&rig.path("/calendar")).await;
    assert_eq!(week.status, 200);
    assert!(week.text.contains("November 23 to 29, 2026"), "{}", week.text);
    assert!(
        week.text.contains("aria-label=\"10:00 Anna Kovacs, Haircut, until 10:45 am with Maria\""),
        "{}",
        week.text
    );
    assert!(week.text.contains(&format!("href=\"bookings/{}\"", booked.id)));
    assert!(week.text.contains("2:00p Dentist &#38; &#60;b&#62;lunch&#60;/b&#62;, blocked, until 3:00 pm for James"));
    assert!(!week.text.contains("style="), "no style may stand in a page");
    let day = staff.get(&rig.path("/calendar?on=2026-11-25&view=day")).await;
    assert!(day.text.contains("Wednesday, November 25, 2026"));
    // Nine o'clock is the first row: ten is an hour after it, 45 minutes are nine rows.
    assert!(day.text.contains("at booked t-0 h-1 m-0 sh-0 sm-9"), "{}", day.text);
    let other_day = staff.get(&rig.path("/calendar?on=2026-11-26&view=day")).await;
    assert!(!other_day.text.contains("Anna Kovacs"));
    let maria = rig.business.staff[0].id;
    let own = staff.get(&rig.path(&format!("/calendar?on=2026-11-25&view=week&staff={maria}"))).await;
    assert!(own.text.contains("cal-grid") && own.text.contains("Anna Kovacs") && !own.text.contains("Dentist"));
    rig.server.stop().await;
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_the_calendar_of_today() {
    let rig = Rig::start().await;
    let staff = rig.staff().await;
    for query in ["?on=9999-12-31", "?on=-9999-01-01&view=day", "?staff=x&view=%00", "?on=2026-02-30", "?%ff"] {
        let page = staff.get(&rig.path(&format!("/calendar{query}"))).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(page.text.contains("2026"), "{query}");
    }
    assert!(staff.get(&rig.path("/calendar")).await.text.contains("Nothing is booked in this week yet"));
    rig.server.stop().await;
}

fn always_open(zone: &str) -> Business {
    let all_day = vec![OpenPeriod { from: jiff::civil::Time::midnight(), to: jiff::civil::Time::midnight() }];
    let hours = WeeklyHours {
        monday: all_day.clone(),
        tuesday: all_day.clone(),
        wednesday: all_day.clone(),
        thursday: all_day.clone(),
        friday: all_day.clone(),
        saturday: all_day.clone(),
        sunday: all_day,
    };
    Business { hours, zone: Zone::named(zone).unwrap(), ..salon() }
}

#[tokio::test]
async fn days_of_23_and_25_hours_are_laid_out_as_they_are() {
    for (zone, date, says, rows, labels) in [
        ("America/New_York", "2026-11-01", "Clocks go back", "closed h-0 m-0 sh-25 sm-0", 2),
        ("America/New_York", "2027-03-14", "Clocks go forward", "closed h-0 m-0 sh-23 sm-0", 1),
        ("America/Santiago", "2026-09-06", "Clocks go forward", "closed h-0 m-0 sh-23 sm-0", 1),
        ("America/Santiago", "2026-04-04", "Clocks go back", "closed h-0 m-0 sh-25 sm-0", 1),
    ] {
        let rig = Rig::start_for(always_open(zone)).await;
        let staff = rig.staff().await;
        let day = staff.get(&rig.path(&format!("/calendar?on={date}&view=day"))).await;
        assert!(day.text.contains(says), "{zone} {date}");
        assert!(day.text.contains(rows), "{zone} {date}: {}", day.text);
        assert_eq!(day.text.matches(">1 am<").count(), labels, "{zone} {date}");
        let week = staff.get(&rig.path(&format!("/calendar?on={date}&view=week"))).await;
        assert!(week.text.contains(says), "{zone} {date}");
        let whose = rig.business.staff[0].id;
        let own = staff.get(&rig.path(&format!("/calendar?on={date}&view=week&staff={whose}"))).await;
        assert!(
            own.text.contains(says) && own.text.contains("at missing "),
            "{zone} {date}: an hour is not everywhere"
        );
        rig.server.stop().await;
    }
}

#[tokio::test]
async fn what_lasts_over_midnight_stands_on_both_days() {
    let rig = Rig::start_for(always_open("America/New_York")).await;
    let color = deskbell::domain::booking::Slot::at(
        &rig.business.services[1],
        rig.business.staff[0].id,
        ts("2026-11-25T23:30-05"),
    );
    rig.book(color, "Night Owl").await;
    let staff = rig.staff().await;
    let first = staff.get(&rig.path("/calendar?on=2026-11-25&view=day")).await.text;
    let second = staff.get(&rig.path("/calendar?on=2026-11-26&view=day")).await.text;
    assert!(first.contains("h-23 m-6 sh-0 sm-6 goes-on") || first.contains("goes-on"), "{first}");
    assert!(second.contains("h-0 m-0 sh-1 sm-0 from-before"), "{second}");
    rig.server.stop().await;
}

#[tokio::test]
async fn a_class_is_one_card_with_its_people() {
    let mut business = salon();
    business.services[0].capacity = 4;
    let rig = Rig::start_for(business).await;
    for name in ["Anna Kovacs", "Bo Lin"] {
        rig.book(rig.slot(wednesday("10:00")), name).await;
    }
    let day = rig.staff().await.get(&rig.path("/calendar?on=2026-11-25&view=day")).await.text;
    assert!(day.contains("aria-label=\"Haircut, 2 of 4 places, 10:00 am to 10:45 am with Maria\""), "{day}");
    assert!(day.contains(">Anna Kovacs</a>") && day.contains(">Bo Lin</a>"));
    rig.server.stop().await;
}
