//! The guided path, as a new owner walks it.

use deskbell::{
    domain::{
        account::Role,
        business::{Business, Rules, WeeklyHours},
        setup,
    },
    testing::salon,
};

use super::{at, booked, deeds, form, pairs, saved, with};
use crate::support::server::TestServer;

/// A business as the first page of the setup leaves it.
async fn blank() -> TestServer {
    let business = Business {
        name: "New".into(),
        hours: WeeklyHours::default(),
        exceptions: Vec::new(),
        services: Vec::new(),
        staff: Vec::new(),
        numbers: Vec::new(),
        facts: Vec::new(),
        rules: Rules::default(),
        address: None,
        ..salon()
    };
    TestServer::start_for(business, 10).await
}

#[tokio::test]
async fn a_new_owner_gets_from_nothing_to_a_business_that_can_be_called() {
    let server = blank().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let landing = owner.get(&at("/start")).await;
    assert!(landing.text.contains("about ten minutes"), "{}", landing.text);
    let step = async |name: &str, more: &[(&str, &str)]| {
        let page = at(&format!("/start/{name}"));
        let mut typed = form(&owner.get(&page).await.text, &page);
        for (field, value) in more {
            typed = with(typed, field, value);
        }
        let answer = owner.post(&page, &pairs(&typed)).await;
        assert_eq!(answer.status, 303, "{name}: {}", answer.text);
        answer.location().to_owned()
    };
    assert_eq!(step("business", &[("name", "Hands"), ("country", "GB")]).await, at("/start/zone"));
    assert_eq!(step("zone", &[("zone", "Europe/London")]).await, at("/start/trade"));

    let trade = at("/start/trade");
    let preview = owner.get(&format!("{trade}?trade=hair")).await;
    assert!(preview.text.contains("what would be filled in") && preview.text.contains("GBP"), "{}", preview.text);
    assert_eq!(saved(&server).await.0.services, Vec::new(), "looking takes nothing over");
    let taken = owner.post(&trade, &pairs(&form(&preview.text, &trade))).await;
    assert_eq!((taken.status.as_u16(), taken.location()), (303, at("/start/hours").as_str()));

    assert_eq!(step("hours", &[]).await, at("/start/services"));
    assert_eq!(step("services", &[("price", "38.50")]).await, at("/start/staff"));
    assert_eq!(step("staff", &[("name", "Amira")]).await, at("/start/number"));
    assert_eq!(step("number", &[("do", "skip")]).await, at("/start/calendar"));
    assert_eq!(step("calendar", &[]).await, at("/start/call"));
    assert_eq!(step("call", &[]).await, at("/start"));

    let (business, _) = saved(&server).await;
    assert_eq!(business.mistakes(), Vec::new());
    assert_eq!((business.name.as_str(), business.staff[0].name.as_str()), ("Hands", "Amira"));
    assert_eq!(business.services[0].price.unwrap().to_string(), "38.50 GBP");
    assert!(business.services.iter().all(|service| business.offering(service).next().is_some()));
    let progress = setup::progress(&business, false);
    assert_eq!((progress.done, progress.next), (7, Some(setup::Step::Number)));
    let landing = owner.get(&at("/start")).await;
    assert!(landing.text.contains("7 of 9 steps are done") && landing.text.contains("put off"), "{}", landing.text);
    let told: Vec<_> = deeds(&server).await.into_iter().map(|deed| format!("{} {}", deed.deed, deed.detail)).collect();
    assert!(told.contains(&"settings.template template hair: hours, services, facts, manner".to_owned()), "{told:?}");
    assert!(told.iter().all(|line| !line.contains("Amira") && !line.contains("Hands")), "{told:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_template_replaces_nothing_unless_it_is_told_to() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/start/trade");
    let preview = owner.get(&format!("{page}?trade=vet")).await;
    let typed = form(&preview.text, &page);
    assert!(!typed.iter().any(|(name, _)| name == "piece"), "nothing is ticked where something is: {typed:?}");
    assert_eq!(owner.post(&page, &pairs(&typed)).await.status, 303);
    let (business, _) = saved(&server).await;
    assert_eq!((&business.services, &business.hours), (&salon().services, &salon().hours));
    let typed = with(typed, "piece", "services");
    assert_eq!(owner.post(&page, &pairs(&typed)).await.status, 303);
    let (business, _) = saved(&server).await;
    assert_eq!(business.services[..3], salon().services[..]);
    assert!(business.services.len() > 3 && business.staff == salon().staff);
    server.stop().await;
}

#[tokio::test]
async fn rows_are_added_and_taken_away_and_a_booked_service_is_not_lost() {
    let server = TestServer::start().await;
    let booking = booked(&server).await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/start/services");
    let rows = form(&owner.get(&page).await.text, &page);
    let place = salon().services.iter().position(|service| service.id == booking.slot.service).unwrap();
    let dropped = owner.post(&page, &pairs(&with(rows.clone(), "do", &format!("drop {place}")))).await;
    assert_eq!(dropped.status, 200);
    let refused = owner.post(&page, &pairs(&form(&dropped.text, &page))).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("cannot be removed"), "{}", refused.text);

    let added = owner.post(&page, &pairs(&with(rows, "do", "add"))).await;
    let mut rows = form(&added.text, &page);
    let last = rows.iter().rposition(|(name, _)| name == "name").unwrap();
    "Perm".clone_into(&mut rows[last].1);
    let refused = owner.post(&page, &pairs(&rows)).await;
    assert_eq!(refused.status, 422, "it has no length");
    assert!(refused.text.contains("id=\"row3-wrong\""), "{}", refused.text);
    "90".clone_into(&mut rows[last + 1].1);
    assert_eq!(owner.post(&page, &pairs(&rows)).await.status, 303);
    let (business, _) = saved(&server).await;
    assert_eq!((business.services.len(), business.services[3].minutes), (4, 90));
    assert_eq!(business.services[..3], salon().services[..], "what the list does not show stays as it was");
    server.stop().await;
}
