//! Google Calendar, as far as Deskbell uses it.
