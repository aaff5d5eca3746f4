//! Where customers find their appointments: addresses that only whoever was sent one can know.
//!
//! An address ends in 22 characters of base64url, the first 16 bytes of an HMAC-SHA256 over the booking's id under a key
//! that never leaves the server. So whoever writes a letter can write the address again, and nobody can guess one. Which
//! booking it opens is looked up by the token's hash, which the ledger keeps since the booking was confirmed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::domain::ids::BookingId;

/// 128 bits.
const BYTES: usize = 16;
/// And as they are written.
pub const CHARACTERS: usize = 22;

/// What is written into text messages about where we are.
#[derive(Clone, Default)]
pub struct Links {
    home: Option<String>,
    key: Option<Hmac<Sha256>>,
}

impl Links {
    /// `origin` is the public one, from the settings. One that only this machine can reach is put into no message.
    pub fn new(origin: &str) -> Self {
        Self { home: origin.starts_with("https://").then(|| origin.to_owned()), key: None }
    }

    /// With addresses for single appointments. `secret` is the same on every node.
    #[must_use]
    pub fn with_key(self, secret: &[u8; 32]) -> Self {
        Self { key: Hmac::new_from_slice(secret).ok(), ..self }
    }

    /// Where a customer goes who cannot call.
    pub fn home(&self) -> Option<&str> {
        self.home.as_deref()
    }

    /// The address of one appointment, for a letter about it. Nothing: nobody could open it.
    pub fn of(&self, booking: BookingId) -> Option<String> {
        Some(format!("{}{}", self.home.as_deref()?, path(&self.token(booking)?)))
    }

    /// What an address looks like, where there is no booking yet: as long as one.
    pub fn example(&self) -> Option<String> {
        self.key.as_ref()?;
        Some(format!("{}{}", self.home.as_deref()?, path(&".".repeat(CHARACTERS))))
    }

    /// What stands at the end of the address. Nothing: there is no key.
    pub fn token(&self, booking: BookingId) -> Option<String> {
        let mut mac = self.key.clone()?;
        mac.update(b"deskbell customer link 1");
        mac.update(booking.0.as_bytes());
        Some(URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..BYTES]))
    }

    /// What the ledger knows the address by.
    pub fn hash(&self, booking: BookingId) -> Option<[u8; 32]> {
        self.token(booking).map(|token| hash_of(&token))
    }
}

/// The path of an appointment's page.
pub fn path(token: &str) -> String {
    format!("/c/{token}")
}

/// Whether it could be a token at all.
pub fn is_token(text: &str) -> bool {
    text.len() == CHARACTERS && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whoever reads the ledger cannot open an address with it.
pub fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links").field("home", &self.home).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn booking(n: u128) -> BookingId {
        BookingId(Uuid::from_u128(n))
    }

    #[test]
    fn a_booking_has_one_address_and_no_two_have_the_same() {
        let links = Links::new("https://voice.example.com").with_key(&[7; 32]);
        let token = links.token(booking(1)).unwrap();
        assert!(is_token(&token), "{token}");
        assert_eq!(links.of(booking(1)), Some(format!("https://voice.example.com/c/{token}")));
        assert_ne!(links.token(booking(2)), Some(token.clone()));
        assert_ne!(Links::default().with_key(&[8; 32]).token(booking(1)), Some(token));
    }

    #[test]
    fn nobody_is_sent_to_an_address_that_only_this_machine_has() {
        assert_eq!(Links::new("http://127.0.0.1:8080").home(), None);
        assert_eq!(Links::new("https://voice.example.com").home(), Some("https://voice.example.com"));
        assert_eq!(Links::new("http://127.0.0.1:8080").with_key(&[7; 32]).of(booking(1)), None);
        assert_eq!(Links::new("https://voice.example.com").of(booking(1)), None);
    }

    #[test]
    fn the_key_is_not_shown() {
        let links = Links::new("https://voice.example.com").with_key(&[7; 32]);
        assert_eq!(format!("{links:?}"), r#"Links { home: Some("https://voice.example.com"), .. }"#);
    }
}
