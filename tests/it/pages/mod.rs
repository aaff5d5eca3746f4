//! The owner's pages.

mod access;
mod calendar;
mod customer;
mod customers;
mod insights;
mod matrix;
mod identity;
mod team;
mod today;
mod voice;
