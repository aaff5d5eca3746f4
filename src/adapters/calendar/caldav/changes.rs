//! What was changed in a calendar: by the server's own account of it (RFC 6578), or by comparing versions where it keeps
//! none.

use std::collections::BTreeMap;

use anyhow::anyhow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    CalDav,
    events::{is_name, stands, utf8},
    ics::{
        Unclear,
        ours::{self, Glimpse},
        zone::Zone,
    },
    reach::Address,
    web::{Answer, Key, strong},
    wire::{self, Multistatus},
    xml::Space,
};
use crate::ports::calendar::{Access, Changes, EventKey, Placed, Seen, Trouble};

/// Answers to one question.
const MOST_PAGES: usize = 50;
/// Events that are read at a time.
const AT_A_TIME: usize = 100;
/// Events of a calendar without an account of its changes.
const MOST: usize = AT_A_TIME * MOST_PAGES;

/// How far we have read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Cursor {
    Token(String),
    Versions {
        /// Seconds: what was over by then was never looked at.
        from: i64,
        /// The collection's own version.
        tag: Option<String>,
        /// Names of resources, and their versions.
        known: BTreeMap<String, String>,
    },
}

impl CalDav {
    pub(super) async fn changed(
        &self,
        access: &Access,
        within: &Address,
        cursor: Option<&str>,
        from: Timestamp,
    ) -> Result<Changes, Trouble> {
        match cursor.map(serde_json::from_str) {
            None => self.beginning(access, within, from).await,
            // Not one of ours: begin anew.
            Some(Err(_)) => Err(Trouble::Stale),
            Some(Ok(Cursor::Token(token))) => self.since_token(access, within, token).await,
            Some(Ok(Cursor::Versions { from, tag, known })) => {
                let from = Timestamp::from_second(from).map_err(|_| Trouble::Stale)?;
                self.since_versions(access, within, from, tag, known).await
            }
        }
    }

    /// The cursor is taken first, so that what is changed meanwhile is seen twice rather than never.
    async fn beginning(&self, access: &Access, within: &Address, from: Timestamp) -> Result<Changes, Trouble> {
        let asked = wire::propfind(&[wire::TOKEN, wire::REPORTS, wire::TAG]);
        let told = self.web.propfind(within, Key::from(access), "0", asked).await?;
        let text = |name| told.responses.iter().find_map(|one| one.text(name)).map(|text| text.trim().to_owned());
        let reports = told.responses.iter().find_map(|one| one.prop(wire::REPORTS));
        let has_account = reports.is_none_or(|reports| reports.holds(Space::Dav, "sync-collection"));
        let known = self.versions(access, within, from).await?;
        let seen = self.read_all(access, within, known.keys()).await?;
        let seen = seen.into_iter().filter(|one| one.placed.etag.is_some() || one.when.is_some()).collect();
        let cursor = match text(wire::TOKEN).filter(|_| has_account) {
            Some(token) => Cursor::Token(token),
            None => Cursor::Versions { from: from.as_second(), tag: text(wire::TAG), known },
        };
        Ok(Changes { seen, cursor: written(&cursor)? })
    }

    async fn since_token(&self, access: &Access, within: &Address, mut token: String) -> Result<Changes, Trouble> {
        let mut changed: BTreeMap<String, bool> = BTreeMap::new();
        for _ in 0..MOST_PAGES {
            let asked = self.web.report(within, Key::from(access), Some("0"), wire::changes_since(&token)).await?;
            let page = account(&asked)?;
            let mut goes_on = false;
            for one in &page.responses {
                match name(within, &one.href) {
                    // A status that says neither (Nextcloud's 418) is looked into.
                    Some(name) => drop(changed.insert(name, !one.is_gone())),
                    // "There is more", said of the collection (RFC 6578, 3.6).
                    None => goes_on |= one.status == Some(507),
                }
            }
            let next = page.token.filter(|next| !next.is_empty());
            let next = next.ok_or_else(|| Trouble::Unavailable(anyhow!("changes without a token")))?;
            if !goes_on {
                let names = changed.iter().filter(|(_, stands)| **stands).map(|(name, _)| name);
                let mut seen = self.read_all(access, within, names).await?;
                for (name, _) in changed.iter().filter(|(_, stands)| !**stands) {
                    seen.push(gone(&self.at(within, name)?, name));
                }
                return Ok(Changes { seen, cursor: written(&Cursor::Token(next))? });
            }
            if next == token {
                break;
            }
            token = next;
        }
        Err(Trouble::Unavailable(anyhow!("the changes do not end")))
    }

    async fn since_versions(
        &self,
        access: &Access,
        within: &Address,
        from: Timestamp,
        tag: Option<String>,
        known: BTreeMap<String, String>,
    ) -> Result<Changes, Trouble> {
        let told = self.web.propfind(within, Key::from(access), "0", wire::propfind(&[wire::TAG])).await?;
        let newer = told.responses.iter().find_map(|one| one.text(wire::TAG)).map(|text| text.trim().to_owned());
        if newer.is_some() && newer == tag {
            let cursor = written(&Cursor::Versions { from: from.as_second(), tag, known })?;
            return Ok(Changes { seen: Vec::new(), cursor });
        }
        let now = self.versions(access, within, from).await?;
        // One that is not listed any more may only have been moved to a day before `from`.
        let missing = known.keys().filter(|name| !now.contains_key(*name));
        let changed = now.iter().filter(|(name, etag)| known.get(*name) != Some(etag)).map(|(name, _)| name);
        let seen = self.read_all(access, within, changed.chain(missing)).await?;
        let cursor = Cursor::Versions { from: from.as_second(), tag: newer, known: now };
        Ok(Changes { seen, cursor: written(&cursor)? })
    }

