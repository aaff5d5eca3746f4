//! How an owner lets us in.

use super::*;
use crate::ports::consent::{Consent as _, ConsentError, Way};

const BACK: &str = "https://desk.example/connect/google_calendar/back";

fn way() -> Way {
    Way { back: BACK.to_owned(), verifier: Secret::new("v".repeat(64)) }
}

fn code(back: &str) -> String {
    let query = back.split_once('?').unwrap().1;
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code").unwrap().1.into_owned()
}

#[tokio::test]
async fn an_owner_agrees_and_we_know_whose_account_it_is() {
    let desk = Desk::open().await;
    desk.fake.consent().register(BACK);
    // Ann has agreed before: Google gives a refresh token again, because it is asked to ask.
    let back = desk.fake.consent().agrees(&desk.google.address(&way(), "state"), ANN);
    assert_eq!(desk.google.issuer(), Some(desk.fake.address()));
    let grant = desk.google.redeem(&code(&back), &way()).await.unwrap();
    assert_eq!((grant.account.subject.as_str(), grant.account.label.as_str()), (ANN, ANNS));
    assert_eq!(grant.tokens.good_for, jiff::SignedDuration::from_secs(3_599));
    let refresh = grant.tokens.refresh.unwrap();
    let renewed = desk.google.refresh(&refresh).await.unwrap();
    let access = Access { secret: renewed.access, account: grant.account };
    assert_eq!(desk.google.calendars(&access).await.unwrap().len(), 1);
    let range = between("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z");
    desk.google.busy(&access, &[calendar(ANNS)], range).await.unwrap();
    desk.google.place(&access, &calendar(ANNS), &haircut(0)).await.unwrap();

    desk.google.revoke(&refresh).await.unwrap();
    assert!(matches!(desk.google.refresh(&refresh).await, Err(ConsentError::Refused)));
    desk.google.revoke(&refresh).await.unwrap();
}

#[tokio::test]
async fn each_box_that_is_unticked_makes_it_incomplete() {
    let desk = Desk::open().await;
    desk.fake.consent().register(BACK);
    for scope in ["calendar.events.owned", "calendar.freebusy", "calendar.calendarlist.readonly"] {
        let scope = format!("https://www.googleapis.com/auth/{scope}");
        let address = desk.google.address(&way(), "state");
        let back = desk.fake.consent().agrees_but(&address, ANN, &[&scope]);
        let half = desk.google.redeem(&code(&back), &way()).await;
        assert!(matches!(half, Err(ConsentError::Incomplete(_))), "{scope}");
    }
}

#[tokio::test]
async fn an_account_without_a_name_is_not_taken() {
    let desk = Desk::open().await;
    desk.fake.consent().register(BACK);
    for (body, usable) in [
        ("{}", false),
        (r#"{"id":""}"#, false),
        ("<!doctype html>", false),
        (r#"{"id":"104000000000000000001"}"#, true),
    ] {
        let back = desk.fake.consent().agrees(&desk.google.address(&way(), "state"), ANN);
        desk.once("GET", "/userinfo", Misdeed::status(200, body));
        let grant = desk.google.redeem(&code(&back), &way()).await;
        assert_eq!(grant.is_ok(), usable, "{body}");
    }
    let back = desk.fake.consent().agrees(&desk.google.address(&way(), "state"), ANN);
    desk.once("GET", "/userinfo", Misdeed::status(503, ""));
    let grant = desk.google.redeem(&code(&back), &way()).await;
    assert!(matches!(grant, Err(ConsentError::Unavailable(_))));
}
