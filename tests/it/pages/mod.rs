//! The owner's pages.

mod access;
mod calendar;
mod calls;
mod customer;
mod customers;
mod entry;
mod identity;
mod insights;
mod matrix;
mod settings;
mod team;
mod today;
mod voice;
