//! Adding an appointment by hand.

use super::rig::{Rig, hidden, notice, wednesday};

#[tokio::test]
async fn an_appointment_is_added_once_however_often_the_form_is_sent() {
    let rig = Rig::start().await;
    let staff = rig.staff().await;
    let form = staff.get(&rig.path("/calendar/new?on=2026-11-25")).await;
    let key = hidden(&form, "key");
    let service = rig.business.services[0].id.to_string();
    let at = format!("{}.{}", wednesday("10:00").as_second(), rig.business.staff[0].id);
    assert!(form.text.contains(&at), "{}", form.text);
    let fields = [
        ("key", key.as_str()),
        ("service", &service),
        ("at", &at),
        ("name", "Anna Kovacs"),
        ("phone", "(212) 555-0123"),
        ("tell", "on"),
    ];
    let added = staff.post(&rig.path("/calendar/new"), &fields).await;
    assert_eq!(added.status, 303, "{}", added.text);
    assert!(notice(&added).0.contains("Booked for Wednesday, November 25, 10:00 am"));
    assert_eq!(staff.post(&rig.path("/calendar/new"), &fields).await.status, 303);
    let booked = rig.confirmed().await;
    assert_eq!(booked.len(), 1);
    assert_eq!(booked[0].customer.phone.as_ref().unwrap().as_str(), "+12125550123");
    assert_eq!(rig.letters(booked[0].id).await, ["booked"]);
    let page = staff.get(&rig.page_of(booked[0].id)).await.text;
    assert!(page.contains("Booked by Maria Lopez") && page.contains("(212) 555-0123"), "{page}");
    let known = rig.server.state.store.customer_by_phone(rig.id(), booked[0].customer.phone.as_ref().unwrap()).await;
    let known = known.unwrap().unwrap().id;
    assert!(page.contains(&rig.path(&format!("/customers/{known}"))));
    let for_them = staff.get(&rig.path(&format!("/calendar/new?customer={known}"))).await.text;
    assert!(for_them.contains("value=\"Anna Kovacs\"") && for_them.contains("value=\"(212) 555-0123\""));
    let found = staff.post(&rig.path("/calendar/people"), &[("name", "kov")]).await.text;
    assert!(found.contains("value=\"Anna Kovacs\" data-phone=\"(212) 555-0123\""), "{found}");
    rig.server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_is_kept() {
    let rig = Rig::start().await;
    let staff = rig.staff().await;
    let service = rig.business.services[0].id.to_string();
    let fields = [("service", service.as_str()), ("phone", "12"), ("on", "2026-11-25"), ("at", "other")];
    let refused = staff.post(&rig.path("/calendar/new"), &fields).await;
    assert_eq!(refused.status, 422);
    for said in ["say who comes", "this is no telephone number", "choose a time", "value=\"12\""] {
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    for nonsense in [
        vec![("at", "99999999999999.00000000-0000-7000-8000-00000000a001"), ("name", "A")],
        vec![("at", "-1.x"), ("name", "A")],
        vec![("time", "25:99"), ("name", "A"), ("staff", "x")],
        vec![("service", "\0"), ("on", "9999-12-31"), ("name", "A")],
        vec![],
    ] {
        let answer = staff.post(&rig.path("/calendar/new"), &nonsense).await;
        assert_eq!(answer.status, 422, "{nonsense:?}: {}", answer.text);
    }
    assert!(rig.confirmed().await.is_empty());
    rig.server.stop().await;
}

#[tokio::test]
async fn outside_the_hours_is_asked_about_and_a_taken_time_is_refused() {
    let rig = Rig::start().await;
    let staff = rig.staff().await;
    let service = rig.business.services[0].id.to_string();
    let maria = rig.business.staff[0].id.to_string();
    let late = vec![
        ("service", service.as_str()),
        ("staff", &maria),
        ("on", "2026-11-25"),
        ("at", "other"),
        ("time", "21:00"),
        ("name", "Anna"),
    ];
    let asked = staff.post(&rig.path("/calendar/new"), &late).await;
    assert_eq!(asked.status, 422);
    assert!(asked.text.contains("Maria does not work then") && asked.text.contains("book it anyway"), "{}", asked.text);
    let anyway = [late.clone(), vec![("anyway", "on")]].concat();
    assert_eq!(staff.post(&rig.path("/calendar/new"), &anyway).await.status, 303);
    let booked = rig.confirmed().await;
    assert_eq!(booked[0].slot.starts, wednesday("21:00"));
    let again = [anyway, vec![("key", "another")]].concat();
    let taken = staff.post(&rig.path("/calendar/new"), &again).await;
    assert_eq!(taken.status, 409);
    assert!(taken.text.contains("Maria has Anna then"), "{}", taken.text);
    rig.server.stop().await;
}

#[tokio::test]
async fn a_business_that_offers_nothing_yet_is_told_what_to_do_first() {
    let business = deskbell::domain::business::Business { services: Vec::new(), ..deskbell::testing::salon() };
    let rig = Rig::start_for(business).await;
    let page = rig.staff().await.get(&rig.path("/calendar/new")).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("There is nothing to book yet"), "{}", page.text);
    rig.server.stop().await;
}
