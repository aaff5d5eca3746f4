//! A desk in memory that behaves like the real one: it keeps the rules, it refuses what is taken, and it can be made
//! slow, down, or full of other people's bookings.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::{
    domain::{
        block::Block,
        booking::{Booking, BookingState, Customer, Slot},
        business::Business,
        ids::{BlockId, BookingId, MessageId},
        phone::PhoneNumber,
        slots::{Busy, Class, free, offer},
    },
    ports::{
        clock::Clock,
        desk::{Actor, Cancel, Confirm, Desk, DeskError, Find, Hold, KeepFree, News, Note},
    },
};

/// As many bookings as the real desk lets one call make.
const MOST_A_CALL: usize = 2;

#[derive(Default)]
struct Ledger {
    bookings: Vec<Booking>,
    keys: HashMap<String, BookingId>,
    replaces: HashMap<BookingId, BookingId>,
    notes: Vec<String>,
    blocks: Vec<(Block, bool)>,
    down: bool,
    unverified: bool,
    slow: Option<Duration>,
}

pub struct LedgerInMemory {
    clock: Arc<dyn Clock>,
    ledger: Mutex<Ledger>,
}

impl LedgerInMemory {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, ledger: Mutex::default() }
    }

    /// What its clock shows.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Every answer takes this long from now on.
    pub fn is_slow(&self, by: Duration) {
        self.ledger().slow = Some(by);
    }

    pub fn is_down(&self, down: bool) {
        self.ledger().down = down;
    }

    /// The business's calendar cannot be asked: what is confirmed is unverified.
    pub fn is_without_calendar(&self) {
        self.ledger().unverified = true;
    }

    /// The bookings that stand.
    pub fn confirmed(&self) -> Vec<Booking> {
        let ledger = self.ledger();
        ledger.bookings.iter().filter(|b| matches!(b.state, BookingState::Confirmed { .. })).cloned().collect()
    }

    /// Every booking, whatever became of it.
    pub fn all(&self) -> Vec<Booking> {
        self.ledger().bookings.clone()
    }

    pub fn notes(&self) -> Vec<String> {
        self.ledger().notes.clone()
    }

    /// Somebody else has this time already.
    pub fn has_booked(&self, business: &Business, slot: Slot, customer: Customer) -> BookingId {
        let now = self.clock.now();
        let mut booking = self.write_down(business, slot, customer);
        booking.state = BookingState::Confirmed { at: now };
        let id = booking.id;
        self.ledger().bookings.push(booking);
        id
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self) -> Result<(), DeskError> {
        let slow = self.ledger().slow;
        if let Some(by) = slow {
            tokio::time::sleep(by).await;
        }
        if self.ledger().down { Err(DeskError::Unavailable(anyhow::anyhow!("the test says so"))) } else { Ok(()) }
    }

    fn write_down(&self, business: &Business, slot: Slot, customer: Customer) -> Booking {
        let now = self.clock.now();
        Booking {
            id: BookingId(self.clock.new_id()),
            business: business.id,
            slot,
            wall: slot.starts.to_zoned(business.zone.tz().clone()).datetime(),
            zone: business.zone.name().to_owned(),
            customer,
            state: BookingState::Held { expires: now + SignedDuration::from_mins(3) },
            call: None,
            unverified: false,
            version: 1,
            created: now,
        }
    }

    fn busy(&self, business: &Business, except: Option<BookingId>) -> Vec<Busy> {
        let now = self.clock.now();
        let ledger = self.ledger();
        let live = ledger.bookings.iter().filter(|booking| booking.active(now) && Some(booking.id) != except);
        live.filter_map(|booking| {
            let (from, to) = booking.slot.busy(business.service(booking.slot.service)?);
            let class = Some(Class { service: booking.slot.service, starts: booking.slot.starts });
            Some(Busy { staff: booking.slot.staff, from, to, class })
        })
        .chain(ledger.blocks.iter().filter(|(_, counts)| *counts).flat_map(|(block, _)| block.busy(&business.staff)))
        .collect()
    }

    fn blocked(&self, id: BlockId, counts: bool) -> Result<Block, DeskError> {
        let mut ledger = self.ledger();
        let (block, now) = ledger.blocks.iter_mut().find(|(block, _)| block.id == id).ok_or(DeskError::Gone)?;
        *now = counts;
        Ok(block.clone())
    }

    fn change(&self, id: BookingId, state: BookingState) -> Option<Booking> {
        let mut ledger = self.ledger();
        let booking = ledger.bookings.iter_mut().find(|booking| booking.id == id)?;
        booking.state = state;
        Some(booking.clone())
    }
}

#[async_trait]
impl Desk for LedgerInMemory {
    async fn find(&self, find: Find) -> Result<Vec<Slot>, DeskError> {
        self.answer().await?;
        let business = &find.business;
        let Some(service) = business.service(find.service) else { return Err(DeskError::NotOffered) };
        let busy = self.busy(business, find.replacing);
        let search =
            free::Search { business, service, staff: find.staff, from: find.from, to: find.to, now: self.clock.now() };
        let mut starts = free::starts(&search, &busy);
        free::keep_within(&mut starts, &find.within);
        Ok(offer::choose(&starts, find.wish, find.count, business.zone.tz()))
    }

