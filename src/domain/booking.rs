//! An appointment and the states it can be in. A state holds what is true in it.

use std::fmt;

use jiff::{Timestamp, civil::DateTime};
use serde::{Deserialize, Serialize};

use super::{
    business::{Business, Service},
    ids::{BookingId, BusinessId, CallId, ServiceId, StaffId},
    phone::PhoneNumber,
};

/// A start that could be booked: who does what, when. Times are what the customer experiences; the buffers around them
/// are the service's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub service: ServiceId,
    pub staff: StaffId,
}

impl Slot {
    pub fn at(service: &Service, staff: StaffId, starts: Timestamp) -> Self {
        let ends = starts + jiff::SignedDuration::from_mins(i64::from(service.minutes));
        Self { starts, ends, service: service.id, staff }
    }

    /// The time this keeps the member of staff busy, buffers included: [from, to).
    pub fn busy(&self, service: &Service) -> (Timestamp, Timestamp) {
        let minutes = |n: u16| jiff::SignedDuration::from_mins(i64::from(n));
        (self.starts - minutes(service.buffer_before), self.ends + minutes(service.buffer_after))
    }
}

/// Who comes. The name is cleaned once, here, so that nothing a caller says can break a text message or a page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub name: CustomerName,
    pub phone: Option<PhoneNumber>,
}

/// At most 60 graphemes, NFC, no control, no bidirectional override, no line break.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct CustomerName(String);

impl CustomerName {
    pub fn new(text: &str) -> Self {
        use unicode_normalization::UnicodeNormalization;
        use unicode_segmentation::UnicodeSegmentation;
        let shown: String = text.nfc().filter(|c| !hidden(*c)).collect();
        let words: Vec<&str> = shown.split_whitespace().collect();
        // A grapheme of 500 combining marks is one grapheme: keep a few marks of each.
        let kept: String =
            words.join(" ").graphemes(true).take(60).flat_map(|grapheme| grapheme.chars().take(8)).collect();
        let kept = kept.trim();
        if kept.is_empty() { Self("Guest".to_owned()) } else { Self(kept.to_owned()) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name to greet somebody with.
    pub fn first(&self) -> &str {
        self.0.split(' ').next().unwrap_or(&self.0)
    }
}

/// Controls, zero-width characters and the bidirectional marks that turn text around.
fn hidden(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl From<String> for CustomerName {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<CustomerName> for String {
    fn from(name: CustomerName) -> Self {
        name.0
    }
}

impl fmt::Debug for CustomerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerName(…)")
    }
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customer").field("phone", &self.phone).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Booking {
    pub id: BookingId,
    pub business: BusinessId,
    pub slot: Slot,
    /// The wall time that was promised, in `zone`. If the zone's rules change, this is what holds.
    pub wall: DateTime,
    pub zone: String,
    pub customer: Customer,
    pub state: BookingState,
    /// The call that made it, when one did.
    pub call: Option<CallId>,
    /// The calendar was not asked, or did not answer, when this was confirmed.
    pub unverified: bool,
    /// Grows by one with every change; a text message of an older version is not sent.
    pub version: i32,
    pub created: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum BookingState {
    /// Kept free for a caller who is being read the details.
    Held {
        expires: Timestamp,
    },
    Confirmed {
        at: Timestamp,
    },
    Cancelled {
        at: Timestamp,
    },
    /// Replaced by another booking at another time.
    Moved {
        to: BookingId,
    },
    /// A hold that nobody confirmed.
    Expired,
}

impl Booking {
    /// Whether it keeps its time from others.
    pub fn active(&self, now: Timestamp) -> bool {
        match self.state {
            BookingState::Held { expires } => now < expires,
            BookingState::Confirmed { .. } => true,
            _ => false,
        }
    }

    /// Whether a customer may still cancel or move it by themselves.
    pub fn changeable(&self, business: &Business, now: Timestamp) -> bool {
        let cutoff = jiff::SignedDuration::from_mins(i64::from(business.rules.cancel_cutoff_minutes));
        matches!(self.state, BookingState::Confirmed { .. }) && now + cutoff <= self.slot.starts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i1_names_are_cleaned_and_kept_short() {
        assert_eq!(CustomerName::new("  Anna \u{202e}Kov\u{200b}acs\r\nBcc: x ").as_str(), "Anna Kovacs Bcc: x");
        assert_eq!(CustomerName::new("\0\u{7}").as_str(), "Guest");
        let zalgo = format!("Z{}", "\u{301}".repeat(500));
        assert!(CustomerName::new(&zalgo).as_str().chars().count() <= 8);
        assert!(CustomerName::new(&"ab ".repeat(5000)).as_str().len() <= 60);
        assert_eq!(CustomerName::new("Jose\u{301}").as_str(), "José");
    }
}
