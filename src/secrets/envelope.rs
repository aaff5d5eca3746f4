//! One envelope: what it looks like, and what has to be right for it to open.
//!
//! `version (1 byte) | key id (16) | nonce (12) | sealed text | tag (16)`. The additional data is made of the version, the
//! table, the column, the business, the row and the key's id, each after its length, so that no two places look alike.

use std::fmt;

use aes_gcm::{Aes256Gcm, KeyInit as _, aead::AeadInOut as _};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{KeyId, SecretsError};
use crate::domain::ids::BusinessId;

/// The only shape there is so far. It is in the additional data, too.
const VERSION: u8 = 1;
const KEY_ID: usize = 16;
const NONCE: usize = 12;
const TAG: usize = 16;
const HEAD: usize = 1 + KEY_ID + NONCE;

/// Where an envelope belongs, and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    pub business: BusinessId,
    pub row: Uuid,
}

impl Place {
    /// The additional data: every part after its length in four bytes.
    fn data(&self, version: u8, key: KeyId) -> Vec<u8> {
        let parts: [&[u8]; 6] = [
            &[version],
            self.table.as_bytes(),
            self.column.as_bytes(),
            self.business.0.as_bytes(),
            self.row.as_bytes(),
            key.as_bytes(),
        ];
        let mut data = Vec::with_capacity(128);
        for part in parts {
            data.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            data.extend_from_slice(part);
        }
        data
    }
}

/// An envelope, as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// One that was stored. Whether it is one is found out when it is opened.
    pub fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Which key it says it was sealed with; nothing when it is no envelope.
    pub fn key(&self) -> Option<KeyId> {
        let bytes = self.0.get(1..1 + KEY_ID)?;
        Some(KeyId::from_bytes(bytes.try_into().ok()?))
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// 256 bits that seal, and the id they are known by. Overwritten when dropped.
#[derive(Clone)]
pub(super) struct SealingKey {
    id: KeyId,
    bytes: Zeroizing<[u8; 32]>,
}

impl SealingKey {
    pub(super) fn new(id: KeyId, bytes: Zeroizing<[u8; 32]>) -> Self {
        Self { id, bytes }
    }

    pub(super) fn id(&self) -> KeyId {
        self.id
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Seals with a fresh nonce, which nobody can choose.
    pub(super) fn seal(&self, place: &Place, plain: &[u8]) -> Result<Sealed, SecretsError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| SecretsError::NoRandomness)?;
        self.seal_with(place, plain, nonce)
    }

    /// The one place that takes a nonce, for [`seal`](Self::seal) and for known answers.
    fn seal_with(&self, place: &Place, plain: &[u8], nonce: [u8; NONCE]) -> Result<Sealed, SecretsError> {
        // Reserved as a whole, so that growing leaves no copy of the text behind.
        let mut bytes = Vec::with_capacity(HEAD + plain.len() + TAG);
        bytes.push(VERSION);
        bytes.extend_from_slice(self.id.as_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(plain);
        let cipher = Aes256Gcm::new(self.bytes[..].try_into().map_err(|_| SecretsError::Refused)?);
        let data = place.data(VERSION, self.id);
        let sealed = cipher.encrypt_inout_detached(&nonce.into(), &data, (&mut bytes[HEAD..]).into());
        // Only for a text of more than 64 GiB.
        let tag = sealed.map_err(|_| SecretsError::Refused)?;
        bytes.extend_from_slice(&tag);
        Ok(Sealed(bytes))
    }

    /// Opens what this key has sealed for this place.
    pub(super) fn open(&self, place: &Place, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SecretsError> {
        let bytes = &sealed.0;
        if bytes.len() < HEAD + TAG || bytes[0] != VERSION || sealed.key() != Some(self.id) {
            return Err(SecretsError::Refused);
        }
        let (nonce, rest) = bytes[1 + KEY_ID..].split_at(NONCE);
        let (text, tag) = rest.split_at(rest.len() - TAG);
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| SecretsError::Refused)?;
        let tag: [u8; TAG] = tag.try_into().map_err(|_| SecretsError::Refused)?;
        let cipher = Aes256Gcm::new(self.bytes[..].try_into().map_err(|_| SecretsError::Refused)?);
        // Zeroized also when the tag is wrong, whatever the cipher has left in it by then.
        let mut plain = Zeroizing::new(text.to_vec());
        cipher
            .decrypt_inout_detached(
                &nonce.into(),
                &place.data(VERSION, self.id),
                plain.as_mut_slice().into(),
                &tag.into(),
            )
            .map_err(|_| SecretsError::Refused)?;
        Ok(plain)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

#[cfg(test)]
mod tests;
