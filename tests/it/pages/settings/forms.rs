//! What is wrong is said beside the field, and what was typed is kept.

use deskbell::{domain::account::Role, testing::salon};

use super::{at, booked, deeds, form, pairs, saved, with};
use crate::support::server::TestServer;

#[tokio::test]
async fn k5_a_service_that_cannot_be_is_refused_beside_its_fields() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at(&format!("/services/{}", salon().services[0].id));
    let opened = form(&owner.get(&page).await.text, &page);
    for (field, values) in [
        ("price", ["NaN", "-1", "1e308", "45.505"]),
        ("minutes", ["0", "-30", "1441", "soon"]),
        ("buffer_after", ["241", "-1", "NaN", "1e3"]),
        ("capacity", ["0", "501", "two", "-1"]),
        ("name", ["", " ", "Color", "beard trim"]),
    ] {
        for value in values {
            let answer = owner.post(&page, &pairs(&with(opened.clone(), field, value))).await;
            assert_eq!(answer.status, 422, "{field} = {value}");
            assert!(answer.text.contains(&format!("id=\"{field}-wrong\"")), "{field} = {value}: {}", answer.text);
            let kept = form(&answer.text, &page);
            assert_eq!(kept.iter().find(|(name, _)| name == field).unwrap().1, value.trim(), "what was typed is kept");
        }
    }
    assert_eq!(saved(&server).await.0, salon());
    assert_eq!(deeds(&server).await, Vec::new());
    let typed = with(with(opened, "price", "47.50"), "description", "Wash, cut, dry.");
    assert_eq!(owner.post(&page, &pairs(&typed)).await.status, 303);
    let (business, _) = saved(&server).await;
    assert_eq!(business.services[0].price.unwrap().minor, 4750);
    assert_eq!(business.services[0].description.as_deref(), Some("Wash, cut, dry."));
    assert_eq!(deeds(&server).await[0].detail, "description, price");
    server.stop().await;
}

#[tokio::test]
async fn k5_a_price_is_read_as_the_country_writes_it() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/business");
    let business = with(form(&owner.get(&page).await.text, &page), "country", "DE");
    assert_eq!(owner.post(&page, &pairs(&business)).await.status, 303);
    let page = at("/services/new");
    let service = with(with(form(&owner.get(&page).await.text, &page), "name", "Dauerwelle"), "price", "1.045,50");
    assert_eq!(owner.post(&page, &pairs(&service)).await.status, 303);
    let (business, _) = saved(&server).await;
    let price = business.services.last().unwrap().price.unwrap();
    assert_eq!(price.to_string(), "1045.50 EUR");
    let shown = owner.get(&at("/services")).await;
    assert!(shown.text.contains("1045,50 EUR"), "{}", shown.text);
    server.stop().await;
}

#[tokio::test]
async fn k5_hours_that_overlap_are_told_at_their_day_and_nothing_is_saved() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/hours");
    let mut week = form(&owner.get(&page).await.text, &page);
    week.extend([("monday.from".into(), "17:00".into()), ("monday.to".into(), "19:00".into())]);
    let answer = owner.post(&page, &pairs(&week)).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("13:00 to 18:00 and 17:00 to 19:00 overlap"), "{}", answer.text);
    assert_eq!(saved(&server).await.0, salon());
    server.stop().await;
}

/// The whole of the week's page works without script: every button is a button of the form.
#[tokio::test]
async fn a_break_is_added_and_a_day_is_copied_without_script() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/hours");
    let week = form(&owner.get(&page).await.text, &page);
    let added = owner.post(&page, &pairs(&with(week, "do", "add saturday"))).await;
    assert_eq!(added.status, 200, "nothing is saved yet");
    let mut week = form(&added.text, &page);
    let rows: Vec<usize> =
        (0..week.len()).filter(|n| week[*n].0 == "saturday.from" || week[*n].0 == "saturday.to").collect();
    assert_eq!(rows.len(), 4, "{week:?}");
    "13:00".clone_into(&mut week[rows[1]].1);
    "14:00".clone_into(&mut week[rows[2]].1);
    "17:00".clone_into(&mut week[rows[3]].1);
    week.extend([("copy.saturday".into(), "sunday".into()), ("do".into(), "copy saturday".into())]);
    let copied = owner.post(&page, &pairs(&week)).await;
    let week = form(&copied.text, &page);
    assert_eq!(saved(&server).await.0, salon());
    assert_eq!(owner.post(&page, &pairs(&week)).await.status, 303);
    let (business, _) = saved(&server).await;
    assert_eq!(business.hours.sunday, business.hours.saturday);
    assert_eq!((business.hours.sunday.len(), business.hours.friday), (2, salon().hours.friday));
    assert_eq!(deeds(&server).await[0].detail, "Saturday, Sunday");
    server.stop().await;
}

#[tokio::test]
async fn what_stands_in_a_form_can_be_called_before_it_is_saved() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    for (path, field, value) in [("/hours", "sunday.all_day", "on"), ("/rules", "horizon_days", "10")] {
        let page = at(path);
        let typed = with(with(form(&owner.get(&page).await.text, &page), field, value), "try", "on");
        let tried = owner.post(&page, &pairs(&typed)).await;
        assert_eq!(tried.status, 303, "{path}");
        assert!(tried.location().contains("/try/"), "{path}: {}", tried.location());
        assert_eq!(saved(&server).await.0, salon(), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn another_zone_says_what_becomes_of_the_appointments_first() {
    let server = TestServer::start().await;
    booked(&server).await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/business");
    let berlin = with(form(&owner.get(&page).await.text, &page), "zone", "Berlin");
    let asked = owner.post(&page, &pairs(&berlin)).await;
    assert_eq!(asked.status, 422);
    assert!(asked.text.contains("Each keeps its moment, not its time on the clock"), "{}", asked.text);
    assert_eq!(saved(&server).await.0.zone, salon().zone);
    let read = with(form(&asked.text, &page), "zone_moves", "on");
    assert_eq!(owner.post(&page, &pairs(&read)).await.status, 303);
    assert_eq!(saved(&server).await.0.zone.name(), "Europe/Berlin", "a city is enough");
    let nowhere = with(form(&owner.get(&page).await.text, &page), "zone", "Mars/Olympus");
    assert_eq!(owner.post(&page, &pairs(&nowhere)).await.status, 422);
    server.stop().await;
}

#[tokio::test]
async fn what_an_owner_types_is_text_and_never_markup() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = at("/business");
    let typed = with(form(&owner.get(&page).await.text, &page), "name", "<script>alert(1)</script>");
    assert_eq!(owner.post(&page, &pairs(&typed)).await.status, 303);
    for path in ["", "/business", "/start", "/start/business", "/services", "/hours/exceptions"] {
        let seen = owner.get(&at(path)).await;
        assert_eq!(seen.status, 200, "{path}");
        assert!(!seen.text.contains("<script>alert"), "{path}");
    }
    server.stop().await;
}
