//! Our own events on the server. Each has a resource of its own, named for its key, so that writing it twice is noticed.

use anyhow::anyhow;

use super::{
    CalDav,
    ics::{
        Unclear,
        ours::{self, Glimpse},
        text::Component,
    },
    reach::Address,
    web::{Answer, If, Key, strong},
    wire,
    xml::Space,
};
use crate::{
    domain::connection::Why,
    ports::calendar::{Access, Event, EventKey, Placed, Seen, Trouble, Words},
};

impl CalDav {
    pub(super) async fn put_new(&self, access: &Access, within: &Address, event: &Event) -> Result<Placed, Trouble> {
        let at = self.named(within, event.key)?;
        let body = ours::written(event, self.clock.now());
        let answer = self.web.put(&at, Key::from(access), If::Absent, body).await?;
        match answer.status.as_u16() {
            200 | 201 | 204 => self.done(access, &at, (event, Words::ALL), &answer).await,
            // Something stands there: it is ours, or the key cannot be used.
            412 => self.standing(access, &at, event.key).await?.ok_or(Trouble::Conflict),
            // Its UID is elsewhere in this calendar, or among what was deleted (RFC 4791, 5.3.2.1; Nextcloud's words).
            400 | 403 | 409 if is_used_up(&answer) => Err(Trouble::Conflict),
            404 | 409 | 410 => Err(self.unless_gone(access, within, Trouble::Conflict).await),
            _ => Err(answer.refused_writing()),
        }
    }

    pub(super) async fn put_again(
        &self,
        access: &Access,
        within: &Address,
        placed: &Placed,
        (event, words): (&Event, Words),
    ) -> Result<Placed, Trouble> {
        let at = self.placed_at(within, placed)?;
        let key = Key::from(access);
        let standing = self.web.get(&at, key).await?.ok_or(Trouble::Gone)?;
        let (text, etag) = (utf8(&standing)?, self.version(access, &at, &standing).await?);
        if placed.etag.as_ref().is_some_and(|known| strong(known).as_ref() != Some(&etag)) {
            return Err(Trouble::Conflict);
        }
        let calendar = Component::read(text).map_err(|error| Trouble::Unavailable(error.into()))?;
        if ours::key(&calendar) != Some(event.key) {
            return Err(Trouble::Conflict);
        }
        let body = ours::revised(text, event, words, self.clock.now());
        let Some(body) = body.map_err(|error| Trouble::Unavailable(error.into()))? else {
            return Ok(stands(&at, Some(etag)));
        };
        let answer = self.web.put(&at, key, If::Version(&etag), body).await?;
        match answer.status.as_u16() {
            200 | 201 | 204 => self.done(access, &at, (event, words), &answer).await,
            404 | 409 | 410 => Err(Trouble::Gone),
            _ => Err(answer.refused_writing()),
        }
    }

    pub(super) async fn delete(&self, access: &Access, within: &Address, placed: &Placed) -> Result<(), Trouble> {
        let answer = self.web.delete(&self.placed_at(within, placed)?, Key::from(access)).await?;
        match answer.status.as_u16() {
            200..=299 if answer.is_page() => Err(a_page()),
            200..=299 | 404 | 410 => Ok(()),
            // Nextcloud's bin has one of this name (nextcloud/server#42582); it is no question of rights.
            403 if says(&answer, "trashbin") => Err(Trouble::Refused("the server's bin has one like it")),
            _ => Err(answer.refused_writing()),
        }
    }

    pub(super) async fn look_for(
        &self,
        access: &Access,
        within: &Address,
        key: EventKey,
    ) -> Result<Option<Seen>, Trouble> {
        let at = self.named(within, key)?;
        let (facts, found) = tokio::try_join!(self.facts(access, within), self.web.get(&at, Key::from(access)))?;
        let Some(found) = found else { return Ok(None) };
        let unclear = |error: Unclear| Trouble::Unavailable(error.into());
        let Glimpse { key: own, when } = ours::glimpse(utf8(&found)?, facts.zone.as_ref()).map_err(unclear)?;
        if own != Some(key) {
            return Ok(None);
        }
        Ok(Some(Seen { placed: stands(&at, found.etag()), key: own, when: when.map_err(unclear)? }))
    }

