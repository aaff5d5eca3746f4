//! J1 to J14 of the catalogue: whoever comes between gets nobody's calendar, and no vendor is asked for anything.

use axum::http::Method;
use deskbell::{
    domain::account::Role,
    ports::{clock::Clock as _, consent::ConsentError},
    testing::{calendar::paper::account, salon},
};
use jiff::SignedDuration;

use super::rig::{Rig, ann, at, path, with, without};
use crate::support::{
    form::{form, pairs},
    server::ORIGIN,
};

#[tokio::test]
async fn j1_a_state_that_is_missing_unknown_altered_or_too_old_starts_again() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let back = path(&rig.paper.one.agrees(&owner.sets_out("paper_one").await, &ann()));
    for wrong in [
        without(&back, "state"),
        with(&back, "state", "unknown"),
        with(&back, "state", &"a".repeat(43)),
        with(&back, "state", ""),
        "/connect/paper_one/back".to_owned(),
    ] {
        let told = owner.comes_back(&wrong).await;
        assert!(told.status == 400 && told.text.contains("Please start again"), "{wrong}: {}", told.status);
    }
    rig.server.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(owner.comes_back(&back).await.status, 400, "ten minutes are over");
    assert_eq!((rig.redeemed(), rig.connections(salon().id).await.len()), (0, 0));
    rig.server.stop().await;
}

#[tokio::test]
async fn j2_a_way_back_is_used_once() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let back = path(&rig.paper.one.agrees(&owner.sets_out("paper_one").await, &ann()));
    let (a, b) = tokio::join!(owner.comes_back(&back), owner.comes_back(&back));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!((statuses, rig.redeemed()), ([303, 400], 1));
    let before = rig.connections(salon().id).await;
    assert_eq!(owner.comes_back(&back).await.status, 400);
    assert_eq!((rig.connections(salon().id).await, rig.redeemed()), (before, 1), "nothing has changed");
    rig.server.stop().await;
}

/// T6: an attacker begins, and sends the victim what came back, or the other way round.
#[tokio::test]
async fn j3_cosf_whoever_finishes_is_whoever_began() {
    let rig = Rig::start().await;
    let (attacker, victim) = (rig.owner().await, rig.owner().await);
    let back = path(&rig.paper.one.agrees(&attacker.sets_out("paper_one").await, &ann()));
    let told = victim.comes_back(&back).await;
    assert!(told.status == 403 && told.text.contains("begun by somebody else"), "{}", told.text);
    assert_eq!(rig.server.stranger().comes_back(&back).await.status, 403, "nobody is signed in");
    let elsewhere = rig.elsewhere(&attacker).await;
    assert_eq!(elsewhere.comes_back(&back).await.status, 403, "the same person in another browser");
    assert_eq!((rig.redeemed(), rig.connections(salon().id).await.len()), (0, 0));
    assert_eq!(attacker.comes_back(&back).await.status, 303, "and it is not used up by them");
    rig.server.stop().await;
}

#[tokio::test]
async fn j4_a_state_is_for_one_business_and_an_owner_of_it() {
    let rig = Rig::start().await;
    let other = rig.server.another_business().await;
    let store = &rig.server.state.store;
    let owner = rig.server.signed_in(&[(salon().id, Role::Owner), (other, Role::Owner)]).await;
    let back = path(&rig.paper.one.agrees(&owner.sets_out("paper_one").await, &ann()));
    // Meanwhile they are not an owner of the salon any more, only of the other one.
    store.set_membership(owner.user, salon().id, Role::Staff, rig.server.clock.now()).await.unwrap();
    assert_eq!(owner.comes_back(&back).await.status, 403);
    assert_eq!(rig.redeemed(), 0);
    store.set_membership(owner.user, salon().id, Role::Owner, rig.server.clock.now()).await.unwrap();
    let back = path(&rig.paper.one.agrees(&owner.sets_out("paper_one").await, &ann()));
    // They look at the other business in between: what was begun is for the salon all the same.
    assert_eq!(owner.get(&format!("/b/{other}/settings/integrations")).await.status, 200);
    assert!(owner.comes_back(&format!("{back}&business={other}")).await.location().starts_with(&at("/")));
    assert_eq!((rig.connections(salon().id).await.len(), rig.connections(other).await.len()), (1, 0));
    rig.server.stop().await;
}

