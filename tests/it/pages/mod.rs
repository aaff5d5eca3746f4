//! The owner's pages.

mod access;
mod customer;
mod matrix;
mod settings;
mod team;
