//! A connection in plain words: whose it is, how it goes, and what is to be done about it.

use crate::{
    domain::{
        business::Business,
        connection::{Connection, ConnectionState, Why},
    },
    ports::{
        registry::{self, NATIVE},
        vendors::{Kind, Vendors},
    },
    web::pages::say::{Say, counted},
};

/// How a connection stands.
pub(in crate::web::pages) struct Standing {
    /// A badge's: "good", "warn", "bad".
    pub(in crate::web::pages) tone: &'static str,
    pub(in crate::web::pages) badge: &'static str,
    pub(in crate::web::pages) told: String,
    /// What puts it right.
    pub(in crate::web::pages) cure: Option<Cure>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web::pages) enum Cure {
    /// Letting Deskbell in once more.
    Reconnect,
    /// Saying what is used of it.
    Choose,
}

/// The vendor's name as owners know it.
pub(in crate::web::pages) fn label<'a>(vendors: &Vendors, provider: &'a str) -> &'a str {
    vendors.named(provider).map_or(provider, |vendor| vendor.label)
}

/// "Google Calendar, Calendly and Cal.com"; nothing: there is none.
pub(in crate::web::pages) fn together(vendors: &Vendors, providers: &[&str]) -> Option<String> {
    let labels: Vec<_> = providers.iter().map(|provider| label(vendors, provider)).collect();
    let (last, others) = labels.split_last()?;
    Some(if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) })
}

pub(in crate::web::pages) fn standing(connection: &Connection, label: &str, say: &Say) -> Standing {
    match connection.state {
        ConnectionState::Choosing => Standing {
            tone: "warn",
            badge: "One more step",
            told: "Connected. Say what is used of it, and it begins.".to_owned(),
            cure: Some(Cure::Choose),
        },
        ConnectionState::Reconnect { why, since } => Standing {
            tone: "bad",
            badge: if why == Why::CalendarGone { "Choose again" } else { "Connect again" },
            told: format!(
                "{} (Noticed: {}.) Until it is put right, callers are booked without it.",
                reason(why, label),
                say.when(since)
            ),
            cure: Some(if why == Why::CalendarGone { Cure::Choose } else { Cure::Reconnect }),
        },
        ConnectionState::Active => match &connection.health.problem {
            None => Standing { tone: "good", badge: "Works", told: String::new(), cure: None },
            Some((problem, since)) => Standing {
                tone: "warn",
                badge: "Has a problem",
                told: format!("{problem} First noticed: {}. It is tried again by itself.", say.when(*since)),
                cure: None,
            },
        },
    }
}

/// Why it has to be connected again, as a sentence.
pub(in crate::web::pages) fn reason(why: Why, label: &str) -> String {
    match why {
        Why::Revoked => format!("{label} does not let Deskbell in any more: access was taken back, or has run out."),
        Why::NotAllowed => format!("{label} lets Deskbell in, but not do what is needed: something was left out."),
        Why::CalendarGone => "A calendar that was chosen is not there any more.".to_owned(),
        Why::TokenLost => "The key to it was changed over there, and got lost on its way here.".to_owned(),
        Why::Unreadable => "What opens it cannot be read with the keys of this server.".to_owned(),
    }
}

/// "Last answered today, 2:30 pm".
pub(in crate::web::pages) fn last_answer(connection: &Connection, say: &Say) -> String {
    connection
        .health
        .well
        .map_or_else(|| "It has not been asked yet.".to_owned(), |at| format!("Last answered: {}.", say.when(at)))
}

/// "The whole business", or somebody's name.
pub(in crate::web::pages) fn whose(connection: &Connection, business: &Business) -> String {
    match connection.staff {
        None => "The whole business".to_owned(),
        Some(id) => business.member(id).map_or_else(|| "Somebody who left".to_owned(), |member| member.name.clone()),
    }
}

/// The settings let it have a say about some service.
fn asked(connection: &Connection, business: &Business) -> bool {
    let (provider, integrations) = (connection.provider.as_str(), &business.ai_config.integrations);
    let enabled = registry::settings_of(business, provider).is_some_and(|settings| settings.enabled);
    let alone = integrations.provider.is_empty() || integrations.provider == NATIVE;
    let named = integrations.provider == provider
        || integrations.also.iter().chain(integrations.services.values()).any(|name| name == provider);
    enabled && named && !alone
}

/// What is used of it, a sentence each. Its calendars' names are the vendor's to tell, so they are counted here.
pub(in crate::web::pages) fn uses(connection: &Connection, business: &Business, kind: Option<&Kind>) -> Vec<String> {
    let choice = &connection.choice;
    if !connection.is_active() {
        return Vec::new();
    }
    if !asked(connection, business) {
        return vec!["It works, and is not asked: another calendar decides.".to_owned()];
    }
    if let Some(Kind::Scheduler(_)) = kind {
        let named = business.services.iter().filter(|service| choice.kinds.contains_key(&service.id));
        let names: Vec<&str> = named.map(|service| service.name.as_str()).collect();
        return vec![match names.len() {
            0 => "It takes bookings for no service yet.".to_owned(),
            n if n == business.services.len() => "It decides about every service, and takes their bookings.".to_owned(),
            _ => format!("It decides about {}, and takes their bookings.", names.join(", ")),
        }];
    }
    let mut uses = vec![match choice.blocks.len() {
        0 => "Nothing there blocks time here.".to_owned(),
        n => format!("Busy in {} there is busy here.", counted(n as u64, "calendar", "calendars")),
    }];
    uses.push(match (&choice.receives, choice.meeting) {
        (None, _) => "Appointments are not written there.".to_owned(),
        (Some(_), false) => "Appointments are written there.".to_owned(),
        (Some(_), true) => "Appointments are written there, with a video meeting.".to_owned(),
    });
    uses
}
