//! The data: taken along, forgotten, erased.

use deskbell::{
    domain::{
        account::Role,
        ids::{BusinessId, MessageId},
    },
    ports::{
        clock::Clock as _,
        desk::{Actor, Confirm, Hold},
    },
    store::{calls::NewCall, notes::StoredNote},
    testing::salon,
};
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::{
    owner::Browser,
    server::{TestServer, eventually},
};

/// Found nowhere else in the world.
const CANARY: &str = "Canariasenia";
const NUMBER: &str = "+14155552671";

fn data() -> String {
    format!("/b/{}/data", salon().id)
}

/// A customer books by telephone, leaves a message, and is texted.
async fn a_customer_calls(server: &TestServer) {
    use deskbell::domain::{
        booking::{Customer, CustomerName, Slot},
        call::{Line, Outcome, Speaker},
        ids::CallId,
    };
    let state = &server.state;
    let business = std::sync::Arc::new(salon());
    let call = CallId(server.clock.new_id());
    let number = NUMBER.parse().unwrap();
    let new = NewCall {
        id: call,
        business: business.id,
        vendor: "web",
        vendor_call: format!("call-{call}"),
        from: Some(NUMBER.parse().unwrap()),
        now: server.clock.now(),
    };
    state.store.ring(&new).await.unwrap();
    let deskbell::store::calls::Claimed::Claimed { lease, .. } =
        state.store.claim_call(business.id, &new.vendor_call, 0, server.clock.now()).await.unwrap()
    else {
        panic!("the call is ours")
    };
    let customer = Customer { name: CustomerName::new(&format!("Anna {CANARY}")), phone: Some(number) };
    let slot = Slot::at(&business.services[0], business.staff[0].id, "2026-11-25T15:00:00Z".parse().unwrap());
    let hold = Hold {
        business: business.clone(),
        slot,
        customer: customer.clone(),
        call: Some(call),
        key: format!("test/{call}"),
        replacing: None,
        by: Actor::Customer,
        anyway: false,
    };
    let kept = state.desk.hold(hold).await.unwrap();
    let confirm = Confirm {
        business: business.clone(),
        hold: kept.id,
        customer,
        language: None,
        by: Actor::Customer,
        tell: true,
    };
    state.desk.confirm(confirm).await.unwrap();
    let line = |speaker, text: &str| Line { speaker, text: text.to_owned(), at: server.clock.now(), cut: false };
    let entry = deskbell::ports::journal::Entry {
        lease,
        state: format!("{{\"name\": \"{}\"}}", CANARY.repeat(500)),
        outcome: Outcome::Booked,
        first_line: 0,
        lines: vec![
            line(Speaker::Caller, &format!("This is Anna {CANARY}")),
            line(Speaker::Agent, &format!("You're booked, Anna {CANARY}")),
        ],
        ended: true,
        at: server.clock.now(),
        turns: Vec::new(),
        why_not: None,
    };
    state.store.write_entries(std::slice::from_ref(&entry)).await.unwrap();
    // Again, as every turn does: an older state of the conversation is somewhere in the file.
    state.store.write_entries(&[entry]).await.unwrap();
    let report = deskbell::domain::report::Report {
        summary: Some(deskbell::domain::report::Summary {
            summary: format!("{CANARY} booked."),
            ..deskbell::domain::report::Summary::default()
        }),
        ..deskbell::domain::report::Report::default()
    };
    state.store.file_reports(&[(lease, report)]).await.unwrap();
    let note = StoredNote {
        id: MessageId(server.clock.new_id()),
        business: business.id,
        call: Some(call),
        from: Some(NUMBER.parse().unwrap()),
        name: Some(CANARY.to_owned()),
        text: format!("Tell Maria that {CANARY} is late"),
        created: server.clock.now(),
        done: None,
    };
    state.store.add_note(&note).await.unwrap();
}

/// Whether something stands anywhere in the database's files.
fn stands_in_the_files(server: &TestServer, what: &str) -> bool {
    let file = server.state.config.database.file().unwrap().to_owned();
    ["", "-wal", "-shm"].iter().any(|suffix| {
        let bytes = std::fs::read(format!("{}{suffix}", file.display())).unwrap_or_default();
        bytes.windows(what.len()).any(|window| window == what.as_bytes())
    })
}

