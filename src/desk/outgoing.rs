//! What is to be sent after a change: rows for the outbox, written in the change's own transaction.

use jiff::{SignedDuration, Timestamp};

use super::FrontDesk;
use crate::{
    domain::{
        booking::{Booking, Customer, Slot},
        business::Business,
        ids::{BookingId, OutboxId},
        letters::{About, Template},
        phone::PhoneKind,
    },
    ports::desk::{Confirm, DeskError, News},
    store::{
        links::NewLink,
        outbox::{Kind, NewOutbox},
    },
};

/// A late "you're booked" is worse than none: after this the owner is told instead.
const TEXT_IS_NEWS_FOR: SignedDuration = SignedDuration::from_mins(30);

/// How long the calendar is tried before the owner is told.
const CALENDAR_IS_TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The text with the address of a page, in the outbox.
const PAGE: &str = "page";

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
        let about = About::booking(business, booking, language)?;
        let about = About { home: self.links.home(), link: link.as_deref(), ..about };
        // Nobody wants to read that they are booked for this morning.
        if about.phone.kind() == PhoneKind::Never || about.slot.ends <= now {
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

    /// The same before anything is changed, so that the business sees what it is about to send.
    pub(super) fn letter_ahead(
        &self,
        business: &Business,
        slot: &Slot,
        customer: &Customer,
        news: News,
    ) -> Option<String> {
        let phone = customer.phone.as_ref().filter(|phone| phone.kind() != PhoneKind::Never)?;
        if slot.ends <= self.clock.now() {
            return None;
        }
        // As long as the real one, which there is none of before there is a booking.
        let link = self.links.example();
        let (name, home) = (&customer.name, self.links.home());
        let about = About { business, slot, name, phone, home, link: link.as_deref(), language: None };
        let template = match news {
            News::Booked => Template::Booked,
            News::Moved => Template::Moved,
            News::Cancelled => Template::Cancelled,
        };
        Some(about.text(template))
    }

    /// The page where the customer books by themselves, for a hold that cannot be confirmed. The hold is given up; what is
    /// sent is written down in one transaction with that.
    pub(super) async fn by_page(&self, confirm: &Confirm, hold: &Booking, page: String, now: Timestamp) -> DeskError {
        let business = &confirm.business;
        let text = || {
            let about = About::booking(business, hold, confirm.language.as_deref())?;
            let textable = about.phone.kind() != PhoneKind::Never;
            textable.then(|| NewOutbox {
                recipient: about.phone.to_string(),
                body: about.page(&page),
                expires: now + TEXT_IS_NEWS_FOR,
                ..self.blank(hold, Kind::Sms, PAGE, now)
            })
        };
        let rows: Vec<_> = confirm.tell.then(text).flatten().into_iter().collect();
        match self.store.release_telling(business.id, hold.id, &rows, now).await {
            Ok(()) => {
                self.nudge.wake();
                DeskError::ByPage { texted: !rows.is_empty() }
            }
            Err(error) => error.into(),
        }
    }

    /// The provider's `after_booking`.
    pub(super) fn event(&self, booking: &Booking, now: Timestamp) -> NewOutbox {
        NewOutbox { expires: now + CALENDAR_IS_TRIED_FOR, ..self.blank(booking, Kind::Calendar, "event", now) }
    }

    /// The same once more, for one that was given up.
    pub(super) async fn event_again(&self, business: &Business, booking: BookingId) -> Result<bool, DeskError> {
        let now = self.clock.now();
        let again = self.store.outbox_event_again(business.id, booking, now, now + CALENDAR_IS_TRIED_FOR).await?;
        if again {
            self.nudge.wake();
        }
        Ok(again)
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
