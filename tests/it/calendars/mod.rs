//! Calendars that businesses have connected, from the consent page to the event that stands there.

mod accounts;
mod ahead;
mod availability;
mod bookings;
mod canary;
mod catching_up;
mod conformance;
mod connect;
mod crash;
mod double;
mod following;
mod invariant;
mod keys;
mod parting;
mod placements;
mod reports;
mod rig;
mod rotation;
mod schedulers;
mod team;
mod tokens;
mod truth;
mod vault;
mod visits;
mod watching;
