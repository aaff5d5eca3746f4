//! Keys, the audit log, and what stands in no page.

use axum::http::Method;
use deskbell::{
    domain::account::Role,
    testing::{calendar::paper::CANARY, salon},
    web::pages,
};

use super::rig::{Rig, ann, at};
use crate::support::{
    form::{form, pairs, with},
    vendors::KEY,
};

/// A key as it is typed.
const TYPED: [(&str, &str); 3] = [("server", "https://cloud.example.com"), ("user", "ann"), ("key", KEY)];

#[tokio::test]
async fn a_key_is_tried_sealed_and_never_shown_again() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let door = at("/connect/paper_keys");
    let asked = owner.get(&door).await;
    assert!(
        asked.status == 200 && asked.text.contains("Make an app password") && asked.text.contains("type=\"password\"")
    );
    let mut field_of = Vec::new();
    for (name, value) in
        [("server", "http://cloud.example.com"), ("server", ""), ("user", ""), ("key", ""), ("key", "wrong")]
    {
        let typed: Vec<(&str, &str)> =
            TYPED.map(|(field, old)| if field == name { (field, value) } else { (field, old) }).into();
        let refused = owner.post(&door, &typed).await;
        assert_eq!(refused.status, 422, "{name}={value}: {}", refused.text);
        assert!(refused.text.contains(&format!("id=\"{name}-wrong\"")), "{name}={value}: {}", refused.text);
        assert!(!refused.text.contains(KEY) && !refused.text.contains("value=\"wrong\""), "{}", refused.text);
        field_of.push(name);
    }
    assert_eq!(rig.paper.keys.tried.times(), 2, "what is empty is not sent anywhere");
    let home = owner.post(&door, &TYPED).await;
    assert_eq!(home.status, 303, "{}", home.text);
    let connections = rig.connections(salon().id).await;
    assert_eq!(connections.len(), 1);
    assert_eq!(connections[0].account.home.as_deref(), Some("https://cloud.example.com"));
    assert_eq!(home.location(), at(&format!("/settings/connections/{}", connections[0].id)));
    assert_eq!(owner.get(home.location()).await.status, 200);

    // The same account once more renews it.
    let again = owner.get(&format!("{door}?renews={}", connections[0].id)).await.text;
    assert!(again.contains("Connect Paper Keys again") && again.contains("value=\"https://cloud.example.com\""));
    let typed = form(&again, &door);
    let typed = with(with(typed, "key", KEY), "user", "ann");
    assert_eq!(owner.post(&door, &pairs(&typed)).await.status, 303);
    let renewed = rig.connections(salon().id).await;
    assert_eq!((renewed.len(), renewed[0].id), (1, connections[0].id));
    assert!(renewed[0].version > connections[0].version);
    assert!(!rig.server.dump_all().await.contains(CANARY), "it is sealed");
    rig.server.stop().await;
}

#[tokio::test]
async fn somebody_who_tries_keys_all_day_is_held_up() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let mut last = 0;
    for _ in 0..30 {
        let typed = [("server", "https://cloud.example.com"), ("user", "ann"), ("key", "guess")];
        last = owner.post(&at("/connect/paper_keys"), &typed).await.status.as_u16();
    }
    assert_eq!((last, rig.paper.keys.tried.times()), (429, 20));
    rig.server.stop().await;
}

#[tokio::test]
async fn a_door_that_is_closed_says_what_is_missing() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let away = owner.get(&at("/connect/paper_closed")).await;
    assert_eq!((away.status.as_u16(), away.location()), (303, at("/settings/integrations").as_str()));
    let page = owner.get(&at("/settings/integrations")).await.text;
    assert!(page.contains("DESKBELL_PAPER_CLIENT_ID") && page.contains("the id of your app there"), "{page}");
    assert!(!page.contains(&format!("href=\"{}\"", at("/connect/paper_closed"))), "no button that leads nowhere");
    assert_eq!(owner.post(&at("/connect/paper_closed"), &TYPED).await.status, 400);
    rig.server.stop().await;
}

