//! What owners change in their own calendars.