async fn export(owner: &Browser<'_>, what: &str) -> String {
    let answer = owner.post(&format!("{}/export", data()), &[("what", what)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    answer.text
}

#[tokio::test]
async fn t24_a_customer_is_exported_erased_and_nowhere_to_be_found() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    a_customer_calls(&server).await;
    assert!(stands_in_the_files(&server, CANARY));

    let file: Value = serde_json::from_str(&export(&owner, "everything").await).unwrap();
    assert_eq!(file["business"]["name"], salon().name);
    assert_eq!(file["bookings"][0]["name"], format!("Anna {CANARY}"));
    assert_eq!(file["calls"][0]["transcript"][0]["text"], format!("This is Anna {CANARY}"));
    assert_eq!(file["calls"][0]["reports"][0]["summary"]["summary"], format!("{CANARY} booked."));
    assert_eq!(file["notes"][0]["name"], CANARY);
    assert!(file["messages"][0]["text"].as_str().unwrap().contains("Haircut"), "{}", file["messages"]);
    assert_eq!(file["customers"][0]["phone"], NUMBER);
    assert_eq!(file["team"][0]["role"], "owner");
    assert_eq!(file["audit"][0]["what"], "data.exported");
    let table = export(&owner, "bookings").await;
    assert!(
        table.contains(&format!("2026-11-25,10:00,10:45,Haircut,Maria,Anna {CANARY},{NUMBER},confirmed")),
        "{table}"
    );
    // As they were called last: in the message that they left.
    let table = export(&owner, "customers").await;
    assert!(table.contains(&format!("{CANARY},{NUMBER},,1,")), "{table}");

    let erase = format!("{}/customer", data());
    for number in ["", "12", "+14155550000"] {
        assert_eq!(owner.post(&erase, &[("phone", number)]).await.status, 422, "{number}");
    }
    let shown = owner.post(&erase, &[("phone", "(415) 555-2671")]).await;
    assert!(shown.text.contains("1 appointment") && shown.text.contains("still to come"), "{}", shown.text);
    assert!(stands_in_the_files(&server, CANARY), "looking erases nothing");
    let done = owner.post(&erase, &[("phone", NUMBER), ("sure", "on")]).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, data().as_str()), "{}", done.text);
    assert!(!stands_in_the_files(&server, CANARY), "erased is overwritten");
    assert!(!stands_in_the_files(&server, NUMBER));

    let file: Value = serde_json::from_str(&export(&owner, "everything").await).unwrap();
    assert_eq!((&file["bookings"][0]["name"], &file["bookings"][0]["phone"]), (&"Erased".into(), &Value::Null));
    assert_eq!(file["bookings"][0]["status"], "confirmed", "the time is kept");
    assert_eq!((file["calls"].as_array().unwrap().len(), &file["calls"][0]["outcome"]), (1, &"booked".into()));
    let lines = file["audit"].as_array().unwrap();
    let line = lines.iter().find(|line| line["what"] == "data.customer_erased").unwrap();
    assert!(line["detail"].as_str().unwrap().contains("1 appointment"), "{line}");
    server.stop().await;
}

#[tokio::test]
async fn a_caller_on_the_line_is_not_erased_under_way() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let new = NewCall {
        id: deskbell::domain::ids::CallId(server.clock.new_id()),
        business: salon().id,
        vendor: "web",
        vendor_call: "live".to_owned(),
        from: Some(NUMBER.parse().unwrap()),
        now: server.clock.now(),
    };
    server.state.store.ring(&new).await.unwrap();
    server.state.store.claim_call(salon().id, "live", 0, server.clock.now()).await.unwrap();
    let refused = owner.post(&format!("{}/customer", data()), &[("phone", NUMBER), ("sure", "on")]).await;
    assert!(refused.status == 422 && refused.text.contains("on the line"), "{}", refused.text);
    server.stop().await;
}

