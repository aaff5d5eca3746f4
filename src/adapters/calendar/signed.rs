//! What a report's signature is worth: HMAC-SHA256 in hexadecimal, compared in constant time. Calendly and Cal.com sign so.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::domain::secret::Secret;

/// Bytes of a SHA-256.
const LENGTH: usize = 32;

/// Whether these parts, one after the other, were signed with the key. An empty key signs nothing.
pub(super) fn is_signed(key: &Secret, parts: &[&[u8]], signature: &str) -> bool {
    let Some(given) = bytes(signature) else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()) else { return false };
    for part in parts {
        mac.update(part);
    }
    !key.expose().is_empty() && mac.verify_slice(&given).is_ok()
}

/// Small letters only, as both vendors write them.
fn bytes(hex: &str) -> Option<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    let digits = hex.as_bytes();
    if digits.len() != 2 * LENGTH {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let value = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(bytes)
}
