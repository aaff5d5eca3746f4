//! The owner's pages.

mod access;
