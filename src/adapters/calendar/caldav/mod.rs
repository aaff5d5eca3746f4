//! Calendars by CalDAV (RFC 4791): iCloud, Fastmail, Nextcloud and others.
