//! Calendars that businesses have connected, from the consent page to the event that stands there.

mod accounts;
mod availability;
mod bookings;
mod conformance;
mod connect;
mod crash;
mod double;
mod following;
mod keys;
mod placements;
mod rig;
mod schedulers;
mod speed;
mod tokens;
mod vault;
