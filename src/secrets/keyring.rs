//! The master keys that this process was given.

use std::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{
    SecretsError,
    envelope::{Place, Sealed, SealingKey},
};
use crate::domain::secret::KeyBytes;

/// What a key is known by. It tells nothing of the key. Printed as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 16]);

impl KeyId {
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// A master key's: half of a hash of it, so that the same key has the same id everywhere.
    fn of(key: &[u8; 32]) -> Self {
        let hash = Sha256::new().chain_update("deskbell master key\0").chain_update(key).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key's id is 32 hexadecimal digits")]
pub struct NoKeyId;

impl FromStr for KeyId {
    type Err = NoKeyId;

    fn from_str(text: &str) -> Result<Self, NoKeyId> {
        let id = uuid::Uuid::try_parse(text).ok().filter(|_| text.len() == 32).ok_or(NoKeyId)?;
        Ok(Self(*id.as_bytes()))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One master key that seals, and others that only open: those of before, and the one that is to come.
#[derive(Clone, Debug)]
pub struct Keyring {
    current: SealingKey,
    others: Vec<SealingKey>,
}

impl Keyring {
    /// `others` may hold the current one, too.
    pub fn new(current: &KeyBytes, others: &[KeyBytes]) -> Self {
        let key = |bytes: &KeyBytes| SealingKey::new(KeyId::of(bytes.expose()), Zeroizing::new(*bytes.expose()));
        Self { current: key(current), others: others.iter().map(key).collect() }
    }

    /// The id of the key that seals.
    pub fn current(&self) -> KeyId {
        self.current.id()
    }

    /// Every key's id, the one that seals first.
    pub fn ids(&self) -> impl Iterator<Item = KeyId> {
        std::iter::once(&self.current).chain(&self.others).map(SealingKey::id)
    }

    pub fn knows(&self, id: KeyId) -> bool {
        self.ids().any(|known| known == id)
    }

    pub(super) fn seal(&self, place: &Place, plain: &[u8]) -> Result<Sealed, SecretsError> {
        self.current.seal(place, plain)
    }

    /// Opens with the key that the envelope names.
    pub(super) fn open(&self, place: &Place, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SecretsError> {
        let id = sealed.key().ok_or(SecretsError::Refused)?;
        let key = std::iter::once(&self.current).chain(&self.others).find(|key| key.id() == id);
        key.ok_or(SecretsError::UnknownKey(id))?.open(place, sealed)
    }
}
