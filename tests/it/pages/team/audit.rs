//! The audit log as owners read it.

use deskbell::{
    domain::{account::Role, ids::DeedId},
    ports::clock::Clock as _,
    store::audit::Deed,
    testing::salon,
};

use jiff::SignedDuration;

use crate::support::server::TestServer;

#[tokio::test]
async fn an_owner_reads_what_was_done_in_words_by_person_and_kind() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = format!("/b/{}/audit", salon().id);
    assert!(owner.get(&page).await.text.contains("Nothing has been changed yet"));
    for (n, (actor, deed)) in [("Ada", "settings.hours"), ("API key <b>", "booking.moved"), ("Ada", "teapot.boiled")]
        .into_iter()
        .cycle()
        .take(60)
        .enumerate()
    {
        let deed = Deed {
            id: DeedId(server.clock.new_id()),
            business: Some(salon().id),
            user: None,
            actor: actor.to_owned(),
            deed: deed.to_owned(),
            subject: String::new(),
            detail: format!("detail {n}"),
            at: server.clock.now(),
        };
        server.state.store.note_deed(&deed).await.unwrap();
        server.clock.advance(SignedDuration::from_millis(1));
    }
    let first = owner.get(&page).await.text;
    assert!(first.contains("changed the opening hours") && first.contains("<code>teapot.boiled</code>"), "{first}");
    assert!(first.contains("API key &#60;b&#62;") && !first.contains("API key <b>"));
    assert!(first.contains("Today, 10:00 am"), "in the business's zone");
    let older = first.split("href=\"").find(|rest| rest.contains("before=")).unwrap().split('"').next().unwrap();
    let older = owner.get(&older.replace("&#38;", "&").replace("&amp;", "&")).await.text;
    assert!(older.contains("detail 0") && !older.contains("detail 59") && older.contains("Newest"));
    let ada = owner.get(&format!("{page}?who=Ada&kind=settings")).await.text;
    assert!(ada.contains("changed the opening hours") && !ada.contains("moved an appointment"));
    assert!(owner.get(&format!("{page}?who=Nobody")).await.text.contains("Nothing like that"));
    assert_eq!(owner.get(&format!("{page}?before=forged")).await.status, 400);
    assert_eq!(owner.get(&format!("{page}?who=a&who=b")).await.status, 400);
    server.stop().await;
}
