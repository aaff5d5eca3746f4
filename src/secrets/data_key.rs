//! The key of one business, and how it is kept.

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    KeyId, Keyring, SecretsError,
    envelope::{Place, Sealed, SealingKey},
};
use crate::domain::{ids::BusinessId, secret::Secret};

/// What seals the credentials of one business. Prints as its id.
#[derive(Clone, Debug)]
pub struct DataKey(SealingKey);

/// A data key as it is stored: sealed with a master key, under its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped {
    pub id: Uuid,
    pub business: BusinessId,
    /// The master key that it is sealed with.
    pub master: KeyId,
    pub sealed: Sealed,
}

impl Wrapped {
    fn place(id: Uuid, business: BusinessId) -> Place {
        Place { table: "data_keys", column: "wrapped", business, row: id }
    }

    /// The key itself.
    ///
    /// # Errors
    /// When its master key is not in the ring, or it is not what was stored.
    pub fn open(&self, keyring: &Keyring) -> Result<DataKey, SecretsError> {
        let plain = keyring.open(&Self::place(self.id, self.business), &self.sealed)?;
        let mut bytes = Zeroizing::new([0; 32]);
        if plain.len() != bytes.len() {
            return Err(SecretsError::Refused);
        }
        bytes.copy_from_slice(&plain);
        Ok(DataKey(SealingKey::new(KeyId::from_bytes(*self.id.as_bytes()), bytes)))
    }
}

impl DataKey {
    /// A fresh one, under a random id.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn fresh() -> Result<Self, SecretsError> {
        let (mut bytes, mut id) = (Zeroizing::new([0; 32]), [0; 16]);
        getrandom::fill(&mut bytes[..]).map_err(|_| SecretsError::NoRandomness)?;
        getrandom::fill(&mut id).map_err(|_| SecretsError::NoRandomness)?;
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        Ok(Self(SealingKey::new(KeyId::from_bytes(*id.as_bytes()), bytes)))
    }

    pub fn id(&self) -> Uuid {
        Uuid::from_bytes(*self.0.id().as_bytes())
    }

    /// Sealed with the current master key, to be stored.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn wrap(&self, business: BusinessId, keyring: &Keyring) -> Result<Wrapped, SecretsError> {
        let id = self.id();
        let sealed = keyring.seal(&Wrapped::place(id, business), self.0.bytes())?;
        Ok(Wrapped { id, business, master: keyring.current(), sealed })
    }

    /// # Errors
    /// When the operating system has no randomness.
    pub fn seal(&self, place: &Place, secret: &Secret) -> Result<Sealed, SecretsError> {
        self.0.seal(place, secret.expose().as_bytes())
    }

    /// # Errors
    /// When it was not sealed with this key for this place.
    pub fn open(&self, place: &Place, sealed: &Sealed) -> Result<Secret, SecretsError> {
        let plain = self.0.open(place, sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| SecretsError::Refused)?;
        Ok(Secret::new(text))
    }
}
