//! Today: the first day, a call that comes and goes, and what waits for a person.

use deskbell::{
    domain::{
        account::Role,
        ids::{CallId, MessageId},
    },
    ports::clock::Clock as _,
    store::{calls::NewCall, notes::StoredNote},
    testing::salon,
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::support::server::TestServer;

#[tokio::test]
async fn a_first_day_says_what_to_do() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = owner.get(&format!("/b/{}", salon().id)).await.text;
    assert!(page.contains("Nobody has called yet") && page.contains("(212) 555-0142"), "{page}");
    assert!(page.contains("Tuesday, November 24") && page.contains("Nobody is calling right now"), "{page}");
    assert!(!page.contains("So far today"), "there is nothing to compare yet: {page}");
    server.stop().await;
}

#[tokio::test]
async fn a_call_appears_while_it_lasts_and_nothing_is_sent_while_nothing_changes() {
    let server = TestServer::start().await;
    let (store, business) = (&server.state.store, salon().id);
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let again = |text: &str| text.split("hx-get=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = owner.get(&format!("/b/{business}")).await.text;
    let quiet = owner.get(&again(&page)).await;
    assert_eq!((quiet.status.as_u16(), quiet.text.as_str()), (204, ""));

    let id = CallId(server.clock.new_id());
    let new = NewCall {
        id,
        business,
        vendor: "web",
        vendor_call: "CA1".to_owned(),
        from: Some("+14155552671".parse().unwrap()),
        now: server.clock.now(),
    };
    store.ring(&new).await.unwrap();
    store.claim_call(business, "CA1", 0, server.clock.now()).await.unwrap();
    let busy = owner.get(&again(&page)).await;
    assert_eq!(busy.status, 200);
    assert!(busy.text.contains("On the line: 1 call") && busy.text.contains("(415) 555-2671"), "{}", busy.text);
    assert!(busy.text.contains(&format!("/calls/{id}/live")), "{}", busy.text);
    assert_eq!(owner.get(&again(&busy.text)).await.status, 204);

    store.end_call(business, "CA1", server.clock.now() + SignedDuration::from_secs(30)).await.unwrap();
    assert!(owner.get(&again(&busy.text)).await.text.contains("Nobody is calling right now"));
    let page = owner.get(&format!("/b/{business}")).await.text;
    assert!(page.contains("So far today") && page.contains("Last Tuesday, by now"), "{page}");
    let outsider = server.signed_in(&[]).await;
    assert_eq!(outsider.get(&format!("/b/{business}/now")).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn what_a_caller_left_waits_for_a_person_and_runs_no_script() {
    let server = TestServer::start().await;
    let (store, business) = (&server.state.store, salon().id);
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let note = StoredNote {
        id: MessageId(Uuid::now_v7()),
        business,
        call: None,
        from: None,
        name: Some("<img src=x onerror=alert(1)>".to_owned()),
        text: "\"><script>alert(2)</script>".to_owned(),
        created: server.clock.now(),
        done: None,
    };
    store.add_note(&note).await.unwrap();
    let refused = NewCall {
        id: CallId(server.clock.new_id()),
        business,
        vendor: "web",
        vendor_call: "CA2".to_owned(),
        from: None,
        now: server.clock.now() - SignedDuration::from_mins(5),
    };
    store.ring(&refused).await.unwrap();
    let page = owner.get(&format!("/b/{business}")).await.text;
    assert!(page.contains("1 call was not answered"), "{page}");
    assert!(page.contains("left a message"), "{page}");
    assert!(!page.contains("<img src=x") && !page.contains("<script>alert"), "{page}");
    server.stop().await;
}
