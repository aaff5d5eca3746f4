//! The calls' sockets: who gets one, what the transport allows, and how a call lives through the loss of one.
//! Cases are named by their number in the catalogue of bad input.
//!
//! Not here: B4 (the browser's socket, with the page), B13 and B15 (in `web::line`, where time can be paused).

mod frames;
mod handshake;
mod protocol;
mod reentry;
