//! How hard somebody may knock. Guesses are counted for the account they are for, whether it exists or not, by all nodes
//! together; and for the address they come from, by this one.
//!
//! A browser that has signed in before is counted by itself: whoever guesses at an owner's password all day makes
//! strangers wait, and not the owner.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, HeaderValue},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::{Cookie, SameSite};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use super::passwords::Passwords;
use crate::{
    domain::{
        account::patience::{FORGOTTEN, wait_after, wait_after_letters},
        email::EmailAddress,
        ids::UserId,
    },
    store::accounts::{Attempt, SecretHash},
    web::{
        limit::Limit,
        pages::{access::value_of, fault::Fault},
        patience::in_time,
        state::AppState,
    },
};

/// Names the account that this browser has signed in to, without saying which.
const KNOWN: &str = "__Host-deskbell-known";
const KNOWN_FOR: cookie::time::Duration = cookie::time::Duration::days(400);
/// A minute, from one address. Behind a proxy everybody has the proxy's.
const GUESSES: u32 = 60;
const LETTERS: u32 = 20;

/// What counts guesses, and hashes passwords.
pub struct Doorkeeper {
    pub passwords: Passwords,
    key: [u8; 32],
    guesses: Limit<IpAddr>,
    letters: Limit<IpAddr>,
}

