//! The owner's pages.

mod access;
mod customer;
mod matrix;
mod team;
mod voice;
