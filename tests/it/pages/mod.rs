//! The owner's pages.

mod access;
mod customer;
mod matrix;
mod voice;
mod team;
