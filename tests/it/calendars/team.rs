//! One account of the whole business with a calendar for each member of staff: who is busy in which, where whose appointments
//! stand, and that an appointment stands once, whoever it is with.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use deskbell::{
    adapters::calendar::{
        caldav::{CalDav, Reach},
        google::{Google, Places},
    },
    calendars::opener::With,
    domain::{
        booking::{Booking, BookingState, Slot},
        connection::{Account, CalendarId, Choice, Connection, ConnectionState, Part, Why},
        ids::StaffId,
        secret::Secret,
    },
    jobs::following::Follower,
    ports::{
        calendar::Interval,
        clock::Clock,
        consent::Tokens,
        vendors::{Door, Kind, Vendor},
    },
    store::following::{WishKind, WishState},
    testing::{
        calendar::{
            caldav::{Dialect, FakeCalDav, MAIN, OTHER},
            google::{ANN, ANNS, CLIENT, FakeGoogle, Planned, SECRET},
        },
        clock::FixedClock,
    },
};
use jiff::SignedDuration;

use super::{
    following::{follower, minutes, now_at, told, wishes},
    rig::{Rig, both, calendar, tuesday, uses},
};
use crate::{
    desk::rig::{MONDAY_MORNING, tuesday as at},
    support::database::Database,
};

const PATIENCE: Duration = Duration::from_secs(5);

/// Whose calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Salon,
    Anna,
    Ben,
}

/// An event of ours: whose calendar it stands in, what it is called, and when it is.
type Ours = (Of, String, Interval);

/// A vendor's double with the account of a salon.
enum Account1 {
    Google(FakeGoogle),
    CalDav(FakeCalDav),
}

impl Account1 {
    /// The account, and its vendor.
    async fn google(clock: &FixedClock) -> (Self, Vendor, With, Account) {
        let fake = FakeGoogle::start(Arc::new(clock.clone())).await;
        for (id, name) in [("anna@group.example.com", "Anna"), ("ben@group.example.com", "Ben")] {
            fake.add_calendar(id, name, "America/New_York", ANN);
        }
        let adapter = Google::with_timeout(Places::at(fake.address()), CLIENT.into(), Secret::new(SECRET), PATIENCE);
        let adapter = Arc::new(adapter.unwrap());
        let (kind, door) = (Kind::Diary(Arc::<Google>::clone(&adapter)), Door::Consent(adapter));
        let vendor = Vendor { name: "google_calendar", label: "Google Calendar", kind, door };
        let let_in = fake.consent().let_in(ANN);
        let lives = Duration::from_secs(3_600);
        let tokens = Tokens { access: let_in.access, access_lives: Some(lives), refresh: let_in.refresh };
        let account = Account { subject: ANN.into(), label: ANNS.into(), home: None };
        (Self::Google(fake), vendor, With::Tokens(tokens), account)
    }

    async fn caldav(clock: &FixedClock) -> (Self, Vendor, With, Account) {
        let fake = FakeCalDav::start(Dialect::Nextcloud).await;
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let adapter = Arc::new(CalDav::with_timeout(Reach::ThisMachine, clock, PATIENCE).unwrap());
        let (kind, door) = (Kind::Diary(Arc::<CalDav>::clone(&adapter)), Door::Key(adapter));
        let access = fake.access();
        let vendor = Vendor { name: "caldav", label: "CalDAV", kind, door };
        (Self::CalDav(fake), vendor, With::Key(access.secret), access.account)
    }
}
