//! A caller and a desk for stories: what is asked of the desk is answered at once, and kept.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, civil::DateTime};
use uuid::Uuid;

use super::salon;
use crate::domain::{
    booking::{Booking, BookingState, Customer, CustomerName, Slot},
    business::Business,
    call::Caller,
    dialogue::{
        DeskReply, Dialogue, Effect, Event, Failure, Heard, Overheard, Request, State,
        tool::{Tool, ToolAnswer},
    },
    ids::BookingId,
    phone::PhoneNumber,
    slots::{
        Busy, Class,
        free::{self, Search},
        offer::{self, Wish},
    },
    truth::Claim,
    understand::Meaning,
};

pub(super) struct Story {
    pub(super) dialogue: Dialogue,
    pub(super) now: Timestamp,
    pub(super) bookings: Vec<Booking>,
    pub(super) notes: Vec<String>,
    /// What the desk refuses to do, once.
    pub(super) refuses: Option<Failure>,
    pub(super) ended: bool,
}

/// The salon is called on Friday 2026-11-20 at 10:00 in New York, from a number that is shown.
pub(super) fn call() -> Story {
    Story::at(salon(), "2026-11-20T10:00", Some("+12125550177"))
}

impl Story {
    pub(super) fn at(business: Business, now: &str, from: Option<&str>) -> Self {
        let now = there(&business, now);
        let mut story = Self {
            dialogue: Dialogue::new(Arc::new(business)),
            now,
            bookings: Vec::new(),
            notes: Vec::new(),
            refuses: None,
            ended: false,
        };
        let number = from.map(|number| number.parse().expect("a number"));
        story.happens(Event::Answered(Caller { number }));
        story
    }

    /// Says something; the answer, with every question in it.
    pub(super) fn says(&mut self, words: &str) -> String {
        self.happens(Event::Heard(words.into()))
    }

    pub(super) fn says_one_of(&mut self, words: &[&str]) -> String {
        let mut words = words.iter().map(|words| (*words).to_owned());
        let text = words.next().unwrap_or_default();
        self.happens(Event::Heard(Heard { text, others: words.collect() }))
    }

    /// Says several things; the last answer.
    pub(super) fn says_all(&mut self, turns: &[&str]) -> String {
        turns.iter().fold(String::new(), |_, words| self.says(words))
    }

    pub(super) fn presses(&mut self, key: char) -> String {
        self.happens(Event::Key(key))
    }

    pub(super) fn happens(&mut self, event: Event) -> String {
        let effects = self.dialogue.on(event, self.now);
        self.carry_out(effects)
    }

    /// Says something of which it is known what it means, whatever words it takes.
    pub(super) fn meaning(&mut self, meaning: Meaning) -> String {
        self.dialogue.now = self.now;
        self.dialogue.on_meaning(meaning);
        let effects = self.dialogue.finish();
        self.carry_out(effects)
    }

    /// Says something while a model leads; what the machine answers by itself, if it does.
    pub(super) fn tells(&mut self, words: &str) -> Option<String> {
        match self.dialogue.overhear(words.into(), self.now) {
            Overheard::Handled(effects) => Some(self.carry_out(effects)),
            Overheard::ForTheModel | Overheard::Waits => None,
        }
    }

    /// A model calls a tool; what it is told.
    pub(super) fn calls(&mut self, tool: Tool) -> ToolAnswer {
        match self.dialogue.act(tool, self.now) {
            Ok(effects) => {
                let say = self.carry_out(effects);
                self.dialogue.answer(say, self.now)
            }
            Err(refusal) => refusal,
        }
    }

    /// The model gives no answer.
    pub(super) fn model_dies(&mut self) -> String {
        let effects = self.dialogue.fall_back(self.now);
        self.carry_out(effects)
    }

    pub(super) fn instead_of(&mut self, claim: Claim) -> String {
        let effects = self.dialogue.instead_of(claim, self.now);
        self.carry_out(effects)
    }

    fn carry_out(&mut self, mut effects: Vec<Effect>) -> String {
        let mut said: Vec<String> = Vec::new();
        while !effects.is_empty() {
            // As after a crash: nothing may be lost by writing the state down.
            let state = serde_json::to_string(self.dialogue.state()).expect("a state can be written");
            assert_eq!(&serde_json::from_str::<State>(&state).expect("and read"), self.dialogue.state());
            assert!(state.len() < 4_000, "the state is small: {} bytes", state.len());
            for effect in std::mem::take(&mut effects) {
                match effect {
                    Effect::Say(text) => said.push(text),
                    Effect::Desk(request) => {
                        let reply = self.answers(&request);
                        effects.extend(self.dialogue.on(Event::Desk(reply), self.now));
                    }
                    Effect::Release(id) => self.change(id, BookingState::Expired),
                    Effect::Language(_) => {}
                    Effect::End | Effect::PutThrough => self.ended = true,
                }
            }
        }
        let said = said.join(" ");
        assert!(said.matches('?').count() <= 1, "more than one question: {said}");
        assert!(!said.contains("  "), "two spaces: {said}");
        said
    }

