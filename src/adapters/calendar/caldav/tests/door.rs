//! From what an owner types to calendars.

use super::{super::CalDav, both, caldav};
use crate::{
    domain::secret::Secret,
    ports::{
        calendar::{Diary as _, Trouble},
        consent::{KeyDoor as _, KeyError, Typed},
    },
    testing::calendar::{
        Misdeed,
        caldav::{Dialect, FakeCalDav, MAIN, OTHER, PASSWORD, READ_ONLY, USER},
    },
};

#[tokio::test]
async fn an_account_is_found_from_its_server_and_its_calendars_from_there() {
    for fake in both().await {
        let account = caldav().enter(&fake.typed()).await.unwrap();
        assert_eq!(account, fake.access().account);
        let listed = caldav().calendars(&fake.access()).await.unwrap();
        let listed: Vec<_> = listed.into_iter().map(|one| (one.id, one.name, one.primary, one.writable)).collect();
        assert_eq!(
            listed,
            [
                (fake.calendar(READ_ONLY), "Holidays".to_owned(), false, false),
                (fake.calendar(MAIN), "Home".to_owned(), true, true),
                (fake.calendar(OTHER), "Work & play".to_owned(), false, true),
            ]
        );
    }
}

#[tokio::test]
async fn an_address_with_a_path_is_asked_itself() {
    let fake = FakeCalDav::start(Dialect::Nextcloud).await;
    let typed = Typed { server: format!("{}/remote.php/dav", fake.door().address()), ..fake.typed() };
    // Without its slash it is nothing; then the well-known address leads there.
    assert!(caldav().enter(&typed).await.is_ok());
    let typed = Typed { server: format!("  {}/remote.php/dav/ ", fake.door().address()), ..fake.typed() };
    fake.kit().forget_asked();
    assert!(caldav().enter(&typed).await.is_ok());
    assert_eq!(fake.kit().count("", "well-known"), 0);
}

async fn wrong(caldav: &CalDav, typed: Typed) -> Option<&'static str> {
    match caldav.enter(&typed).await {
        Err(KeyError::Wrong { field, .. }) => Some(field),
        _ => None,
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_of_its_field() {
    let fake = FakeCalDav::start(Dialect::ICloud).await;
    let (caldav, good) = (caldav(), fake.typed());
    let with = |user: &str, key: &str| Typed { server: good.server.clone(), user: user.into(), key: Secret::new(key) };
    for (user, key, field) in [
        ("", PASSWORD, "user"),
        ("ann:bob", PASSWORD, "user"),
        ("ann\r\nX: y", PASSWORD, "user"),
        (USER, "", "key"),
        (USER, " abcd", "key"),
        (USER, "ab\ncd", "key"),
    ] {
        assert_eq!(wrong(&caldav, with(user, key)).await, Some(field), "{user:?} {key:?}");
    }
    assert!(fake.door().asked().is_empty());
    assert_eq!(wrong(&caldav, with(USER, "wrong")).await, Some("key"));
    assert_eq!(wrong(&caldav, with("bob@example.com", PASSWORD)).await, Some("key"));
    for server in ["", "ftp://x.example.com", "http://10.0.0.1/", "https://user:pass@x.example.com"] {
        assert_eq!(wrong(&caldav, Typed { server: server.into(), ..good.clone() }).await, Some("server"), "{server}");
    }
}

#[tokio::test]
async fn a_server_without_calendars_and_one_that_is_down_are_told_apart() {
    let fake = FakeCalDav::start(Dialect::ICloud).await;
    for _ in 0..3 {
        fake.door().once("PROPFIND", "", Misdeed::Html);
    }
    fake.door().once("PROPFIND", "", Misdeed::status(404, ""));
    assert_eq!(wrong(&caldav(), fake.typed()).await, Some("server"));
    fake.door().once("PROPFIND", "", Misdeed::status(503, ""));
    assert!(matches!(caldav().enter(&fake.typed()).await, Err(KeyError::Trouble(Trouble::Unavailable(_)))));
    fake.door().once("PROPFIND", "/1234567/principal/", Misdeed::HalfABody);
    assert!(matches!(caldav().enter(&fake.typed()).await, Err(KeyError::Trouble(Trouble::Unavailable(_)))));
    let nobody = Typed { server: "http://127.0.0.1:1999".to_owned(), ..fake.typed() };
    assert!(matches!(caldav().enter(&nobody).await, Err(KeyError::Trouble(Trouble::Unavailable(_)))));
}

#[test]
fn nothing_that_opens_it_prints() {
    let typed = Typed { server: String::new(), user: String::new(), key: Secret::new("canary") };
    assert!(!format!("{typed:?}").contains("canary"));
}
