//! Connecting an account, with everybody who tries to come between.

mod attacks;
mod doors;
mod pages;
mod rig;