    /// The event of a key, when it stands there and is ours.
    async fn standing(&self, access: &Access, at: &Address, key: EventKey) -> Result<Option<Placed>, Trouble> {
        let Some(found) = self.web.get(at, Key::from(access)).await? else { return Ok(None) };
        let calendar = Component::read(utf8(&found)?).map_err(|error| Trouble::Unavailable(error.into()))?;
        Ok((ours::key(&calendar) == Some(key)).then(|| stands(at, found.etag())))
    }

    /// It was written. A server that changes what it is given names no version; then the one that stands there is ours,
    /// if it says what we wrote. Whatever comes of that look, the event was written.
    async fn done(
        &self,
        access: &Access,
        at: &Address,
        (event, words): (&Event, Words),
        answer: &Answer,
    ) -> Result<Placed, Trouble> {
        if answer.is_page() {
            return Err(a_page());
        }
        if let Some(etag) = answer.etag() {
            return Ok(stands(at, Some(etag)));
        }
        let Ok(Some(found)) = self.web.get(at, Key::from(access)).await else { return Ok(stands(at, None)) };
        let is_so = utf8(&found).is_ok_and(|text| ours::revised(text, event, words, self.clock.now()) == Ok(None));
        Ok(stands(at, found.etag().filter(|_| is_so)))
    }

    /// Which version an answer is. It has to have one (RFC 4791, 5.3.4).
    async fn version(&self, access: &Access, at: &Address, answer: &Answer) -> Result<String, Trouble> {
        if let Some(etag) = answer.etag() {
            return Ok(etag);
        }
        let told = self.web.propfind(at, Key::from(access), "0", wire::propfind(&[wire::ETAG])).await;
        let told = told.map_err(|trouble| match trouble {
            Trouble::Reconnect(Why::CalendarGone) => Trouble::Gone,
            other => other,
        })?;
        let etag = told.responses.iter().find_map(|one| one.text(wire::ETAG)).and_then(strong);
        etag.ok_or_else(|| Trouble::Unavailable(anyhow!("an event without a version")))
    }

    /// The whole calendar may be away.
    async fn unless_gone(&self, access: &Access, within: &Address, otherwise: Trouble) -> Trouble {
        let asked = wire::propfind(&[wire::KIND]);
        match self.web.propfind(within, Key::from(access), "0", asked).await {
            Err(Trouble::Reconnect(Why::CalendarGone)) => Trouble::Reconnect(Why::CalendarGone),
            _ => otherwise,
        }
    }

    pub(super) fn named(&self, within: &Address, key: EventKey) -> Result<Address, Trouble> {
        let at = within.join(&self.web.reach, &format!("{key}.ics"));
        at.map_err(|_| Trouble::Refused("the event's address is none"))
    }

    /// Only what is in this calendar can have been placed there.
    fn placed_at(&self, within: &Address, placed: &Placed) -> Result<Address, Trouble> {
        let name = placed.id.strip_prefix(within.as_str()).filter(|name| is_name(name));
        name.ok_or(Trouble::Refused("the event is not in this calendar"))?;
        self.web.reach.address(&placed.id).map_err(|_| Trouble::Refused("the event's address is none"))
    }
}

/// One step of a path.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 512 && !matches!(name, "." | "..") && !name.contains(['/', '?', '#', '\\'])
}

pub(super) fn stands(at: &Address, etag: Option<String>) -> Placed {
    Placed { id: at.as_str().to_owned(), etag, link: None, meeting: None }
}

fn is_used_up(answer: &Answer) -> bool {
    wire::refusal_names(&answer.body, Space::CalDav, "no-uid-conflict") || says(answer, "uid already exists")
}

/// In its words for people, where it has no other.
fn says(answer: &Answer, words: &str) -> bool {
    String::from_utf8_lossy(&answer.body).to_ascii_lowercase().contains(words)
}

fn a_page() -> Trouble {
    Trouble::Unknown(anyhow!("a web page instead of an answer"))
}

pub(super) fn utf8(answer: &Answer) -> Result<&str, Trouble> {
    std::str::from_utf8(&answer.body).map_err(|error| Trouble::Unavailable(error.into()))
}
