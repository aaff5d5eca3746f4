//! What was allowed, by whom, and the tokens that came of it.

use std::{collections::HashMap, fmt::Write as _};

use jiff::{SignedDuration, Timestamp};

use super::{Person, Refresh};

/// RFC 6749 §4.1.2 recommends at most this.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How many refresh tokens one account has for one client; the oldest dies silently
/// (<https://developers.google.com/identity/protocols/oauth2#expiration>).
const MOST: usize = 100;

/// Who a request is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub person: Person,
    /// As the answer called them.
    pub scopes: Vec<String>,
}

impl Bearer {
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }
}

/// Why a request is not let in; all of them are 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLetIn {
    NoToken,
    Unknown,
    Expired,
    Revoked,
}

/// What the token endpoint was asked, since the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub codes: usize,
    pub refreshes: usize,
    /// Of those, how many came to nothing.
    pub refused: usize,
    pub revocations: usize,
}

/// What a code was given out for.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) person: Person,
    pub(super) scopes: Vec<String>,
    pub(super) challenge: String,
    pub(super) back: String,
    pub(super) refresh: bool,
    pub(super) at: Timestamp,
}

pub(super) struct Grant {
    pub(super) person: Person,
    scopes: Vec<String>,
    revoked: bool,
}

struct RefreshToken {
    text: String,
    grant: usize,
    /// Used, where that is the end of it.
    used: bool,
}

struct AccessToken {
    grant: usize,
    until: Timestamp,
}

/// What comes of a refresh token.
pub(super) struct Renewed {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    pub(super) grant: usize,
}

#[derive(Default)]
pub(super) struct Grants {
    codes: HashMap<String, Given>,
    grants: Vec<Grant>,
    refresh: Vec<RefreshToken>,
    access: HashMap<String, AccessToken>,
    /// When each account got tokens, lately.
    given: Vec<(String, Timestamp)>,
    pub(super) counters: Counters,
}

/// 128 bits, in hex.
fn fresh(prefix: &str) -> String {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).expect("the machine has randomness");
    bytes.iter().fold(prefix.to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Grants {
    pub(super) fn code(&mut self, given: Given) -> String {
        let code = fresh("code-");
        self.codes.insert(code.clone(), given);
        code
    }

    /// What a code stands for: once, and for 10 minutes.
    pub(super) fn take(&mut self, code: &str, now: Timestamp) -> Option<Given> {
        self.codes.remove(code).filter(|given| now < given.at + CODE_LIFE)
    }

    pub(super) fn has_consented(&self, subject: &str) -> bool {
        self.grants.iter().any(|grant| !grant.revoked && grant.person.subject == subject)
    }

    pub(super) fn grant(&mut self, person: Person, scopes: Vec<String>) -> usize {
        self.grants.push(Grant { person, scopes, revoked: false });
        self.grants.len() - 1
    }

    pub(super) fn person(&self, grant: usize) -> &Person {
        &self.grants[grant].person
    }

    pub(super) fn scopes(&self, grant: usize) -> &[String] {
        &self.grants[grant].scopes
    }

    /// Whether an account has had too many tokens within a minute; if not, this one counts.
    pub(super) fn too_many(&mut self, subject: &str, most: usize, now: Timestamp) -> bool {
        self.given.retain(|(_, at)| now < *at + SignedDuration::from_mins(1));
        let had = self.given.iter().filter(|(other, _)| other == subject).count();
        if had < most {
            self.given.push((subject.to_owned(), now));
        }
        had >= most
    }

    pub(super) fn access_token(&mut self, grant: usize, life: SignedDuration, now: Timestamp) -> String {
        let text = fresh("access-");
        self.access.insert(text.clone(), AccessToken { grant, until: now + life });
        text
    }

    pub(super) fn refresh_token(&mut self, grant: usize) -> String {
        let text = fresh("refresh-");
        self.refresh.push(RefreshToken { text: text.clone(), grant, used: false });
        let subject = self.grants[grant].person.subject.clone();
        let of_account = |token: &RefreshToken| self.grants[token.grant].person.subject == subject;
        if self.refresh.iter().filter(|token| of_account(token)).count() > MOST
            && let Some(oldest) = self.refresh.iter().position(of_account)
        {
            self.refresh.remove(oldest);
        }
        text
    }

    /// The grant of a good refresh token. One that is used up takes its grant with it.
    pub(super) fn of_refresh_token(&mut self, text: &str) -> Option<usize> {
        let token = self.refresh.iter().find(|token| token.text == text)?;
        let grant = &mut self.grants[token.grant];
        if token.used {
            grant.revoked = true;
        }
        (!grant.revoked).then_some(token.grant)
    }

    pub(super) fn renew(&mut self, text: &str, rule: Refresh, life: SignedDuration, now: Timestamp) -> Option<Renewed> {
        let grant = self.of_refresh_token(text)?;
        if rule == Refresh::Once
            && let Some(token) = self.refresh.iter_mut().find(|token| token.text == text)
        {
            token.used = true;
        }
        let refresh = (rule != Refresh::Kept).then(|| self.refresh_token(grant));
        Some(Renewed { access: self.access_token(grant, life, now), refresh, grant })
    }

    pub(super) fn bearer(&self, token: &str, now: Timestamp) -> Result<Bearer, NotLetIn> {
        let token = self.access.get(token).ok_or(NotLetIn::Unknown)?;
        let grant = &self.grants[token.grant];
        if grant.revoked {
            return Err(NotLetIn::Revoked);
        }
        if now >= token.until {
            return Err(NotLetIn::Expired);
        }
        Ok(Bearer { person: grant.person.clone(), scopes: grant.scopes.clone() })
    }

    pub(super) fn revoke(&mut self, concerns: impl Fn(&Grant) -> bool) {
        self.grants.iter_mut().filter(|grant| concerns(grant)).for_each(|grant| grant.revoked = true);
    }

    /// Gives back the grant of a token of either kind. Whether there was one.
    pub(super) fn give_back(&mut self, token: &str) -> bool {
        let refresh = self.refresh.iter().find(|own| own.text == token).map(|own| own.grant);
        let Some(grant) = refresh.or_else(|| self.access.get(token).map(|own| own.grant)) else { return false };
        let was = !self.grants[grant].revoked;
        self.grants[grant].revoked = true;
        was
    }

    pub(super) fn expire_access_tokens(&mut self) {
        self.access.values_mut().for_each(|token| token.until = Timestamp::UNIX_EPOCH);
    }

    pub(super) fn refresh_tokens(&self) -> Vec<String> {
        let good = |token: &&RefreshToken| !token.used && !self.grants[token.grant].revoked;
        self.refresh.iter().filter(good).map(|token| token.text.clone()).collect()
    }

    pub(super) fn every_token(&self) -> Vec<String> {
        self.refresh.iter().map(|token| token.text.clone()).chain(self.access.keys().cloned()).collect()
    }

    pub(super) fn let_in(
        &mut self,
        person: Person,
        scopes: Vec<String>,
        life: SignedDuration,
        now: Timestamp,
    ) -> (String, String) {
        let grant = self.grant(person, scopes);
        (self.access_token(grant, life, now), self.refresh_token(grant))
    }
}
