//! How e-mail leaves: a mail server's address, and who the letters are from.

use super::{Secret, origin, settings as s, sources::Given};
use crate::domain::email::EmailAddress;

/// A mail server that takes our letters.
#[derive(Clone, Debug)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    pub login: Option<(String, Secret)>,
    pub from: EmailAddress,
    /// What stands before the address: "Deskbell".
    pub from_name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// "smtps", port 465 (RFC 8314, 3.3).
    FromTheStart,
    /// "smtp+starttls", port 587; a server that does not offer it gets nothing.
    StartTls,
    /// "smtp", port 25: only to a mail server on this machine.
    None,
}

const SHAPE: &str =
    "must be smtps://user:password@host or smtp+starttls://user:password@host, with :port when it is not the usual one";

/// Both settings or neither.
pub(super) fn email(given: &mut Given) -> Option<Smtp> {
    let has = |given: &Given, name| given.text(name).is_some();
    match (has(given, s::SMTP_URL), has(given, s::EMAIL_FROM)) {
        (false, false) => return None,
        (true, false) => {
            given.wrong(s::EMAIL_FROM, "is missing: say who letters are from, such as Deskbell <bell@example.com>");
        }
        (false, true) => given
            .wrong(s::SMTP_URL, format!("is missing, while {} is there: set it, or remove the other", s::EMAIL_FROM)),
        (true, true) => {}
    }
    let from = given.parsed(s::EMAIL_FROM, sender);
    let server = given.parsed(s::SMTP_URL, server);
    let ((from_name, from), (tls, host, port, login)) = (from?, server?);
    Some(Smtp { host, port, tls, login, from, from_name })
}

/// "bell@example.com", or "Deskbell <bell@example.com>".
fn sender(text: &str) -> Result<(String, EmailAddress), String> {
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"'), address),
        None => ("Deskbell", text),
    };
    let address = EmailAddress::parse(address)
        .map_err(|_| "must be an e-mail address, such as bell@example.com or Deskbell <bell@example.com>".to_owned())?;
    Ok((name.to_owned(), address))
}

type Server = (SmtpTls, String, u16, Option<(String, Secret)>);

/// Never repeats what was given: a password may stand in it.
fn server(text: &str) -> Result<Server, String> {
    let (scheme, rest) = text.split_once("://").ok_or(SHAPE)?;
    let (tls, usual) = match scheme {
        "smtps" => (SmtpTls::FromTheStart, 465),
        "smtp+starttls" => (SmtpTls::StartTls, 587),
        "smtp" => (SmtpTls::None, 25),
        _ => return Err(SHAPE.to_owned()),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (login, authority) = match rest.rsplit_once('@') {
        Some((login, authority)) => {
            let (user, password) =
                login.split_once(':').ok_or("must have a password after the user name: user:password@host")?;
            let shape = "has a % in its user name or password that is no escape: write % as %25";
            let user = unescaped(user).ok_or(shape)?;
            (Some((user, Secret::new(unescaped(password).ok_or(shape)?))), authority)
        }
        None => (None, rest),
    };
    if !origin::is_authority(authority) {
        return Err(SHAPE.to_owned());
    }
    if tls == SmtpTls::None && !origin::is_loopback(authority) {
        return Err(
            "must be smtps:// or smtp+starttls://: letters hold addresses that open accounts, and smtp:// sends \
                    them in the clear"
                .to_owned(),
        );
    }
    let (host, port) = match authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
        Some((host, port)) => (host, port.parse().map_err(|_| SHAPE.to_owned())?),
        None => (authority, usual),
    };
    Ok((tls, host.trim_matches(['[', ']']).to_owned(), port, login))
}

/// RFC 3986, 2.1: "%40" is "@".
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_read_from_its_address() {
        let (tls, host, port, login) = server("smtps://bell%40example.com:p%25%3A%2Fss@mail.example.com").unwrap();
        assert_eq!((tls, host.as_str(), port), (SmtpTls::FromTheStart, "mail.example.com", 465));
        let (user, password) = login.unwrap();
        assert_eq!((user.as_str(), password.expose()), ("bell@example.com", "p%:/ss"));
        let (tls, _, port, login) = server("smtp+starttls://mail.example.com:2525/").unwrap();
        assert_eq!((tls, port, login.is_none()), (SmtpTls::StartTls, 2525, true));
        assert_eq!(server("smtp://[::1]:1025").unwrap().1, "::1");
    }

    #[test]
    fn what_cannot_be_one_is_refused_without_being_repeated() {
        for text in [
            "mail.example.com",
            "https://mail.example.com",
            "smtp://hunter2:hunter2@mail.example.com",
            "smtps://hunter2@mail.example.com",
            "smtps://a:hunter2%4@mail.example.com",
            "smtps://a:hunter2@",
            "smtps://a:hunter2@mail.example.com:0",
            "smtps://a:hunter2@mail example.com",
        ] {
            let why = server(text).unwrap_err();
            assert!(!why.contains("hunter2"), "{text}: {why}");
        }
    }

    #[test]
    fn a_sender_may_have_a_name() {
        assert_eq!(sender("Willow <bell@example.com>").unwrap().0, "Willow");
        assert_eq!(sender("bell@example.com").unwrap().0, "Deskbell");
        assert!(sender("Willow").is_err());
    }
}
