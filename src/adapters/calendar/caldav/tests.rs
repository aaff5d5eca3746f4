//! The adapter against the double.
