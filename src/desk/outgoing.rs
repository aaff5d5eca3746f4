//! What is to be sent after a change: rows for the outbox, written in the change's own transaction.

use jiff::{SignedDuration, Timestamp};

use super::{
    FrontDesk,
    texts::{About, Template},
};
use crate::{
    domain::{
        booking::Booking,
        business::Business,
        ids::{BookingId, OutboxId},
        phone::PhoneKind,
    },
    store::{
        links::NewLink,
        outbox::{Kind, NewOutbox},
    },
};

/// A late "you're booked" is worse than none: after this the owner is told instead.
const TEXT_IS_NEWS_FOR: SignedDuration = SignedDuration::from_mins(30);

/// How long the calendar is tried before the owner is told.
const CALENDAR_IS_TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);

impl FrontDesk {
    /// The text message about a change that is about to be made, in the language (BCP 47) it was asked for in, else the
    /// business's. Nothing: there is no number that may be texted.
    pub(super) fn letter(
        &self,
        business: &Business,
        booking: &Booking,
        template: Template,
        language: Option<&str>,
        now: Timestamp,
    ) -> Option<NewOutbox> {
        let link = self.links.of(booking.id);
        let about = About::booking(business, booking, &self.links, link.as_deref(), language)?;
        if about.phone.kind() == PhoneKind::Never {
            return None;
        }
        Some(NewOutbox {
            recipient: about.phone.to_string(),
            body: about.text(template),
            expires: now + TEXT_IS_NEWS_FOR,
            ..self.blank(booking, Kind::Sms, template.as_str(), now)
        })
    }

    /// The address that letters about a booking carry, to be written down with it.
    pub(super) fn link(&self, booking: BookingId, language: Option<&str>) -> Option<NewLink> {
        let hash = self.links.hash(booking)?;
        Some(NewLink { hash, language: language.map(str::to_owned) })
    }

    /// The provider's `after_booking`.
    pub(super) fn event(&self, booking: &Booking, now: Timestamp) -> NewOutbox {
        NewOutbox { expires: now + CALENDAR_IS_TRIED_FOR, ..self.blank(booking, Kind::Calendar, "event", now) }
    }

    fn blank(&self, booking: &Booking, kind: Kind, template: &str, now: Timestamp) -> NewOutbox {
        // The version that the change makes.
        let version = booking.version + 1;
        NewOutbox {
            id: OutboxId(self.clock.new_id()),
            business: booking.business,
            kind,
            template: template.to_owned(),
            booking: Some(booking.id),
            call: booking.call,
            recipient: String::new(),
            body: String::new(),
            dedupe_key: format!("{}/{template}/{version}", booking.id),
            expires: now,
            now,
        }
    }
}