/// T5: mix-up, and what it becomes with many vendors behind one program (COAT).
#[tokio::test]
async fn j5_coat_a_code_of_one_vendor_is_not_taken_at_the_way_back_of_another() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let (one, two) = (owner.sets_out("paper_one").await, owner.sets_out("paper_two").await);
    let (from_one, from_two) = (path(&rig.paper.one.agrees(&one, &ann())), path(&rig.paper.two.agrees(&two, &ann())));
    for (wrong, why) in [
        (from_one.replace("/paper_one/", "/paper_two/"), "the state of another vendor"),
        (from_two.replace("/paper_two/", "/paper_one/"), "the state of another vendor"),
        (from_one.replace("/paper_one/", "/paper_keys/"), "a vendor without a consent page"),
        (from_one.replace("/paper_one/", "/paper_closed/"), "a vendor that is not set up"),
        (from_one.replace("/paper_one/", "/elsewhere/"), "nobody's"),
    ] {
        let told = owner.comes_back(&wrong).await;
        assert!(matches!(told.status.as_u16(), 400 | 404), "{why}: {}", told.status);
    }
    assert_eq!(rig.redeemed(), 0);
    // Both at once find their own way.
    assert_eq!(owner.comes_back(&from_two).await.status, 303);
    assert_eq!(owner.comes_back(&from_one).await.status, 303);
    let mut providers: Vec<_> = rig.connections(salon().id).await.into_iter().map(|one| one.provider).collect();
    providers.sort();
    assert_eq!(providers, ["paper_one", "paper_two"]);
    assert_eq!((rig.paper.one.redeemed.times(), rig.paper.two.redeemed.times()), (1, 1));
    rig.server.stop().await;
}

/// T5: the attacker's code in the victim's way, so that the victim's appointments go to the attacker (CORF), and the other
/// way round.
#[tokio::test]
async fn j5_corf_a_code_that_was_made_for_somebody_else_is_of_no_use() {
    let rig = Rig::start().await;
    let theirs = rig.server.another_business().await;
    let attacker = rig.server.signed_in(&[(theirs, Role::Owner)]).await;
    let victim = rig.owner().await;
    let away = attacker.get(&format!("/b/{theirs}/connect/paper_one")).await.location().to_owned();
    let of_attacker = path(&rig.paper.one.agrees(&away, &account("evil", "evil@example.com")));
    let of_victim = path(&rig.paper.one.agrees(&victim.sets_out("paper_one").await, &ann()));
    let code = |back: &str| {
        let query = back.split_once('?').unwrap().1.to_owned();
        let found = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code").unwrap();
        found.1.into_owned()
    };
    // The attacker's whole address, and the attacker's code with the victim's state.
    assert_eq!(victim.comes_back(&of_attacker).await.status, 403);
    assert_eq!(rig.redeemed(), 0);
    let told = victim.comes_back(&with(&of_victim, "code", &code(&of_attacker))).await;
    assert!(told.status == 400 && told.text.contains("start again"), "{}", told.text);
    // The victim's stolen code in the attacker's own way.
    let stolen = path(&rig.paper.one.agrees(&victim.sets_out("paper_one").await, &ann()));
    let away = attacker.get(&format!("/b/{theirs}/connect/paper_one")).await.location().to_owned();
    let own = path(&rig.paper.one.agrees(&away, &account("evil", "evil@example.com")));
    assert_eq!(attacker.comes_back(&with(&own, "code", &code(&stolen))).await.status, 400);
    assert_eq!((rig.connections(salon().id).await.len(), rig.connections(theirs).await.len()), (0, 0));
    rig.server.stop().await;
}

