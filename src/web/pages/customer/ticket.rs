//! An appointment as it is shown: what, when, with whom, for how much.

use super::{frame::Visit, speech::capital};
use crate::domain::booking::{Customer, Slot};

pub(super) struct Ticket {
    /// "Tue", "24", "Nov": the leaf of a calendar.
    pub weekday: String,
    pub day: i8,
    pub month: String,
    /// "Tuesday, November 24", with its year when that is not this one.
    pub date: String,
    /// "3:30 PM – 4:15 PM".
    pub time: String,
    /// RFC 3339, for scripts and search engines.
    pub starts: String,
    pub service: String,
    /// "45 min".
    pub length: String,
    /// With whom; nothing: they are no longer there.
    pub member: Option<String>,
    pub price: Option<String>,
    /// For whom; nothing: not known yet.
    pub name: Option<String>,
}

impl Ticket {
    pub(super) fn of(visit: &Visit, slot: &Slot, customer: Option<&Customer>) -> Self {
        let (business, speech) = (&visit.business, &visit.speech);
        let service = business.service(slot.service);
        let starts = speech.local(slot.starts);
        let is_this_year = starts.year() == speech.local(visit.now).year();
        let minutes = slot.ends.duration_since(slot.starts).as_mins();
        Self {
            weekday: capital(speech.weekday_short(starts.weekday())),
            day: starts.day(),
            month: speech.month_short(starts.date()),
            date: if is_this_year { speech.day(starts.date()) } else { speech.date(starts.date()) },
            time: format!("{} – {}", speech.clock(slot.starts), speech.clock(slot.ends)),
            starts: slot.starts.to_string(),
            service: service.map_or_else(|| visit.words().your_appointment.to_owned(), |service| service.name.clone()),
            length: speech.length(u16::try_from(minutes).unwrap_or(0)),
            member: business.member(slot.staff).map(|member| member.name.clone()),
            price: service.and_then(|service| service.price).map(|price| speech.price(price)),
            name: customer.map(|customer| customer.name.as_str().to_owned()),
        }
    }
}
