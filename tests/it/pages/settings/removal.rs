//! Taking something away: refused while somebody is still to come, and taken back when it was a slip.

use deskbell::{domain::account::Role, testing::salon};

use super::{at, booked, form, pairs, saved};
use crate::support::{
    owner::{Answer, Browser},
    server::TestServer,
};

/// Presses "Undo" in the notice of the page that an answer leads to.
async fn undo(owner: &mut Browser<'_>, answer: &Answer) -> Answer {
    let cookie = answer.headers.get_all("set-cookie").iter().find_map(|value| {
        let value = value.to_str().unwrap().strip_prefix("__Host-notice=")?;
        Some(value.split(';').next().unwrap().to_owned())
    });
    let secret = owner.secret.clone();
    owner.secret = format!("{secret}; __Host-notice={}", cookie.expect("a notice"));
    let page = owner.get(answer.location()).await;
    owner.secret = secret;
    let begin = page.text.find("/settings/undo?was=").expect("an undo");
    let from = page.text[..begin].rfind('"').unwrap() + 1;
    let path = &page.text[from..from + page.text[from..].find('"').unwrap()];
    owner.post(&crate::support::form::plain(path), &[]).await
}

#[tokio::test]
async fn what_was_removed_comes_back_as_it_was() {
    let server = TestServer::start().await;
    let mut owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let before = salon();
    for path in [format!("/services/{}/remove", before.services[1].id), format!("/staff/{}/remove", before.staff[0].id)]
    {
        let removed = owner.post(&at(&path), &[]).await;
        assert_eq!(removed.status, 303, "{path}");
        assert_ne!(saved(&server).await.0, before, "{path}");
        assert_eq!(undo(&mut owner, &removed).await.status, 303, "{path}");
        let (after, _) = saved(&server).await;
        assert_eq!((&after.staff, &after.exceptions), (&before.staff, &before.exceptions), "{path}");
        for (is, was) in after.services.iter().zip(&before.services) {
            let offered = |business: &deskbell::domain::business::Business| {
                business.service(was.id).map(|service| business.offering(service).count())
            };
            assert_eq!((is.id, offered(&after)), (was.id, offered(&before)), "{path}");
        }
    }
    let list = owner.get(&at("/hours/exceptions")).await;
    let days = form(&list.text, &at("/hours/exceptions/remove"));
    let removed = owner.post(&at("/hours/exceptions/remove"), &pairs(&days)).await;
    assert_eq!(saved(&server).await.0.exceptions.len(), 1);
    undo(&mut owner, &removed).await;
    assert_eq!(saved(&server).await.0.exceptions, before.exceptions);
    server.stop().await;
}

#[tokio::test]
async fn nothing_goes_that_somebody_is_still_to_come_for() {
    let server = TestServer::start().await;
    let booking = booked(&server).await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    for (what, id) in [("services", booking.slot.service.to_string()), ("staff", booking.slot.staff.to_string())] {
        let refused = owner.post(&at(&format!("/{what}/{id}/remove")), &[]).await;
        assert_eq!(refused.status, 409, "{what}");
        assert!(refused.text.contains("1 appointment to come"), "{}", refused.text);
        assert_eq!(saved(&server).await.0.staff, salon().staff);
        let rested = owner.post(&at(&format!("/{what}/{id}/rest")), &[]).await;
        assert_eq!(rested.status, 303);
    }
    let (business, _) = saved(&server).await;
    assert!(business.service(booking.slot.service).unwrap().staff.is_empty(), "nothing new can be booked");
    assert!(business.services.iter().all(|service| !service.staff.contains(&booking.slot.staff)));
    server.stop().await;
}

#[tokio::test]
async fn a_service_that_is_not_there_cannot_be_shown_or_removed() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let nobody = "00000000-0000-7000-8000-00000000beef";
    for path in ["/services/x", "/staff/x", &format!("/services/{nobody}"), &format!("/staff/{nobody}")] {
        assert_eq!(owner.get(&at(path)).await.status, 404, "{path}");
        assert_eq!(owner.post(&at(path), &[]).await.status, 404, "{path}");
        assert_eq!(owner.post(&at(&format!("{path}/remove")), &[]).await.status, 404, "{path}");
    }
    assert_eq!(owner.get(&at("/hours/exceptions/edit?day=x")).await.status, 404);
    let moved = owner.post(&at("/services/order"), &[("move", &format!("{nobody} up"))]).await;
    assert_eq!(moved.status, 404);
    let second = salon().services[1].id;
    assert_eq!(owner.post(&at("/services/order"), &[("move", &format!("{second} up"))]).await.status, 303);
    assert_eq!(saved(&server).await.0.services[0].id, second);
    server.stop().await;
}