#[tokio::test]
async fn j6_an_issuer_that_is_wrong_or_stands_twice_is_refused() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let back = path(&rig.paper.one.agrees(&owner.sets_out("paper_one").await, &ann()));
    for wrong in [
        with(&back, "iss", "https://two.example"),
        with(&back, "iss", "https://one.example/"),
        with(&back, "iss", ""),
        format!("{back}&iss=https%3A%2F%2Fone.example"),
    ] {
        assert_eq!(owner.comes_back(&wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(rig.redeemed(), 0);
    // Nothing was used up; and one that does not name itself this time comes by its own way back all the same.
    assert_eq!(owner.comes_back(&without(&back, "iss")).await.status, 303);
    rig.server.stop().await;
}

#[tokio::test]
async fn j7_whoever_says_no_over_there_is_told_kindly() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let no = path(&rig.paper.one.answers(&owner.sets_out("paper_one").await, "access_denied"));
    let told = owner.comes_back(&no).await;
    assert!(told.status == 200 && told.text.contains("nothing was changed"), "{}", told.text);
    assert!(told.text.contains(&format!("href=\"{}\"", at("/connect/paper_one"))), "a way to try again");
    assert_eq!(owner.comes_back(&no).await.status, 400, "it is used up");
    assert_eq!((rig.redeemed(), rig.connections(salon().id).await.len()), (0, 0));
    rig.server.stop().await;
}

#[tokio::test]
async fn j8_what_others_call_an_error_is_escaped_and_cut() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    for error in ["<script>alert(1)</script>".to_owned(), "x".repeat(10_000)] {
        let back = path(&rig.paper.one.answers(&owner.sets_out("paper_one").await, &error));
        let told = owner.comes_back(&format!("{back}&error_description=%3Cscript%3Ealert(2)")).await;
        assert!(!told.text.contains("<script>alert") && !told.text.contains(&"x".repeat(101)), "{}", told.text);
        assert!(told.status == 502 && told.text.contains("That did not work"));
    }
    assert_eq!(rig.redeemed(), 0);
    rig.server.stop().await;
}

#[tokio::test]
async fn j9_what_stands_twice_or_contradicts_itself_is_refused() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let back = path(&rig.paper.one.agrees(&owner.sets_out("paper_one").await, &ann()));
    for wrong in [
        format!("{back}&code=another"),
        format!("{back}&state=another"),
        format!("{back}&error=access_denied"),
        without(&back, "code"),
    ] {
        assert_eq!(owner.comes_back(&wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(rig.redeemed(), 0);
    assert_eq!(owner.comes_back(&back).await.status, 303);
    rig.server.stop().await;
}

#[tokio::test]
async fn j10_a_code_that_is_not_taken_leads_to_another_try() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let back = path(&rig.paper.one.agrees(&owner.sets_out("paper_one").await, &ann()));
    let told = owner.comes_back(&with(&back, "code", "used")).await;
    assert!(
        told.status == 400 && told.text.contains("start again") && told.text.contains("Try again"),
        "{}",
        told.text
    );
    assert_eq!((rig.redeemed(), rig.connections(salon().id).await.len()), (1, 0));
    rig.server.stop().await;
}

#[tokio::test]
async fn j11_access_that_is_incomplete_or_unreliable_is_not_kept() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let gone = || anyhow::anyhow!("a vendor’s own words");
    let errors: [(ConsentError, &str); 5] = [
        (
            ConsentError::Incomplete("your calendars may not be read"),
            "access is incomplete: your calendars may not be read",
        ),
        (ConsentError::Incomplete("it would have ended within the hour"), "access is incomplete"),
        (ConsentError::Unusable("it was no JSON"), "cannot be relied on"),
        (ConsentError::Unavailable(gone()), "cannot be reached"),
        (ConsentError::Unknown(gone()), "cannot be reached"),
    ];
    for (error, told_so) in errors {
        let back = path(&rig.paper.one.agrees(&owner.sets_out("paper_one").await, &ann()));
        rig.paper.one.then(error);
        let told = owner.comes_back(&back).await;
        assert!(told.status == 502 && told.text.contains(told_so), "{told_so}: {}", told.text);
        assert!(told.text.contains("Try again with Paper One") && !told.text.contains("own words"), "{}", told.text);
        assert_eq!(owner.comes_back(&back).await.status, 400, "used up");
    }
    assert!(rig.connections(salon().id).await.is_empty());
    rig.server.stop().await;
}

