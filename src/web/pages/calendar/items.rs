//! What stands in the calendar: appointments, holds, classes and blocks, in words.

use jiff::Timestamp;

use super::words::Words;
use crate::{
    domain::{
        block::Block,
        booking::BookingState,
        business::Business,
        ids::{BookingId, ServiceId, StaffId},
    },
    store::bookings::Kept,
};

/// Services have so many tones (calendar.css); after that they begin again.
const TONES: usize = 6;

/// One thing in the calendar.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// "booked t-2 past", and its place when it has one.
    pub(super) classes: String,
    pub(super) href: String,
    /// Whose it is: "Anna Kovacs".
    pub(super) head: String,
    /// "10:00", and the same for scripts.
    pub(super) time: String,
    pub(super) wall: String,
    /// "Haircut".
    pub(super) what: String,
    /// All of it, for whoever hears the page.
    pub(super) said: String,
    /// The customers of a class.
    pub(super) mates: Vec<Mate>,
    /// What can be moved.
    pub(super) booking: Option<BookingId>,
    pub(super) staff: Option<StaffId>,
    /// What the customer experiences, and what is kept for it.
    pub(super) time_of: (Timestamp, Timestamp),
    pub(super) busy: (Timestamp, Timestamp),
    pub(super) blocks: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Mate {
    pub(super) href: String,
    pub(super) name: String,
}

/// The page of a booking, as the calendar's own address leads to it: three hundred times the business's would weigh more
/// than the names.
fn beside(booking: BookingId) -> String {
    format!("bookings/{booking}")
}

/// What can be seen of a business's time.
pub(super) struct Seen<'a> {
    pub(super) business: &'a Business,
    pub(super) words: &'a Words,
    pub(super) now: Timestamp,
}

impl Seen<'_> {
    /// The items of what is in the ledger, in order of their beginning. The places of one class are one item.
    pub(super) fn items(&self, kept: &[Kept], blocks: &[Block]) -> Vec<Item> {
        let mut items: Vec<Item> = blocks.iter().map(|block| self.block(block)).collect();
        let mut classes: Vec<(StaffId, ServiceId, Timestamp)> = Vec::new();
        for one in kept {
            let slot = one.booking.slot;
            if one.capacity == 1 {
                items.push(self.booked(one));
                continue;
            }
            let class = (slot.staff, slot.service, slot.starts);
            if !classes.contains(&class) {
                classes.push(class);
                let same = |other: &&Kept| {
                    let slot = other.booking.slot;
                    (slot.staff, slot.service, slot.starts) == class
                };
                items.push(self.class(&kept.iter().filter(same).collect::<Vec<_>>()));
            }
        }
        items.sort_by_key(|item| (item.time_of.0, std::cmp::Reverse(item.time_of.1)));
        items
    }

    fn booked(&self, kept: &Kept) -> Item {
        let booking = &kept.booking;
        let slot = booking.slot;
        let held = matches!(booking.state, BookingState::Held { .. });
        let service = self.service(slot.service);
        let name = booking.customer.name.as_str();
        let head = if held { "Being booked".to_owned() } else { name.to_owned() };
        // It begins with what is seen, so that whoever speaks to the page says what they read (WCAG 2.5.3).
        let time = self.words.tight(slot.starts);
        let (until, member) = (self.words.clock(slot.ends), self.member(slot.staff));
        let mut said = format!("{time} {head}, {service}, until {until} with {member}");
        let mut classes = format!("{} t-{}", if held { "held" } else { "booked" }, self.tone(slot.service));
        if booking.unverified && !held {
            classes.push_str(" unverified");
            said.push_str(", not checked against your calendar");
        }
        self.finished(Item {
            classes,
            href: beside(booking.id),
            head,
            time,
            wall: self.words.wall(slot.starts),
            what: service.to_owned(),
            said,
            mates: Vec::new(),
            booking: (!held).then_some(booking.id),
            staff: Some(slot.staff),
            time_of: (slot.starts, slot.ends),
            busy: kept.busy,
            blocks: false,
        })
    }

    fn class(&self, places: &[&Kept]) -> Item {
        let first = places[0];
        let slot = first.booking.slot;
        let service = self.service(slot.service);
        let taken = format!("{} of {}", places.len(), first.capacity);
        let mates = places.iter().map(|place| Mate {
            href: beside(place.booking.id),
            name: match place.booking.state {
                BookingState::Held { .. } => "Being booked".to_owned(),
                _ => place.booking.customer.name.as_str().to_owned(),
            },
        });
        let when = self.words.span(slot.starts, slot.ends);
        self.finished(Item {
            classes: format!("booked class t-{}", self.tone(slot.service)),
            href: String::new(),
            head: service.to_owned(),
            time: self.words.tight(slot.starts),
            wall: self.words.wall(slot.starts),
            what: taken.clone(),
            said: format!("{service}, {taken} places, {when} with {}", self.member(slot.staff)),
            mates: mates.collect(),
            booking: None,
            staff: Some(slot.staff),
            time_of: (slot.starts, slot.ends),
            busy: first.busy,
            blocks: false,
        })
    }

    fn block(&self, block: &Block) -> Item {
        let head = if block.reason.is_empty() { "Blocked" } else { &block.reason };
        let whom = block.staff.map_or("everybody", |staff| self.member(staff));
        let until = if self.words.date_of(block.from) == self.words.date_of(block.to) {
            self.words.clock(block.to)
        } else {
            self.words.moment(block.to)
        };
        let time = self.words.tight(block.from);
        self.finished(Item {
            classes: "blocked".to_owned(),
            href: format!("calendar/blocks/{}", block.id),
            head: head.to_owned(),
            time: time.clone(),
            wall: self.words.wall(block.from),
            what: "blocked".to_owned(),
            said: format!("{time} {head}, blocked, until {until} for {whom}"),
            mates: Vec::new(),
            booking: None,
            staff: block.staff,
            time_of: (block.from, block.to),
            busy: (block.from, block.to),
            blocks: true,
        })
    }

    fn finished(&self, mut item: Item) -> Item {
        if item.time_of.1 <= self.now {
            item.classes.push_str(" past");
        }
        item
    }

    pub(super) fn service(&self, id: ServiceId) -> &str {
        self.business.service(id).map_or("a service of before", |service| &service.name)
    }

    pub(super) fn member(&self, id: StaffId) -> &str {
        self.business.member(id).map_or("somebody who left", |member| &member.name)
    }

    fn tone(&self, id: ServiceId) -> usize {
        self.business.services.iter().position(|service| service.id == id).unwrap_or_default() % TONES
    }
}
