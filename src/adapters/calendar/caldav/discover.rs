//! From an address, a name and an app password to an account (RFC 6764, 6; RFC 5397; RFC 4791, 6.2.1).

use super::{
    CalDav,
    reach::{Address, Refusal},
    web::{Answer, Key, Silence},
    wire,
};
use crate::{
    domain::{
        connection::{Account, Why},
        secret::Secret,
    },
    ports::{
        calendar::Trouble,
        consent::{KeyError, KeyForm, Typed},
    },
};

pub(super) const FORM: KeyForm = KeyForm {
    server: true,
    user: true,
    key: "app password",
    help: "Make an app password for Deskbell in your account's security settings. The address for iCloud is \
           caldav.icloud.com, for Fastmail caldav.fastmail.com; Nextcloud shows its own in the calendar's settings.",
};

/// From one address to the next, before there is an answer.
const MOST_REDIRECTS: usize = 3;
/// Bytes of what somebody types.
const LONGEST: usize = 512;

const NOT_ACCEPTED: KeyError = KeyError::Wrong {
    field: "key",
    why: "the server does not accept this name with this app password; your normal password often does not work here",
};
const NO_CALENDARS: KeyError = KeyError::Wrong {
    field: "server",
    why: "there is no calendar server at this address; check it for a typing mistake",
};

/// What one place on the way came to.
enum Found {
    Principal(Address),
    /// It speaks WebDAV, but does not say who we are.
    Silent,
    /// Nothing that speaks WebDAV.
    Nothing,
}

impl CalDav {
    pub(super) async fn discover(&self, typed: &Typed) -> Result<Account, KeyError> {
        let server = self.typed_address(&typed.server)?;
        let user = typed.user.trim();
        check_user(user)?;
        check_key(&typed.key)?;
        let key = Key { user, password: &typed.key };
        let principal = self.principal(&server, key).await?;
        let home = self.home(&principal, key).await?;
        Ok(Account {
            subject: principal.as_str().to_owned(),
            label: user.to_owned(),
            home: Some(home.as_str().to_owned()),
        })
    }

    /// "caldav.icloud.com" is https.
    fn typed_address(&self, text: &str) -> Result<Address, KeyError> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return Err(KeyError::Wrong { field: "server", why: "type the address of your calendar's server" });
        }
        // Apple's and Nextcloud's own way of writing it.
        let text = text.replacen("caldavs://", "https://", 1);
        let text = if text.contains("://") { text } else { format!("https://{text}") };
        self.web.reach.address(&text).map_err(wrong_server)
    }

    /// Asks the address itself when it names a path, then the well-known one, then the root.
    async fn principal(&self, server: &Address, key: Key<'_>) -> Result<Address, KeyError> {
        let own = (server.path() != "/").then(|| server.clone());
        let others =
            ["/.well-known/caldav", "/", "/remote.php/dav/"].map(|path| server.join(&self.web.reach, path).ok());
        for place in own.into_iter().chain(others.into_iter().flatten()) {
            if let Found::Principal(principal) = self.ask_who(place, key).await? {
                return Ok(principal);
            }
        }
        Err(NO_CALENDARS)
    }

    /// Asks who we are, through at most three redirects.
    async fn ask_who(&self, mut place: Address, key: Key<'_>) -> Result<Found, KeyError> {
        for _ in 0..=MOST_REDIRECTS {
            let asked = wire::propfind(&[wire::PRINCIPAL, wire::KIND]);
            let answer = self.web.look(&place, key, "0", asked).await.map_err(unheard)?;
            let Some(to) = answer.location() else { return self.who(&place, &answer) };
            place = place.join(&self.web.reach, to).map_err(wrong_server)?;
        }
        Err(NO_CALENDARS)
    }

    fn who(&self, place: &Address, answer: &Answer) -> Result<Found, KeyError> {
        match answer.status.as_u16() {
            207 => {}
            401 => return Err(NOT_ACCEPTED),
            429 | 500.. => return Err(answer.refused_reading().into()),
            // 403 on the way is of the place, not of the password.
            _ => return Ok(Found::Nothing),
        }
        let Ok(told) = answer.multistatus() else { return Ok(Found::Nothing) };
        let hrefs = told.responses.iter().flat_map(|one| one.hrefs(wire::PRINCIPAL));
        let mut hrefs = hrefs.map(|href| place.join(&self.web.reach, href)).peekable();
        if hrefs.peek().is_none() {
            return Ok(Found::Silent);
        }
        let principal = hrefs.find_map(Result::ok).ok_or_else(|| wrong_server(Refusal::Elsewhere))?;
        Ok(Found::Principal(principal))
    }

    async fn home(&self, principal: &Address, key: Key<'_>) -> Result<Address, KeyError> {
        let asked = wire::propfind(&[wire::HOME]);
        let told = self.web.propfind(principal, key, "0", asked).await.map_err(|trouble| match trouble {
            Trouble::Reconnect(Why::Revoked) => NOT_ACCEPTED,
            Trouble::Reconnect(_) | Trouble::Refused(_) => NO_CALENDARS,
            other => other.into(),
        })?;
        let hrefs = told.responses.iter().flat_map(|one| one.hrefs(wire::HOME));
        let mut hrefs = hrefs.map(|href| principal.join(&self.web.reach, href)).peekable();
        if hrefs.peek().is_none() {
            return Err(NO_CALENDARS);
        }
        hrefs.find_map(Result::ok).map(Address::collection).ok_or_else(|| wrong_server(Refusal::Elsewhere))
    }
}

fn check_user(user: &str) -> Result<(), KeyError> {
    let why = match user {
        "" => "type the name that you sign in with",
        user if user.len() > LONGEST || user.contains(':') || user.chars().any(char::is_control) => {
            "this cannot be a user name"
        }
        _ => return Ok(()),
    };
    Err(KeyError::Wrong { field: "user", why })
}

fn check_key(key: &Secret) -> Result<(), KeyError> {
    let key = key.expose();
    let why = match key {
        "" => "type the app password",
        key if key.trim() != key => "there is a space before or behind the app password",
        key if key.len() > LONGEST || key.chars().any(char::is_control) => "this cannot be an app password",
        _ => return Ok(()),
    };
    Err(KeyError::Wrong { field: "key", why })
}

fn wrong_server(refusal: Refusal) -> KeyError {
    let why = match refusal {
        Refusal::Malformed => "this is no address; it looks like https://cloud.example.com",
        Refusal::Scheme => "the address has to begin with https://",
        Refusal::Credentials => "the name and the password belong into their own fields",
        Refusal::Port => "calendars are not asked at this port; leave it out",
        Refusal::Number => "type the server's name, such as cloud.example.com, not its number",
        Refusal::Private => {
            "this leads into a private network, where Deskbell does not look; type the server's public address"
        }
        Refusal::Elsewhere => "this server leads to somebody else's, where your app password must not go",
    };
    KeyError::Wrong { field: "server", why }
}

fn unheard(silence: Silence) -> KeyError {
    match silence {
        Silence::Astray => wrong_server(Refusal::Private),
        other => other.reading().into(),
    }
}
