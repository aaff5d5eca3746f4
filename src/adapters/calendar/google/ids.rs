//! Ids of our events. Google takes any of `[a-v0-9]{5,1024}` for a new one, and burns it when the event is deleted; so
//! each is made of the booking and the generation, and can be read back: of a deleted event nothing but its id is
//! promised.

use uuid::Uuid;

use crate::{domain::ids::BookingId, ports::calendar::EventKey};

/// base32hex (RFC 4648 §7), in small letters.
const LETTERS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
/// Of a booking's 16 bytes and 2 of its generation.
const BYTES: usize = 18;
/// 144 bits by fives, and one letter for the rest.
const LENGTH: usize = 29;

pub(super) fn id_of(key: EventKey) -> String {
    let mut bytes = [0u8; BYTES];
    bytes[..16].copy_from_slice(key.booking.0.as_bytes());
    bytes[16..].copy_from_slice(&key.generation.to_be_bytes());
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
    let letter = |at: usize| (0..5).fold(0, |value, by| value << 1 | usize::from(bit(at * 5 + by)));
    (0..LENGTH).map(|at| char::from(LETTERS[letter(at)])).collect()
}

/// Nothing for any id that is not of [`id_of`].
pub(super) fn key_of(id: &str) -> Option<EventKey> {
    if id.len() != LENGTH {
        return None;
    }
    let mut bytes = [0u8; BYTES];
    for (at, letter) in id.bytes().enumerate() {
        let value = LETTERS.iter().position(|own| *own == letter)?;
        for by in 0..5 {
            let (bit, to) = (value >> (4 - by) & 1, at * 5 + by);
            match bytes.get_mut(to / 8) {
                Some(byte) => *byte |= u8::from(bit == 1) << (7 - to % 8),
                None if bit == 1 => return None,
                None => {}
            }
        }
    }
    let (booking, generation) = bytes.split_at(16);
    let booking = Uuid::from_slice(booking).ok()?;
    let generation = u16::from_be_bytes(generation.try_into().ok()?);
    Some(EventKey { booking: BookingId(booking), generation })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_is_one_that_google_takes_and_is_read_back(booking: u128, generation: u16) {
            let key = EventKey { booking: BookingId(Uuid::from_u128(booking)), generation };
            let id = id_of(key);
            prop_assert!(id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'v').contains(&b)));
            prop_assert!((5..=1024).contains(&id.len()));
            prop_assert_eq!(key_of(&id), Some(key));
        }

        #[test]
        fn any_other_id_is_nobodys(text in "[a-z0-9_]{0,40}") {
            if let Some(key) = key_of(&text) {
                prop_assert_eq!(id_of(key), text);
            }
        }
    }
}