/// What is guessed at.
#[derive(Clone, Copy)]
pub(in crate::web) enum Guess<'a> {
    /// A password, at the door.
    Entry(&'a EmailAddress),
    /// One's own password, once more, before something that matters.
    Own(UserId),
    /// Not a guess: a letter that somebody wants sent.
    Letter(&'a EmailAddress),
}

/// The peer as the accept loop tells it; nothing in tests that have no connection.
pub(in crate::web) type Peer = Option<axum::Extension<ConnectInfo<IpAddr>>>;

impl Doorkeeper {
    /// `key`: a secret that all nodes share, and that is used for nothing else.
    pub fn new(key: [u8; 32]) -> Self {
        let minute = Duration::from_mins(1);
        Self {
            passwords: Passwords::default(),
            key,
            guesses: Limit::new(GUESSES, minute),
            letters: Limit::new(LETTERS, minute),
        }
    }

    /// Counts a guess before it is looked at.
    ///
    /// # Errors
    /// [`Fault::TooMany`] when the address it comes from is too busy.
    pub(in crate::web) async fn admits(
        &self,
        state: &AppState,
        headers: &HeaderMap,
        peer: &Peer,
        guess: Guess<'_>,
    ) -> Result<Attempt, Fault> {
        let known = self.known(headers, guess);
        let limit = if matches!(guess, Guess::Letter(_)) { &self.letters } else { &self.guesses };
        if !known && !limit.admits(address(peer)) {
            return Err(Fault::TooMany);
        }
        let wait: fn(i32) -> SignedDuration =
            if matches!(guess, Guess::Letter(_)) { wait_after_letters } else { wait_after };
        let now = state.clock.now();
        let account = self.account(headers, guess);
        Ok(in_time("counting a guess", state.store.attempt(&account, now, now - FORGOTTEN, wait)).await?)
    }

    /// The guess was right, or the password is a new one: nobody has to wait any more.
    pub(in crate::web) async fn forgives(
        &self,
        state: &AppState,
        headers: &HeaderMap,
        guess: Guess<'_>,
    ) -> Result<(), Fault> {
        let account = self.account(headers, guess);
        Ok(in_time("forgetting guesses", state.store.forget_attempts(&account)).await?)
    }

    /// By whose count this is.
    fn account(&self, headers: &HeaderMap, guess: Guess<'_>) -> SecretHash {
        match guess {
            Guess::Entry(email) if self.known(headers, guess) => {
                let cookie = value_of(headers, KNOWN).unwrap_or_default();
                self.keyed("browser", &[lower(email).as_str(), &cookie])
            }
            Guess::Entry(email) => self.entry(email),
            Guess::Own(user) => self.keyed("own", &[&user.to_string()]),
            Guess::Letter(email) => self.keyed("letter", &[&lower(email)]),
        }
    }

    /// What strangers' guesses at an account are counted by; a new password ends their wait.
    pub(in crate::web) fn entry(&self, email: &EmailAddress) -> SecretHash {
        self.keyed("entry", &[&lower(email)])
    }

    /// Whether this browser has signed in to this account before.
    fn known(&self, headers: &HeaderMap, guess: Guess<'_>) -> bool {
        let Guess::Entry(email) = guess else { return matches!(guess, Guess::Own(_)) };
        let Some(cookie) = value_of(headers, KNOWN) else { return false };
        let Some((nonce, mac)) = cookie.split_once('.') else { return false };
        let Ok(mac) = URL_SAFE_NO_PAD.decode(mac) else { return false };
        self.mac("known", &[&lower(email), nonce]).verify_slice(&mac).is_ok()
    }

    /// The cookie by which this browser is known from now on.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub(in crate::web) fn remembered(&self, email: &EmailAddress) -> Result<HeaderValue, Fault> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|_| Fault::Down)?;
        let nonce = URL_SAFE_NO_PAD.encode(nonce);
        let mac = URL_SAFE_NO_PAD.encode(self.keyed("known", &[&lower(email), &nonce]));
        let cookie = Cookie::build((KNOWN, format!("{nonce}.{mac}")))
            .path("/")
            .secure(true)
            .http_only(true)
            .same_site(SameSite::Strict)
            .max_age(KNOWN_FOR);
        HeaderValue::from_str(&cookie.to_string()).map_err(|_| Fault::Broken)
    }

    fn keyed(&self, what: &str, parts: &[&str]) -> SecretHash {
        self.mac(what, parts).finalize().into_bytes().into()
    }

    fn mac(&self, what: &str, parts: &[&str]) -> Hmac<Sha256> {
        // HMAC takes a key of any length, so this cannot fail.
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).unwrap_or_else(|_| Hmac::<Sha256>::new(&[0; 64].into()));
        for part in [what].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

/// "2 minutes", for whoever has to wait.
pub(in crate::web) fn wait(until: Timestamp, now: Timestamp) -> String {
    match until.duration_since(now).as_secs() {
        ..=1 => "a second".to_owned(),
        seconds @ 2..=59 => format!("{seconds} seconds"),
        60 => "a minute".to_owned(),
        seconds => format!("{} minutes", (seconds + 59) / 60),
    }
}

fn lower(email: &EmailAddress) -> String {
    email.as_str().to_lowercase()
}

/// Whoever has an IPv6 network has 2^64 addresses in it: they count as one.
fn address(peer: &Peer) -> IpAddr {
    match peer.as_ref().map(|axum::Extension(ConnectInfo(address))| *address) {
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            None => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        },
        Some(address) => address,
        None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn a_browser_is_known_to_one_account_only() {
        let doorkeeper = Doorkeeper::new([7; 32]);
        let (maria, james) = ("Maria@example.com".parse().unwrap(), "james@example.com".parse().unwrap());
        let set = doorkeeper.remembered(&maria).unwrap();
        let cookie = set.to_str().unwrap().split(';').next().unwrap();
        let headers = |cookie: &str| HeaderMap::from_iter([(header::COOKIE, cookie.parse().unwrap())]);
        let brought = headers(cookie);
        let strangers = HeaderMap::new();
        assert!(doorkeeper.known(&brought, Guess::Entry(&maria)));
        assert!(doorkeeper.known(&brought, Guess::Entry(&"maria@example.com".parse().unwrap())));
        assert!(!doorkeeper.known(&brought, Guess::Entry(&james)));
        assert!(!Doorkeeper::new([8; 32]).known(&brought, Guess::Entry(&maria)), "a forged one");
        for broken in ["__Host-deskbell-known=", "__Host-deskbell-known=a.b", "__Host-deskbell-known=."] {
            assert!(!doorkeeper.known(&headers(broken), Guess::Entry(&maria)));
        }
        let accounts = [&brought, &strangers].map(|headers| doorkeeper.account(headers, Guess::Entry(&maria)));
        assert_ne!(accounts[0], accounts[1], "it is counted by itself");
        assert_eq!(doorkeeper.account(&brought, Guess::Entry(&james)), doorkeeper.entry(&james));
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let of = |text: &str| address(&Some(axum::Extension(ConnectInfo(text.parse().unwrap()))));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }

    #[test]
    fn a_wait_is_told_in_words() {
        let now: Timestamp = "2026-11-24T15:00:00Z".parse().unwrap();
        let told: Vec<String> =
            [0, 1, 15, 60, 61, 300].map(|seconds| wait(now + SignedDuration::from_secs(seconds), now)).into();
        assert_eq!(told, ["a second", "a second", "15 seconds", "a minute", "2 minutes", "5 minutes"]);
    }
}
