//! People who sign in: who they are, where they are signed in, and what they are in which business.

mod api_keys;
mod invitations;
mod members;
mod sessions;
mod team;
mod users;

pub use api_keys::{ApiKey, KeyInUse, NewApiKey};
pub use invitations::{Accepted, Invitation, Invited, NewInvitation, Pending};
pub use members::Membership;
pub use sessions::{NewSession, OpenSession, Session};
pub use team::{Member, TeamChange};

/// SHA-256 of a secret that somebody holds. The secret itself is nowhere in the database.
pub type SecretHash = [u8; 32];
