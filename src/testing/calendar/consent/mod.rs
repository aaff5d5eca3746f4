//! A consent page and its tokens, as Google, Microsoft and Calendly have them: each fake merges [`ConsentServer::routes`]
//! under its [`Kit`](super::Kit), and asks [`ConsentServer::bearer`] who a request is from.
//!
//! It refuses what RFC 6749, RFC 7636 and the vendors refuse: another redirect address than a registered one, to the
//! letter; a code that is used, 10 minutes old or without its verifier; a wrong client; a refresh token that is revoked.

mod grants;
mod page;
mod token;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    routing::{get, post},
};
use jiff::SignedDuration;
use serde_json::{Map, Value};

use self::grants::Grants;
pub use self::grants::{Bearer, Counters, NotLetIn};
use crate::ports::clock::Clock;

/// Whoever could sit before the consent page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The vendor's id of the account.
    pub subject: String,
    pub email: String,
    pub name: String,
}

impl Person {
    pub fn new(subject: &str, email: &str, name: &str) -> Self {
        Self { subject: subject.to_owned(), email: email.to_owned(), name: name.to_owned() }
    }
}

/// Something that can be allowed.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// As it is asked for.
    pub name: &'static str,
    /// As the answer calls it: Google's `email` comes back as an address.
    pub granted_as: &'static str,
    /// What the page says; empty: the page has no box for it, it is granted with the rest.
    pub words: &'static str,
}

/// What becomes of refresh tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// The same one for ever (Google).
    Kept,
    /// A new one each time; the old one stays good (Microsoft).
    Rotated,
    /// A new one each time; the old one is dead at once, and using it again revokes the whole grant (Calendly).
    Once,
}

/// How this vendor does it.
#[derive(Clone)]
pub struct Rules {
    /// As the page shows it: "Google".
    pub vendor: &'static str,
    /// Paths.
    pub authorize: &'static str,
    pub token: &'static str,
    pub revoke: Option<&'static str>,
    pub client_id: String,
    pub client_secret: String,
    pub scopes: Vec<Scope>,
    /// The page has a box for each scope; else it is all or nothing.
    pub granular: bool,
    pub refresh: Refresh,
    /// A refresh token comes only when this stands in the address, as a parameter's name and value or as one scope of
    /// `scope`: `("access_type", "offline")`, `("scope", "offline_access")`.
    pub offline: Option<(&'static str, &'static str)>,
    /// A second consent of the same account brings no refresh token, unless `prompt=consent` (Google).
    pub first_only: bool,
    /// How long access tokens are good.
    pub life: SignedDuration,
    /// `scope` stands in the answers.
    pub tells_scopes: bool,
    /// How many tokens an account gets within a minute (Calendly: 8); nothing: any number.
    pub per_minute: Option<usize>,
    /// Sent back with each code (RFC 9207); nothing: not sent. "{}" stands for the server's address.
    pub issuer: Option<&'static str>,
    /// More fields of a token's answer: Calendly's `owner`.
    pub extra: fn(base: &str, person: &Person) -> Map<String, Value>,
}

/// No more fields.
pub fn nothing_more(_base: &str, _person: &Person) -> Map<String, Value> {
    Map::new()
}

/// What is wrong with the next token's answer, or the next code's address. What HTTP can do wrong is a
/// [`Misdeed`](super::Misdeed).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    NoRefreshToken,
    /// The first scope that has a box was not granted, whatever was ticked.
    FewerScopes,
    /// `token_type` is "mac".
    OtherType,
    /// There is no access token in it.
    NoAccessToken,
    /// It is good for -5 seconds.
    NegativeLife,
    /// The code comes back with somebody else's `iss`.
    OtherIssuer,
    /// The code comes back twice.
    TwoCodes,
}

impl Lie {
    /// Those of the token endpoint: none of these answers may be stored.
    pub const OF_TOKENS: [Self; 5] =
        [Self::NoRefreshToken, Self::FewerScopes, Self::OtherType, Self::NoAccessToken, Self::NegativeLife];
}

