//! The owner's pages.

mod access;
mod calls;
mod calendar;
mod customer;
mod entry;
mod customers;
mod identity;
mod insights;
mod matrix;
mod settings;
mod team;
mod today;
mod voice;
