//! Vendors that are only on paper: the ports without HTTP, for tests of what stands before them. They count what they are
//! asked, since the best that can be said of an attack is that nobody was asked for anything.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::{
    domain::{
        connection::{Account, CalendarId, Why},
        secret::Secret,
    },
    ports::{
        calendar::{
            Access, Allowance, Booked, Changes, Diary, Event, EventKey, Heard, Hook, Interval, Listed, Placed, Report,
            Scheduler, Seen, SeenVisit, Trouble, Visit, Watch,
        },
        consent::{Consent, ConsentError, Grant, KeyDoor, KeyError, KeyForm, Tokens, Typed, Way},
    },
};

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What everything on paper counts.
#[derive(Debug, Default)]
pub struct Counted(AtomicUsize);

impl Counted {
    fn one(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    /// How often it was asked.
    pub fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// An account there. Its tokens hold a word that must stand nowhere else.
pub fn account(subject: &str, label: &str) -> Account {
    Account { subject: subject.to_owned(), label: label.to_owned(), home: None }
}

/// Stands in every token, so that one that gets out is found.
pub const CANARY: &str = "canary-4f1c";

/// What a code stands for.
#[derive(Clone)]
struct Granted {
    account: Account,
    challenge: String,
    back: String,
}

/// A consent page that agrees when it is told to.
#[derive(Default)]
pub struct PaperConsent {
    host: String,
    issuer: Option<String>,
    agreed: Counted,
    codes: Mutex<HashMap<String, Granted>>,
    next_error: Mutex<Option<ConsentError>>,
    /// Requests for tokens by a code.
    pub redeemed: Counted,
    pub refreshed: Counted,
    /// The refresh tokens that were given back.
    revoked: Mutex<Vec<String>>,
}

impl PaperConsent {
    /// `host`: "one.example". With `names_itself`, it says who it is whenever it answers (RFC 9207).
    pub fn at(host: &str, names_itself: bool) -> Arc<Self> {
        let issuer = names_itself.then(|| format!("https://{host}"));
        Arc::new(Self { host: host.to_owned(), issuer, ..Self::default() })
    }

    /// What stands in an address that we sent a browser to.
    fn asked(address: &str) -> HashMap<String, String> {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// Somebody agrees there: the address that their browser is sent back to.
    pub fn agrees(&self, address: &str, account: &Account) -> String {
        let asked = Self::asked(address);
        let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let granted = Granted { account: account.clone(), challenge: of("code_challenge"), back: of("redirect_uri") };
        let code = format!("{}-code-{}", self.host, self.agreed.one());
        locked(&self.codes).insert(code.clone(), granted);
        self.back(&of("redirect_uri"), &[("code", &code), ("state", &of("state"))])
    }

    /// Somebody does not agree, or something goes wrong there.
    pub fn answers(&self, address: &str, error: &str) -> String {
        let asked = Self::asked(address);
        let of = |name: &str| asked.get(name).map_or("", String::as_str);
        self.back(of("redirect_uri"), &[("error", error), ("state", of("state"))])
    }

    fn back(&self, to: &str, pairs: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        if let Some(issuer) = &self.issuer {
            query.append_pair("iss", issuer);
        }
        format!("{to}?{}", query.finish())
    }

    /// What comes of the next request for tokens.
    pub fn then(&self, error: ConsentError) {
        *locked(&self.next_error) = Some(error);
    }

    pub fn revoked(&self) -> Vec<String> {
        locked(&self.revoked).clone()
    }
}

fn tokens(n: usize) -> Tokens {
    Tokens {
        access: Secret::new(format!("{CANARY}-access-{n}")),
        good_for: SignedDuration::from_hours(1),
        refresh: Some(Secret::new(format!("{CANARY}-refresh-{n}"))),
    }
}

#[async_trait]
impl Consent for PaperConsent {
    fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    fn address(&self, way: &Way, state: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(way.verifier.expose()));
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", &way.back)
            .append_pair("state", state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .finish();
        format!("https://{}/authorize?{query}", self.host)
    }

    async fn redeem(&self, code: &str, way: &Way) -> Result<Grant, ConsentError> {
        let n = self.redeemed.one();
        if let Some(error) = locked(&self.next_error).take() {
            return Err(error);
        }
        // A code is good once, also for whoever brings the wrong verifier.
        let granted = locked(&self.codes).remove(code).ok_or(ConsentError::Refused)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(way.verifier.expose()));
        if granted.challenge != challenge || granted.back != way.back {
            return Err(ConsentError::Refused);
        }
        Ok(Grant { tokens: tokens(n), account: granted.account })
    }

    async fn refresh(&self, _: &Secret) -> Result<Tokens, ConsentError> {
        Ok(tokens(1_000 + self.refreshed.one()))
    }

    async fn revoke(&self, refresh: &Secret) -> Result<(), ConsentError> {
        locked(&self.revoked).push(refresh.expose().to_owned());
        Ok(())
    }
}

/// A door with one good key.
pub struct PaperKeys {
    pub form: KeyForm,
    account: Account,
    key: String,
    pub tried: Counted,
}

impl PaperKeys {
    pub fn new(account: Account, key: &str) -> Arc<Self> {
        let form = KeyForm {
            server: true,
            user: true,
            key: "app password",
            help: "Make an app password under Settings, Security, and paste it here.",
        };
        Arc::new(Self { form, account, key: key.to_owned(), tried: Counted::default() })
    }
}

#[async_trait]
impl KeyDoor for PaperKeys {
    fn form(&self) -> KeyForm {
        self.form
    }

    async fn enter(&self, typed: &Typed) -> Result<Account, KeyError> {
        self.tried.one();
        if !typed.server.starts_with("https://") {
            return Err(KeyError::Wrong { field: "server", why: "it has to begin with https://" });
        }
        if typed.key.expose() != self.key {
            return Err(KeyError::Trouble(Trouble::Unauthorized));
        }
        Ok(Account { home: Some(typed.server.clone()), ..self.account.clone() })
    }
}

/// What the next question gets instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ails {
    Down,
    Revoked,
    Slow(Duration),
}

/// A diary, or a scheduler, with what a test writes into it.
#[derive(Default)]
pub struct PaperDiary {
    listed: Mutex<Vec<Listed>>,
    busy: Mutex<Vec<Interval>>,
    ails: Mutex<Option<Ails>>,
    pub asked: Counted,
}

impl PaperDiary {
    /// With a main calendar, one of holidays that may not be written to, and a spare one.
    pub fn usual() -> Arc<Self> {
        let listed = |id: &str, name: &str, primary, writable| Listed {
            id: CalendarId::new(id).expect("a calendar's id"),
            name: name.to_owned(),
            primary,
            writable,
            minutes: None,
            page: None,
        };
        let all = vec![
            listed("holidays", "Holidays", false, false),
            listed("ann@example.com", "Ann", true, true),
            listed("spare", "Family", false, true),
        ];
        Arc::new(Self { listed: Mutex::new(all), ..Self::default() })
    }

