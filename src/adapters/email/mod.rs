//! Who carries e-mail.

pub mod log;
pub mod nobody;
pub mod smtp;
