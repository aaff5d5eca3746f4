//! The sandbox of `deskbell demo`: the vendors of calendars and bookings on this machine, as doubles that behave, with a
//! page on which somebody plays their owners: adds, moves and deletes events, takes access back, and has a vendor go wrong.

mod page;
mod stand;
mod stands;
mod view;

use std::sync::Arc;

use jiff::{ToSpan as _, tz::TimeZone};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    app::vendors::{self, Clients, Places},
    config::{Client, Secret},
    ports::{clock::Clock, vendors::Vendors},
    testing::calendar::microsoft::{self, FakeMicrosoft},
};
use page::Page;
use stand::{New, Stand};

/// The vendors and their page, for as long as this is kept.
pub(super) struct Sandbox {
    microsoft: FakeMicrosoft,
    clock: Arc<dyn Clock>,
    address: String,
    _page: JoinSet<()>,
}

impl Sandbox {
    /// Starts the vendors, writes a few events into their calendars, and serves their page on `listener`, which has to be
    /// on this machine alone.
    ///
    /// # Errors
    /// When the page would be reachable from elsewhere, or has no address.
    pub(super) async fn start(
        listener: TcpListener,
        clock: Arc<dyn Clock>,
        zone: TimeZone,
        desk: &str,
    ) -> anyhow::Result<Self> {
        let at = listener.local_addr()?;
        anyhow::ensure!(at.ip().is_loopback(), "the sandbox is for this machine alone");
        let microsoft = FakeMicrosoft::start(Arc::clone(&clock)).await;
        let stands: Vec<Box<dyn Stand>> = vec![Box::new(microsoft.clone())];
        for stand in &stands {
            furnish(stand.as_ref(), clock.as_ref(), &zone);
        }
        let page = Page::new(stands, Arc::clone(&clock), zone, desk, at);
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let _ = axum::serve(listener, page.routes()).await;
        });
        Ok(Self { microsoft, clock, address: format!("http://{at}/"), _page: serving })
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
        let microsoft_client = client(microsoft::CLIENT_ID, microsoft::CLIENT_SECRET);
        let clients = Clients { microsoft: microsoft_client, ..Clients::default() };
        let (login, graph) = (self.microsoft.login(), self.microsoft.address());
        let places = Places { microsoft_login: login, microsoft_graph: graph, ..Places::default() };
        vendors::made_of(&clients, &places, &self.clock)
    }
}

/// Something to see in every calendar: on each of the next days, by the business's clock.
fn furnish(stand: &dyn Stand, clock: &dyn Clock, zone: &TimeZone) {
    let today = clock.now().to_zoned(zone.clone()).date();
    let plan = [(1, 12, 60, "Lunch with Sam", false), (2, 9, 90, "Dentist", false), (3, 15, 30, "Call the bank", true)];
    for account in stand.accounts() {
        for shelf in account.shelves.iter().take(1) {
            for (days, hour, minutes, title, free) in plan {
                let start = today.checked_add(days.days()).and_then(|day| day.at(hour, 0, 0, 0).to_zoned(zone.clone()));
                let Ok(start) = start else { continue };
                let Ok(end) = start.checked_add(minutes.minutes()) else { continue };
                let new = New { title: title.to_owned(), from: start.timestamp(), to: end.timestamp(), free };
                // A kind of thing that a vendor does not have is left out.
                let _ = stand.add(&shelf.id, new);
            }
        }
    }
}
