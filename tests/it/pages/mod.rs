//! The owner's pages.

mod access;
mod calls;
mod customer;
mod matrix;
mod team;
