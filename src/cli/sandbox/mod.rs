//! The sandbox of `deskbell demo`: the vendors of calendars and bookings on this machine, as doubles that behave, with a
//! page on which somebody plays their owners: adds, moves and deletes events, takes access back, and has a vendor go wrong.

mod page;
mod stand;
mod stands;
#[cfg(test)]
mod tests;
mod view;

use std::{sync::Arc, time::Duration};

use jiff::{ToSpan as _, tz::TimeZone};
use tokio::{net::TcpListener, task::JoinSet, time::sleep};

use crate::{
    adapters::calendar::{self as adapters, caldav::Reach},
    app::vendors::{self, Clients, Places},
    config::{Client, Secret},
    domain::business::Business,
    ports::{clock::Clock, vendors::Vendors},
    testing::calendar::{
        calcom::{self, FakeCalcom},
        caldav::{Dialect, FakeCalDav},
        calendly::{self, FakeCalendly},
        google::{self, FakeGoogle},
        microsoft::{self, FakeMicrosoft},
    },
};
use page::Page;
use stand::{New, Stand};
use stands::calcom::CalcomStand;

/// How often Google tells what has changed.
const TELLS: Duration = Duration::from_millis(500);

/// The vendors and their page, for as long as this is kept.
pub(super) struct Sandbox {
    google: FakeGoogle,
    microsoft: FakeMicrosoft,
    calendly: FakeCalendly,
    calcom: FakeCalcom,
    clock: Arc<dyn Clock>,
    address: String,
    _page: JoinSet<()>,
}

impl Sandbox {
    /// Starts the vendors, writes a few events into their calendars, and serves their page on `listener`, which has to be
    /// on this machine alone. `desk`: where Deskbell is.
    ///
    /// # Errors
    /// When the page would be reachable from elsewhere, or has no address.
    pub(super) async fn start(
        listener: TcpListener,
        clock: Arc<dyn Clock>,
        business: &Business,
        desk: &str,
    ) -> anyhow::Result<Self> {
        let at = listener.local_addr()?;
        anyhow::ensure!(at.ip().is_loopback(), "the sandbox is for this machine alone");
        let google = FakeGoogle::start(Arc::clone(&clock)).await;
        // Her account has a calendar for each of the staff, too, as many businesses do.
        for (n, member) in business.staff.iter().enumerate() {
            let id = format!("staff-{n}@group.example.com");
            google.add_calendar(&id, &member.name, business.zone.name(), google::ANN);
        }
        let microsoft = FakeMicrosoft::start(Arc::clone(&clock)).await;
        let caldav = FakeCalDav::start(Dialect::Nextcloud).await;
        let (calendly, calcom) =
            (FakeCalendly::serve(Arc::clone(&clock)).await, FakeCalcom::serve(Arc::clone(&clock)).await);
        for service in &business.services {
            calendly.add_kind(calendly::Kind::new(&service.name, service.minutes));
            calcom.add_kind(calcom::Kind::new(&service.name, service.minutes));
        }
        let stands: Vec<Box<dyn Stand>> = vec![
            Box::new(google.clone()),
            Box::new(microsoft.clone()),
            Box::new(caldav),
            Box::new(calendly.clone()),
            Box::new(CalcomStand::new(calcom.clone())),
        ];
        let zone = business.zone.tz();
        for stand in &stands {
            furnish(stand.as_ref(), clock.as_ref(), zone);
        }
        let page = Page::new(stands, Arc::clone(&clock), zone.clone(), desk, at);
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let _ = axum::serve(listener, page.routes()).await;
        });
        // The others report what has changed by themselves.
        let teller = google.clone();
        serving.spawn(async move {
            loop {
                teller.deliver().await;
                sleep(TELLS).await;
            }
        });
        let address = format!("http://{at}/");
        Ok(Self { google, microsoft, calendly, calcom, clock, address, _page: serving })
    }

    /// Where the page is.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// What the demo connects to instead of the world.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(super) fn vendors(&self) -> anyhow::Result<Vendors> {
        let client = |id: &str, secret: &str| Some(Client { id: id.to_owned(), secret: Secret::new(secret) });
        let clients = Clients {
            google: client(google::CLIENT, google::SECRET),
            microsoft: client(microsoft::CLIENT_ID, microsoft::CLIENT_SECRET),
            calendly: client(calendly::CLIENT_ID, calendly::CLIENT_SECRET),
            calendly_signing: None,
        };
        let places = Places {
            google: adapters::google::Places::at(self.google.address()),
            microsoft_login: self.microsoft.login(),
            microsoft_graph: self.microsoft.address(),
            caldav: Reach::ThisMachine,
            calendly_auth: self.calendly.address().to_owned(),
            calendly_api: self.calendly.address().to_owned(),
            calcom: self.calcom.address().to_owned(),
        };
        vendors::made_of(&clients, &places, &self.clock)
    }
}

/// Something to see in every account: on each of the next days, by the business's clock. A vendor with rules of its own
/// leaves out what is not free there.
fn furnish(stand: &dyn Stand, clock: &dyn Clock, zone: &TimeZone) {
    let today = clock.now().to_zoned(zone.clone()).date();
    let plan = [(1, 12, 60, "Lunch with Sam", false), (2, 9, 90, "Dentist", false), (3, 15, 30, "Call the bank", true)];
    for account in stand.accounts() {
        let Some(shelf) = account.shelves.first() else { continue };
        for (days, hour, minutes, title, free) in plan {
            let start = today.checked_add(days.days()).and_then(|day| day.at(hour, 0, 0, 0).to_zoned(zone.clone()));
            let Ok(start) = start else { continue };
            let Ok(end) = start.checked_add(minutes.minutes()) else { continue };
            let title = if stand.noun() == "event" { title } else { "Pat Guest" };
            let new = New { title: title.to_owned(), from: start.timestamp(), to: end.timestamp(), free };
            let _ = stand.add(&shelf.id, new);
        }
    }
}
