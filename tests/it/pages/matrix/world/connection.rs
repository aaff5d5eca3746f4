//! A calendar that a business has connected, and that has answered.

use deskbell::{
    calendars::opener::{Opened, With},
    domain::{business::Business, connection::Choice, ids::DeedId, secret::Secret},
    ports::{calendar::Diary as _, clock::Clock as _},
    store::{
        audit::Deed,
        connections::{Chosen, Kept},
    },
    testing::calendar::paper::{PaperDiary, account},
};

use crate::support::server::{TestServer, eventually};

pub(super) async fn connected(server: &TestServer, business: &Business, name: &str) -> String {
    let state = &server.state;
    let deed = |word: &str| Deed {
        id: DeedId(server.clock.new_id()),
        business: Some(business.id),
        user: None,
        actor: "An owner".to_owned(),
        deed: word.to_owned(),
        subject: String::new(),
        detail: String::new(),
        at: server.clock.now(),
    };
    let opened = Opened {
        business: business.id,
        provider: "paper_keys".to_owned(),
        staff: None,
        account: account(&business.id.to_string(), name),
        with: With::Key(Secret::new("a key")),
        renews: None,
    };
    let kept = state.opener.keep(opened, &deed("calendar.connected")).await.unwrap();
    let Some(Kept::New(connection)) = kept else { panic!("{kept:?}") };
    let listed = state.opener.ask(&connection, async |access| PaperDiary::usual().calendars(&access).await).await;
    let listed = listed.unwrap();
    let choice = Choice { blocks: vec![listed[1].id.clone()], ..Choice::default() };
    let of = (business.id, connection.id, connection.version);
    let chosen = state.store.choose(of, &choice, None, &deed("calendar.chosen")).await.unwrap();
    assert!(matches!(chosen, Chosen::Saved(_)), "{chosen:?}");
    // That it has answered is written down beside the question.
    eventually("the calendar is well", async || {
        let connection = state.store.connection(business.id, connection.id).await.unwrap().unwrap();
        connection.health.well.is_some()
    })
    .await;
    connection.id.to_string()
}
