//! The page behind the link in the text message.

use std::sync::Arc;

use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use deskbell::{
    calendars::opener::{Opened, With},
    domain::{
        booking::{Booking, Customer, CustomerName},
        business::Business,
        connection::{Account, CalendarId},
        ids::{DeedId, PlacementId},
        secret::Secret,
    },
    ports::{
        calendar::{EventKey, Interval, Placed},
        clock::Clock as _,
        desk::{Actor, Cancel, Confirm, Hold},
        links::{Links, hash_of},
    },
    store::{
        audit::Deed,
        connections::Kept,
        placements::{Placement, PlacementState, Turn},
    },
    testing::salon,
};
use jiff::SignedDuration;

use super::{Visitor, anna, book, open_salon, page_of, slot, start, texts, try_book};
use crate::support::server::TestServer;

const THURSDAY: &str = "2026-11-26T15:30-05";

#[tokio::test]
async fn the_text_message_leads_to_the_appointment() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let path = page_of(&server, &booking);
    let sent = texts(&server, &booking).await;
    assert!(sent[0].1.contains(&format!("https://voice.example.com{path} or call +1 212-555-0142.")), "{sent:?}");
    let page = Visitor::of(&server).get(&path).await;
    assert_eq!(page.status, 200);
    for what in [
        "<html lang=\"en-US\">",
        "Your appointment",
        "Thursday, November 26",
        "3:30\u{a0}PM",
        "Haircut",
        "Maria",
        "$45",
        "18 Juniper Street",
        "Anna Kovács",
        "Add to calendar",
        "local to New York",
        "free parking",
        "until Thu, Nov 26, 1:30\u{a0}PM",
        "tel:+12125550142",
    ] {
        page.says(what);
    }
    page.says_not("2125550123");
    server.stop().await;
}

#[tokio::test]
async fn no_token_that_somebody_makes_up_opens_anything() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let store = &server.state.store;
    let genuine = server.state.links.token(booking.id).unwrap();
    assert!(store.linked(&hash_of(&genuine)).await.unwrap().is_some());
    let mut bytes = [0_u8; 16];
    for _ in 0..10_000 {
        getrandom::fill(&mut bytes).unwrap();
        assert!(store.linked(&hash_of(&URL_SAFE_NO_PAD.encode(bytes))).await.unwrap().is_none());
    }
    // Whoever reads the ledger knows the hash, which opens nothing; and another key makes other tokens.
    let others = Links::default().with_key(&[9; 32]).token(booking.id).unwrap();
    let hash = URL_SAFE_NO_PAD.encode(hash_of(&genuine));
    let mut seen = Vec::new();
    for forged in
        [&others, &hash, &hash[..22].to_owned(), &genuine[..21].to_owned(), &"..".repeat(11), &"A".repeat(5000)]
    {
        let page = Visitor::of(&server).get(&format!("/c/{forged}")).await;
        assert_eq!(page.status, 404, "{forged}");
        page.says("This link no longer works");
        seen.push(page.text);
    }
    server.clock.set(booking.slot.ends + SignedDuration::from_hours(24 * 7));
    let old = Visitor::of(&server).get(&page_of(&server, &booking)).await;
    assert!(seen.iter().all(|text| *text == old.text), "an old one looks like one that never was");
    server.stop().await;
}

#[tokio::test]
async fn whoever_tries_one_token_after_another_is_slowed_down_and_others_are_not() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let visitor = Visitor::of(&server);
    let mut statuses = Vec::new();
    for n in 0..25 {
        statuses.push(visitor.get(&format!("/c/{n:022}")).await.status.as_u16());
    }
    assert_eq!((statuses[19], statuses[20]), (404, 429));
    assert_eq!(visitor.get(&page_of(&server, &booking)).await.status, 200, "their own still opens");
    server.stop().await;
}