#[tokio::test]
async fn j12_a_code_without_its_verifier_is_of_no_use() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let (first, second) = (owner.sets_out("paper_one").await, owner.sets_out("paper_one").await);
    assert!(first.contains("code_challenge_method=S256"), "{first}");
    let (first, second) = (path(&rig.paper.one.agrees(&first, &ann())), path(&rig.paper.one.agrees(&second, &ann())));
    // The code of one way with the state, and so the verifier, of another.
    let code = form_urlencoded::parse(first.split_once('?').unwrap().1.as_bytes())
        .find(|(name, _)| name == "code")
        .map(|(_, code)| code.into_owned());
    assert_eq!(owner.comes_back(&with(&second, "code", &code.unwrap())).await.status, 400);
    assert_eq!((rig.redeemed(), rig.connections(salon().id).await.len()), (1, 0));
    rig.server.stop().await;
}

#[tokio::test]
async fn j13_what_only_looks_uses_nothing_up() {
    let rig = Rig::start().await;
    let owner = rig.owner().await;
    let back = path(&rig.paper.one.agrees(&owner.sets_out("paper_one").await, &ann()));
    let begin = at("/connect/paper_one");
    let looks: [(Method, &[(&str, &str)]); 6] = [
        (Method::HEAD, &[]),
        (Method::POST, &[("origin", ORIGIN), ("sec-fetch-site", "same-origin")]),
        (Method::GET, &[("sec-purpose", "prefetch;prerender")]),
        (Method::GET, &[("purpose", "prefetch")]),
        (Method::GET, &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]),
        (Method::GET, &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")]),
    ];
    for (method, headers) in looks {
        let told = owner.send_with(method.clone(), &back, headers).await;
        assert!(matches!(told.status.as_u16(), 400 | 405), "{method} {headers:?}: {}", told.status);
        let away = owner.send_with(method.clone(), &begin, headers).await;
        assert!(matches!(away.status.as_u16(), 400 | 405), "{method} {headers:?}: {}", away.status);
    }
    assert_eq!(rig.redeemed(), 0);
    let away = owner.send_with(Method::GET, &begin, &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(away.status, 400, "a page of somebody else’s sends nobody off");
    let signed_in = [("sec-fetch-site", "same-origin"), ("referer", "https://voice.example.com/sign-in?next=x")];
    let away = owner.send_with(Method::GET, &begin, &signed_in).await;
    assert_eq!(away.location(), at("/settings/integrations"), "an answer to a form leads to no other origin");
    let click = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("sec-fetch-site", "cross-site")];
    assert_eq!(owner.send_with(Method::GET, &back, &click).await.status, 303);
    rig.server.stop().await;
}

#[tokio::test]
async fn j14_an_account_of_another_business_is_warned_about_and_has_to_be_confirmed() {
    let rig = Rig::start().await;
    let other = rig.server.another_business().await;
    let them = rig.server.signed_in(&[(other, Role::Owner)]).await;
    let away = them.get(&format!("/b/{other}/connect/paper_one")).await.location().to_owned();
    assert_eq!(them.comes_back(&path(&rig.paper.one.agrees(&away, &ann()))).await.status, 303);

    let owner = rig.owner().await;
    let page = owner.connects(&rig, &ann()).await;
    let asked = owner.get(&page).await.text;
    assert!(asked.contains("connected to another business here, too") && !asked.contains("Another Salon"), "{asked}");
    let asked = form(&asked, &page);
    let refused = owner.post(&page, &pairs(&asked)).await;
    assert!(refused.status == 422 && refused.text.contains("Tick this"), "{}", refused.text);
    let rest = rig.connections(salon().id).await;
    assert!(!rest[0].is_active(), "nothing begins without a yes");
    let mut yes = asked.clone();
    yes.push(("shared".to_owned(), "on".to_owned()));
    assert_eq!(owner.post(&page, &pairs(&yes)).await.status, 303);
    assert!(rig.connections(salon().id).await[0].is_active());

    // Each has a grant of its own, and ending one leaves the other's.
    assert_eq!(owner.post(&format!("{page}/disconnect"), &[]).await.status, 303);
    assert!(rig.paper.one.revoked().is_empty(), "some vendors end all of an account's grants at once");
    assert_eq!((rig.connections(salon().id).await.len(), rig.connections(other).await.len()), (0, 1));
    let theirs = format!("/b/{other}/settings/connections/{}", rig.connections(other).await[0].id);
    assert_eq!(them.post(&format!("{theirs}/disconnect"), &[]).await.status, 303);
    assert_eq!(rig.paper.one.revoked().len(), 1);
    rig.server.stop().await;
}
