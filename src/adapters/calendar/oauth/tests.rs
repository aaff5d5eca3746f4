//! Against the consent page that the fakes share.

use std::{collections::HashMap, sync::Arc, time::Duration};

use super::*;
use crate::testing::{
    calendar::{
        Kit, Misdeed,
        consent::{ConsentServer, Lie, Person, Refresh, Rules, Scope as FakeScope, nothing_more},
    },
    clock::FixedClock,
};

const BACK: &str = "https://desk.example/connect/vendor/back";
const ANN: &str = "ann-1";

struct Vendor {
    kit: Kit,
    server: ConsentServer,
    clock: FixedClock,
    oauth: OAuth,
}

fn rules() -> Rules {
    Rules {
        vendor: "Vendor",
        authorize: "/authorize",
        token: "/token",
        revoke: Some("/revoke"),
        client_id: "client:1".to_owned(),
        client_secret: "s3cret %+&".to_owned(),
        scopes: vec![
            FakeScope { name: "openid", granted_as: "openid", words: "" },
            FakeScope { name: "events", granted_as: "events", words: "Write events" },
            FakeScope { name: "busy", granted_as: "busy", words: "See when you are busy" },
        ],
        granular: true,
        refresh: Refresh::Kept,
        offline: Some(("access_type", "offline")),
        first_only: true,
        life: SignedDuration::from_hours(1),
        tells_scopes: true,
        per_minute: None,
        issuer: Some("{}"),
        extra: nothing_more,
    }
}

fn registration(base: &str, presents: Presents) -> Registration {
    Registration {
        authorize: format!("{base}/authorize"),
        token: format!("{base}/token"),
        revoke: Some(format!("{base}/revoke")),
        client_id: "client:1".to_owned(),
        client_secret: Secret::new("s3cret %+&"),
        presents,
        scopes: ["openid", "events", "busy"].map(str::to_owned).to_vec(),
        needed: ["events", "busy"].map(str::to_owned).to_vec(),
        covers: exactly,
        extra: vec![("access_type", "offline")],
        issuer: Some(base.to_owned()),
        life: SignedDuration::from_mins(30),
    }
}

async fn vendor(rules: Rules, presents: Presents) -> Vendor {
    let clock = FixedClock::at("2026-11-24T15:00:00Z");
    let mut server = None;
    let kit = Kit::serve(|base| {
        let people = vec![Person::new(ANN, "ann@example.com", "Ann"), Person::new("bo-2", "bo@example.com", "Bo")];
        let made = ConsentServer::new(base, rules, people, Arc::new(clock.clone()));
        made.register(BACK);
        server.insert(made).routes()
    })
    .await;
    let oauth = OAuth::new(registration(kit.address(), presents)).unwrap();
    Vendor { kit, server: server.unwrap(), clock, oauth }
}

fn way() -> Way {
    Way { back: BACK.to_owned(), verifier: Secret::new("v".repeat(43)) }
}

