//! Every vendor of calendars and of bookings, made of the settings.

use std::sync::Arc;

use anyhow::Context as _;

use crate::{
    adapters::calendar::{
        calcom::{self, Calcom},
        caldav::{CalDav, Reach},
        calendly::{self, Calendly, consent::CalendlyConsent},
        google::{Google, Places},
        microsoft::{self, Application, Microsoft, MicrosoftConsent},
    },
    config::{Config, Missing, Secret, settings as s},
    ports::{
        clock::Clock,
        consent::{Consent, KeyDoor},
        vendors::{Door, Kind, Vendor, Vendors},
    },
};

/// Where the vendors are. The tests and the sandbox put others in their place.
#[derive(Clone, Debug)]
pub struct Endpoints {
    pub google: Places,
    pub microsoft_login: String,
    pub microsoft_graph: String,
    pub calendly: String,
    pub calendly_login: String,
    pub calcom: String,
    /// A `CalDAV` server's address comes from its owner; this says which ones are looked at.
    pub caldav: Reach,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            google: Places::default(),
            microsoft_login: microsoft::LOGIN.to_owned(),
            microsoft_graph: microsoft::GRAPH.to_owned(),
            calendly: calendly::API.to_owned(),
            calendly_login: calendly::consent::AUTH.to_owned(),
            calcom: calcom::API.to_owned(),
            caldav: Reach::Internet,
        }
    }
}

/// All of them. One that settings are missing for has a closed door.
///
/// # Errors
/// When no HTTP client can be made.
pub fn vendors(config: &Config, places: &Endpoints, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendors> {
    Ok(Vendors::new(vec![
        google(config, places).context("Google Calendar")?,
        microsoft(config, places, clock).context("Microsoft 365")?,
        caldav(config, places, clock).context("CalDAV")?,
        calendly(config, places, clock).context("Calendly")?,
        calcom(config, places).context("Cal.com")?,
    ]))
}

/// The consent page of a vendor that knows this server, when there is something to seal with, too.
fn door(
    config: &Config,
    missing: [Missing; 2],
    consent: Option<anyhow::Result<Arc<dyn Consent>>>,
) -> anyhow::Result<Door> {
    let sealing = config.missing_for_sealing();
    Ok(match consent {
        Some(consent) if sealing.is_empty() => Door::Consent(consent?),
        Some(_) => Door::Closed(sealing),
        None => Door::Closed(missing.into_iter().chain(sealing).collect()),
    })
}

/// A form for a key, when there is something to seal it with.
fn form(config: &Config, door: Arc<dyn KeyDoor>) -> Door {
    let sealing = config.missing_for_sealing();
    if sealing.is_empty() { Door::Key(door) } else { Door::Closed(sealing) }
}

/// Its client is that of signing in with Google.
fn google(config: &Config, places: &Endpoints) -> anyhow::Result<Vendor> {
    let client = config.google.clone();
    let (id, secret) =
        client.clone().map_or_else(Default::default, |client| (client.client_id, Some(client.client_secret)));
    let google = Arc::new(Google::new(places.google.clone(), id, secret.unwrap_or_else(|| Secret::new("")))?);
    let missing = [
        (s::GOOGLE_CLIENT_ID, "an OAuth client id of Google Cloud Console, with the Calendar API switched on"),
        (s::GOOGLE_CLIENT_SECRET, "the secret of that client"),
    ];
    let consent = client.map(|_| Ok(Arc::clone(&google) as Arc<dyn Consent>));
    Ok(Vendor {
        name: "google_calendar",
        label: "Google Calendar",
        kind: Kind::Diary(google),
        door: door(config, missing, consent)?,
    })
}

fn microsoft(config: &Config, places: &Endpoints, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendor> {
    let consent = config.calendars.microsoft.clone().map(|client| {
        let application = Application { client_id: client.id, client_secret: client.secret };
        let consent = MicrosoftConsent::new(&places.microsoft_login, &places.microsoft_graph, application)?;
        Ok(Arc::new(consent) as Arc<dyn Consent>)
    });
    let missing = [
        (s::MICROSOFT_CLIENT_ID, "the application (client) id of a registration in Microsoft Entra"),
        (s::MICROSOFT_CLIENT_SECRET, "a client secret of that registration"),
    ];
    Ok(Vendor {
        name: "microsoft365",
        label: "Microsoft 365",
        kind: Kind::Diary(Arc::new(Microsoft::new(&places.microsoft_graph, clock.clone())?)),
        door: door(config, missing, consent)?,
    })
}

fn caldav(config: &Config, places: &Endpoints, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendor> {
    let caldav = Arc::new(CalDav::new(places.caldav, clock.clone())?);
    Ok(Vendor {
        name: "caldav",
        label: "Apple iCloud, Fastmail, Nextcloud (CalDAV)",
        door: form(config, caldav.clone()),
        kind: Kind::Diary(caldav),
    })
}

fn calendly(config: &Config, places: &Endpoints, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendor> {
    let calendly = Arc::new(Calendly::new(&places.calendly, clock.clone())?);
    let consent = config.calendars.calendly.clone().map(|client| {
        let consent = CalendlyConsent::new(&places.calendly_login, &client.id, client.secret, calendly.clone())?;
        Ok(Arc::new(consent) as Arc<dyn Consent>)
    });
    let missing = [
        (s::CALENDLY_CLIENT_ID, "the client id of an application at developer.calendly.com"),
        (s::CALENDLY_CLIENT_SECRET, "the client secret of that application"),
    ];
    Ok(Vendor {
        name: "calendly",
        label: "Calendly",
        door: door(config, missing, consent)?,
        kind: Kind::Scheduler(calendly),
    })
}

fn calcom(config: &Config, places: &Endpoints) -> anyhow::Result<Vendor> {
    let calcom = Arc::new(Calcom::new(&places.calcom)?);
    Ok(Vendor { name: "calcom", label: "Cal.com", door: form(config, calcom.clone()), kind: Kind::Scheduler(calcom) })
}
