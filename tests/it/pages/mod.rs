//! The owner's pages.

mod access;
mod customer;
mod entry;
mod matrix;
mod team;