    /// With these kinds of appointment, by id, name and minutes.
    pub fn of_kinds(kinds: &[(&str, &str, u16)]) -> Arc<Self> {
        let listed = |(id, name, minutes): &(&str, &str, u16)| Listed {
            id: CalendarId::new(*id).expect("a kind's id"),
            name: (*name).to_owned(),
            primary: false,
            writable: true,
            minutes: Some(*minutes),
            page: None,
        };
        Arc::new(Self { listed: Mutex::new(kinds.iter().map(listed).collect()), ..Self::default() })
    }

    pub fn is_busy(&self, from: Timestamp, to: Timestamp) {
        locked(&self.busy).push(Interval { from, to });
    }

    pub fn loses(&self, id: &str) {
        locked(&self.listed).retain(|one| one.id.as_str() != id);
    }

    /// From now on, until it is told otherwise.
    pub fn ails(&self, ails: Option<Ails>) {
        *locked(&self.ails) = ails;
    }

    async fn question(&self) -> Result<(), Trouble> {
        self.asked.one();
        let ails = *locked(&self.ails);
        match ails {
            None => Ok(()),
            Some(Ails::Down) => Err(Trouble::Unavailable(anyhow::anyhow!("down"))),
            Some(Ails::Revoked) => Err(Trouble::Reconnect(Why::Revoked)),
            Some(Ails::Slow(time)) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
        }
    }
}

#[async_trait]
impl Diary for PaperDiary {
    async fn calendars(&self, _: &Access) -> Result<Vec<Listed>, Trouble> {
        self.question().await?;
        Ok(locked(&self.listed).clone())
    }

    async fn busy(&self, _: &Access, _: &[CalendarId], range: Interval) -> Result<Vec<Interval>, Trouble> {
        self.question().await?;
        let inside = |busy: &Interval| busy.from < range.to && busy.to > range.from;
        Ok(locked(&self.busy).iter().filter(|busy| inside(busy)).copied().collect())
    }