#[tokio::test]
async fn a_link_opens_for_a_week_after_the_appointment() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    server.clock.set(booking.slot.ends + SignedDuration::from_hours(1));
    let over = visitor.get(&path).await;
    over.says("Over").says("Book an appointment").says_not("/cancel").says_not("calendar.ics");
    server.clock.set(booking.slot.ends + SignedDuration::from_hours(24 * 7) - SignedDuration::from_secs(1));
    assert_eq!(visitor.get(&path).await.status, 200);
    server.clock.advance(SignedDuration::from_secs(1));
    for below in ["", "/calendar.ics", "/cancel", "/move"] {
        assert_eq!(visitor.get(&format!("{path}{below}")).await.status, 404, "{below}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_link_follows_its_appointment_when_the_business_moves_and_cancels_it() {
    let server = start().await;
    let business = Arc::new(open_salon());
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let hold = Hold {
        business: Arc::clone(&business),
        slot: slot(&business, "2026-11-27T10:00-05"),
        customer: anna(),
        call: None,
        by: Actor::Business,
        anyway: false,
        key: "moved by the owner".into(),
        replacing: Some(booking.id),
    };
    let held = server.state.desk.hold(hold).await.unwrap();
    let by = Actor::Business;
    let confirm =
        Confirm { business: Arc::clone(&business), hold: held.id, customer: anna(), by, tell: true, language: None };
    let moved = server.state.desk.confirm(confirm).await.unwrap();
    visitor.get(&path).await.says("Friday, November 27").says("10:00\u{a0}AM").says_not("November 26");
    visitor.get(&page_of(&server, &moved)).await.says("Friday, November 27");
    let cancel = Cancel { business, booking: moved.id, by, reason: None, tell: true, language: None };
    server.state.desk.cancel(cancel).await.unwrap();
    let page = visitor.get(&path).await;
    page.says("Cancelled").says("Book it again").says("Book an appointment").says_not("/move").says_not("calendar.ics");
    server.stop().await;
}

/// Messengers and mail filters open links before their readers do.
#[tokio::test]
async fn looking_changes_nothing() {
    let server = start().await;
    let business = salon();
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let before = server.dump().await;
    let shop = format!("/book/{}", business.id);
    let service = business.services[0].id;
    let maria = business.staff[0].id;
    let starts = "2026-11-27T15:00:00Z";
    for address in [
        path.clone(),
        format!("{path}/calendar.ics"),
        format!("{path}/cancel"),
        format!("{path}/move"),
        format!("{path}/move?starts={starts}&staff={maria}"),
        format!("{path}?news=cancelled&lang=fr"),
        shop.clone(),
        format!("{shop}/brand.css"),
        format!("{shop}/times?service={service}"),
        format!("{shop}/details?service={service}&starts={starts}"),
    ] {
        let shown = visitor.get(&address).await;
        assert_eq!(shown.status, 200, "{address}");
        let head = visitor.send(Method::HEAD, &address, "", &[]).await;
        assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""), "{address}");
    }
    for below in ["/cancel", "/again", "/move"] {
        let foreign =
            visitor.send(Method::POST, &format!("{path}{below}"), "", &[("origin", "https://evil.example")]).await;
        assert_eq!(foreign.status, 403, "{below}");
    }
    assert_eq!(before, server.dump().await);
    server.stop().await;
}

#[tokio::test]
async fn t33_browsers_are_told_to_be_careful_and_no_cookie_is_needed() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    for address in [path.clone(), format!("{path}/cancel"), format!("/book/{}", salon().id), "/c/nothing".to_owned()] {
        let page =
            visitor.send(Method::GET, &address, "", &[("cookie", "__Host-deskbell=garbage; __Host-notice=e30")]).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        for part in
            ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "trusted-types"]
        {
            assert!(policy.contains(part), "{address}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("x-robots-tag", "noindex"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(page.headers[name], value, "{address}");
        }
        assert!(page.headers.contains_key("strict-transport-security"));
        page.says_not(" style=").says_not("<style").says_not(" onclick").says_not("javascript:");
        let inline = page.text.matches("<script").count() - page.text.matches("<script type=\"module\" src=").count();
        assert_eq!(inline, 0, "{address}");
    }
    server.stop().await;
}

