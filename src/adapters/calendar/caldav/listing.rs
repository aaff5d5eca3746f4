//! The calendars of an account, with what may be done in them.

use super::{
    CalDav,
    reach::Address,
    web::Key,
    wire::{self, Response},
    xml::Space,
};
use crate::{
    domain::connection::CalendarId,
    ports::calendar::{Access, Listed, Trouble},
};

/// Characters of a name.
const LONGEST: usize = 200;
/// Any of these lets us write an event (RFC 3744, 3).
const WRITING: [&str; 4] = ["all", "write", "bind", "write-content"];

impl CalDav {
    pub(super) async fn list(&self, access: &Access) -> Result<Vec<Listed>, Trouble> {
        let home = access.account.home.as_deref().ok_or(Trouble::Refused("the account has no address"))?;
        let home = self.web.reach.address(home).map_err(|_| Trouble::Refused("the account's address is none"))?;
        let asked = wire::propfind(&[wire::KIND, wire::TITLE, wire::RIGHTS, wire::HOLDS, wire::DEFAULT]);
        let told = self.web.propfind(&home, Key::from(access), "1", asked).await?;
        let at = |href: &str| home.join(&self.web.reach, href).ok().map(Address::collection);
        // The inbox among them tells where invitations go (RFC 6638, 9.2).
        let main = told.responses.iter().flat_map(|one| one.hrefs(wire::DEFAULT)).find_map(at);
        let mut listed: Vec<Listed> = Vec::new();
        for one in told.responses.iter().filter(|one| has_events(one)) {
            let Some(address) = at(&one.href) else { continue };
            let Some(id) = CalendarId::new(address.as_str()) else { continue };
            if listed.iter().any(|other| other.id == id) {
                continue;
            }
            listed.push(Listed {
                id,
                name: name(one, &address),
                primary: main.as_ref() == Some(&address),
                writable: is_writable(one),
                minutes: None,
                page: None,
            });
        }
        if main.is_none() {
            let mut writable = listed.iter_mut().filter(|one| one.writable);
            if let (Some(only), None) = (writable.next(), writable.next()) {
                only.primary = true;
            }
        }
        Ok(listed)
    }
}

/// A calendar (RFC 4791, 4.2) that is not said to be for other things alone. Subscribed ones are copies of others'.
fn has_events(one: &Response) -> bool {
    let kind = one.prop(wire::KIND);
    let is_calendar = kind.is_some_and(|kind| kind.child(Space::CalDav, "calendar").is_some());
    let events = |holds: &super::xml::Node| {
        let mut kinds = holds.all(Space::CalDav, "comp").filter_map(|comp| comp.named.as_deref());
        kinds.any(|kind| kind.eq_ignore_ascii_case("VEVENT"))
    };
    is_calendar && one.prop(wire::HOLDS).is_none_or(events)
}

/// A server that has no rights to tell lets everybody write who is let in.
fn is_writable(one: &Response) -> bool {
    one.prop(wire::RIGHTS).is_none_or(|rights| WRITING.iter().any(|right| rights.holds(Space::Dav, right)))
}

fn name(one: &Response, at: &Address) -> String {
    let told = one.text(wire::TITLE).unwrap_or_default();
    let clean: String = told.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        at.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
    } else {
        clean.to_owned()
    }
}