/// J16: no owner can make us talk with a server of their choosing that says who is who.
#[tokio::test]
async fn j16_nobody_brings_a_vendor_of_their_own() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let found = rig.server.state.store.business(salon().id).await.unwrap().unwrap();
    let mut business = found.business;
    business.ai_config.integrations.provider = "evil".to_owned();
    business.ai_config.integrations.providers.entry("evil".to_owned()).or_default().enabled = true;
    rig.server.state.store.save_business(&business, found.version, business_time(&rig)).await.unwrap();
    let page = owner.get(&at("/settings/integrations")).await.text;
    assert!(page.contains("This program does not know it") && !page.contains("/connect/evil"), "{page}");
    for (method, path) in [
        (Method::GET, at("/connect/evil")),
        (Method::POST, at("/connect/evil")),
        (Method::GET, "/connect/evil/back?state=a&code=b".to_owned()),
    ] {
        assert_eq!(owner.send(method, &path, "").await.status, 404, "{path}");
    }
    assert_eq!(rig.redeemed(), 0);
    rig.server.stop().await;
}

fn business_time(rig: &Rig) -> jiff::Timestamp {
    use deskbell::ports::clock::Clock as _;
    rig.server.clock.now()
}

#[tokio::test]
async fn each_change_leaves_a_line_and_no_token_stands_in_any_page() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let page = owner.connects(&rig, &ann()).await;
    owner.post(&at("/connect/paper_keys"), &TYPED).await;
    let asked = owner.get(&page).await.text;
    assert_eq!(owner.post(&page, &pairs(&form(&asked, &page))).await.status, 303);
    for door in pages::doors().iter().filter(|door| door.method == Method::GET) {
        for connection in rig.connections(salon().id).await {
            let path = door.path.replace("{business}", &salon().id.to_string());
            let path =
                path.replace("{connection}", &connection.id.to_string()).replace("{provider}", &connection.provider);
            if !path.contains('{') {
                let answer = owner.get(&path).await;
                assert!(!answer.text.contains(CANARY), "{path}");
                assert!(!format!("{:?}", answer.headers).contains(CANARY), "{path}");
            }
        }
    }
    assert!(!rig.server.dump_all().await.contains(CANARY), "nor in any row");
    assert_eq!(owner.post(&format!("{page}/disconnect"), &[]).await.status, 303);
    let mut deeds: Vec<_> = rig.deeds().await.into_iter().map(|deed| (deed.deed, deed.detail)).collect();
    deeds.reverse();
    let words: Vec<&str> = deeds.iter().map(|(word, _)| word.as_str()).collect();
    assert_eq!(
        words,
        [
            "calendar.connected",
            "calendar.connected",
            "calendar.chosen",
            "settings.integrations",
            "calendar.disconnected",
            "settings.integrations"
        ]
    );
    assert!(deeds.iter().all(|(_, detail)| !detail.contains("ann@")), "{deeds:?}");
    let log = owner.get(&at("/audit")).await.text;
    for sentence in ["connected a calendar", "chose what is used", "disconnected a calendar"] {
        assert!(log.contains(sentence), "{sentence}");
    }
    rig.server.stop().await;
}

#[tokio::test]
async fn staff_and_strangers_connect_nothing() {
    let rig = Rig::start().await;
    let staff = rig.server.signed_in(&[(salon().id, Role::Staff)]).await;
    let owner = rig.owner().await;
    let page = owner.connects(&rig, &ann()).await;
    for path in [at("/connect/paper_one"), page.clone(), format!("{page}/try"), format!("{page}/disconnect")] {
        assert_eq!(staff.get(&path).await.status, 403, "{path}");
        assert_eq!(rig.server.stranger().get(&path).await.status, 303, "{path}");
    }
    let other = rig.server.another_business().await;
    let them = rig.server.signed_in(&[(other, Role::Owner)]).await;
    let theirs = page.replace(&salon().id.to_string(), &other.to_string());
    for path in [page.clone(), theirs.clone(), format!("{theirs}/try"), format!("{theirs}/disconnect")] {
        assert_eq!(them.get(&path).await.status, 404, "{path}");
        assert_eq!(them.post(&path, &[]).await.status.as_u16() / 100, 4, "{path}");
    }
    assert_eq!(rig.connections(salon().id).await.len(), 1);
    rig.server.stop().await;
}
