//! Calendly names everything by an address. We keep what stands behind its host, so that no request is ever led to another
//! one, whatever an answer or a report says.

use crate::adapters::calendar::exchange::is_plain;

/// One invitee of one event: `scheduled_events/E/invitees/I`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    event: String,
    invitee: String,
}

impl Seat {
    /// Of an address at `base`. Some that Calendly's documentation shows have `/api/v2` before the name.
    pub(super) fn at(base: &str, address: &str) -> Option<Self> {
        let path = address.strip_prefix(base)?.strip_prefix('/')?;
        Self::named(path.strip_prefix("api/v2/").unwrap_or(path))
    }

    /// Of the name that we gave out.
    pub(super) fn named(name: &str) -> Option<Self> {
        let mut parts = name.split('/');
        let mut part = || parts.next();
        let (events, event, invitees, invitee) = (part()?, part()?, part()?, part()?);
        let good = (events, invitees) == ("scheduled_events", "invitees") && is_plain(event) && is_plain(invitee);
        (good && part().is_none()).then(|| Self { event: event.to_owned(), invitee: invitee.to_owned() })
    }

    pub(super) fn event_path(&self) -> String {
        format!("/scheduled_events/{}", self.event)
    }

    pub(super) fn path(&self) -> String {
        format!("/{}", self.name())
    }

    pub(super) fn name(&self) -> String {
        format!("scheduled_events/{}/invitees/{}", self.event, self.invitee)
    }
}

/// The path of a thing of this kind, for addresses at `base` alone: `/event_types/AAAA`.
pub(super) fn path(base: &str, kind: &str, address: &str) -> Option<String> {
    let rest = address.strip_prefix(base)?.strip_prefix('/')?;
    let id = rest.strip_prefix(kind)?.strip_prefix('/')?;
    is_plain(id).then(|| format!("/{kind}/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://api.calendly.com";

    #[test]
    fn an_invitee_is_named_without_a_host() {
        let address = format!("{BASE}/scheduled_events/GB-1/invitees/A_2");
        let seat = Seat::at(BASE, &address).unwrap();
        assert_eq!(seat.name(), "scheduled_events/GB-1/invitees/A_2");
        assert_eq!(Seat::named(&seat.name()), Some(seat.clone()));
        assert_eq!(Seat::at(BASE, &format!("{BASE}/api/v2/{}", seat.name())), Some(seat));
    }

    #[test]
    fn no_other_host_and_no_other_path_is_followed() {
        for address in [
            "https://api.calendly.com.evil.example/scheduled_events/A/invitees/B",
            "https://api.calendly.com@evil.example/scheduled_events/A/invitees/B",
            "https://evil.example/scheduled_events/A/invitees/B",
            "http://api.calendly.com/scheduled_events/A/invitees/B",
            "https://api.calendly.com/scheduled_events/../invitees/B",
            "https://api.calendly.com/scheduled_events/A/invitees/B/x",
            "https://api.calendly.com/scheduled_events/A/invitees/B?x=1",
            "https://api.calendly.com/scheduled_events/A%2f/invitees/B",
            "https://api.calendly.com/scheduled_events/A/invitees/",
            "https://api.calendly.com//scheduled_events/A/invitees/B",
            "",
        ] {
            assert_eq!(Seat::at(BASE, address), None, "{address}");
        }
        assert_eq!(
            path(BASE, "event_types", "https://api.calendly.com/event_types/AB").as_deref(),
            Some("/event_types/AB")
        );
        for address in ["https://api.calendly.com/users/AB", "https://evil.example/event_types/AB", "/event_types/AB"] {
            assert_eq!(path(BASE, "event_types", address), None, "{address}");
        }
    }
}
