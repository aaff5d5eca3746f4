//! The list of calls, and one of them.

use deskbell::{
    domain::{
        account::Role,
        call::{Speaker, WhyNot},
        report::{Micros, Report, Summary},
    },
    testing::salon,
};

use super::{PAYLOADS, Written, is_clean, rich};
use crate::support::server::TestServer;

#[tokio::test]
async fn an_owner_without_calls_is_told_what_will_be_here() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let calls = owner.get(&format!("/b/{business}/calls")).await;
    assert!(calls.status == 200 && calls.text.contains("No calls yet") && calls.text.contains("Connect a number"));
    let staff = server.signed_in(&[(business, Role::Staff)]).await;
    let calls = staff.get(&format!("/b/{business}/calls?show=live")).await;
    assert!(calls.text.contains("Nobody is on the line") && !calls.text.contains("Connect a number"));
    server.stop().await;
}

#[tokio::test]
async fn the_list_says_who_called_what_about_and_what_came_of_it() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let mut call = Written::begin(&server, business, Some("+12125550187")).await;
    call.says(&server, &[(Speaker::Caller, "do you have a parking garage?")]).await;
    call.ends(&server, Some(WhyNot::OnlyAsked)).await;
    let mut other = Written::begin(&server, business, None).await;
    other.ends(&server, Some(WhyNot::Silence)).await;
    let summary = Summary { summary: "Asked about parking.".to_owned(), ..Summary::default() };
    let report = Report { summary: Some(summary), cost: Micros(4_200), ..Report::default() };
    server.state.store.file_reports(&[(call.lease, report)]).await.unwrap();
    let page = |query: &str| format!("/b/{business}/calls{query}");

    let all = owner.get(&page("")).await.text;
    for part in ["(212) 555-0187", "Asked about parking.", "0.0042", "Number withheld", "nobody spoke"] {
        assert!(all.contains(part), "{part} is missing: {all}");
    }
    for (query, here, gone) in [
        ("?q=parking", "(212) 555-0187", "Number withheld"),
        ("?q=(212)+555", "(212) 555-0187", "Number withheld"),
        ("?outcome=booked", "No call fits that", "(212) 555-0187"),
        ("?from=2026-11-25", "No call fits that", "(212) 555-0187"),
        ("?to=2026-11-24", "(212) 555-0187", "No call fits that"),
        ("?show=attention", "Nothing is waiting for you", "(212) 555-0187"),
        ("?voice=model", "No call fits that", "(212) 555-0187"),
    ] {
        let found = owner.get(&page(query)).await;
        assert!(found.status == 200 && found.text.contains(here) && !found.text.contains(gone), "{query}");
    }
    for query in
        ["?q=%00%ff%27", "?from=garbage&to=9999-12-31", "?before=x.y", "?before=99999999999999.x", "?show=%3Cb%3E"]
    {
        assert_eq!(owner.get(&page(query)).await.status, 200, "{query}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_call_is_told_turn_by_turn() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let mut call = Written::begin(&server, business, Some("+12125550187")).await;
    call.says(&server, &[(Speaker::Agent, "Hello, how can I help you?")]).await;
    call.turns(&server, "a haircut at ten please", rich(&server)).await;
    call.says(&server, &[(Speaker::Agent, "Ten is free.")]).await;
    let live = owner.get(&call.page()).await.text;
    assert!(live.contains("On the line") && live.contains("/live"), "{live}");
    call.ends(&server, Some(WhyNot::NotConfirmed)).await;
    let shown = owner.get(&call.page()).await.text;
    for part in [
        "Hello, how can I help you?",
        "a haircut at ten please",
        "book · Haircut, their name · 3 times found, Today, 10:00 am kept",
        "Looked for times around Today, 10:00 am: 3 found",
        "look up times (done)",
        "0.6 s after the caller",
        "small",
        "they did not say yes to it",
        "tel:+12125550187",
    ] {
        assert!(shown.contains(part), "{part} is missing: {shown}");
    }
    let theirs = server.another_business().await;
    let stranger = server.signed_in(&[(theirs, Role::Owner)]).await;
    for path in ["", "/live", "/events"] {
        assert_eq!(stranger.get(&format!("{}{path}", call.page())).await.status, 404, "{path}");
        let moved = format!("/b/{theirs}/calls/{}{path}", call.id);
        assert_eq!(stranger.get(&moved).await.status, 404, "{moved}");
    }
    server.stop().await;
}

#[tokio::test]
async fn i3_nothing_a_caller_says_becomes_markup() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let mut call = Written::begin(&server, business, Some("+12125550187")).await;
    let said: Vec<_> = PAYLOADS.iter().flat_map(|text| [(Speaker::Caller, *text), (Speaker::Agent, *text)]).collect();
    call.says(&server, &said).await;
    let mut evil = rich(&server);
    evil.meant = PAYLOADS.map(str::to_owned).to_vec();
    evil.known.service = Some(PAYLOADS[0].to_owned());
    call.turns(&server, PAYLOADS[1], evil).await;
    let summary = Summary {
        summary: PAYLOADS.join(" "),
        reason: PAYLOADS[2].to_owned(),
        action_items: PAYLOADS.map(str::to_owned).to_vec(),
        by_model: true,
        ..Summary::default()
    };
    let report = Report { summary: Some(summary), ..Report::default() };
    server.state.store.file_reports(&[(call.lease, report)]).await.unwrap();
    let live = owner.get(&format!("{}/live", call.page())).await;
    assert!(
        live.status == 200 && is_clean(&live.text) && live.text.contains("Anna &#60;b&#62;Kovacs"),
        "{}",
        live.text
    );
    call.ends(&server, None).await;
    for page in [
        call.page(),
        format!("/b/{business}/calls"),
        format!("/b/{business}/calls?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"),
    ] {
        let shown = owner.get(&page).await;
        assert!(shown.status == 200 && is_clean(&shown.text), "{page}: {}", shown.text);
    }
    server.stop().await;
}
