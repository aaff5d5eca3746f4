//! Cal.com, as far as Deskbell uses it.
