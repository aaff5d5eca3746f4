//! Text that opens something: a token, a password, a key. It does not print, and leaves no copy behind.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::{Zeroize as _, Zeroizing};

/// A secret. Prints as `Secret(…)`; its memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for whoever hands it over. It never goes into a log line, an error or a page.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// 32 bytes that seal other things. Read from base64 (44 characters, or 43 without the "=") or from 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyBytes(Zeroizing<[u8; 32]>);

/// Not 32 bytes, or all of them alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 32 random bytes as base64 or as 64 hexadecimal digits")]
pub struct NoKey;

impl KeyBytes {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves, for whoever seals with them.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// As it is read again.
    pub fn to_text(&self) -> Secret {
        Secret::new(STANDARD.encode(&self.0[..]))
    }
}

impl FromStr for KeyBytes {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let text = text.trim();
        let mut bytes = Zeroizing::new([0; 32]);
        if text.len() == 64 {
            for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
                let digits = text.get(at..at + 2).filter(|two| two.bytes().all(|digit| digit.is_ascii_hexdigit()));
                *byte = u8::from_str_radix(digits.ok_or(NoKey)?, 16).map_err(|_| NoKey)?;
            }
        } else {
            let padded = Zeroizing::new(format!("{}=", text.trim_end_matches('=').replace('-', "+").replace('_', "/")));
            let read = Zeroizing::new(STANDARD.decode(padded.as_bytes()).map_err(|_| NoKey)?);
            if read.len() != bytes.len() {
                return Err(NoKey);
            }
            bytes.copy_from_slice(&read);
        }
        // A placeholder of zeros, or of one letter.
        if bytes.iter().collect::<std::collections::BTreeSet<_>>().len() < 8 {
            return Err(NoKey);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyBytes(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_32_bytes_in_either_writing() {
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";
        let key: KeyBytes = hex.parse().unwrap();
        assert_eq!(key.expose()[31], 31);
        let text = key.to_text();
        assert_eq!(text.expose().parse::<KeyBytes>().unwrap(), key);
        assert_eq!(text.expose().trim_end_matches('=').parse::<KeyBytes>().unwrap(), key);
        assert_eq!(format!("{key:?}"), "KeyBytes(…)");
        for wrong in [
            &hex[2..],
            &hex[1..],
            &format!("{hex}00"),
            &"0".repeat(64),
            "",
            "AAAA",
            &"é".repeat(32),
            &text.expose()[2..],
        ] {
            assert_eq!(wrong.parse::<KeyBytes>(), Err(NoKey), "{wrong}");
        }
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Some(Secret::new("canary"))), "Some(Secret(…))");
    }
}