    async fn place(&self, _: &Access, _: &CalendarId, event: &Event) -> Result<Placed, Trouble> {
        self.question().await?;
        Ok(Placed { id: event.key.to_string(), etag: None, link: None, meeting: None })
    }

    async fn revise(&self, _: &Access, _: &CalendarId, placed: &Placed, _: &Event) -> Result<Placed, Trouble> {
        self.question().await?;
        Ok(placed.clone())
    }

    async fn withdraw(&self, _: &Access, _: &CalendarId, _: &Placed) -> Result<(), Trouble> {
        self.question().await
    }

    async fn find(&self, _: &Access, _: &CalendarId, _: EventKey) -> Result<Option<Seen>, Trouble> {
        self.question().await?;
        Ok(None)
    }

    async fn changes(&self, _: &Access, _: &CalendarId, _: Option<&str>, _: Timestamp) -> Result<Changes, Trouble> {
        self.question().await?;
        Ok(Changes { seen: Vec::new(), cursor: "1".to_owned() })
    }

    async fn watch(&self, _: &Access, _: &CalendarId, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        self.question().await?;
        Ok(Some(Watch { id: hook.id.clone(), resource: None, until: None }))
    }

    async fn unwatch(&self, _: &Access, _: &Watch) -> Result<(), Trouble> {
        self.question().await
    }

    fn heard(&self, report: Report<'_>, secret: &Secret) -> Heard {
        heard(report, secret)
    }
}

#[async_trait]
impl Scheduler for PaperDiary {
    fn needs_email(&self) -> bool {
        false
    }

    fn moves(&self) -> bool {
        false
    }

    fn allowances(&self) -> &'static [Allowance] {
        &[]
    }

    async fn kinds(&self, _: &Access) -> Result<Vec<Listed>, Trouble> {
        self.question().await?;
        Ok(locked(&self.listed).clone())
    }

    async fn free(&self, _: &Access, _: &CalendarId, range: Interval) -> Result<Vec<Timestamp>, Trouble> {
        self.question().await?;
        let starts: Vec<Timestamp> = locked(&self.busy).iter().map(|one| one.from).collect();
        Ok(starts.into_iter().filter(|start| (range.from..range.to).contains(start)).collect())
    }

    async fn book(&self, _: &Access, _: &CalendarId, visit: &Visit) -> Result<Booked, Trouble> {
        self.question().await?;
        Ok(Booked { id: visit.key.to_string(), cancel_link: None, change_link: None })
    }

    async fn find(&self, _: &Access, _: &CalendarId, _: &Visit) -> Result<Option<SeenVisit>, Trouble> {
        self.question().await?;
        Ok(None)
    }

    async fn move_to(&self, _: &Access, booked: &Booked, _: Timestamp) -> Result<Booked, Trouble> {
        self.question().await?;
        Ok(booked.clone())
    }

    async fn cancel(&self, _: &Access, _: &Booked) -> Result<(), Trouble> {
        self.question().await
    }

    async fn visits(&self, _: &Access, _: Interval) -> Result<Vec<SeenVisit>, Trouble> {
        self.question().await?;
        Ok(Vec::new())
    }

    async fn watch(&self, _: &Access, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        self.question().await?;
        Ok(Some(Watch { id: hook.id.clone(), resource: None, until: None }))
    }

    async fn watches(&self, _: &Access, _: &Watch) -> Result<bool, Trouble> {
        self.question().await?;
        Ok(true)
    }

    async fn unwatch(&self, _: &Access, _: &Watch) -> Result<(), Trouble> {
        self.question().await
    }

    fn heard(&self, report: Report<'_>, secret: &Secret) -> Heard {
        heard(report, secret)
    }
}

/// A report on paper says its secret in a header, and what it is about in its body. One that proves an address says so in the
/// query.
fn heard(report: Report<'_>, secret: &Secret) -> Heard {
    let value = |pairs: &[(String, String)], name: &str| {
        pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    if let Some(echo) = value(report.query, "validationToken") {
        return Heard::Echo(echo);
    }
    if value(report.headers, "x-secret").as_deref() != Some(secret.expose()) {
        return Heard::Forged;
    }
    match report.body {
        b"lost" => Heard::Lost,
        b"nothing" => Heard::Nothing,
        _ => Heard::Changed,
    }
}
