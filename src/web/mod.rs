//! The doors: webhooks, the calls' sockets, the page, the JSON API, health.

pub mod state;
