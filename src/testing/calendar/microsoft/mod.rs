//! Microsoft Graph's calendars, as far as Deskbell uses them.
