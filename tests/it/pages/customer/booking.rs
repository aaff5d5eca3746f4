//! Booking by clicking, from the first page to the ticket.

use std::sync::Arc;

use deskbell::{
    domain::{
        booking::{Customer, CustomerName, Slot},
        business::Business,
    },
    ports::desk::Actor,
    testing::salon,
};
use jiff::SignedDuration;

use super::{Page, Visitor, anna, open_salon, page_of, start, texts, try_book, ts, with_status};
use crate::support::server::TestServer;

const NAME: (&str, &str) = ("name", "Anna Kovács");
const PHONE: (&str, &str) = ("phone", "(212) 555-0123");

fn shop() -> String {
    format!("/book/{}", salon().id)
}

/// The form for a haircut on Friday at ten, with anybody.
async fn details(visitor: &Visitor, starts: &str) -> Page {
    let times = visitor.get(&format!("{}/times?service={}&day=2026-11-27", shop(), salon().services[0].id)).await;
    let encoded = starts.replace(':', "%3A");
    let link = times.links(&format!("starts={encoded}")).first().cloned().expect("it is free");
    visitor.get(&link).await
}

/// Filled in as fast as a person can.
async fn held(server: &TestServer, visitor: &Visitor, starts: &str) -> Page {
    let form = details(visitor, starts).await;
    server.clock.advance(SignedDuration::from_secs(3));
    let answer = visitor.submit(&form, "/details", &[NAME, PHONE]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    visitor.get(answer.location()).await
}

const TEN: &str = "2026-11-27T15:00:00Z";

#[tokio::test]
async fn somebody_books_by_clicking() {
    let server = start().await;
    let visitor = Visitor::of(&server);
    let services = visitor.get(&shop()).await;
    services.says("What would you like?").says("Haircut").says("45\u{a0}min").says("$120").says("Step 1 of 4");
    let times = visitor.get(&services.links("/times?").first().cloned().unwrap()).await;
    times.says("When would you like to come?").says("November 2026").says("Anyone").says("Maria").says("James");
    times.says("Tuesday, November 24").says("11:00\u{a0}AM").says_not("12:15\u{a0}PM");
    let friday = times.links("day=2026-11-27").first().cloned().expect("a day to choose");
    let friday = visitor.get(&friday).await;
    let form = visitor.get(&friday.links("starts=2026-11-27T15%3A00%3A00Z")[0]).await;
    form.says("Your details").says("Friday, November 27").says("10:00\u{a0}AM").says_not("Maria");
    let wrong = visitor.submit(&form, "/details", &[("name", " "), ("phone", "12")]).await;
    assert_eq!(wrong.status, 422);
    wrong.says("Please tell us your name.").says("(+1 …)").says("value=\"12\"");
    server.clock.advance(SignedDuration::from_secs(20));
    let answer = visitor.submit(&wrong, "/details", &[NAME, PHONE]).await;
    assert_eq!(answer.status, 303);
    assert!(!answer.location().contains("Anna") && !answer.location().contains("555"), "{}", answer.location());
    let review = visitor.get(answer.location()).await;
    for what in ["Is this right?", "kept for you until 10:03", "Anna Kovács", "(212) 555-0123", "$45", "Haircut"] {
        review.says(what);
    }
    let booked = visitor.submit(&review, "/review/", &[]).await;
    assert_eq!(booked.status, 303);
    let ticket = visitor.get(booked.location()).await;
    ticket.says("You&#39;re booked.").says("ending in 23").says("Friday, November 27").says("calendar.ics");
    let bookings = with_status(&server, "confirmed").await;
    assert_eq!(bookings.len(), 1);
    assert_eq!((bookings[0].slot.starts, &bookings[0].customer), (ts(TEN), &anna()));
    let sent = texts(&server, &bookings[0]).await;
    assert_eq!(sent.len(), 1);
    assert!(sent[0].1.contains(&page_of(&server, &bookings[0])), "{sent:?}");
    // The back button: what was reviewed is booked.
    assert_eq!(visitor.get(answer.location()).await.location(), booked.location());
    server.stop().await;
}

#[tokio::test]
async fn k3_forms_that_are_sent_twice_book_once() {
    let server = start().await;
    let visitor = Visitor::of(&server);
    let form = details(&visitor, TEN).await;
    server.clock.advance(SignedDuration::from_secs(3));
    let fields = [NAME, PHONE];
    let (one, two) =
        tokio::join!(visitor.submit(&form, "/details", &fields), visitor.submit(&form, "/details", &fields));
    assert_eq!((one.status.as_u16(), one.location()), (303, two.location()));
    assert_eq!(with_status(&server, "held").await.len(), 1);
    let review = visitor.get(one.location()).await;
    let (one, two) = tokio::join!(visitor.submit(&review, "/review/", &[]), visitor.submit(&review, "/review/", &[]));
    assert_eq!((one.status.as_u16(), one.location()), (303, two.location()));
    let bookings = with_status(&server, "confirmed").await;
    assert_eq!((bookings.len(), texts(&server, &bookings[0]).await.len()), (1, 1));
    server.stop().await;
}

#[tokio::test]
async fn whoever_goes_back_finds_their_own_time_free_and_may_mend_their_name() {
    let server = start().await;
    let visitor = Visitor::of(&server);
    let form = details(&visitor, TEN).await;
    server.clock.advance(SignedDuration::from_secs(3));
    let first = visitor.submit(&form, "/details", &[("name", "Ana"), PHONE]).await;
    let second = visitor.submit(&form, "/details", &[NAME, PHONE]).await;
    assert_ne!(first.location(), second.location());
    let review = visitor.get(second.location()).await;
    review.says("Anna Kovács");
    assert_eq!(with_status(&server, "held").await.len(), 1, "the first was given up");
    let times = visitor.get(&form.links("/times?")[0]).await;
    assert!(!times.links("starts=2026-11-27T15%3A00%3A00Z").is_empty(), "their own time is free to them");
    let other = visitor.submit(&review, "/change", &[]).await;
    assert!(other.location().contains("/times?"), "{}", other.location());
    assert_eq!(with_status(&server, "held").await.len(), 0);
    visitor.get(other.location()).await.says("Friday, November 27");
    server.stop().await;
}

#[tokio::test]
async fn a_time_that_is_gone_leads_to_others() {
    let server = start().await;
    let visitor = Visitor::of(&server);
    let form = details(&visitor, TEN).await;
    let review = held(&server, &Visitor::of(&server), "2026-11-27T15:30:00Z").await;
    // Both who cut hair are taken at ten before the form is sent.
    let business = Arc::new(open_salon());
    let bea = Customer { name: CustomerName::new("Bea"), phone: "+12125550199".parse().ok() };
    for member in &business.staff {
        let slot = Slot::at(&business.services[0], member.id, ts("2026-11-27T14:45:00Z"));
        let _ = try_book(&server, &business, slot, bea.clone(), Actor::Business).await;
    }
    let taken = visitor.submit(&form, "/details", &[NAME, ("phone", "212 555 0124")]).await;
    assert_eq!(taken.status, 409);
    taken.says("That time has just been taken. These are still free.").says("Friday, November 27");
    // A hold that ran out is booked all the same, unless somebody else has taken the time.
    server.clock.advance(SignedDuration::from_mins(4));
    let kept = with_status(&server, "held").await;
    let slot = kept.iter().find(|hold| hold.slot.starts == ts("2026-11-27T15:30:00Z")).unwrap().slot;
    try_book(&server, &business, slot, bea, Actor::Business).await.unwrap();
    let late = visitor.submit(&review, "/review/", &[]).await;
    assert_eq!(late.status, 409);
    late.says("That time has just been taken.").says("/times?");
    server.stop().await;
}

#[tokio::test]
async fn a_hold_that_ran_out_says_so_and_can_still_be_booked() {
    let server = start().await;
    let visitor = Visitor::of(&server);
    let form = details(&visitor, TEN).await;
    server.clock.advance(SignedDuration::from_secs(3));
    let answer = visitor.submit(&form, "/details", &[NAME, PHONE]).await;
    server.clock.advance(SignedDuration::from_mins(5));
    let review = visitor.get(answer.location()).await;
    review.says("no longer kept for you");
    let booked = visitor.submit(&review, "/review/", &[]).await;
    assert!(booked.location().contains("news=booked"), "{}", booked.status);
    server.stop().await;
}

#[tokio::test]
async fn programs_that_fill_in_forms_keep_nobodys_time() {
    let server = start().await;
    let visitor = Visitor::of(&server);
    let form = details(&visitor, TEN).await;
    let at_once = visitor.submit(&form, "/details", &[NAME, PHONE]).await;
    assert_eq!(at_once.status, 422);
    server.clock.advance(SignedDuration::from_secs(30));
    let trapped = visitor.submit(&form, "/details", &[NAME, PHONE, ("website", "https://spam.example")]).await;
    assert_eq!(trapped.status, 422);
    trapped.says("Please look over your details").says_not("spam");
    let bare = visitor.post(&form.form("/details").0, &[NAME, PHONE]).await;
    assert_eq!(bare.status, 422, "not a form of ours");
    assert_eq!(with_status(&server, "held").await.len(), 0);
    let person = visitor.submit(&at_once, "/details", &[NAME, PHONE]).await;
    assert_eq!(person.status, 303, "whoever was only quick goes on");
    server.stop().await;
}

#[tokio::test]
async fn one_number_books_so_often_and_then_has_to_call() {
    let server = start().await;
    let mut statuses = Vec::new();
    for hour in ["14", "16", "18", "20"] {
        let visitor = Visitor::of(&server);
        let review = held(&server, &visitor, &format!("2026-11-27T{hour}:00:00Z").replace("18:00", "18:30")).await;
        let answer = visitor.submit(&review, "/review/", &[]).await;
        statuses.push(answer.status.as_u16());
        if answer.status == 409 {
            answer.says("There are several bookings for this number already.");
        }
    }
    assert_eq!(statuses, [303, 303, 303, 409]);
    server.stop().await;
}

#[tokio::test]
async fn one_address_sends_so_many_forms_a_minute() {
    let server = start().await;
    let visitor = Visitor::of(&server);
    let form = details(&visitor, TEN).await;
    let mut statuses = Vec::new();
    for _ in 0..31 {
        statuses.push(visitor.submit(&form, "/details", &[]).await.status.as_u16());
    }
    assert_eq!((statuses[29], statuses[30]), (422, 429));
    server.stop().await;
}

#[tokio::test]
async fn a_page_that_is_off_says_whom_to_call() {
    let service = salon().services[0].id;
    for (business, status) in
        [(Business { public_page: false, ..salon() }, 404), (Business { suspended: true, ..open_salon() }, 503)]
    {
        let server = TestServer::start_for(business, 100).await;
        let visitor = Visitor::of(&server);
        for below in ["", &format!("/times?service={service}"), &format!("/details?service={service}&starts={TEN}")] {
            let page = visitor.get(&format!("{}{below}", shop())).await;
            assert_eq!(page.status, status);
            page.says("Booking is by phone").says("tel:+12125550142").says("Willow and Sage Salon");
        }
        let posted = visitor.post(&format!("{}/details?service={service}&starts={TEN}", shop()), &[NAME, PHONE]).await;
        assert_eq!(posted.status, status);
        server.stop().await;
    }
}

#[tokio::test]
async fn the_night_when_an_hour_comes_twice_offers_it_twice_and_tells_which_is_which() {
    let mut business = open_salon();
    let all_day = serde_json::from_str(r#"[{"from": "00:00:00", "to": "00:00:00"}]"#).unwrap();
    business.hours.sunday = all_day;
    business.rules.notice_minutes = 0;
    let server = TestServer::start_for(business, 100).await;
    server.clock.set(ts("2026-10-30T12:00:00Z"));
    let visitor = Visitor::of(&server);
    let beard = salon().services[2].id;
    let page = visitor.get(&format!("{}/times?service={beard}&day=2026-11-01", shop())).await;
    page.says("Sunday, November 1")
        .says("1:30\u{a0}AM EDT")
        .says("1:30\u{a0}AM EST")
        .says("2:00\u{a0}AM")
        .says("12:30\u{a0}AM");
    let form = visitor.get(&page.links("starts=2026-11-01T06%3A30%3A00Z")[0]).await;
    form.says("1:30\u{a0}AM EST");
    server.clock.set(ts("2026-11-02T12:00:00Z"));
    server.stop().await;
}

#[tokio::test]
async fn months_are_turned_between_today_and_the_horizon() {
    let server = start().await;
    let visitor = Visitor::of(&server);
    let service = salon().services[0].id;
    let first = visitor.get(&format!("{}/times?service={service}", shop())).await;
    assert!(first.links("month=2026-10").is_empty(), "nothing lies behind");
    let next = visitor.get(&first.links("month=2026-12-01")[0]).await;
    next.says("December 2026").says("Tuesday, December 1");
    let last = visitor.get(&next.links("month=2027-01-01")[0]).await;
    last.says("January 2027").says_not("month=2027-02-01");
    for odd in ["9999-12-31", "-9999-01-01", "x", "2026-13-45", "2026-11-24T00:00:00"] {
        let page = visitor.get(&format!("{}/times?service={service}&month={odd}&day={odd}", shop())).await;
        assert_eq!(page.status, 200, "{odd}");
    }
    for odd in ["9999-12-31T23:59:59Z", "-009999-01-01T00:00:00Z", "x", ""] {
        let page = visitor.get(&format!("{}/details?service={service}&starts={odd}", shop())).await;
        assert!(page.status == 303, "{odd}: {}", page.status);
    }
    server.stop().await;
}
