//! Every vendor of calendars and of bookings, made of the settings.

use std::sync::Arc;

use anyhow::Context as _;

use crate::{
    adapters::calendar::{
        calcom::{self, Calcom},
        caldav::{CalDav, Own, Reach},
        calendly::{
            self, Calendly,
            consent::{AUTH as CALENDLY_AUTH, CalendlyConsent},
        },
        google::{self, Google},
        microsoft::{self, Application, Microsoft, MicrosoftConsent},
    },
    config::{Client, Config, Missing, settings as s},
    domain::secret::Secret,
    ports::{
        clock::Clock,
        vendors::{Door, Kind, Vendor, Vendors},
    },
};

/// Where the vendors are.
#[derive(Clone, Debug)]
pub struct Places {
    pub google: google::Places,
    pub microsoft_login: String,
    pub microsoft_graph: String,
    /// An owner types the server; this says which may be typed.
    pub caldav: Reach,
    pub calendly_auth: String,
    pub calendly_api: String,
    pub calcom: String,
}

/// The real ones.
impl Default for Places {
    fn default() -> Self {
        Self {
            google: google::Places::default(),
            microsoft_login: microsoft::LOGIN.to_owned(),
            microsoft_graph: microsoft::GRAPH.to_owned(),
            caldav: Reach::Internet(Own::default()),
            calendly_auth: CALENDLY_AUTH.to_owned(),
            calendly_api: calendly::API.to_owned(),
            calcom: calcom::API.to_owned(),
        }
    }
}

/// What this server is known by at the vendors that ask for it.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    pub google: Option<Client>,
    pub microsoft: Option<Client>,
    pub calendly: Option<Client>,
    /// What Calendly may sign its reports with, beside the key of each.
    pub calendly_signing: Option<Secret>,
}

/// All of them, as the settings have it. One that settings are missing for has a closed door, and so has every one when there
/// is nothing to seal with.
///
/// # Errors
/// When no HTTP client can be made.
pub(super) fn vendors(config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendors> {
    let google = config.google.as_ref();
    let clients = Clients {
        google: google.map(|google| Client { id: google.client_id.clone(), secret: google.client_secret.clone() }),
        microsoft: config.calendars.microsoft.clone(),
        calendly: config.calendars.calendly.clone(),
        calendly_signing: config.calendars.calendly_signing.clone(),
    };
    let own: Own = config.calendars.caldav_servers.iter().cloned().collect();
    let places = Places { caldav: Reach::Internet(own), ..Places::default() };
    let vendors = made_of(&clients, &places, clock)?;
    let sealing = config.missing_for_sealing();
    if sealing.is_empty() {
        return Ok(vendors);
    }
    let closed = |vendor: &Vendor| {
        let mut missing = if let Door::Closed(missing) = &vendor.door { missing.clone() } else { Vec::new() };
        missing.extend(sealing.iter().copied());
        Vendor { door: Door::Closed(missing), ..vendor.clone() }
    };
    Ok(Vendors::new(vendors.iter().map(closed).collect()))
}

/// All of them, at these places.
///
/// # Errors
/// When an address is none, or no HTTP client can be made.
pub fn made_of(clients: &Clients, places: &Places, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendors> {
    Ok(Vendors::new(vec![
        google_calendar(clients, places).context("Google Calendar cannot be set up")?,
        microsoft365(clients, places, clock).context("Microsoft 365 cannot be set up")?,
        caldav(places, clock).context("CalDAV cannot be set up")?,
        calendly_bookings(clients, places, clock).context("Calendly cannot be set up")?,
        calcom_bookings(places).context("Cal.com cannot be set up")?,
    ]))
}

fn google_calendar(clients: &Clients, places: &Places) -> anyhow::Result<Vendor> {
    // Its calendars can be read without a client, by accounts that were connected before a setting was lost.
    let nobody = || Client { id: "none".to_owned(), secret: Secret::new("none") };
    let client = clients.google.clone().unwrap_or_else(nobody);
    let google = Arc::new(Google::new(places.google.clone(), client.id, client.secret)?);
    let missing: Vec<Missing> = vec![
        (s::GOOGLE_CLIENT_ID, "the client ID of an OAuth client (Web application) at console.cloud.google.com"),
        (s::GOOGLE_CLIENT_SECRET, "the secret of that client"),
    ];
    let door = if clients.google.is_some() { Door::Consent(google.clone()) } else { Door::Closed(missing) };
    Ok(Vendor { name: "google_calendar", label: "Google Calendar", kind: Kind::Diary(google), door })
}

fn microsoft365(clients: &Clients, places: &Places, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendor> {
    let door = match &clients.microsoft {
        Some(client) => {
            let application = Application { client_id: client.id.clone(), client_secret: client.secret.clone() };
            let (login, graph) = (&places.microsoft_login, &places.microsoft_graph);
            Door::Consent(Arc::new(MicrosoftConsent::new(login, graph, application)?))
        }
        None => Door::Closed(vec![
            (s::MICROSOFT_CLIENT_ID, "the application (client) ID of an app registration at entra.microsoft.com"),
            (s::MICROSOFT_CLIENT_SECRET, "the value of a client secret of that registration"),
        ]),
    };
    let diary = Microsoft::new(&places.microsoft_graph, Arc::clone(clock))?;
    Ok(Vendor { name: "microsoft365", label: "Microsoft 365", kind: Kind::Diary(Arc::new(diary)), door })
}

fn caldav(places: &Places, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendor> {
    let caldav = Arc::new(CalDav::new(places.caldav.clone(), Arc::clone(clock))?);
    let label = "iCloud, Fastmail, Nextcloud (CalDAV)";
    Ok(Vendor { name: "caldav", label, kind: Kind::Diary(caldav.clone()), door: Door::Key(caldav) })
}

fn calendly_bookings(clients: &Clients, places: &Places, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendor> {
    let calendly = Calendly::new(&places.calendly_api, Arc::clone(clock))?;
    let calendly = Arc::new(calendly.signed_with(clients.calendly_signing.clone()));
    let door = match &clients.calendly {
        Some(client) => {
            let (auth, secret) = (&places.calendly_auth, client.secret.clone());
            Door::Consent(Arc::new(CalendlyConsent::new(auth, &client.id, secret, calendly.clone())?))
        }
        None => Door::Closed(vec![
            (s::CALENDLY_CLIENT_ID, "the client ID of an OAuth app at developer.calendly.com"),
            (s::CALENDLY_CLIENT_SECRET, "the secret of that app"),
        ]),
    };
    Ok(Vendor { name: "calendly", label: "Calendly", kind: Kind::Scheduler(calendly), door })
}

fn calcom_bookings(places: &Places) -> anyhow::Result<Vendor> {
    let calcom = Arc::new(Calcom::new(&places.calcom)?);
    Ok(Vendor { name: "calcom", label: "Cal.com", kind: Kind::Scheduler(calcom.clone()), door: Door::Key(calcom) })
}
