//! Whoever holds one thing holds nothing else.

use axum::http::Method;
use deskbell::{
    domain::{
        business::Business,
        ids::{BookingId, BusinessId},
    },
    testing::salon,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{Visitor, open_salon, start, ts, with_status};
use crate::support::server::TestServer;

#[tokio::test]
async fn k1_a_hold_is_shown_to_whoever_can_prove_it_and_in_its_own_business() {
    let server = start().await;
    let theirs = server.another_business().await;
    let found = server.state.store.business(theirs).await.unwrap().unwrap();
    let business = Business { public_page: true, ..found.business };
    server.state.store.save_business(&business, found.version, ts("2026-11-24T15:00:00Z")).await.unwrap();
    let visitor = Visitor::of(&server);
    let ours = salon().id;
    let (service, starts) = (salon().services[0].id, "2026-11-27T15:00:00Z");
    let form = visitor.get(&format!("/book/{ours}/details?service={service}&starts={starts}")).await;
    server.clock.advance(SignedDuration::from_secs(3));
    let fields = [("name", "Anna Kovács"), ("phone", "2125550123")];
    let review = visitor.submit(&form, "/details", &fields).await.location().to_owned();
    assert_eq!(visitor.get(&review).await.status, 200);
    let held = &with_status(&server, "held").await[0];
    let proof = server.state.links.token(held.id).unwrap();
    let forged = server.state.links.token(BookingId(Uuid::from_u128(1))).unwrap();
    let before = server.dump().await;
    for address in [
        format!("/book/{theirs}/review/{}/{proof}", held.id),
        format!("/book/{ours}/review/{}/{forged}", held.id),
        format!("/book/{ours}/review/{}/x", held.id),
        format!("/book/{ours}/review/{}/{forged}", Uuid::from_u128(1)),
        format!("/book/{ours}/review/garbage/{proof}"),
    ] {
        let page = visitor.get(&address).await;
        assert_eq!(page.status, 404, "{address}");
        page.says_not("Anna").says_not("0123");
        for below in ["", "/change"] {
            assert_eq!(visitor.post(&format!("{address}{below}"), &[]).await.status, 404, "{address}{below}");
        }
    }
    // A hold is no appointment: its proof opens no page before it is one.
    assert_eq!(visitor.get(&format!("/c/{proof}")).await.status, 404);
    assert_eq!(before, server.dump().await);
    server.stop().await;
}

#[tokio::test]
async fn a_business_that_there_is_not_has_no_page() {
    let server = start().await;
    let visitor = Visitor::of(&server);
    let nobodys = BusinessId(Uuid::from_u128(0xbeef));
    for business in [nobodys.to_string(), "garbage".into(), "%00".into(), "..".into()] {
        for below in ["", "/times", "/details", "/brand.css"] {
            assert_eq!(visitor.get(&format!("/book/{business}{below}")).await.status, 404, "{business}{below}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_business_colours_its_pages_and_nothing_else() {
    let mut business = open_salon();
    business.brand.colour = "#ffd400".parse().ok();
    let server = TestServer::start_for(business, 100).await;
    let visitor = Visitor::of(&server);
    let page = visitor.get(&format!("/book/{}", salon().id)).await;
    let sheet = page.links("brand.css").first().cloned().unwrap();
    assert!(sheet.ends_with("?v=ffd400"), "{sheet}");
    let style = visitor.get(&sheet).await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(style.headers["cache-control"], "public, max-age=31536000, immutable");
    style.says("--brand:#ffd400;--brand-ink:#000000").says("prefers-color-scheme:dark");
    let tag = style.headers["etag"].to_str().unwrap();
    let known = visitor.send(Method::GET, &sheet, "", &[("if-none-match", tag)]).await;
    assert_eq!((known.status.as_u16(), known.text.as_str()), (304, ""));
    let stale = visitor.get(&sheet.replace("ffd400", "%7D%2F*")).await;
    assert_eq!(stale.headers["cache-control"], "public, max-age=300");
    assert_eq!(stale.text, style.text);
    server.stop().await;
}
