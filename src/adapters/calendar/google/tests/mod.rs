//! Against the double of Google Calendar.

mod busy;
mod changes;
mod consent;
mod events;

use std::{sync::Arc, time::Duration};

use super::*;
use crate::{
    domain::{connection::Account, ids::BookingId},
    testing::{
        calendar::{
            Misdeed,
            google::{ANN, ANNS, CLIENT, FakeGoogle, SECRET},
        },
        clock::FixedClock,
    },
};

/// Google, Ann's way in, and our adapter.
struct Desk {
    fake: FakeGoogle,
    clock: FixedClock,
    google: Google,
    access: Access,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn between(from: &str, to: &str) -> Interval {
    Interval { from: at(from), to: at(to) }
}

fn calendar(id: &str) -> CalendarId {
    CalendarId::new(id).unwrap()
}

fn key(generation: u16) -> EventKey {
    EventKey { booking: BookingId("01930000-0000-7000-8000-00000000000a".parse().unwrap()), generation }
}

fn haircut(generation: u16) -> Event {
    Event {
        key: key(generation),
        title: "Haircut: Jo".to_owned(),
        description: "Booked by phone.".to_owned(),
        location: None,
        when: between("2026-12-03T17:00:00Z", "2026-12-03T17:30:00Z"),
        zone: "America/Vancouver".to_owned(),
        meeting: false,
    }
}

impl Desk {
    async fn open() -> Self {
        let clock = FixedClock::at("2026-11-24T15:00:00Z");
        let fake = FakeGoogle::start(Arc::new(clock.clone())).await;
        let mut google = Google::new(Places::at(fake.address()), CLIENT.to_owned(), Secret::new(SECRET)).unwrap();
        // What never answers is not waited for as long as in life.
        google.api = Api::new(fake.address(), Duration::from_millis(300)).unwrap();
        let access = access(&fake.consent().let_in(ANN).0);
        Self { fake, clock, google, access }
    }

    async fn busy(&self, from: &str, to: &str) -> Result<Vec<String>, Trouble> {
        let busy = self.google.busy(&self.access, &[calendar(ANNS)], between(from, to)).await?;
        Ok(busy.iter().map(|busy| format!("{} {}", busy.from, busy.to)).collect())
    }

    fn once(&self, method: &'static str, path: &str, misdeed: Misdeed) {
        self.fake.kit().once(method, path, misdeed);
    }
}

fn access(token: &str) -> Access {
    let account = Account { subject: ANN.to_owned(), label: ANNS.to_owned(), home: None };
    Access { secret: Secret::new(token), account }
}

/// What makes every answer unusable.
fn spoilt() -> [Misdeed; 7] {
    [
        Misdeed::HalfABody,
        Misdeed::Html,
        Misdeed::TooLong,
        Misdeed::CutOff,
        Misdeed::DoneUnanswered,
        Misdeed::status(503, "{}"),
        Misdeed::status(200, "{}"),
    ]
}
