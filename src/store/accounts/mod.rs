//! People who sign in: who they are, where they are signed in, and what they are in which business.

mod members;
mod sessions;
mod users;

pub use members::Membership;
pub use sessions::{NewSession, OpenSession, Session};

/// SHA-256 of a secret that somebody holds. The secret itself is nowhere in the database.
pub type SecretHash = [u8; 32];
