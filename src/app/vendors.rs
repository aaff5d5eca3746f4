//! Every vendor of calendars and of bookings, made of the settings.

use std::sync::Arc;

use anyhow::Context as _;

use crate::{
    adapters::calendar::microsoft::{self, Application, Microsoft, MicrosoftConsent},
    config::{Client, Config, settings as s},
    ports::{
        clock::Clock,
        vendors::{Door, Kind, Vendor, Vendors},
    },
};

/// Where the vendors are.
#[derive(Clone, Debug)]
pub struct Places {
    pub microsoft_login: String,
    pub microsoft_graph: String,
}

/// The real ones.
impl Default for Places {
    fn default() -> Self {
        Self { microsoft_login: microsoft::LOGIN.to_owned(), microsoft_graph: microsoft::GRAPH.to_owned() }
    }
}

/// What this server is known by at the vendors that ask for it.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    pub microsoft: Option<Client>,
}

/// All of them, as the settings have it. One that its settings are missing for has a closed door.
///
/// # Errors
/// When no HTTP client can be made.
pub(super) fn vendors(config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendors> {
    let clients = Clients { microsoft: config.calendars.microsoft.clone() };
    made_of(&clients, &Places::default(), clock)
}

/// All of them, at these places.
///
/// # Errors
/// When an address is none, or no HTTP client can be made.
pub fn made_of(clients: &Clients, places: &Places, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendors> {
    Ok(Vendors::new(vec![microsoft365(clients, places, clock).context("Microsoft 365 cannot be set up")?]))
}

fn microsoft365(clients: &Clients, places: &Places, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendor> {
    let door = match &clients.microsoft {
        Some(client) => {
            let application = Application { client_id: client.id.clone(), client_secret: client.secret.clone() };
            Door::Consent(Arc::new(MicrosoftConsent::new(
                &places.microsoft_login,
                &places.microsoft_graph,
                application,
            )?))
        }
        None => Door::Closed(vec![
            (s::MICROSOFT_CLIENT_ID, "the application (client) ID of an app registration at entra.microsoft.com"),
            (s::MICROSOFT_CLIENT_SECRET, "the value of a client secret of that registration"),
        ]),
    };
    let diary = Microsoft::new(&places.microsoft_graph, Arc::clone(clock))?;
    Ok(Vendor { name: "microsoft365", label: "Microsoft 365", kind: Kind::Diary(Arc::new(diary)), door })
}