    pub(super) fn answers(&mut self, request: &Request) -> DeskReply {
        if let Some(failure) = self.refuses.take() {
            return DeskReply::Failed(failure);
        }
        let state = self.dialogue.state();
        match request {
            Request::Find { service, staff, from, to, near, within, count, replacing, .. } => {
                let business = self.dialogue.business();
                let Some(service) = business.service(*service) else { return DeskReply::Failed(Failure::NotOffered) };
                let search = Search { business, service, staff: *staff, from: *from, to: *to, now: self.now };
                let mut starts = free::starts(&search, &self.busy(*replacing));
                free::keep_within(&mut starts, within);
                let wish = near.map_or(Wish::Soonest, Wish::Near);
                DeskReply::Found(offer::choose(&starts, wish, *count, business.zone.tz()))
            }
            Request::Hold { slot, .. } => {
                let name = CustomerName::new(state.name.as_deref().unwrap_or_default());
                let customer = Customer { name, phone: state.number().cloned() };
                let booking = self.written(*slot, customer);
                self.bookings.push(booking.clone());
                DeskReply::Held(booking)
            }
            Request::Confirm { hold } => {
                let name = CustomerName::new(state.name.as_deref().unwrap_or_default());
                let phone = state.number().cloned();
                let replaced = state.chosen;
                let now = self.now;
                if let Some(old) = replaced {
                    self.change(old, BookingState::Moved { to: *hold });
                }
                let Some(booking) = self.bookings.iter_mut().find(|booking| booking.id == *hold) else {
                    return DeskReply::Failed(Failure::Gone);
                };
                booking.customer = Customer { name, phone };
                booking.state = BookingState::Confirmed { at: now };
                DeskReply::Confirmed(booking.clone())
            }
            Request::Cancel { booking } => {
                self.change(*booking, BookingState::Cancelled { at: self.now });
                let found = self.bookings.iter().find(|other| other.id == *booking).cloned();
                found.map_or(DeskReply::Failed(Failure::Gone), DeskReply::Cancelled)
            }
            Request::Upcoming => DeskReply::Upcoming(self.confirmed()),
            Request::Note { text, .. } => {
                self.notes.push(text.clone());
                DeskReply::NoteTaken
            }
        }
    }

    fn busy(&self, except: Option<BookingId>) -> Vec<Busy> {
        let live = self.bookings.iter().filter(|booking| booking.active(self.now) && Some(booking.id) != except);
        live.filter_map(|booking| {
            let (from, to) = booking.slot.busy(self.dialogue.business().service(booking.slot.service)?);
            let class = Some(Class { service: booking.slot.service, starts: booking.slot.starts });
            Some(Busy { staff: booking.slot.staff, from, to, class })
        })
        .collect()
    }

    fn written(&self, slot: Slot, customer: Customer) -> Booking {
        let business = self.dialogue.business();
        Booking {
            id: BookingId(Uuid::from_u128(0x5107 + self.bookings.len() as u128)),
            business: business.id,
            slot,
            wall: slot.starts.to_zoned(business.zone.tz().clone()).datetime(),
            zone: business.zone.name().to_owned(),
            customer,
            state: BookingState::Held { expires: self.now + SignedDuration::from_mins(3) },
            call: None,
            unverified: false,
            version: 1,
            created: self.now,
        }
    }

    pub(super) fn change(&mut self, id: BookingId, state: BookingState) {
        if let Some(booking) = self.bookings.iter_mut().find(|booking| booking.id == id) {
            booking.state = state;
        }
    }

    /// Somebody has a booking already: the service and the member of staff by their place in the setup.
    pub(super) fn has_booked(
        &mut self,
        service: usize,
        staff: usize,
        starts: &str,
        name: &str,
        phone: &str,
    ) -> BookingId {
        let business = self.dialogue.business();
        let slot = Slot::at(&business.services[service], business.staff[staff].id, there(business, starts));
        let customer = Customer { name: CustomerName::new(name), phone: phone.parse::<PhoneNumber>().ok() };
        let booking = Booking { state: BookingState::Confirmed { at: self.now }, ..self.written(slot, customer) };
        let id = booking.id;
        self.bookings.push(booking);
        id
    }

    pub(super) fn confirmed(&self) -> Vec<Booking> {
        let confirmed = |booking: &&Booking| matches!(booking.state, BookingState::Confirmed { .. });
        self.bookings.iter().filter(confirmed).cloned().collect()
    }

    /// "2026-11-24T15:30 Haircut Maria Anna Kovacs": the only booking that stands.
    pub(super) fn booked(&self) -> String {
        let confirmed = self.confirmed();
        let [only] = confirmed.as_slice() else { return format!("{} bookings", confirmed.len()) };
        let business = self.dialogue.business();
        let name = |text: Option<&String>| text.cloned().unwrap_or_default();
        format!(
            "{} {} {} {}",
            only.wall.strftime("%Y-%m-%dT%H:%M"),
            name(business.service(only.slot.service).map(|service| &service.name)),
            name(business.member(only.slot.staff).map(|member| &member.name)),
            only.customer.name.as_str(),
        )
    }
}

pub(super) fn there(business: &Business, text: &str) -> Timestamp {
    let civil: DateTime = text.parse().expect("a date and a time");
    civil.to_zoned(business.zone.tz().clone()).expect("a time").timestamp()
}
