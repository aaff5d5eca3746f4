//! Other people's sign-in.

pub mod google;
