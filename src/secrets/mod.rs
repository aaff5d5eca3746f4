//! Sealing what opens other people's accounts, so that whoever reads the database learns nothing.
//!
//! Two layers. A *master key* never touches the database: it comes from the settings, a program, or a file beside the
//! database. A *data key*, one for each business, is kept in the database, sealed with a master key, and seals the
//! business's credentials. Taking away a data key takes away everything that it sealed.
//!
//! Both seal in the same way: AES-256-GCM (NIST SP 800-38D) with a nonce of 96 random bits, over data that says where the
//! envelope belongs. One that was moved to another row, column or business does not open.
//!
//! SP 800-38D (8.3) allows 2³² envelopes for a key when nonces are random. A data key seals two for each time that a token
//! is renewed: a hundred accounts with tokens of an hour come to 2²⁸ in 150 years. A master key seals one for each
//! business and each rotation.

mod data_key;
mod envelope;
mod keyring;

use thiserror::Error;

pub use data_key::{DataKey, Wrapped};
pub use envelope::{Place, Sealed};
pub use keyring::{KeyId, Keyring, NoKeyId};

/// What came of sealing or opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SecretsError {
    #[error("the operating system gives no random numbers")]
    NoRandomness,
    /// Sealed with a key that this process was not given.
    #[error("it is sealed with the key {0}, which is not here")]
    UnknownKey(KeyId),
    /// Another key, another place, or it was changed: it is not told which.
    #[error("it cannot be opened here")]
    Refused,
}
