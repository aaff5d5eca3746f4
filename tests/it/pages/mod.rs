//! The owner's pages.

mod access;
mod matrix;
mod voice;
