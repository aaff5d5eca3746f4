//! Calendly as the adapter sees it.
