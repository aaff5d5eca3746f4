//! Every vendor of calendars and of bookings, made of the settings.

use std::sync::Arc;

use anyhow::Context as _;

use crate::{
    adapters::calendar::microsoft::{self, Application, Microsoft, MicrosoftConsent},
    config::{
        Config, Missing,
        settings::{MICROSOFT_CLIENT_ID, MICROSOFT_CLIENT_SECRET},
    },
    ports::{
        clock::Clock,
        consent::Consent,
        vendors::{Door, Kind, Vendor, Vendors},
    },
};

/// Where the vendors are. The tests and the sandbox put others in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    pub microsoft_login: String,
    pub microsoft_graph: String,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self { microsoft_login: microsoft::LOGIN.to_owned(), microsoft_graph: microsoft::GRAPH.to_owned() }
    }
}

/// All of them. One that settings are missing for has a closed door.
///
/// # Errors
/// When no HTTP client can be made.
pub fn vendors(config: &Config, places: &Endpoints, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendors> {
    Ok(Vendors::new(vec![microsoft(config, places, clock).context("Microsoft 365")?]))
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

fn microsoft(config: &Config, places: &Endpoints, clock: &Arc<dyn Clock>) -> anyhow::Result<Vendor> {
    let consent = config.calendars.microsoft.clone().map(|client| {
        let application = Application { client_id: client.id, client_secret: client.secret };
        let consent = MicrosoftConsent::new(&places.microsoft_login, &places.microsoft_graph, application)?;
        Ok(Arc::new(consent) as Arc<dyn Consent>)
    });
    let missing = [
        (MICROSOFT_CLIENT_ID, "the application (client) id of a registration in Microsoft Entra"),
        (MICROSOFT_CLIENT_SECRET, "a client secret of that registration"),
    ];
    Ok(Vendor {
        name: "microsoft365",
        label: "Microsoft 365",
        kind: Kind::Diary(Arc::new(Microsoft::new(&places.microsoft_graph, clock.clone())?)),
        door: door(config, missing, consent)?,
    })
}
