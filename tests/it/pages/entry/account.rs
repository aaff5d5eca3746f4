//! One's own account, and one's businesses.

use deskbell::{domain::account::Role, testing::salon};

use super::{
    EMAIL, PASSWORD,
    visitor::{SESSION, Visitor},
};
use crate::support::server::{TestServer, eventually};

const NEW: &str = "a quite different password";

#[tokio::test]
async fn a_new_password_ends_every_session_and_gives_this_browser_a_fresh_one() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let (here, there) = (Visitor::of(&server), Visitor::of(&server));
    here.come_in().await;
    there.come_in().await;
    let before = here.cookie(SESSION).unwrap();
    let wrong = here.post("/account/password", &[("current", "not the password"), ("password", NEW)]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("This is not your password.") && !wrong.text.contains(NEW));
    let done = here.post("/account/password", &[("current", PASSWORD), ("password", NEW)]).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, "/account"));
    assert_eq!(there.get("/account").await.status, 303);
    assert_eq!(here.get("/account").await.status, 200);
    let old = Visitor::of(&server);
    old.set_cookie(SESSION, &before);
    assert_eq!(old.get("/account").await.status, 303, "the cookie from before is dead too");
    assert_eq!(there.sign_in(PASSWORD).await.status, 422);
    assert_eq!(there.sign_in(NEW).await.status, 303);
    eventually("a letter tells", async || server.email.sent().len() == 1).await;
    server.stop().await;
}

#[tokio::test]
async fn a_browser_that_was_left_open_does_not_tell_the_password() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let here = Visitor::of(&server);
    here.come_in().await;
    let mut waits = 0;
    for n in 0..20 {
        let current = format!("guess number {n}");
        let answer = here.post("/account/password", &[("current", &current), ("password", NEW)]).await;
        waits += usize::from(answer.text.contains("tried too often"));
    }
    assert_eq!(waits, 14);
    server.stop().await;
}

#[tokio::test]
async fn where_one_is_signed_in_is_listed_and_can_be_ended() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let (here, there, elsewhere) = (Visitor::of(&server), Visitor::of(&server), Visitor::of(&server));
    for browser in [&there, &elsewhere, &here] {
        browser.come_in().await;
    }
    let page = here.get("/account").await;
    // One more is the browser that set the password.
    assert_eq!(page.text.matches("Firefox on Linux</b>").count(), 4, "{}", page.text);
    assert_eq!(page.text.matches("This one").count(), 1);
    let end = page
        .text
        .split("action=\"")
        .find_map(|rest| rest.split('"').next().filter(|path| path.ends_with("/end")))
        .unwrap();
    assert_eq!(here.post(end, &[]).await.location(), "/account");
    assert_eq!(here.post(end, &[]).await.status, 404, "it is over");
    assert_eq!(here.post("/account/sessions/end-others", &[]).await.location(), "/account");
    for browser in [&there, &elsewhere] {
        assert_eq!(browser.get("/account").await.status, 303);
    }
    assert_eq!(here.get("/account").await.text.matches("Firefox on Linux</b>").count(), 1);

    // Somebody else's is not theirs to end.
    let stranger = server.signed_in(&[]).await;
    let mine = server.state.store.user_by_email(&EMAIL.parse().unwrap()).await.unwrap().unwrap();
    let now = "2026-11-24T15:00:00Z".parse().unwrap();
    let sessions = server.state.store.sessions(mine.id, now, "2026-11-24T13:00:00Z".parse().unwrap()).await.unwrap();
    let path = format!("/account/sessions/{}/end", sessions[0].id);
    assert_eq!(stranger.post(&path, &[]).await.status, 404);
    assert_eq!(stranger.post("/account/sessions/x/end", &[]).await.status, 404);
    assert_eq!(here.get("/account").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_new_e_mail_address_wants_the_password_and_is_told_to_the_old_one() {
    let server = TestServer::start().await;
    let id = server.maria(&[(salon().id, Role::Owner)]).await;
    let here = Visitor::of(&server);
    here.come_in().await;
    let fields =
        |email: &'static str, confirm: &'static str| [("name", "Maria L."), ("email", email), ("confirm", confirm)];
    assert_eq!(here.post("/account", &fields(EMAIL, "")).await.status, 303, "a name alone does not");
    assert_eq!(here.post("/account", &fields("m@example.com", "")).await.status, 422);
    assert_eq!(here.post("/account", &fields("m@example.com", "not the password")).await.status, 422);
    let other = server.signed_in(&[]).await;
    let theirs = server.state.store.user(other.user).await.unwrap().unwrap().email.to_string();
    let taken = here.post("/account", &[("name", "Maria"), ("email", &theirs), ("confirm", PASSWORD)]).await;
    assert_eq!(taken.status, 422);
    assert!(taken.text.contains("belongs to another account"));
    assert_eq!(here.post("/account", &fields("m@example.com", PASSWORD)).await.status, 303);
    let user = server.state.store.user(id).await.unwrap().unwrap();
    assert_eq!((user.name.as_str(), user.email.as_str()), ("Maria L.", "m@example.com"));
    eventually("a letter tells", async || server.email.sent().iter().any(|letter| letter.to.as_str() == EMAIL)).await;
    server.stop().await;
}

#[tokio::test]
async fn a_business_is_added_by_its_name_and_its_clock() {
    let server = TestServer::start().await;
    let id = server.maria(&[(salon().id, Role::Staff)]).await;
    let here = Visitor::of(&server);
    here.come_in().await;
    let wrong = here.post("/businesses", &[("business", ""), ("zone", "Mars/Olympus")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("id=\"business-wrong\"") && wrong.text.contains("value=\"Mars/Olympus\""));
    let done = here.post("/businesses", &[("business", "<b>Ünïcode & Sons</b>"), ("zone", "Asia/Calcutta")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let added = done.location().trim_start_matches("/b/").trim_end_matches("/settings/start").parse().unwrap();
    let business = server.state.store.business(added).await.unwrap().unwrap().business;
    assert_eq!((business.country.as_str(), business.suspended), ("IN", false));
    let page = here.get("/businesses").await;
    assert!(page.text.contains("Willow and Sage Salon") && !page.text.contains("<b>Ünïcode"), "{}", page.text);
    assert_eq!(here.get(&format!("/b/{added}/settings")).await.status, 200, "its owner");
    assert_eq!(here.get(&format!("/b/{}/settings", salon().id)).await.status, 403, "and staff there");
    let deeds = server.state.store.deeds(added, None, 10).await.unwrap();
    assert_eq!(
        deeds.iter().map(|deed| (deed.deed.as_str(), deed.user)).collect::<Vec<_>>(),
        [("business.added", Some(id))]
    );
    server.stop().await;
}
