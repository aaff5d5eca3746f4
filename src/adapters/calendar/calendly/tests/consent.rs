//! Letting us in, and keeping it open.

use super::{super::consent::CalendlyConsent, *};
use crate::{
    ports::consent::{Consent as _, ConsentError, Way},
    testing::calendar::{
        Misdeed,
        calendly::{CLIENT_ID, CLIENT_SECRET},
        consent::Lie,
    },
};

fn way() -> Way {
    Way {
        back: "https://desk.example/connect/calendly/back".to_owned(),
        verifier: Secret::new("a-verifier-of-forty-three-characters-or-more"),
    }
}

fn consent(fake: &FakeCalendly, clock: &FixedClock) -> CalendlyConsent {
    fake.consent().register(&way().back);
    let calendly = Calendly::new(fake.address(), Arc::new(clock.clone())).unwrap();
    CalendlyConsent::new(fake.address(), CLIENT_ID, Secret::new(CLIENT_SECRET), Arc::new(calendly)).unwrap()
}

fn code(back: &str) -> String {
    let (_, query) = back.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code").unwrap().1.into_owned()
}

#[tokio::test]
async fn an_owner_agrees_and_the_account_is_theirs() {
    let World { fake, clock, .. } = world().await;
    let consent = consent(&fake, &clock);
    let address = consent.address(&way(), "a-state");
    assert!(address.contains("code_challenge_method=S256") && address.contains("scheduled_events%3Awrite"));
    let code = code(&fake.consent().agrees(&address, &fake.subject()));
    let grant = consent.redeem(&code, &way()).await.unwrap();
    assert_eq!(grant.account.subject, fake.subject());
    assert_eq!((grant.account.label.as_str(), grant.account.home.as_deref()), ("ann@example.com", None));
    assert_eq!(grant.tokens.good_for, SignedDuration::from_hours(2));
    assert!(matches!(consent.redeem(&code, &way()).await, Err(ConsentError::Refused)), "j10: once");
}

#[tokio::test]
async fn g3_a_refresh_token_is_good_once_and_the_next_one_goes_on() {
    let World { fake, clock, .. } = world().await;
    let consent = consent(&fake, &clock);
    let (_, first) = fake.consent().let_in(&fake.subject());
    let first = Secret::new(first);
    let second = consent.refresh(&first).await.unwrap();
    let next = second.refresh.unwrap();
    assert_ne!(next, first);
    let third = consent.refresh(&next).await.unwrap();
    let account = Account { subject: fake.subject(), label: String::new(), home: None };
    let calendly = Calendly::new(fake.address(), Arc::new(clock.clone())).unwrap();
    assert_eq!(calendly.kinds(&Access { secret: third.access, account }).await.unwrap().len(), 1);
    assert!(matches!(consent.refresh(&first).await, Err(ConsentError::Refused)));
}

#[tokio::test]
async fn without_a_successor_a_refresh_leads_nowhere() {
    let World { fake, clock, .. } = world().await;
    let consent = consent(&fake, &clock);
    let (_, token) = fake.consent().let_in(&fake.subject());
    fake.consent().then(Lie::NoRefreshToken);
    assert!(matches!(consent.refresh(&Secret::new(token)).await, Err(ConsentError::Unknown(_))));
}

#[tokio::test]
async fn j11_less_than_everything_is_not_enough() {
    let World { fake, clock, .. } = world().await;
    let consent = consent(&fake, &clock);
    for lie in Lie::OF_TOKENS {
        let address = consent.address(&way(), "a-state");
        let code = code(&fake.consent().agrees(&address, &fake.subject()));
        fake.consent().then(lie);
        let redeemed = consent.redeem(&code, &way()).await;
        let fewer = matches!(lie, Lie::FewerScopes | Lie::NoRefreshToken);
        match redeemed {
            Err(ConsentError::Incomplete(_)) if fewer => {}
            Err(ConsentError::Unusable(_)) if !fewer => {}
            // A life below nothing is over at once.
            Ok(grant) if lie == Lie::NegativeLife => assert!(grant.tokens.good_for <= SignedDuration::ZERO),
            other => panic!("{lie:?}: {other:?}"),
        }
        clock.advance(SignedDuration::from_mins(1));
    }
}

#[tokio::test]
async fn an_account_that_cannot_be_told_is_not_kept() {
    let World { fake, clock, .. } = world().await;
    let consent = consent(&fake, &clock);
    let other = r#"{"resource": {"uri": "https://api.calendly.com/users/OTHER", "email": "x@example.com",
                    "current_organization": "https://api.calendly.com/organizations/A"}}"#;
    for (misdeed, busy) in
        [(Misdeed::status(503, ""), true), (Misdeed::Html, true), (Misdeed::status(200, other), false)]
    {
        let address = consent.address(&way(), "a-state");
        let code = code(&fake.consent().agrees(&address, &fake.subject()));
        fake.kit().once("GET", "/users/me", misdeed);
        match consent.redeem(&code, &way()).await {
            Err(ConsentError::Unavailable(_)) if busy => {}
            Err(ConsentError::Unusable(_)) if !busy => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn g2_what_is_given_back_opens_nothing_any_more() {
    let World { fake, clock, calendly, access, .. } = world().await;
    let consent = consent(&fake, &clock);
    let (_, token) = fake.consent().let_in(&fake.subject());
    let token = Secret::new(token);
    consent.revoke(&token).await.unwrap();
    consent.revoke(&token).await.unwrap();
    assert!(matches!(consent.refresh(&token).await, Err(ConsentError::Refused)));
    assert!(calendly.kinds(&access).await.is_ok(), "another grant of the same account");
    fake.revoke();
    assert!(matches!(calendly.kinds(&access).await, Err(Trouble::Unauthorized)));
}
