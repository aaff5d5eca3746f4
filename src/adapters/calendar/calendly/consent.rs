//! How an owner lets us into Calendly.
