//! The token in a call's socket address: proof that we sent this caller there, a moment ago, for this connection.
//!
//! It is 28 bytes in URL-safe base64: when it was made (seconds, 8), the connection's number (4), and the first 16 bytes
//! of an HMAC-SHA256 over both and the call's business, vendor and id. Nothing is stored: a token serves once because the
//! ledger lets a call's connection number be claimed once.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use thiserror::Error;

use crate::domain::ids::BusinessId;

/// How long a token is good for, in seconds after the one it was made in.
const LIFETIME: u64 = 60;
const MAC_BYTES: usize = 16;

/// Makes and checks the tokens.
pub struct CallTokens {
    key: Hmac<Sha256>,
}

/// What a token is for.
#[derive(Clone, Copy, Debug)]
pub struct Ticket<'a> {
    pub business: BusinessId,
    /// "twilio", "web".
    pub vendor: &'a str,
    /// The vendor's id of the call.
    pub call: &'a str,
}

#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Invalid {
    /// Not one of ours, or of another call.
    #[error("the token is not for this call")]
    Forged,
    #[error("the token is too old")]
    Expired,
}

impl CallTokens {
    /// `secret` is the same on every node.
    pub fn new(secret: &[u8; 32]) -> Self {
        let key = Hmac::new_from_slice(secret).expect("HMAC takes keys of any length");
        Self { key }
    }

    /// The token for a call's next connection. The same arguments make the same token, so that a webhook that comes
    /// twice is answered the same.
    pub fn mint(&self, ticket: Ticket<'_>, epoch: i32, made: Timestamp) -> String {
        let made = made.as_second();
        let mut token = Vec::with_capacity(8 + 4 + MAC_BYTES);
        token.extend(made.to_be_bytes());
        token.extend(epoch.to_be_bytes());
        token.extend(&self.mac(ticket, epoch, made).finalize().into_bytes()[..MAC_BYTES]);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// The number of the connection that a token allows.
    pub fn check(&self, token: &str, ticket: Ticket<'_>, now: Timestamp) -> Result<i32, Invalid> {
        let (made, epoch, mac) = parts(token).ok_or(Invalid::Forged)?;
        self.mac(ticket, epoch, made).verify_truncated_left(&mac).map_err(|_| Invalid::Forged)?;
        // A node whose clock is ahead makes tokens from the future; genuine ones are bounded all the same.
        if now.as_second().abs_diff(made) > LIFETIME { Err(Invalid::Expired) } else { Ok(epoch) }
    }

    fn mac(&self, ticket: Ticket<'_>, epoch: i32, made: i64) -> Hmac<Sha256> {
        let mut mac = self.key.clone();
        mac.update(b"deskbell call socket 1");
        // Lengths in front, so that no two different tickets are the same bytes.
        for field in [ticket.business.0.as_bytes().as_slice(), ticket.vendor.as_bytes(), ticket.call.as_bytes()] {
            mac.update(&(field.len() as u64).to_be_bytes());
            mac.update(field);
        }
        mac.update(&made.to_be_bytes());
        mac.update(&epoch.to_be_bytes());
        mac
    }
}

fn parts(token: &str) -> Option<(i64, i32, [u8; MAC_BYTES])> {
    let bytes: [u8; 8 + 4 + MAC_BYTES] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    let (made, rest) = bytes.split_first_chunk()?;
    let (epoch, mac) = rest.split_first_chunk()?;
    Some((i64::from_be_bytes(*made), i32::from_be_bytes(*epoch), mac.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn ticket(call: &str) -> Ticket<'_> {
        Ticket { business: BusinessId(Uuid::from_u128(7)), vendor: "twilio", call }
    }

    #[test]
    fn a_token_is_good_for_sixty_seconds_and_not_for_one_more() {
        let tokens = CallTokens::new(&[1; 32]);
        let token = tokens.mint(ticket("CA1"), 3, at(0));
        assert_eq!(tokens.check(&token, ticket("CA1"), at(0)), Ok(3));
        assert_eq!(tokens.check(&token, ticket("CA1"), at(60)), Ok(3));
        assert_eq!(tokens.check(&token, ticket("CA1"), at(61)), Err(Invalid::Expired));
    }

    #[test]
    fn a_token_serves_one_call_of_one_business() {
        let tokens = CallTokens::new(&[1; 32]);
        let token = tokens.mint(ticket("CA1"), 0, at(0));
        let elsewhere = Ticket { business: BusinessId(Uuid::from_u128(8)), ..ticket("CA1") };
        let web = Ticket { vendor: "web", ..ticket("CA1") };
        for other in [ticket("CA2"), elsewhere, web] {
            assert_eq!(tokens.check(&token, other, at(0)), Err(Invalid::Forged));
        }
        let other_secret = CallTokens::new(&[2; 32]);
        assert_eq!(other_secret.check(&token, ticket("CA1"), at(0)), Err(Invalid::Forged));
    }

    #[test]
    fn a_token_that_was_touched_anywhere_is_refused() {
        let tokens = CallTokens::new(&[1; 32]);
        let token = tokens.mint(ticket("CA1"), 0, at(0));
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut touched = bytes.clone();
            touched[bit / 8] ^= 1 << (bit % 8);
            let touched = URL_SAFE_NO_PAD.encode(touched);
            assert_eq!(tokens.check(&touched, ticket("CA1"), at(0)), Err(Invalid::Forged), "bit {bit}");
        }
        for odd in ["", "x", &token[1..], &format!("{token}AAAA"), &format!("{token}="), "../../etc/passwd"] {
            assert_eq!(tokens.check(odd, ticket("CA1"), at(0)), Err(Invalid::Forged));
        }
    }

    #[test]
    fn the_same_webhook_twice_gets_the_same_token() {
        let tokens = CallTokens::new(&[1; 32]);
        let later_in_the_second = at(0) + 400.milliseconds();
        assert_eq!(tokens.mint(ticket("CA1"), 0, at(0)), tokens.mint(ticket("CA1"), 0, later_in_the_second));
    }

    #[test]
    fn a_token_fits_into_a_path_segment() {
        let token = CallTokens::new(&[9; 32]).mint(ticket("CA1"), i32::MAX, at(0));
        assert_eq!(token.len(), 38);
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
    }
}
