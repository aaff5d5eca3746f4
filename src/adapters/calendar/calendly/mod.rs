//! Calendly, API v2.
