//! Putting back what was just removed.
//!
//! What was removed travels in the address that "Undo" posts to, so nothing has to be kept for those who do not press it.
//! Only an owner can send it, and what it makes of the business is checked like every other edit.

use std::io::{Read as _, Write as _};

use axum::{
    extract::{Query, State},
    http::Method,
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        business::{Business, Exception, Service, Staff},
        ids::ServiceId,
    },
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit,
            fault::Fault,
            frame::root,
            notice::{Notice, then},
        },
        state::AppState,
    },
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::POST, "/b/{business}/settings/undo", Need::Owner, put_back)
}

/// What was removed, and where it stood.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum Removed {
    Service {
        at: usize,
        service: Service,
    },
    Member {
        at: usize,
        member: Staff,
        /// What they offered.
        services: Vec<ServiceId>,
        /// Their own days, in order.
        exceptions: Vec<Exception>,
    },
    Exception {
        at: usize,
        exception: Exception,
    },
}

/// A cookie holds 4,096 bytes; what does not fit cannot be undone, and nothing is offered.
const LONGEST: usize = 2_600;

/// The notice with a button that puts it back.
pub(super) fn offered(notice: Notice, access: &Access, removed: &Removed) -> Notice {
    match packed(removed).filter(|packed| packed.len() <= LONGEST) {
        Some(packed) => notice.undone_at(format!("{}/settings/undo?was={packed}", root(&access.business))),
        None => notice,
    }
}

fn packed(removed: &Removed) -> Option<String> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&serde_json::to_vec(removed).ok()?).ok()?;
    Some(URL_SAFE_NO_PAD.encode(packer.finish().ok()?))
}

fn unpacked(text: &str) -> Option<Removed> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let mut plain = Vec::new();
    DeflateDecoder::new(bytes.as_slice()).take(64 * 1024).read_to_end(&mut plain).ok()?;
    serde_json::from_slice(&plain).ok()
}

impl Removed {
    fn put_back(&self, business: &mut Business) {
        match self {
            Self::Service { at, service } => {
                if business.service(service.id).is_none() {
                    let mut service = service.clone();
                    service.staff.retain(|id| business.member(*id).is_some());
                    business.services.insert((*at).min(business.services.len()), service);
                }
            }
            Self::Member { at, member, services, exceptions } => {
                if business.member(member.id).is_some() {
                    return;
                }
                business.staff.insert((*at).min(business.staff.len()), member.clone());
                for service in business.services.iter_mut().filter(|service| services.contains(&service.id)) {
                    service.staff.push(member.id);
                }
                let theirs = exceptions.iter().filter(|exception| exception.staff == Some(member.id));
                business.exceptions.extend(theirs.cloned());
            }
            Self::Exception { at, exception } => {
                let known = exception.staff.is_none_or(|id| business.member(id).is_some());
                if known && !business.exceptions.contains(exception) {
                    business.exceptions.insert((*at).min(business.exceptions.len()), exception.clone());
                }
            }
        }
    }

    /// The word for the audit log, and the page to go on with.
    fn of(&self) -> (&'static str, &'static str) {
        match self {
            Self::Service { .. } => ("settings.services", "services"),
            Self::Member { .. } => ("settings.staff", "staff"),
            Self::Exception { .. } => ("settings.exceptions", "hours/exceptions"),
        }
    }
}

#[derive(Deserialize)]
struct Was {
    #[serde(default)]
    was: String,
}

async fn put_back(
    State(state): State<AppState>,
    Owner(access): Owner,
    Query(Was { was }): Query<Was>,
) -> Result<Response, Fault> {
    let removed = unpacked(&was).ok_or(Fault::Bad("there is nothing to put back"))?;
    let (deed, place) = removed.of();
    edit::change(&state, &access, (deed, "put back"), |business| {
        removed.put_back(business);
        Ok(())
    })
    .await?;
    Ok(then(&format!("{}/settings/{place}", root(&access.business)), &Notice::good("It is back, as it was.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    #[test]
    fn what_was_removed_comes_back_where_it_was_and_once() {
        let before = salon();
        let mut business = before.clone();
        let member = business.staff.remove(0);
        let services = business.services.iter().filter(|service| service.staff.contains(&member.id));
        let services = services.map(|service| service.id).collect();
        for service in &mut business.services {
            service.staff.retain(|id| *id != member.id);
        }
        let removed = Removed::Member { at: 0, member, services, exceptions: Vec::new() };
        let travelled = unpacked(&packed(&removed).unwrap()).unwrap();
        travelled.put_back(&mut business);
        travelled.put_back(&mut business);
        assert_eq!(business.staff.clone(), before.staff.clone());
        let offered = |business: &Business| business.services.iter().map(|service| service.staff.len()).sum::<usize>();
        assert_eq!(offered(&business), offered(&before));
    }

    #[test]
    fn what_nobody_packed_is_refused() {
        for text in ["", "AAAA", "%00", "eyJ9", &"A".repeat(5000)] {
            assert!(unpacked(text).is_none(), "{text}");
        }
    }
}