fn pairs(address: &str) -> HashMap<String, String> {
    let query = address.split_once('?').unwrap().1;
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

impl Vendor {
    fn code(&self) -> String {
        let back = self.server.agrees(&self.oauth.address(&way(), "a-state"), ANN);
        pairs(&back).remove("code").unwrap()
    }
}

#[tokio::test]
async fn an_owner_agrees_and_the_code_becomes_tokens_that_can_be_renewed() {
    for presents in [Presents::Basic, Presents::Form] {
        let vendor = vendor(rules(), presents).await;
        let address = vendor.oauth.address(&way(), "a-state");
        let asked = pairs(&address);
        assert_eq!((asked["scope"].as_str(), asked["access_type"].as_str()), ("openid events busy", "offline"));
        assert!(!address.contains(&"v".repeat(43)), "only its hash goes out");
        let back = vendor.server.agrees(&address, ANN);
        assert!(back.starts_with(BACK));
        let told = pairs(&back);
        assert_eq!((told["state"].as_str(), told["iss"].as_str()), ("a-state", vendor.oauth.issuer().unwrap()));

        let granted = vendor.oauth.redeem(&told["code"], &way()).await.unwrap();
        assert_eq!(granted.tokens.good_for, SignedDuration::from_hours(1));
        let refresh = granted.tokens.refresh.unwrap();
        let renewed = vendor.oauth.refresh(&refresh).await.unwrap().tokens;
        assert!(renewed.refresh.is_none(), "the old one goes on");
        let bearer = vendor.server.bearer(Some(&format!("Bearer {}", renewed.access.expose()))).unwrap();
        assert_eq!((bearer.person.subject.as_str(), bearer.scopes.len()), (ANN, 3));

        vendor.oauth.revoke(&refresh).await.unwrap();
        assert!(matches!(vendor.oauth.refresh(&refresh).await, Err(ConsentError::Refused)));
        vendor.oauth.revoke(&refresh).await.unwrap();
        assert_eq!(vendor.server.counters().refused, 1);
    }
}

#[tokio::test]
async fn a_browser_sees_a_page_with_a_box_for_each_scope_and_is_sent_back() {
    let vendor = vendor(rules(), Presents::Form).await;
    let client = crate::adapters::http::builder().build().unwrap();
    let address = vendor.oauth.address(&way(), "a \"state\"");
    let page = client.get(&address).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("See when you are busy") && page.contains("ann@example.com"), "{page}");
    let form = [("account", "bo-2"), ("scope", "events"), ("decision", "allow")];
    let sent = client.post(&address).form(&form).send().await.unwrap();
    let told = pairs(sent.headers()["location"].to_str().unwrap());
    assert_eq!((sent.status().as_u16(), told["state"].as_str()), (303, "a \"state\""));
    assert!(matches!(vendor.oauth.redeem(&told["code"], &way()).await, Err(ConsentError::Incomplete(_))));
    let sent = client.post(&address).form(&[("account", "bo-2"), ("decision", "deny")]).send().await.unwrap();
    assert_eq!(pairs(sent.headers()["location"].to_str().unwrap())["error"], "access_denied");
    let elsewhere = address.replace("desk.example", "evil.example");
    let shown = client.get(elsewhere).send().await.unwrap();
    assert_eq!((shown.status().as_u16(), shown.headers().get("location")), (400, None));
}

/// J10, J12.
#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_and_with_its_verifier() {
    let vendor = vendor(rules(), Presents::Form).await;
    let code = vendor.code();
    vendor.oauth.redeem(&code, &way()).await.unwrap();
    assert!(matches!(vendor.oauth.redeem(&code, &way()).await, Err(ConsentError::Refused)));
    let code = vendor.code();
    vendor.clock.advance(SignedDuration::from_mins(10));
    assert!(matches!(vendor.oauth.redeem(&code, &way()).await, Err(ConsentError::Refused)));
    let other = Way { verifier: Secret::new("w".repeat(43)), ..way() };
    assert!(matches!(vendor.oauth.redeem(&vendor.code(), &other).await, Err(ConsentError::Refused)));
    let other = Way { back: format!("{BACK}/"), ..way() };
    assert!(matches!(vendor.oauth.redeem(&vendor.code(), &other).await, Err(ConsentError::Refused)));
}

/// J11.
#[tokio::test]
async fn j11_an_answer_that_cannot_be_relied_on_is_not_taken_for_a_grant() {
    let vendor = vendor(rules(), Presents::Basic).await;
    for lie in Lie::OF_TOKENS {
        let code = vendor.code();
        vendor.server.then(lie);
        let error = vendor.oauth.redeem(&code, &way()).await.err().unwrap();
        let incomplete = matches!(lie, Lie::NoRefreshToken | Lie::FewerScopes);
        assert_eq!(matches!(error, ConsentError::Incomplete(_)), incomplete, "{lie:?}: {error:?}");
        assert_eq!(matches!(error, ConsentError::Unusable(_)), !incomplete, "{lie:?}: {error:?}");
    }
    let to = format!("{}/token", vendor.kit.address());
    for misdeed in [Misdeed::Html, Misdeed::TooLong, Misdeed::HalfABody, Misdeed::Redirect { to }] {
        let code = vendor.code();
        vendor.kit.once("POST", "/token", misdeed.clone());
        let error = vendor.oauth.redeem(&code, &way()).await.err().unwrap();
        assert!(matches!(error, ConsentError::Unusable(_)), "{misdeed:?}: {error:?}");
    }
    let codes = vendor.server.counters().codes;
    assert_eq!(codes, Lie::OF_TOKENS.len() + 3, "a redirect is not followed");
}