#[tokio::test]
async fn i2_what_is_called_like_a_script_is_shown_as_it_is_called() {
    let payload = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>'`{{7*7}}${7*7}";
    let mut business = Business { name: format!("Salon {payload}"), address: Some(payload.into()), ..open_salon() };
    business.services[0].name = payload.into();
    business.services[0].description = Some(payload.into());
    business.staff[0].name = payload.into();
    business.facts[0].answer = payload.into();
    let server = TestServer::start_for(business.clone(), 100).await;
    let customer = Customer { name: CustomerName::new(payload), ..anna() };
    let business = Arc::new(business);
    let booking = try_book(&server, &business, slot(&business, THURSDAY), customer, Actor::Business).await.unwrap();
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let (shop, service) = (format!("/book/{}", business.id), business.services[0].id);
    for address in [
        path.clone(),
        format!("{path}/cancel"),
        format!("{path}/move"),
        shop.clone(),
        format!("{shop}/times?service={service}&with=%22%3E%3Cscript%3E&month=%3Cscript%3E&lang=%22%3E%3Cscript%3E"),
        format!("{shop}/details?service={service}&starts=2026-11-27T15:00:00Z&key=%22%3E%3Cscript%3E"),
    ] {
        let page = visitor.get(&address).await;
        assert_eq!(page.status, 200, "{address}");
        page.says_not("<script>").says_not("<img").says_not("onerror=alert(1)>'`49");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_link_speaks_the_language_the_caller_spoke_and_any_other_on_request() {
    let server = start().await;
    let business = Arc::new(open_salon());
    let mut held = Vec::new();
    for (n, language) in ["de-DE", "fr", "pl"].into_iter().enumerate() {
        let hold = Hold {
            business: Arc::clone(&business),
            slot: slot(&business, &format!("2026-11-26T1{}:30-05", n + 3)),
            customer: anna(),
            call: None,
            by: Actor::Business,
            anyway: false,
            key: server.clock.new_id().to_string(),
            replacing: None,
        };
        let kept = server.state.desk.hold(hold).await.unwrap();
        let language = Some(language.to_owned());
        let by = Actor::Business;
        let confirm =
            Confirm { business: Arc::clone(&business), hold: kept.id, customer: anna(), by, tell: true, language };
        held.push(server.state.desk.confirm(confirm).await.unwrap());
    }
    let visitor = Visitor::of(&server);
    let german = visitor.get(&page_of(&server, &held[0])).await;
    german.says("<html lang=\"de-US\">").says("Ihr Termin").says("Donnerstag, 26. November").says("13:30 – 14:15");
    visitor.get(&page_of(&server, &held[1])).await.says("Votre rendez-vous").says("Jeudi 26 novembre");
    visitor.get(&page_of(&server, &held[2])).await.says("Your appointment");
    for (language, words) in [
        ("en", "Your appointment"),
        ("es", "Su cita"),
        ("de", "Ihr Termin"),
        ("fr", "Votre rendez-vous"),
        ("it", "Il suo appuntamento"),
        ("pt", "A sua reserva"),
        ("nl", "Uw afspraak"),
    ] {
        let page = visitor.get(&format!("{}?lang={language}", page_of(&server, &held[0]))).await;
        page.says(words).says(&format!("<html lang=\"{language}-US\">"));
        assert!(
            page.links("/cancel").iter().all(|link| link.ends_with(&format!("lang={language}"))),
            "it stays chosen"
        );
    }
    let gone = visitor.send(Method::GET, "/c/nothing", "", &[("accept-language", "nl-BE, en;q=0.5")]).await;
    gone.says("Deze link werkt niet meer");
    server.stop().await;
}

/// What a calendar has made for an appointment, with this address beside it.
async fn stands_at(server: &TestServer, booking: &Booking, provider: &str, address: &str) {
    let (store, clock) = (&server.state.store, &server.clock);
    let deed = Deed {
        id: DeedId(clock.new_id()),
        business: Some(booking.business),
        user: None,
        actor: "Maria".to_owned(),
        deed: "calendar.connected".to_owned(),
        subject: String::new(),
        detail: String::new(),
        at: clock.now(),
    };
    let opened = Opened {
        business: booking.business,
        provider: provider.to_owned(),
        staff: None,
        account: Account { subject: provider.to_owned(), label: String::new(), home: None },
        with: With::Key(Secret::new("a key")),
        renews: None,
    };
    let kept = server.state.opener.keep(opened, &deed).await.unwrap();
    let Some(Kept::New(connection)) = kept else { panic!("{kept:?}") };
    let turn = Turn { root: booking.id, provider: "any", holder: clock.new_id() };
    let when = Interval { from: booking.slot.starts, to: booking.slot.ends };
    assert!(
        store
            .take_turn(booking.business, &turn, clock.now(), clock.now() + SignedDuration::from_mins(1))
            .await
            .unwrap()
    );
    let placement = Placement {
        id: PlacementId(clock.new_id()),
        business: booking.business,
        booking: booking.id,
        connection: connection.id,
        calendar: CalendarId::new("main").unwrap(),
        key: EventKey { booking: booking.id, generation: 1 },
        state: PlacementState::Placed,
        asked: None,
        placed: Some(Placed { id: "1".to_owned(), etag: None, link: None, meeting: Some(address.to_owned()) }),
        stands: Some(when),
        wanted: when,
        digest: String::new(),
        tries: 0,
        due: None,
        put_back: 0,
        created: clock.now(),
    };
    assert!(store.begin_placement(&turn, &placement).await.unwrap());
    store.end_turn(&turn).await.unwrap();
}

#[tokio::test]
async fn the_video_call_that_a_calendar_has_made_is_there_for_whoever_is_booked() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    visitor.get(&path).await.says_not("Join the video call");
    // What a vendor with bookings of its own keeps there is where the customer cancels.
    stands_at(&server, &booking, "calendly", "https://calendly.com/cancellations/1").await;
    visitor.get(&path).await.says_not("calendly.com");
    stands_at(&server, &booking, "google_calendar", "https://meet.google.com/abc").await;
    visitor.get(&path).await.says("Join the video call").says("href=\"https://meet.google.com/abc\"");
    let cancel = visitor.get(&format!("{path}/cancel")).await;
    visitor.submit(&cancel, "/cancel", &[]).await;
    visitor.get(&path).await.says_not("meet.google.com");
    server.stop().await;
}
