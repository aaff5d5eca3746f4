//! Signing in and out.

use std::collections::BTreeMap;

use argon2::password_hash::PasswordHasher as _;
use axum::http::header;
use deskbell::{domain::account::Role, testing::salon};
use futures_util::future::join_all;
use jiff::SignedDuration;

use super::{
    EMAIL, PASSWORD,
    visitor::{SESSION, Visitor},
};
use crate::support::server::TestServer;

#[tokio::test]
async fn signing_in_leads_to_the_only_business_or_to_where_one_wanted_to_go() {
    let server = TestServer::start().await;
    let business = salon().id;
    server.maria(&[(business, Role::Owner)]).await;
    let visitor = Visitor::of(&server);
    let sent = visitor.get(&format!("/b/{business}/calls?q=x")).await;
    assert_eq!(sent.location(), format!("/sign-in?next=%2Fb%2F{business}%2Fcalls%3Fq%3Dx"));
    let page = visitor.get(sent.location()).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(&format!("value=\"/b/{business}/calls?q=x\"")), "{}", page.text);
    let answer = visitor.sign_in(PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, format!("/b/{business}").as_str()));
    // Whoever is in already goes on.
    assert_eq!(visitor.get("/sign-in?next=/account").await.location(), "/account");

    let other = server.another_business().await;
    let member = server.state.store.user_by_email(&EMAIL.parse().unwrap()).await.unwrap().unwrap();
    server
        .state
        .store
        .set_membership(member.id, other, Role::Staff, "2026-11-24T15:00:00Z".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(Visitor::of(&server).sign_in(PASSWORD).await.location(), "/businesses", "there is a choice");
    server.stop().await;
}

#[tokio::test]
async fn t14_the_cookie_is_this_hosts_alone_and_cannot_be_read_out_of_the_database() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let visitor = Visitor::of(&server);
    let answer = visitor.sign_in(PASSWORD).await;
    let lines: Vec<&str> =
        answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
    let line = lines.iter().find(|line| line.starts_with("__Host-deskbell=")).unwrap();
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
        assert!(line.split("; ").any(|told| told == part), "{part} is missing: {line}");
    }
    assert!(
        lines.iter().all(|line| line.starts_with("__Host-") && line.contains("Secure") && !line.contains("Domain"))
    );
    let secret = visitor.cookie(SESSION).unwrap();
    assert_eq!(secret.len(), 43, "256 bits");
    let dump = server.dump_all().await;
    assert!(!dump.contains(&secret) && !dump.contains(PASSWORD), "a secret stands in the database");
    server.stop().await;
}

#[tokio::test]
async fn t14_a_cookie_from_before_is_not_adopted_and_an_old_one_is_dead() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let visitor = Visitor::of(&server);
    visitor.set_cookie(SESSION, "planted-by-somebody-else");
    visitor.come_in().await;
    let first = visitor.cookie(SESSION).unwrap();
    assert_ne!(first, "planted-by-somebody-else");
    // Signing in once more ends what was before.
    visitor.come_in().await;
    let second = visitor.cookie(SESSION).unwrap();
    assert_ne!(first, second);
    let with = |secret: &str| {
        let thief = Visitor::of(&server);
        thief.set_cookie(SESSION, secret);
        thief
    };
    assert_eq!(with(&first).get("/account").await.status, 303);
    assert_eq!(with("planted-by-somebody-else").get("/account").await.status, 303);
    assert_eq!(with(&second).get("/account").await.status, 200);
    let out = visitor.post("/sign-out", &[]).await;
    assert_eq!(out.location(), "/sign-in");
    assert_eq!(visitor.cookie(SESSION), None);
    assert_eq!(with(&second).get("/account").await.status, 303, "signed out on the server, not in the browser only");
    server.stop().await;
}

#[tokio::test]
async fn k8_an_expired_session_is_no_obstacle_and_two_tabs_go_out_together() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let visitor = Visitor::of(&server);
    visitor.come_in().await;
    server.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(visitor.get("/account").await.status, 303, "two hours without a click");
    visitor.come_in().await;
    // Busy all day, and over after twelve hours all the same.
    for _ in 0..11 {
        server.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(visitor.get("/account").await.status, 200);
    }
    server.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(visitor.get("/account").await.status, 303);
    visitor.come_in().await;
    // Two tabs of a browser have one jar of cookies.
    let secret = visitor.cookie(SESSION).unwrap();
    let tab = Visitor::of(&server);
    tab.set_cookie(SESSION, &secret);
    assert_eq!(tab.get("/account").await.status, 200);
    visitor.post("/sign-out", &[]).await;
    assert_eq!(tab.get("/account").await.status, 303);
    assert_eq!(tab.post("/sign-out", &[]).await.location(), "/sign-in", "once more does no harm");
    server.stop().await;
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let said = async |email: &str, password: &str| {
        let visitor = Visitor::of(&server);
        let answer = visitor.post("/sign-in", &[("email", email), ("password", password)]).await;
        (answer.status, answer.text.replace(email, "…"), visitor.cookie(SESSION))
    };
    let wrong = said(EMAIL, "not the password").await;
    assert_eq!(wrong.0, 422);
    assert!(wrong.1.contains("do not belong together") && wrong.2.is_none());
    assert_eq!(wrong, said("nobody@example.com", "not the password").await);
    // What cannot be a password is as wrong as any other.
    for password in ["x", "not\0the password", &"x".repeat(60_000)] {
        assert_eq!(wrong, said(EMAIL, password).await);
    }
    server.stop().await;
}

