//! Connecting an account, with everybody who tries to come between.

mod attacks;
mod doors;
mod hooks;
mod pages;
mod rig;
