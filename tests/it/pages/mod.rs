//! The owner's pages.

mod access;
mod calendar;
mod customer;
mod matrix;
mod voice;
mod team;