    async fn hold(&self, hold: Hold) -> Result<Booking, DeskError> {
        self.answer().await?;
        let known = self.ledger().keys.get(&hold.key).copied();
        if let Some(id) = known {
            let ledger = self.ledger();
            return ledger.bookings.iter().find(|booking| booking.id == id).cloned().ok_or(DeskError::Gone);
        }
        let Some(service) = hold.business.service(hold.slot.service) else { return Err(DeskError::NotOffered) };
        let of_call = |booking: &&Booking| booking.call.is_some() && booking.call == hold.call;
        if hold.replacing.is_none() && self.confirmed().iter().filter(of_call).count() >= MOST_A_CALL {
            return Err(DeskError::TooMany);
        }
        let (from, to) = hold.slot.busy(service);
        let clash = |busy: &Busy| busy.staff == hold.slot.staff && busy.from < to && from < busy.to;
        if self.busy(&hold.business, hold.replacing).iter().any(clash) {
            return Err(DeskError::Taken);
        }
        let mut booking = self.write_down(&hold.business, hold.slot, hold.customer);
        booking.call = hold.call;
        let mut ledger = self.ledger();
        ledger.keys.insert(hold.key, booking.id);
        if let Some(old) = hold.replacing {
            ledger.replaces.insert(booking.id, old);
        }
        ledger.bookings.push(booking.clone());
        Ok(booking)
    }

    async fn confirm(&self, confirm: Confirm) -> Result<Booking, DeskError> {
        self.answer().await?;
        let now = self.clock.now();
        let replaced = {
            let mut ledger = self.ledger();
            let unverified = ledger.unverified;
            let Some(booking) = ledger.bookings.iter_mut().find(|booking| booking.id == confirm.hold) else {
                return Err(DeskError::Gone);
            };
            match booking.state {
                BookingState::Confirmed { .. } => return Ok(booking.clone()),
                BookingState::Held { .. } => {}
                _ => return Err(DeskError::Gone),
            }
            booking.customer = confirm.customer;
            booking.unverified = unverified;
            ledger.replaces.get(&confirm.hold).copied()
        };
        if let Some(old) = replaced {
            self.change(old, BookingState::Moved { to: confirm.hold });
        }
        self.change(confirm.hold, BookingState::Confirmed { at: now }).ok_or(DeskError::Gone)
    }

    async fn release(&self, _: &Business, hold: BookingId) -> Result<(), DeskError> {
        self.answer().await?;
        let mut ledger = self.ledger();
        let held = ledger.bookings.iter_mut().find(|booking| booking.id == hold);
        if let Some(booking) = held.filter(|booking| matches!(booking.state, BookingState::Held { .. })) {
            booking.state = BookingState::Expired;
        }
        Ok(())
    }

    async fn cancel(&self, cancel: Cancel) -> Result<Booking, DeskError> {
        self.answer().await?;
        let now = self.clock.now();
        let found = self.ledger().bookings.iter().find(|booking| booking.id == cancel.booking).cloned();
        match found {
            None => Err(DeskError::Gone),
            Some(booking) if cancel.by == Actor::Customer && !booking.changeable(&cancel.business, now) => {
                Err(DeskError::TooLate)
            }
            Some(booking) => self.change(booking.id, BookingState::Cancelled { at: now }).ok_or(DeskError::Gone),
        }
    }

    async fn upcoming(&self, _: &Business, phone: &PhoneNumber) -> Result<Vec<Booking>, DeskError> {
        self.answer().await?;
        let now = self.clock.now();
        let theirs = |booking: &Booking| booking.customer.phone.as_ref() == Some(phone) && booking.slot.starts > now;
        let mut found: Vec<Booking> = self.confirmed().into_iter().filter(theirs).collect();
        found.sort_by_key(|booking| booking.slot.starts);
        Ok(found)
    }

    fn letter_to(&self, _: &Business, _: &Slot, customer: &Customer, news: News) -> Option<String> {
        customer.phone.as_ref().map(|_| format!("{news:?}."))
    }

    async fn block(&self, keep: KeepFree) -> Result<Block, DeskError> {
        self.answer().await?;
        let KeepFree { business, staff, from, to, reason, instead_of } = keep;
        let (id, version) = instead_of.unwrap_or_else(|| (BlockId(self.clock.new_id()), 0));
        let block = Block { id, business: business.id, staff, from, to, reason, version: version + 1 };
        let mut ledger = self.ledger();
        ledger.blocks.retain(|(block, _)| block.id != id);
        ledger.blocks.push((block.clone(), true));
        Ok(block)
    }

    async fn unblock(&self, _: &Business, block: BlockId) -> Result<Block, DeskError> {
        self.answer().await?;
        self.blocked(block, false)
    }

    async fn block_again(&self, _: &Business, block: BlockId) -> Result<Block, DeskError> {
        self.answer().await?;
        self.blocked(block, true)
    }

    async fn take_note(&self, note: Note) -> Result<MessageId, DeskError> {
        self.answer().await?;
        self.ledger().notes.push(note.text);
        Ok(MessageId(self.clock.new_id()))
    }
}

impl std::fmt::Debug for LedgerInMemory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LedgerInMemory").field("now", &self.clock.now()).finish_non_exhaustive()
    }
}

/// A moment in the salon's zone, for tests.
pub fn in_new_york(text: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = text.parse().expect("a date and a time");
    civil.in_tz("America/New_York").expect("a zone").timestamp()
}