    fn at(&self, within: &Address, name: &str) -> Result<Address, Trouble> {
        within.join(&self.web.reach, name).map_err(|_| Trouble::Refused("the event's address is none"))
    }

    /// Names and versions of what is not over by then.
    async fn versions(
        &self,
        access: &Access,
        within: &Address,
        from: Timestamp,
    ) -> Result<BTreeMap<String, String>, Trouble> {
        let asked = self.web.report(within, Key::from(access), Some("1"), wire::versions_from(from)).await?;
        let mut known = BTreeMap::new();
        for one in asked.multistatus()?.responses {
            let Some(name) = name(within, &one.href).filter(|_| !one.is_gone()) else { continue };
            let etag =
                one.text(wire::ETAG).ok_or_else(|| Trouble::Unavailable(anyhow!("an event without a version")))?;
            known.insert(name, etag.trim().to_owned());
        }
        if known.len() > MOST { Err(Trouble::Refused("more events than can be followed")) } else { Ok(known) }
    }

    /// Reads events by their names; one that is not there is seen as gone.
    async fn read_all<'n>(
        &self,
        access: &Access,
        within: &Address,
        names: impl Iterator<Item = &'n String>,
    ) -> Result<Vec<Seen>, Trouble> {
        let names: Vec<&String> = names.collect();
        if names.len() > MOST {
            return Err(Trouble::Refused("more events than can be followed"));
        }
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let home = self.facts(access, within).await?.zone;
        let mut seen = Vec::with_capacity(names.len());
        for some in names.chunks(AT_A_TIME) {
            let paths: Vec<String> = some.iter().map(|name| format!("{}{name}", within.path())).collect();
            let asked = wire::multiget(paths.iter().map(String::as_str));
            let answer = self.web.report(within, Key::from(access), None, asked).await?.multistatus()?;
            let mut told: BTreeMap<String, &wire::Response> = BTreeMap::new();
            told.extend(answer.responses.iter().filter_map(|one| Some((name(within, &one.href)?, one))));
            for wanted in some {
                let at = self.at(within, wanted)?;
                seen.push(match told.get(*wanted).copied() {
                    Some(one) if one.is_gone() => gone(&at, wanted),
                    Some(one) => match one.text(wire::DATA) {
                        Some(text) => {
                            glimpsed(text, home.as_ref(), wanted, stands(&at, one.text(wire::ETAG).and_then(strong)))?
                        }
                        None => return Err(Trouble::Unavailable(anyhow!("an event without its data"))),
                    },
                    // Some servers say nothing of what is not there.
                    None => match self.web.get(&at, Key::from(access)).await? {
                        Some(found) => glimpsed(utf8(&found)?, home.as_ref(), wanted, stands(&at, found.etag()))?,
                        None => gone(&at, wanted),
                    },
                });
            }
        }
        Ok(seen)
    }
}

/// An event as it stands. When one of ours is, has to be known; of others' it may be unclear, and then nothing hangs on it.
fn glimpsed(text: &str, home: Option<&Zone>, name: &str, placed: Placed) -> Result<Seen, Trouble> {
    let unclear = |error: Unclear| Trouble::Unavailable(error.into());
    match ours::glimpse(text, home) {
        Ok(Glimpse { key, when }) => match key.or_else(|| key_of(name)) {
            Some(key) => Ok(Seen { placed, key: Some(key), when: when.map_err(unclear)? }),
            None => Ok(Seen { placed, key: None, when: when.unwrap_or(None) }),
        },
        Err(error) if key_of(name).is_some() => Err(unclear(error)),
        Err(_) => Ok(Seen { placed, key: None, when: None }),
    }
}

fn gone(at: &Address, name: &str) -> Seen {
    Seen { placed: stands(at, None), key: key_of(name), when: None }
}

/// Our events are named for their keys.
fn key_of(name: &str) -> Option<EventKey> {
    ours::parsed(name.strip_suffix(".ics")?)
}

/// The last step of an `href` of something in the calendar, as the server writes it.
fn name(within: &Address, href: &str) -> Option<String> {
    let url = within.url().join(href).ok()?;
    let itself = within.path().strip_suffix('/') == Some(url.path());
    let name = url.path().rsplit('/').next().filter(|_| !itself)?;
    is_name(name).then(|| name.to_owned())
}

/// Reads the server's account. That it does not know a token any more is told in many ways, and it may have ceased to
/// give an account at all: what it comes to, a listing from the start tells.
fn account(answer: &Answer) -> Result<Multistatus, Trouble> {
    match answer.status.as_u16() {
        400 | 403 | 405 | 409 | 410 | 412 | 415 | 501 => Err(Trouble::Stale),
        _ => answer.multistatus(),
    }
}

fn written(cursor: &Cursor) -> Result<String, Trouble> {
    serde_json::to_string(cursor).map_err(|error| Trouble::Unavailable(error.into()))
}