struct Inner {
    base: String,
    rules: Rules,
    people: Vec<Person>,
    /// Where a browser may be sent back to.
    backs: Vec<String>,
    grants: Grants,
    lie: Option<Lie>,
}

/// Cloning it shares it.
#[derive(Clone)]
pub struct ConsentServer {
    inner: Arc<Mutex<Inner>>,
    clock: Arc<dyn Clock>,
}

impl ConsentServer {
    /// `base`: the server's own address. The first of `people` is the one that the page proposes.
    pub fn new(base: &str, rules: Rules, people: Vec<Person>, clock: Arc<dyn Clock>) -> Self {
        let inner =
            Inner { base: base.to_owned(), rules, people, backs: Vec::new(), grants: Grants::default(), lie: None };
        Self { inner: Arc::new(Mutex::new(inner)), clock }
    }

    /// The page, the token endpoint, and where access is given back.
    pub fn routes(&self) -> Router {
        let rules = self.lock().rules.clone();
        let mut router = Router::new()
            .route(rules.authorize, get(page::ask).post(page::decide))
            .route(rules.token, post(token::token));
        if let Some(revoke) = rules.revoke {
            router = router.route(revoke, post(token::revoke));
        }
        router.with_state(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers an address that browsers may be sent back to. Until there is one, any that is on this machine will do:
    /// the sandbox does not know where it will be looked at.
    pub fn register(&self, back: &str) {
        self.lock().backs.push(back.to_owned());
    }

    pub fn people(&self) -> Vec<Person> {
        self.lock().people.clone()
    }

    pub fn add_person(&self, person: Person) {
        self.lock().people.push(person);
    }

    /// Who a request with this access token is from, and what it may do.
    pub fn bearer(&self, authorization: Option<&str>) -> Result<Bearer, NotLetIn> {
        let token = authorization.and_then(|value| value.strip_prefix("Bearer ")).ok_or(NotLetIn::NoToken)?;
        self.lock().grants.bearer(token, self.clock.now())
    }

    /// The owner takes back what an account has allowed: its tokens of both kinds are dead.
    pub fn revoke_account(&self, subject: &str) {
        self.lock().grants.revoke(|grant| grant.person.subject == subject);
    }

    /// Access tokens that are out now are no longer good; refresh tokens are.
    pub fn expire_access_tokens(&self) {
        self.lock().grants.expire_access_tokens();
    }

    /// The refresh tokens that are good now, oldest first.
    pub fn refresh_tokens(&self) -> Vec<String> {
        self.lock().grants.refresh_tokens()
    }

    /// Every token of either kind that was ever given out: for a test that looks for them where they must not be.
    pub fn every_token(&self) -> Vec<String> {
        self.lock().grants.every_token()
    }

    /// An account's tokens (access and refresh) without a page: for tests of what comes after it.
    ///
    /// # Panics
    /// When there is no such account.
    pub fn let_in(&self, subject: &str) -> (String, String) {
        let scopes: Vec<&str> = self.lock().rules.scopes.iter().map(|scope| scope.granted_as).collect();
        self.let_in_for(subject, &scopes)
    }

    /// The same with these scopes alone, whether the page knows them or not.
    ///
    /// # Panics
    /// When there is no such account.
    pub fn let_in_for(&self, subject: &str, scopes: &[&str]) -> (String, String) {
        let mut inner = self.lock();
        let person = inner.people.iter().find(|person| person.subject == subject).cloned().expect("an account of ours");
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let life = inner.rules.life;
        inner.grants.let_in(person, scopes, life, self.clock.now())
    }

    pub fn counters(&self) -> Counters {
        self.lock().grants.counters
    }

    /// The next answer that it concerns is so.
    pub fn then(&self, lie: Lie) {
        self.lock().lie = Some(lie);
    }
}

impl Inner {
    /// Whether the next answer is to be so; it is so once.
    fn lies(&mut self, lie: Lie) -> bool {
        let told = self.lie == Some(lie);
        if told {
            self.lie = None;
        }
        told
    }
}
