//! Everybody in one short list of names. Their hours and what they offer are on their own pages.

use super::rows;
use crate::{
    domain::{
        business::{Business, Mistake, Staff},
        ids::StaffId,
    },
    store::bookings::ahead::Of,
    web::{
        pages::{
            access::Access,
            edit::Part,
            fault::Fault,
            form::{Fields, wrong},
            settings::{coming, counted},
        },
        state::AppState,
    },
};

pub(super) const COLUMNS: [&str; 2] = ["id", "name"];

pub(super) struct ManyStaff;

impl Part for ManyStaff {
    const DEED: &'static str = "settings.staff";

    fn fields(&self, business: &Business) -> Fields {
        let mut fields = Fields::default();
        for member in &business.staff {
            fields.add("id", member.id.to_string());
            fields.add("name", &member.name);
        }
        fields
    }

    /// A row that is not there any more is removed. Whoever is new offers everything.
    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let (mut staff, mut found) = (Vec::<Staff>::new(), Vec::new());
        for (n, row) in rows::read(typed, &COLUMNS).iter().enumerate() {
            let [id, name] = row.as_slice() else { continue };
            if name.is_empty() {
                continue;
            }
            let why = match id.parse::<StaffId>() {
                Err(_) => "load the page again",
                Ok(id) if staff.iter().any(|other| other.id == id) => "this row was sent twice; load the page again",
                Ok(_) if name.chars().count() > 80 => "at most 80 characters",
                Ok(_) if staff.iter().any(|other| other.name.eq_ignore_ascii_case(name)) => {
                    "there is somebody else of this name; add a letter"
                }
                Ok(id) => {
                    let known = business.member(id).cloned();
                    let new = || Staff { id, name: String::new(), also: Vec::new(), hours: None };
                    staff.push(Staff { name: name.clone(), ..known.unwrap_or_else(new) });
                    continue;
                }
            };
            found.push(wrong(format!("row{n}"), why));
        }
        if staff.is_empty() && found.is_empty() {
            found.push(wrong("staff", "add at least one person, chair or room, or come back to this later"));
        }
        if !found.is_empty() {
            return Err(found);
        }
        let here = |id: &StaffId| staff.iter().any(|member| member.id == *id);
        let new: Vec<StaffId> =
            staff.iter().map(|member| member.id).filter(|id| business.member(*id).is_none()).collect();
        for service in &mut business.services {
            service.staff.retain(here);
            service.staff.extend(&new);
            if service.staff.is_empty() {
                service.staff = staff.iter().map(|member| member.id).collect();
            }
        }
        business.exceptions.retain(|exception| exception.staff.as_ref().is_none_or(here));
        business.staff = staff;
        Ok(())
    }

    fn word(&self, field: &str) -> String {
        match field {
            "id" => "who there is",
            _ => "names",
        }
        .to_owned()
    }
}

/// Somebody who is to go while they still have appointments.
pub(super) async fn still_needed(state: &AppState, access: &Access, typed: &Fields) -> Result<Option<Mistake>, Fault> {
    let kept: Vec<String> = rows::read(typed, &COLUMNS)
        .into_iter()
        .filter(|row| row.get(1).is_some_and(|name| !name.is_empty()))
        .filter_map(|row| row.into_iter().next())
        .collect();
    for member in access.business.staff.iter().filter(|member| !kept.contains(&member.id.to_string())) {
        let (count, _) = coming(state, &access.business, Of { staff: Some(member.id), ..Of::default() }).await?;
        if count > 0 {
            let why = format!(
                "{} has {} to come and cannot be removed; load the page again to have them back",
                member.name,
                counted(count as usize, "appointment")
            );
            return Ok(Some(wrong("staff", why)));
        }
    }
    Ok(None)
}
