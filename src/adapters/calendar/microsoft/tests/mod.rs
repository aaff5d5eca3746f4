//! The adapter against a mailbox that behaves, and one that does not.
