//! A connection in plain words: whose it is, how it goes, and what is to be done about it.

use crate::{
    domain::{
        business::{Business, Staff},
        connection::{Connection, ConnectionState, Whom, Why},
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
    diary_uses(&connection.clone().of(business), business)
}

/// What is used of calendars with events, everybody's and members' own.
fn diary_uses(connection: &Connection, business: &Business) -> Vec<String> {
    let named = |of: &dyn Fn(&Staff) -> bool| {
        let names: Vec<&str> =
            business.staff.iter().filter(|member| of(member)).map(|member| member.name.as_str()).collect();
        listed(&names)
    };
    let blocking = connection.blocking();
    let own = |whom: &Whom, member: &Staff| matches!(whom, Whom::Members(members) if members.contains(&member.id));
    let busy = named(&|member| blocking.iter().any(|(_, whom)| own(whom, member)));
    let all = blocking.iter().filter(|(_, whom)| *whom == Whom::All).count();
    let all = (all > 0).then(|| counted(all as u64, "calendar", "calendars"));
    let busy = match (all, busy) {
        (None, None) => "Nothing there blocks time here.".to_owned(),
        (Some(all), None) => format!("Busy in {all} there is busy here."),
        (None, Some(names)) => format!("There are calendars there that keep only {names} busy."),
        (Some(all), Some(names)) => {
            format!("Busy in {all} there is busy for everybody, and there are others that keep only {names} busy.")
        }
    };
    let general = connection.choice.receives.is_some();
    let theirs = named(&|member| connection.staff.is_none() && connection.receives_own(member.id).is_some());
    let meeting = if connection.choice.meeting { ", with a video meeting" } else { "" };
    let written = match (general, theirs) {
        (false, None) => "Appointments are not written there.".to_owned(),
        (true, None) => format!("Appointments are written there{meeting}."),
        (true, Some(names)) => {
            format!("Appointments are written there{meeting}; those with {names} into calendars of their own.")
        }
        (false, Some(names)) => {
            format!("Appointments with {names} are written there{meeting}, into calendars of their own.")
        }
    };
    vec![busy, written]
}

/// "Maria, James and Noor"; many are counted: "Maria, James and 4 others". Nothing: there is nobody.
pub(super) fn listed(names: &[&str]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some((*one).to_owned()),
        [before @ .., last] if names.len() <= 4 => Some(format!("{} and {last}", before.join(", "))),
        [first, second, others @ ..] => Some(format!("{first}, {second} and {} others", others.len())),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        domain::{
            connection::{Account, CalendarId, Choice, Health, Part},
            ids::ConnectionId,
        },
        testing::salon,
    };

    #[test]
    fn what_is_used_is_said_with_the_names_of_those_who_have_calendars_of_their_own() {
        let business = salon();
        let calendar = |name: &str| CalendarId::new(name).unwrap();
        let part = |name: &str| Part { blocks: vec![calendar(name)], receives: Some(calendar(name)) };
        let mut connection = Connection {
            id: ConnectionId(uuid::Uuid::from_u128(1)),
            business: business.id,
            provider: "diary".to_owned(),
            staff: None,
            account: Account { subject: "1".to_owned(), label: "salon@example.com".to_owned(), home: None },
            choice: Choice { blocks: vec![calendar("main")], receives: Some(calendar("main")), ..Choice::default() },
            state: ConnectionState::Active,
            health: Health::default(),
            version: 1,
            created: jiff::Timestamp::UNIX_EPOCH,
        };
        let told = |connection: &Connection| diary_uses(connection, &business).join(" ");
        assert_eq!(told(&connection), "Busy in 1 calendar there is busy here. Appointments are written there.");
        let (first, second) = (&business.staff[0], &business.staff[1]);
        connection.choice.members = BTreeMap::from([(first.id, part("one")), (second.id, part("two"))]);
        let names = format!("{} and {}", first.name, second.name);
        assert_eq!(
            told(&connection),
            format!(
                "Busy in 1 calendar there is busy for everybody, and there are others that keep only {names} busy. \
                 Appointments are written there; those with {names} into calendars of their own."
            )
        );
        (connection.choice.blocks, connection.choice.receives) = (Vec::new(), None);
        connection.choice.meeting = true;
        assert_eq!(
            told(&connection),
            format!(
                "There are calendars there that keep only {names} busy. \
                 Appointments with {names} are written there, with a video meeting, into calendars of their own."
            )
        );
        assert_eq!(listed(&["A", "B", "C", "D", "E"]).unwrap(), "A, B and 3 others");
    }
}