#[tokio::test]
async fn a_second_consent_brings_no_refresh_token_unless_it_is_asked_for() {
    let vendor = vendor(rules(), Presents::Form).await;
    vendor.oauth.redeem(&vendor.code(), &way()).await.unwrap();
    assert!(matches!(vendor.oauth.redeem(&vendor.code(), &way()).await, Err(ConsentError::Incomplete(_))));
    let mut registration = registration(vendor.kit.address(), Presents::Form);
    registration.extra.push(("prompt", "consent"));
    let oauth = OAuth::new(registration).unwrap();
    let back = vendor.server.agrees(&oauth.address(&way(), "s"), ANN);
    oauth.redeem(&pairs(&back)["code"], &way()).await.unwrap();
}

#[tokio::test]
async fn scopes_that_are_not_told_are_those_that_were_asked_for() {
    let vendor = vendor(Rules { tells_scopes: false, ..rules() }, Presents::Form).await;
    vendor.oauth.redeem(&vendor.code(), &way()).await.unwrap();
}

/// What was sent and whose answer was lost may have used up a token.
#[tokio::test]
async fn a_refresh_with_a_lost_answer_is_unknown_and_one_that_was_refused_is_final() {
    let vendor = vendor(Rules { refresh: Refresh::Once, ..rules() }, Presents::Form).await;
    let mut refresh = vendor.oauth.redeem(&vendor.code(), &way()).await.unwrap().tokens.refresh.unwrap();
    for misdeed in [Misdeed::status(503, "{}"), Misdeed::status(500, "<html>"), Misdeed::status(429, "{}")] {
        vendor.kit.once("POST", "/token", misdeed);
        assert!(matches!(vendor.oauth.refresh(&refresh).await, Err(ConsentError::Unavailable(_))));
    }
    vendor.kit.once("POST", "/token", Misdeed::status(401, r#"{"error":"invalid_client"}"#));
    assert!(matches!(vendor.oauth.refresh(&refresh).await, Err(ConsentError::Unusable(_))), "ours to mend");
    let old = refresh.clone();
    refresh = vendor.oauth.refresh(&refresh).await.unwrap().tokens.refresh.unwrap();
    assert!(old != refresh);
    for misdeed in [Misdeed::CutOff, Misdeed::HalfABody, Misdeed::Html, Misdeed::TooLong] {
        let (_, token) = vendor.server.let_in(ANN);
        let token = Secret::new(token);
        vendor.kit.once("POST", "/token", misdeed.clone());
        let lost = vendor.oauth.refresh(&token).await;
        assert!(matches!(lost, Err(ConsentError::Unknown(_))), "{misdeed:?}");
        assert!(matches!(vendor.oauth.refresh(&token).await, Err(ConsentError::Refused)), "it was used up");
    }
    assert!(matches!(vendor.oauth.refresh(&old).await, Err(ConsentError::Refused)));
    assert!(matches!(vendor.oauth.refresh(&refresh).await, Err(ConsentError::Refused)), "the grant went with it");
}

#[tokio::test]
async fn a_vendor_that_does_not_answer_is_given_some_time_and_one_that_is_not_there_none() {
    let vendor = vendor(rules(), Presents::Form).await;
    let registered = registration(vendor.kit.address(), Presents::Form);
    let oauth = OAuth::within(registered, Duration::from_millis(300)).unwrap();
    let (_, token) = vendor.server.let_in(ANN);
    vendor.kit.once("POST", "/token", Misdeed::DoneUnanswered);
    assert!(matches!(oauth.refresh(&Secret::new(token)).await, Err(ConsentError::Unknown(_))));
    let nowhere = OAuth::new(registration("http://127.0.0.1:9", Presents::Form)).unwrap();
    assert!(matches!(nowhere.refresh(&Secret::new("r")).await, Err(ConsentError::Unavailable(_))));
    assert!(matches!(nowhere.redeem("c", &way()).await, Err(ConsentError::Unavailable(_))));
    assert!(matches!(nowhere.revoke(&Secret::new("r")).await, Err(ConsentError::Unavailable(_))));
}

#[tokio::test]
async fn no_error_and_no_debugging_shows_a_token() {
    let vendor = vendor(rules(), Presents::Form).await;
    vendor.kit.once("POST", "/token", Misdeed::status(400, r#"{"error":"canary","error_description":"canary"}"#));
    let error = vendor.oauth.refresh(&Secret::new("canary")).await.err().unwrap();
    assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
    vendor.kit.once("POST", "/token", Misdeed::status(200, r#"{"access_token":"canary""#));
    let error = vendor.oauth.refresh(&Secret::new("canary")).await.err().unwrap();
    assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
}
