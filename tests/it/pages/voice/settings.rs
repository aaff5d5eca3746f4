//! The receptionist's form and the messages' words.

use deskbell::{
    domain::{account::Role, business::WhenUnsure},
    testing::salon,
};

use super::{receptionist, value};
use crate::support::server::TestServer;

#[tokio::test]
async fn the_receptionist_is_told_what_to_say_and_when_to_put_through() {
    let server = TestServer::start().await;
    let salon = salon();
    let owner = server.signed_in(&[(salon.id, Role::Owner)]).await;
    let path = format!("/b/{}/settings/receptionist", salon.id);
    let page = owner.get(&path).await;
    assert_eq!(page.status, 200);
    for text in ["Thanks for calling Willow", "automated assistant", "parking, park, car", "no language model"] {
        assert!(page.text.contains(text), "{text}");
    }
    let base = value(&page, "base");
    let changed = [
        ("greeting", "Hello, {business} here."),
        ("when_unsure", "put_through"),
        ("transfer_to", "(212) 555-0199"),
        ("transfer_when", "hours"),
        ("hours_monday", "9-17"),
        ("fact_words", "dogs, pets"),
        ("fact_answer", "Dogs are welcome."),
    ];
    let saved = owner.post(&path, &receptionist(&base, &changed)).await;
    assert_eq!((saved.status.as_u16(), saved.location()), (303, path.as_str()), "{}", saved.text);
    let now = server.state.store.business(salon.id).await.unwrap().unwrap().business;
    assert_eq!(now.greeting(), "Hello, Willow and Sage Salon here.");
    assert_eq!(now.when_unsure, WhenUnsure::PutThrough);
    assert_eq!(now.transfer_to.unwrap().as_str(), "+12125550199");
    assert_eq!(now.transfer_hours.unwrap().monday.len(), 1);
    assert_eq!(now.facts[0].answer, "Dogs are welcome.");
    assert_eq!((now.rules, now.services), (salon.rules, salon.services), "nothing else was touched");
    let deeds = server.state.store.deeds(salon.id, None, 10).await.unwrap();
    assert_eq!(deeds.iter().map(|deed| deed.deed.as_str()).collect::<Vec<_>>(), ["settings.receptionist"]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept() {
    let server = TestServer::start().await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let path = format!("/b/{id}/settings/receptionist");
    let base = value(&owner.get(&path).await, "base");
    let premium = "+1 900 555 1234";
    let changed = [("greeting", "<script>Hi</script>"), ("transfer_to", premium), ("longest_call", "99")];
    let refused = owner.post(&path, &receptionist(&base, &changed)).await;
    assert_eq!(refused.status, 422);
    for text in ["costs whoever dials it", "must be 1 to 60", premium, "&#60;script&#62;Hi"] {
        assert!(refused.text.contains(text), "{text}");
    }
    assert!(!refused.text.contains("<script>Hi"));
    // A form made before somebody else saved is not saved over theirs.
    let theirs = receptionist(&base, &[("greeting", "Theirs")]);
    assert_eq!(owner.post(&path, &theirs).await.status, 303);
    let mine = owner.post(&path, &receptionist(&base, &[("greeting", "Mine")])).await;
    assert_eq!(mine.status, 409);
    assert!(mine.text.contains("Theirs") && mine.text.contains("Mine"));
    server.stop().await;
}

#[tokio::test]
async fn rows_come_and_go_without_script_and_nothing_is_saved_by_that() {
    let server = TestServer::start().await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let path = format!("/b/{id}/settings/receptionist");
    let base = value(&owner.get(&path).await, "base");
    let more = owner.post(&path, &receptionist(&base, &[("add", "on"), ("greeting", "Half typed")])).await;
    assert_eq!(more.status, 200);
    assert!(more.text.contains("id=\"fact_words_1\"") && more.text.contains("Half typed"));
    let less = owner.post(&path, &receptionist(&base, &[("remove", "0")])).await;
    assert!(!less.text.contains("value=\"parking, park, car\""), "the row is gone");
    assert!(server.state.store.deeds(id, None, 10).await.unwrap().is_empty());
    let heard = owner.post(&format!("{path}/heard"), &[("greeting", "Ahoy & welcome to {business}")]).await;
    assert_eq!(heard.text, "Ahoy &#38; welcome to Willow and Sage Salon");
    server.stop().await;
}

#[tokio::test]
async fn t38_the_owners_words_are_what_customers_get_and_carriers_let_through() {
    let server = TestServer::start().await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let path = format!("/b/{id}/settings/messages");
    let page = owner.get(&path).await;
    assert!(page.text.contains("you&#39;re booked at {business}") && page.text.contains("2 segments"), "{}", page.text);
    let base = value(&page, "base");
    let words = [("base", base.as_str()), ("booked", "{name}, see you {when}. Reply CANCEL to cancel.")];
    let refused = owner.post(&path, &words).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("no more") && refused.text.contains("Reply CANCEL"));
    let ours = "{name}, see you {when}\nat {business}. Change it: {link}";
    let saved = owner.post(&path, &[("base", base.as_str()), ("booked", ours)]).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let now = server.state.store.business(id).await.unwrap().unwrap().business;
    assert_eq!(now.texts["en"].booked, "{name}, see you {when} at {business}. Change it: {link}");
    // Typing shows at once how long it gets.
    let seen = owner.post(&format!("{path}/preview?lang=en"), &[("moved", "Škoda {when}")]).await;
    assert_eq!(seen.status, 200);
    assert!(seen.text.contains("Škoda Tue") && seen.text.contains("Costs twice"), "{}", seen.text);
    let seen = owner.post(&format!("{path}/preview?lang=xx"), &[("moved", "Hello {who}")]).await;
    assert!(seen.text.contains("knows no {who}"), "{}", seen.text);
    // Emptied, ours are back.
    let base = value(&owner.get(&path).await, "base");
    assert_eq!(owner.post(&path, &[("base", base.as_str()), ("booked", "")]).await.status, 303);
    assert!(server.state.store.business(id).await.unwrap().unwrap().business.texts.is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_calendar_that_is_named_can_be_switched_off_at_once() {
    let server = TestServer::start().await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let path = format!("/b/{id}/settings/integrations");
    assert!(owner.get(&path).await.text.contains("own calendar decides"));
    let found = server.state.store.business(id).await.unwrap().unwrap();
    let mut business = found.business;
    "some_calendar".clone_into(&mut business.ai_config.integrations.provider);
    server.state.store.save_business(&business, found.version, "2026-11-24T15:00:00Z".parse().unwrap()).await.unwrap();
    let page = owner.get(&path).await;
    assert!(page.text.contains("some_calendar") && page.text.contains("does not know it"));
    let base = value(&page, "base");
    let done = owner.post(&format!("{path}/native"), &[("base", base.as_str())]).await;
    assert_eq!(done.status, 303);
    let business = server.state.store.business(id).await.unwrap().unwrap().business;
    assert_eq!(business.ai_config.integrations.provider, "native");
    server.stop().await;
}
