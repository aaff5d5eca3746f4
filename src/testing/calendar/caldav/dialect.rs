//! In what servers differ that all keep to the same standards.

/// Whose habits the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Two servers: one to begin with, another with the calendars, named by its full address. Namespaces are said again and
    /// again, without prefixes.
    ICloud,
    /// One server, whose door is found by a redirect. Prefixes, percent signs in paths, and more properties than were asked
    /// for.
    Nextcloud,
}

impl Dialect {
    pub(super) fn principal(self) -> &'static str {
        match self {
            Self::ICloud => "/1234567/principal/",
            Self::Nextcloud => "/remote.php/dav/principals/users/ann%40example.com/",
        }
    }

    pub(super) fn home(self) -> &'static str {
        match self {
            Self::ICloud => "/1234567/calendars/",
            Self::Nextcloud => "/remote.php/dav/calendars/ann%40example.com/",
        }
    }

    /// Where the well-known address leads.
    pub(super) fn root(self) -> &'static str {
        match self {
            Self::ICloud => "/",
            Self::Nextcloud => "/remote.php/dav/",
        }
    }

    /// What is answered to a token that is forgotten.
    pub(super) fn forgotten(self) -> u16 {
        match self {
            Self::ICloud => 409,
            Self::Nextcloud => 403,
        }
    }

    /// What is answered to a writing into a calendar that is not there.
    pub(super) fn no_collection(self) -> u16 {
        match self {
            Self::ICloud => 409,
            Self::Nextcloud => 404,
        }
    }

    pub(super) fn token(self, calendar: &str, version: u64) -> String {
        match self {
            Self::ICloud => format!("FT=-@RU=0b5a<{calendar}>@S={version}"),
            Self::Nextcloud => format!("http://sabre.io/ns/sync/{calendar}/{version}"),
        }
    }

    pub(super) fn version(self, token: &str) -> Option<u64> {
        match self {
            Self::ICloud => token.rsplit_once("@S=")?.1.parse().ok(),
            Self::Nextcloud => token.rsplit_once('/')?.1.parse().ok(),
        }
    }
}
