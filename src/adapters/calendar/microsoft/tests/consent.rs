//! The way into an account, and what becomes of its tokens.

use std::collections::HashMap;

use super::*;
use crate::{
    ports::consent::{Consent as _, ConsentError, Way},
    testing::calendar::{
        Misdeed,
        microsoft::{BEN, CLIENT_ID, CLIENT_SECRET},
    },
};

const BACK: &str = "https://desk.example/connect/microsoft365/back";

fn way() -> Way {
    Way { back: BACK.to_owned(), verifier: Secret::new("v".repeat(43)) }
}

fn consent(office: &Office) -> MicrosoftConsent {
    office.server.consent().register(BACK);
    let application = Application { client_id: CLIENT_ID.into(), client_secret: Secret::new(CLIENT_SECRET) };
    MicrosoftConsent::new(&office.server.login(), &office.server.address(), application).unwrap()
}

fn code(office: &Office, consent: &MicrosoftConsent, subject: &str) -> String {
    let back = office.server.consent().agrees(&consent.address(&way(), "a-state"), subject);
    let query = back.split_once('?').unwrap().1;
    let mut told: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    told.remove("code").unwrap()
}

#[tokio::test]
async fn an_owner_agrees_and_every_refresh_brings_a_new_token() {
    let office = office().await;
    let consent = consent(&office);
    for (subject, label) in [(ANN, "ann@contoso.example"), (BEN, "ben@outlook.example")] {
        let grant = consent.redeem(&code(&office, &consent, subject), &way()).await.unwrap();
        assert_eq!((grant.account.subject.as_str(), grant.account.label.as_str()), (subject, label));
        let refresh = grant.tokens.refresh.unwrap();
        let next = consent.refresh(&refresh).await.unwrap();
        assert_ne!(next.refresh.as_ref().unwrap(), &refresh);
        let access = Access { secret: next.access, account: grant.account };
        assert_eq!(office.diary.calendars(&access).await.unwrap().len(), 2);
        // There is nowhere to give it back to.
        consent.revoke(&refresh).await.unwrap();
        office.server.revoke(subject);
        assert!(matches!(consent.refresh(&next.refresh.unwrap()).await, Err(ConsentError::Refused)));
    }
}

#[tokio::test]
async fn j11_an_account_that_cannot_be_told_is_not_connected() {
    let office = office().await;
    let consent = consent(&office);
    for (misdeed, incomplete) in [
        (Misdeed::status(403, r#"{"error":{"code":"Authorization_RequestDenied","message":"x"}}"#), true),
        (Misdeed::status(200, "{}"), false),
        (Misdeed::Html, false),
        (Misdeed::status(200, r#"{"id":""}"#), false),
        (Misdeed::status(503, ""), false),
    ] {
        office.server.kit().once("GET", "/v1.0/me", misdeed.clone());
        let error = consent.redeem(&code(&office, &consent, ANN), &way()).await.err().unwrap();
        assert_eq!(matches!(error, ConsentError::Incomplete(_)), incomplete, "{misdeed:?}");
    }
}
