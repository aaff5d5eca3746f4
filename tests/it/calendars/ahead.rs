//! What is asked of a calendar before a caller hears of free times: a token and one look when nothing is known, nothing when it
//! was read ahead. How long that takes is measured by `examples/calendars.rs`.

use std::sync::Arc;

use deskbell::{
    calendars::opener::With,
    domain::{connection::Account, secret::Secret},
    ports::{consent::Tokens, desk::Desk as _},
    testing::{
        calendar::google::{ANN, ANNS, FakeGoogle, Planned},
        clock::FixedClock,
    },
};
use jiff::SignedDuration;

use super::rig::{self, Rig, both, tuesday, uses};
use crate::{desk::rig::MONDAY_MORNING, support::database::Database};

#[tokio::test]
async fn free_times_cost_a_token_and_a_look_and_nothing_once_they_were_read_ahead() {
    let clock = FixedClock::at(MONDAY_MORNING);
    let google = FakeGoogle::start(Arc::new(clock.clone())).await;
    let database = Database::sqlite();
    let change = |business: &mut _| uses(business, &["google_calendar"]);
    let rig = Rig::beside(database.store().await, clock, Some(rig::google(&google)), change).await;
    let (access, refresh) = google.consent().let_in(ANN);
    // The access token has run out.
    let good_for = SignedDuration::ZERO;
    let with = With::Tokens(Tokens { access: Secret::new(access), good_for, refresh: Some(Secret::new(refresh)) });
    let account = Account { subject: ANN.into(), label: ANNS.into(), home: None };
    rig.connect_as("google_calendar", None, &both(ANNS), account, with).await;
    for day in 0..14 {
        let later = SignedDuration::from_hours(24 * day);
        let busy = tuesday("14:00", "15:00");
        google.add_event(ANNS, Planned::timed("Private", busy.from + later, busy.to + later));
    }
    let found = rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
    assert!(!found.is_empty() && found.iter().all(|slot| slot.starts != tuesday("14:00", "15:00").from));
    let asked = google.kit().asked().len();
    assert_eq!(asked, 2, "a token and a look");

    for _ in 0..100 {
        rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
    }
    assert_eq!(google.kit().asked().len(), asked, "from memory");
}
