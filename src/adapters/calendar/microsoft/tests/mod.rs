//! The adapter against a mailbox that behaves, and one that does not.

mod busy;
mod changes;
mod consent;
mod events;
mod hooks;
mod misdeeds;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::{
    domain::{connection::Why, ids::BookingId},
    testing::{
        calendar::microsoft::{ANN, Entry, FakeMicrosoft, NewEvent},
        clock::FixedClock,
    },
};

const NOW: &str = "2026-11-24T15:00:00Z";

/// Ann's mailbox at Graph, and the adapter with her access.
struct Office {
    server: FakeMicrosoft,
    diary: Microsoft,
    access: Access,
    calendar: CalendarId,
}

async fn office() -> Office {
    of(ANN).await
}

async fn of(subject: &str) -> Office {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(NOW));
    let server = FakeMicrosoft::start(Arc::clone(&clock)).await;
    // Requests that are never answered are given up soon; a machine that is busy answers within it.
    let graph = Graph::within(&server.address(), Duration::from_millis(800)).unwrap();
    let (access, calendar) = (server.access(subject), server.main_calendar(subject));
    Office { diary: Microsoft { graph, clock }, access, calendar, server }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// "2026-12-03T10:00Z/2026-12-03T11:00Z".
fn span(text: &str) -> Interval {
    let (from, to) = text.split_once('/').unwrap();
    let full = |short: &str| at(&short.replace('Z', ":00Z"));
    Interval { from: full(from), to: full(to) }
}

fn key(number: u128) -> EventKey {
    EventKey { booking: BookingId(Uuid::from_u128(number)), generation: 0 }
}

fn appointment(key: EventKey, when: &str) -> Event {
    Event {
        key,
        title: "Haircut: Jo".into(),
        description: "Jo, +1 212 555 0134".into(),
        location: Some("12 Main St".into()),
        when: span(when),
        zone: "America/New_York".into(),
        meeting: false,
    }
}

impl Office {
    fn owner_adds(&self, when: &str, show_as: &str) -> String {
        let when = span(when);
        self.server.add_event(self.calendar.as_str(), NewEvent::new("Dentist", when.from, when.to).shown_as(show_as))
    }

    async fn busy(&self, range: &str) -> Result<Vec<Interval>, Trouble> {
        self.diary.busy(&self.access, std::slice::from_ref(&self.calendar), span(range)).await
    }

    async fn place(&self, event: &Event) -> Result<Placed, Trouble> {
        self.diary.place(&self.access, &self.calendar, event).await
    }

    async fn find(&self, key: EventKey) -> Result<Option<Seen>, Trouble> {
        self.diary.find(&self.access, &self.calendar, key).await
    }

    async fn changes(&self, cursor: Option<&str>) -> Result<Changes, Trouble> {
        self.diary.changes(&self.access, &self.calendar, cursor, at(NOW)).await
    }
}

#[tokio::test]
async fn an_owner_chooses_among_the_calendars_of_the_account() {
    let office = office().await;
    office.server.add_calendar(ANN, "The salon's", false);
    office.server.page_size(2);
    let listed = office.diary.calendars(&office.access).await.unwrap();
    let shown: Vec<_> = listed.iter().map(|one| (one.name.as_str(), one.primary, one.writable)).collect();
    assert_eq!(shown, [("Calendar", true, true), ("Family", false, true), ("The salon's", false, false)]);
    assert_eq!(listed[0].id, office.calendar);
    for asked in office.server.kit().asked() {
        assert_eq!(asked.header("prefer"), Some(PLAIN));
    }
}