#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    let server = TestServer::start().await;
    let business = salon().id;
    server.maria(&[(business, Role::Owner)]).await;
    for next in
        ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "/\t/evil.example", ""]
    {
        let visitor = Visitor::of(&server);
        let answer = visitor.post("/sign-in", &[("email", EMAIL), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, format!("/b/{business}").as_str()), "{next:?}");
    }
    let page = Visitor::of(&server).get("/sign-in?next=//evil.example").await;
    assert!(!page.text.contains("evil"));
    server.stop().await;
}

#[tokio::test]
async fn k8_a_thousand_wrong_guesses_get_nowhere_and_lock_nobody_out() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let at_home = Visitor::of(&server);
    at_home.come_in().await;
    let stranger = Visitor::of(&server);
    let mut answers = BTreeMap::new();
    for n in 0..1_000 {
        let answer = stranger.sign_in(&format!("guess number {n}")).await;
        *answers.entry(answer.status.as_u16()).or_insert(0) += 1;
    }
    assert_eq!(answers.get(&422), Some(&6), "looked at: {answers:?}");
    assert_eq!(answers.get(&429), Some(&994));
    // The right password from a browser that has been here works at once, whatever strangers do.
    assert_eq!(at_home.sign_in(PASSWORD).await.status, 303);
    // From a strange one it works after a wait that is told; going on guessing has not made it longer.
    let abroad = Visitor::at(&server, "192.0.2.7");
    let answer = abroad.sign_in(PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.headers["retry-after"].to_str().unwrap()), (429, "15"));
    assert!(answer.text.contains("Please wait 15 seconds") && answer.text.contains(&format!("value=\"{EMAIL}\"")));
    server.clock.advance(SignedDuration::from_secs(15));
    assert_eq!(abroad.sign_in(PASSWORD).await.status, 303);
    server.stop().await;
}

#[tokio::test]
async fn whoever_guesses_all_day_makes_strangers_wait_five_minutes_at_most() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    let mut wait = 0;
    for n in 0_u8..40 {
        let guesser = Visitor::at(&server, &format!("192.0.2.{n}"));
        let answer = guesser.sign_in("not the password").await;
        if answer.status == 429 {
            wait = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
            server.clock.advance(SignedDuration::from_secs(wait));
        }
    }
    assert_eq!(wait, 300);
    // A letter ends the wait.
    let abroad = Visitor::at(&server, "192.0.2.200");
    let _ = abroad.sign_in("not the password").await;
    assert_eq!(abroad.sign_in(PASSWORD).await.status, 429);
    let reset = super::path_of(&server.accounts().reset_address(&EMAIL.parse().unwrap()).await.unwrap());
    assert_eq!(abroad.post(&reset, &[("password", "another violet train")]).await.status, 303);
    assert_eq!(Visitor::at(&server, "192.0.2.201").sign_in("another violet train").await.status, 303);
    server.stop().await;
}

#[tokio::test]
async fn t13_two_hundred_who_sign_in_at_once_take_turns() {
    let server = TestServer::start().await;
    server.maria(&[(salon().id, Role::Owner)]).await;
    // Each from an address of its own, or most would be refused before a password is looked at.
    let strangers: Vec<Visitor> = (0..200).map(|n| Visitor::at(&server, &format!("203.0.113.{n}"))).collect();
    let tries = strangers.iter().enumerate().map(async |(n, stranger)| {
        let email = format!("user{n}@example.com");
        stranger.post("/sign-in", &[("email", &email), ("password", "not the password")]).await.status.as_u16()
    });
    let statuses = join_all(tries).await;
    // How many had their turn before their patience ended is the machine's business.
    assert!(statuses.iter().all(|status| [422, 503].contains(status)), "{statuses:?}");
    Visitor::of(&server).come_in().await;
    let peak = server.state.doorkeeper.passwords.peak();
    assert!((1..=2).contains(&peak), "{peak} hashes at once");
    server.stop().await;
}

#[tokio::test]
async fn a_hash_of_other_times_is_made_anew_when_its_owner_signs_in() {
    let server = TestServer::start().await;
    let id = server.maria(&[(salon().id, Role::Owner)]).await;
    let params = argon2::Params::new(4_096, 1, 1, None).unwrap();
    let old = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let weak = old.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    let today = server.state.store.password_of(id).await.unwrap().unwrap();
    server.state.store.rehash_password(id, &today, &weak).await.unwrap();
    let visitor = Visitor::of(&server);
    assert_eq!(visitor.sign_in("not the password").await.status, 422);
    assert_eq!(server.state.store.password_of(id).await.unwrap(), Some(weak.clone()));
    visitor.come_in().await;
    let anew = server.state.store.password_of(id).await.unwrap().unwrap();
    assert!(anew.contains("m=19456,t=2,p=1") && anew != weak, "{anew}");
    assert_eq!(Visitor::of(&server).sign_in(PASSWORD).await.status, 303);
    server.stop().await;
}