#[tokio::test]
async fn a_business_is_erased_by_typing_its_name_and_others_are_left_alone() {
    let server = TestServer::start().await;
    let other = server.another_business().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner), (other, Role::Owner)]).await;
    a_customer_calls(&server).await;
    let page = format!("{}/business", data());
    assert_eq!(owner.post(&page, &[("name", "Willow")]).await.status, 422);
    assert_eq!(owner.get(&data()).await.status, 200);
    let begun = owner.post(&page, &[("name", &salon().name)]).await;
    assert!(begun.status == 303 && begun.location().starts_with("/erasures/"), "{}", begun.text);
    assert_eq!(owner.get(&data()).await.status, 404, "at once");
    assert!(server.state.store.business(salon().id).await.unwrap().is_none());
    let place = begun.location().to_owned();
    eventually("the erasure ends", async || owner.get(&place).await.text.contains("It is erased")).await;
    let others = server.signed_in(&[]).await.get(&place).await;
    assert_eq!((others.status.as_u16(), others.location()), (303, "/businesses"), "it is nobody else's to watch");
    assert!(!stands_in_the_files(&server, CANARY) && !stands_in_the_files(&server, NUMBER));
    assert!(server.state.store.business_by_number(&salon().numbers[0]).await.unwrap().is_none());
    assert!(server.state.store.deeds(salon().id, None, 9).await.unwrap().is_empty());
    assert_eq!(owner.get(&format!("/b/{other}")).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn how_long_calls_are_kept_is_saved_and_kept_to() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let base = |text: &str| {
        let from = text.find("name=\"base\" value=\"").unwrap() + "name=\"base\" value=\"".len();
        text[from..].split('"').next().unwrap().to_owned()
    };
    let page = owner.get(&data()).await.text;
    assert!(page.contains("value=\"365\""), "a year unless said otherwise");
    let save = format!("{}/retention", data());
    let wrong = owner.post(&save, &[("keep", "days"), ("days", "3"), ("base", &base(&page))]).await;
    assert!(wrong.status == 422 && wrong.text.contains("must be 7 to 3,650 days"), "{}", wrong.text);
    let saved = owner.post(&save, &[("keep", "days"), ("days", "30"), ("base", &base(&page))]).await;
    assert_eq!(saved.status, 303);
    let late = owner.post(&save, &[("keep", "ever"), ("days", ""), ("base", &base(&page))]).await;
    assert_eq!(late.status, 409, "somebody else saved meanwhile");

    a_customer_calls(&server).await;
    let keeper = deskbell::jobs::retention::RetentionKeeper::new(
        server.state.store.clone(),
        std::sync::Arc::new(server.clock.clone()),
    );
    server.clock.advance(SignedDuration::from_hours(24 * 29));
    assert_eq!(keeper.work_off().await.unwrap(), 0);
    server.clock.advance(SignedDuration::from_hours(24 * 2));
    assert!(keeper.work_off().await.unwrap() > 0);
    assert_eq!(keeper.work_off().await.unwrap(), 0);
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let file: Value = serde_json::from_str(&export(&owner, "everything").await).unwrap();
    assert_eq!(file["calls"][0]["transcript"], serde_json::json!([]));
    assert_eq!((&file["calls"][0]["from"], &file["calls"][0]["outcome"]), (&Value::Null, &"booked".into()));
    assert_eq!((&file["notes"], &file["messages"][0]["text"]), (&serde_json::json!([]), &"".into()));
    assert_eq!(file["bookings"][0]["name"], format!("Anna {CANARY}"), "appointments stay");
    server.stop().await;
}

#[tokio::test]
async fn only_owners_reach_the_data() {
    let server = TestServer::start().await;
    let staff = server.signed_in(&[(salon().id, Role::Staff)]).await;
    for path in [data(), format!("/b/{}/keys", salon().id), format!("/b/{}/audit", salon().id)] {
        assert_eq!(staff.get(&path).await.status, 403, "{path}");
    }
    for what in ["export", "customer", "business", "retention"] {
        assert_eq!(staff.post(&format!("{}/{what}", data()), &[]).await.status, 403, "{what}");
    }
    let nobodys = BusinessId(uuid::Uuid::from_u128(0xbeef));
    assert_eq!(staff.get(&format!("/b/{nobodys}/data")).await.status, 404);
    server.stop().await;
}
