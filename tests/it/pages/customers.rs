//! Who comes: found without a name in an address, and shown as they are called and not as they would like to be.

use deskbell::{
    domain::{
        account::Role,
        business::Business,
        ids::{CustomerId, MessageId},
    },
    ports::clock::Clock as _,
    store::notes::StoredNote,
    testing::salon,
};
use uuid::Uuid;

use crate::support::server::TestServer;

const SCRIPT: &str = "<script>alert(1)</script>";

/// Books the next free haircut for somebody, as a call would.
async fn book(server: &TestServer, business: Business, name: &str, phone: &str) -> CustomerId {
    let number = phone.parse().unwrap();
    server.booked(&business, name, phone, None).await;
    server.state.store.customer_by_phone(business.id, &number).await.unwrap().expect("whoever booked").id
}

#[tokio::test]
async fn a_customer_is_found_and_their_history_told() {
    let server = TestServer::start().await;
    let root = format!("/b/{}/customers", salon().id);
    let staff = server.signed_in(&[(salon().id, Role::Staff)]).await;
    let nobody = staff.get(&root).await.text;
    assert!(nobody.contains("Your customers will be here"), "{nobody}");

    let anna = book(&server, salon(), "Anna Kovács", "+14155552671").await;
    let evil = book(&server, salon(), SCRIPT, "+14155552672").await;
    let note = StoredNote {
        id: MessageId(Uuid::now_v7()),
        business: salon().id,
        call: None,
        from: Some("+14155552672".parse().unwrap()),
        name: None,
        text: format!("{SCRIPT} & more"),
        created: server.clock.now(),
        done: None,
    };
    server.state.store.add_note(&note).await.unwrap();

    let list = staff.get(&root).await.text;
    assert!(list.contains("Anna Kovács") && list.contains("(415) 555-2671") && list.contains("2 customers"), "{list}");
    assert!(!list.contains(SCRIPT), "{list}");
    let found = staff.post(&root, &[("q", "KOVACS"), ("sort", "name")]).await;
    assert_eq!(found.status, 200);
    assert!(found.text.contains("Anna Kovács") && !found.text.contains("555-2672"), "{}", found.text);
    let missed = staff.post(&root, &[("q", "<b>%_")]).await.text;
    assert!(missed.contains("Nobody is called that") && missed.contains("value=\"&#60;b&#62;%_\""), "{missed}");

    let page = staff.get(&format!("{root}/{evil}")).await.text;
    assert!(!page.contains(SCRIPT) && page.contains("&#60;script&#62;alert(1)"), "{page}");
    assert!(
        page.contains("Left a message") && page.contains("Haircut with") && page.contains("Text message"),
        "{page}"
    );
    assert!(page.contains(&format!("/calendar/new?customer={evil}")), "{page}");
    assert!(!page.contains("?phone=") && !page.contains("?q="), "no number in an address");

    let theirs = server.another_business().await;
    let other = server.signed_in(&[(theirs, Role::Owner)]).await;
    assert_eq!(other.get(&format!("/b/{theirs}/customers/{anna}")).await.status, 404);
    assert_eq!(other.post(&format!("/b/{theirs}/customers/{anna}"), &[("name", "X")]).await.status, 404);
    assert_eq!(staff.get(&format!("{root}/nonsense")).await.status, 404);
    for odd in ["?after=nonsense", "?sort=%00", &format!("?after={theirs}")] {
        assert_eq!(staff.get(&format!("{root}{odd}")).await.status, 200, "{odd}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_the_business_writes_down_is_kept_and_nobodys_edit_is_lost() {
    let server = TestServer::start().await;
    let staff = server.signed_in(&[(salon().id, Role::Staff)]).await;
    let anna = book(&server, salon(), "Anna", "+14155552671").await;
    let path = format!("/b/{}/customers/{anna}", salon().id);
    let base = |page: &str| page.split("name=\"base\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let seen = base(&staff.get(&path).await.text);

    let empty = staff.post(&path, &[("base", &seen), ("name", "  "), ("note", "kept")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("Write a name") && empty.text.contains(">kept</textarea>"), "{}", empty.text);
    let long = "x".repeat(2_001);
    assert_eq!(staff.post(&path, &[("base", &seen), ("name", "Anna"), ("note", &long)]).await.status, 422);

    let saved = staff.post(&path, &[("base", &seen), ("name", "Anna Kovács"), ("note", "Likes\r\nSaturdays")]).await;
    assert_eq!((saved.status.as_u16(), saved.location()), (303, path.as_str()));
    let late = staff.post(&path, &[("base", &seen), ("name", "Annie"), ("note", "")]).await;
    assert_eq!(late.status, 409);
    assert!(
        late.text.contains("Saved now: <b>Anna Kovács</b>") && late.text.contains("value=\"Annie\""),
        "{}",
        late.text
    );

    let now = staff.get(&path).await.text;
    assert!(now.contains("Likes\nSaturdays"), "{now}");
    let same =
        staff.post(&path, &[("base", &base(&now)), ("name", "Anna Kovács"), ("note", "Likes\r\nSaturdays")]).await;
    assert_eq!(same.status, 303, "line breaks are not an edit");
    let deeds = server.state.store.deeds(salon().id, None, 10).await.unwrap();
    let edits: Vec<_> = deeds.iter().filter(|deed| deed.deed == "customer.edited").collect();
    assert_eq!(edits.len(), 1);
    assert_eq!((edits[0].subject.as_str(), edits[0].detail.as_str()), (anna.to_string().as_str(), "name, note"));
    server.stop().await;
}
