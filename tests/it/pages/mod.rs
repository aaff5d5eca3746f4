//! The owner's pages.

mod access;
mod calendar;
mod customer;
mod matrix;
mod team;
mod voice;
