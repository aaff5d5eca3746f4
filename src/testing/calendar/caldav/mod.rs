//! A CalDAV server, as far as Deskbell uses one.
