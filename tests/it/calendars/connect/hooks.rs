//! What vendors report, and who only says so.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use deskbell::{
    domain::connection::Connection,
    testing::{calendar::paper::CANARY, salon},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::rig::{Rig, ann};
use crate::support::{
    form::{form, pairs},
    server::eventually,
};

/// A connection whose vendor was told to report at this hook, and what makes its reports believable.
async fn hooked(rig: &Rig) -> (Connection, String, String) {
    let owner = rig.owner().await;
    let page = owner.connects(rig, &ann()).await;
    owner.post(&page, &pairs(&form(&owner.get(&page).await.text, &page))).await;
    let connection = rig.connections(salon().id).await.remove(0);
    let store = &rig.server.state.store;
    let promised = async || {
        let hooks = store.hooks_of(connection.id).await.unwrap();
        hooks.into_iter().find(|hook| hook.watch.is_some()).map(|hook| hook.id)
    };
    eventually("its vendor is asked to report", async || promised().await.is_some()).await;
    let id = promised().await.unwrap();
    let known = rig.server.state.hooks.hooked(connection.id, &id).await.unwrap().unwrap();
    (connection, id, known.secret.expose().to_owned())
}

async fn report(rig: &Rig, method: Method, path: &str, secret: Option<&str>, body: Vec<u8>) -> (StatusCode, String) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(secret) = secret {
        request = request.header("x-secret", secret);
    }
    let response = rig.server.router().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = response.status();
    let text = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&text).into_owned())
}

#[tokio::test]
async fn a_report_is_believed_by_the_secret_of_its_hook_alone() {
    let rig = Rig::start().await;
    let (connection, hook, secret) = hooked(&rig).await;
    let path = format!("/hooks/calendar/{}/{hook}", connection.id);
    for wrong in [None, Some(""), Some("guessed"), Some(CANARY)] {
        let (status, body) = report(&rig, Method::POST, &path, wrong, b"changed".to_vec()).await;
        assert_eq!((status.as_u16(), body.as_str()), (403, ""), "{wrong:?}");
    }
    let asked = rig.paper.diary.asked.times();
    let (status, _) = report(&rig, Method::POST, &path, Some(&secret), b"changed".to_vec()).await;
    assert_eq!(status, 202);
    eventually("it is looked at what has changed", async || rig.paper.diary.asked.times() > asked).await;
    let (status, _) = report(&rig, Method::POST, &path, Some(&secret), b"nothing".to_vec()).await;
    assert_eq!(status, 202, "whether it matters is nobody’s business");
    rig.server.stop().await;
}

#[tokio::test]
async fn a_vendor_that_makes_sure_of_the_address_gets_its_words_back() {
    let rig = Rig::start().await;
    let (connection, hook, _) = hooked(&rig).await;
    let path = format!("/hooks/calendar/{}/{hook}?validationToken=%3Cb%3Eplain%3C%2Fb%3E", connection.id);
    for method in [Method::GET, Method::POST] {
        let request = Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
        let response = rig.server.router().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "<b>plain</b>");
    }
    let long = format!("/hooks/calendar/{}/{hook}?validationToken={}", connection.id, "x".repeat(5_000));
    assert_eq!(report(&rig, Method::POST, &long, None, Vec::new()).await.0, 400);
    rig.server.stop().await;
}

#[tokio::test]
async fn what_no_hook_stands_for_is_not_found_and_what_is_too_much_is_refused() {
    let rig = Rig::start().await;
    let (connection, hook, secret) = hooked(&rig).await;
    let id = connection.id;
    for path in [
        format!("/hooks/calendar/{id}/another"),
        format!("/hooks/calendar/{}/{hook}", salon().id),
        format!("/hooks/calendar/x/{hook}"),
        format!("/hooks/calendar/{id}/%00"),
        format!("/hooks/calendar/{id}/{}", "a".repeat(65)),
    ] {
        assert_eq!(report(&rig, Method::POST, &path, Some(&secret), Vec::new()).await.0, 404, "{path}");
    }
    let path = format!("/hooks/calendar/{id}/{hook}");
    assert_eq!(report(&rig, Method::POST, &path, Some(&secret), vec![b'x'; 64 * 1024 + 1]).await.0, 413);
    assert_eq!(report(&rig, Method::PUT, &path, Some(&secret), Vec::new()).await.0, 405);
    let mut last = StatusCode::OK;
    for _ in 0..260 {
        last = report(&rig, Method::POST, &path, Some(&secret), b"nothing".to_vec()).await.0;
    }
    assert_eq!(last, 429);
    rig.server.stop().await;
}
