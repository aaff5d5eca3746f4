//! The owner's pages.

mod access;
mod calendar;
mod matrix;
