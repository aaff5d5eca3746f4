//! A calendar that a business has connected, and that has answered.

use deskbell::{
    calendars::opener::{Opened, With},
    domain::{
        booking::Booking,
        business::Business,
        connection::Choice,
        ids::{ConnectionId, DeedId, PlacementId, WishId},
        secret::Secret,
    },
    ports::{
        calendar::{Diary as _, Interval},
        clock::Clock as _,
    },
    store::{
        audit::Deed,
        connections::{Chosen, Kept},
        following::{NewWish, WishKind},
    },
    testing::calendar::paper::{PaperDiary, account},
};
use jiff::SignedDuration;

use crate::support::server::{TestServer, eventually};

pub(super) async fn connected(server: &TestServer, business: &Business, name: &str) -> ConnectionId {
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
    connection.id
}

/// An appointment that its owner has deleted there, a moment ago.
pub(super) async fn wished(server: &TestServer, connection: ConnectionId, booking: &Booking) -> String {
    let now = server.clock.now();
    let wish = NewWish {
        id: WishId(server.clock.new_id()),
        business: booking.business,
        connection,
        placement: PlacementId(server.clock.new_id()),
        booking: booking.id,
        kind: WishKind::Cancel,
        was: Interval { from: booking.slot.starts, to: booking.slot.ends },
        due: now + SignedDuration::from_mins(5),
        now,
    };
    server.state.store.wish(&wish).await.unwrap();
    wish.id.to_string()
}
