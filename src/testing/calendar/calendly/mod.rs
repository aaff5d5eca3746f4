//! Calendly, as far as Deskbell uses it.
