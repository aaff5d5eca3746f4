//! A forgotten password.

use deskbell::{domain::account::Role, ports::email::EmailError, testing::salon};
use jiff::SignedDuration;

use super::{
    EMAIL, PASSWORD, path_of,
    visitor::{SESSION, Visitor},
};
use crate::support::server::{TestServer, eventually};

const NEW: &str = "a quite different password";

async fn letters(server: &TestServer, count: usize) {
    eventually("letters arrive", async || server.email.sent().len() == count).await;
}

#[tokio::test]
async fn a_letter_leads_to_a_new_password_once_and_ends_every_session() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let at_home = Visitor::of(&server);
    at_home.come_in().await;

    let visitor = Visitor::of(&server);
    let asked = visitor.post("/forgotten", &[("email", "Maria@Example.com")]).await;
    assert_eq!(asked.status, 200);
    letters(&server, 1).await;
    let letter = server.email.sent().remove(0);
    assert_eq!((letter.to.as_str(), letter.subject.as_str()), (EMAIL, "A new password for Deskbell"));
    assert!(letter.link().starts_with("https://voice.example.com/reset/"), "{}", letter.text);
    let path = path_of(letter.link());
    assert!(!server.dump_all().await.contains(path.trim_start_matches("/reset/")), "only its hash is kept");

    let page = visitor.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(EMAIL) && page.text.contains("new-password"));
    assert_eq!(page.headers["referrer-policy"], "same-origin");
    assert_eq!(visitor.get(&path).await.status, 200, "looking does not use it up: mail programs look");
    let weak = visitor.post(&path, &[("password", "maria@example.com")]).await;
    assert_eq!(weak.status, 422);
    assert!(weak.text.contains("too near to your e-mail address"));
    let done = visitor.post(&path, &[("password", NEW)]).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, format!("/b/{}", salon().id).as_str()));
    assert!(visitor.cookie(SESSION).is_some());
    assert_eq!(at_home.get("/account").await.status, 303, "every other browser is out");
    assert_eq!(visitor.get(&path).await.status, 404, "once");
    assert_eq!(visitor.post(&path, &[("password", NEW)]).await.status, 404);
    assert_eq!(at_home.sign_in(PASSWORD).await.status, 422);
    assert_eq!(at_home.sign_in(NEW).await.status, 303);
    server.stop().await;
}

#[tokio::test]
async fn the_answer_is_the_same_whoever_asks() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let visitor = Visitor::of(&server);
    let known = visitor.post("/forgotten", &[("email", EMAIL)]).await;
    let unknown = visitor.post("/forgotten", &[("email", "nobody@example.com")]).await;
    assert_eq!(
        (known.status, known.text.replace(EMAIL, "…")),
        (unknown.status, unknown.text.replace("nobody@example.com", "…"))
    );
    letters(&server, 1).await;
    let none = visitor.post("/forgotten", &[("email", "maria")]).await;
    assert_eq!(none.status, 422);
    server.stop().await;
}

#[tokio::test]
async fn nobodys_letter_box_is_filled_and_a_newer_address_ends_the_older() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    for n in 0..10 {
        let asked = Visitor::at(&server, &format!("192.0.2.{n}")).post("/forgotten", &[("email", EMAIL)]).await;
        assert_eq!(asked.status, 200, "the answer does not tell");
        letters(&server, (n + 1).min(3)).await;
    }
    server.clock.advance(SignedDuration::from_mins(5));
    Visitor::of(&server).post("/forgotten", &[("email", EMAIL)]).await;
    letters(&server, 4).await;
    let paths: Vec<String> = server.email.sent().iter().map(|letter| path_of(letter.link())).collect();
    let visitor = Visitor::of(&server);
    assert_eq!(visitor.get(&paths[2]).await.status, 404);
    assert_eq!(visitor.get(&paths[3]).await.status, 200);
    server.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(visitor.get(&paths[3]).await.status, 404, "an hour");
    server.stop().await;
}

#[tokio::test]
async fn a_server_without_e_mail_says_so_and_a_mail_server_that_fails_fails_nobodys_page() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    server.email.then(EmailError::NotAllowed);
    let visitor = Visitor::of(&server);
    assert_eq!(visitor.post("/forgotten", &[("email", EMAIL)]).await.status, 200);
    server.email.unset(true);
    let page = visitor.get("/forgotten").await;
    assert!(page.text.contains("cannot send e-mail") && page.text.contains("deskbell owner reset"));
    let asked = visitor.post("/forgotten", &[("email", EMAIL)]).await;
    assert!(asked.text.contains("cannot send e-mail"));
    server.stop().await;
}
