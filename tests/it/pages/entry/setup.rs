//! The first run.

use deskbell::{domain::account::Role, testing::salon};
use jiff::SignedDuration;

use super::{EMAIL, PASSWORD, visitor::Visitor};
use crate::support::server::TestServer;

const MARIA: &[(&str, &str)] = &[("name", "Maria Lopez"), ("email", EMAIL), ("password", PASSWORD)];

#[tokio::test]
async fn the_first_owner_of_a_fresh_server_founds_a_business_and_goes_on_setting_it_up() {
    let server = TestServer::start_empty().await;
    let path = server.setup_path().await;
    let visitor = Visitor::of(&server);
    let page = visitor.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<option value=\"Europe/Paris\">"), "zones are offered");

    let bare = visitor.post(&path, MARIA).await;
    assert_eq!(bare.status, 422);
    assert!(bare.text.contains("Say what your business is called.") && bare.text.contains("value=\"Maria Lopez\""));
    assert!(!bare.text.contains(PASSWORD), "a password never goes back");

    let fields = [MARIA, &[("business", "Salon Élodie"), ("zone", "Europe/Paris")]].concat();
    let done = visitor.post(&path, &fields).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let found = server.state.store.businesses(None, 10).await.unwrap();
    let [founded] = found.as_slice() else { panic!("one business") };
    let business = &founded.business;
    assert_eq!(
        (business.name.as_str(), business.zone.name(), business.country.as_str()),
        ("Salon Élodie", "Europe/Paris", "FR")
    );
    assert_eq!(done.location(), format!("/b/{}/settings/start", business.id));
    assert_eq!(visitor.get(&format!("/b/{}", business.id)).await.status, 200);
    let members = server.state.store.members(business.id).await.unwrap();
    assert_eq!((members.len(), members[0].1), (1, Role::Owner));
    let deeds = server.state.store.deeds(business.id, None, 10).await.unwrap();
    assert_eq!(deeds.iter().map(|deed| deed.deed.as_str()).collect::<Vec<_>>(), ["account.set_up"]);

    // Once is once: the same address leads to signing in now, and another cannot be had.
    let again = Visitor::of(&server).get(&path).await;
    assert_eq!((again.status.as_u16(), again.location()), (303, "/sign-in"));
    assert_eq!(server.accounts().setup_address().await.unwrap(), None);
    server.stop().await;
}

#[tokio::test]
async fn a_business_that_is_there_already_becomes_the_first_owners() {
    let server = TestServer::start().await;
    let path = server.setup_path().await;
    let visitor = Visitor::of(&server);
    assert!(visitor.get(&path).await.text.contains("Willow and Sage Salon"));
    let done = visitor.post(&path, MARIA).await;
    assert_eq!(done.location(), format!("/b/{}", salon().id));
    assert_eq!(server.state.store.businesses(None, 10).await.unwrap().len(), 1, "none is founded beside it");
    server.stop().await;
}

#[tokio::test]
async fn of_two_browsers_with_the_same_address_one_wins() {
    let server = TestServer::start().await;
    let path = server.setup_path().await;
    let (one, other) = (Visitor::of(&server), Visitor::of(&server));
    let james = [("name", "James"), ("email", "james@example.com"), ("password", PASSWORD)];
    let (first, second) = tokio::join!(one.post(&path, MARIA), other.post(&path, &james));
    let mut led = [first.location().to_owned(), second.location().to_owned()];
    led.sort();
    assert_eq!(led, [format!("/b/{}", salon().id), "/sign-in".to_owned()]);
    assert_eq!(server.state.store.members(salon().id).await.unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_setup_address_is_good_for_a_day_and_until_the_next_one() {
    let server = TestServer::start().await;
    let first = server.setup_path().await;
    let second = server.setup_path().await;
    let visitor = Visitor::of(&server);
    for path in [first.as_str(), "/setup/x", "/setup/%00", "/setup/'or'1'='1"] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text.contains("deskbell owner setup"));
        assert_eq!(visitor.post(path, MARIA).await.status, 404, "{path}");
    }
    assert_eq!(visitor.get(&second).await.status, 200);
    server.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(visitor.get(&second).await.status, 404);
    assert!(!server.state.store.has_users().await.unwrap());
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_an_account_is_said_beside_its_field() {
    let server = TestServer::start().await;
    let path = server.setup_path().await;
    let visitor = Visitor::of(&server);
    let long = "a".repeat(81);
    for (field, value, why) in [
        ("name", "", "Say what you are called"),
        ("name", long.as_str(), "at most 80 characters"),
        ("name", "Maria\r\nBcc: x", "on one line"),
        ("email", "maria", "not an e-mail address"),
        ("password", "short", "at least 12 characters. This has 5."),
        ("password", "password1234", "one of the first that anybody would try"),
        ("password", "violet\0train car", "no key types"),
    ] {
        let fields: Vec<(&str, &str)> =
            MARIA.iter().map(|(name, typed)| (*name, if *name == field { value } else { *typed })).collect();
        let answer = visitor.post(&path, &fields).await;
        assert_eq!(answer.status, 422, "{field}={value:?}");
        assert!(
            answer.text.contains(why) && answer.text.contains(&format!("id=\"{field}-wrong\"")),
            "{field}: {}",
            answer.text
        );
    }
    assert!(!server.state.store.has_users().await.unwrap());
    server.stop().await;
}
