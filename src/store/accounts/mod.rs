//! People who sign in: who they are, where they are signed in, and what they are in which business.

mod api_keys;
mod attempts;
mod founding;
mod identities;
mod invitations;
mod links;
mod members;
mod sessions;
mod team;
mod tidy;
mod users;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

pub use api_keys::{ApiKey, KeyInUse, NewApiKey};
pub use attempts::Attempt;
pub use founding::{Founder, Founding};
pub use identities::{Departed, Entered, NewDeparture, Somebody};
pub use invitations::{Accepted, Invitation, Invited, NewInvitation, Pending};
pub use links::{Link, LinkKind, NewLink};
pub use members::Membership;
pub use sessions::{NewSession, OpenSession, Session};
pub use team::{Member, TeamChange};
pub use users::Credentials;

/// SHA-256 of a secret that somebody holds. The secret itself is nowhere in the database.
pub type SecretHash = [u8; 32];

/// What a cookie's or a link's secret is known by. It has 256 bits of randomness in it, so a quick hash is enough.
pub fn hash_of(secret: &str) -> SecretHash {
    Sha256::digest(secret).into()
}

/// A fresh secret of 256 bits, in 43 characters that may stand in an address and in a cookie.
///
/// # Errors
/// When the operating system has no randomness.
pub fn fresh_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
