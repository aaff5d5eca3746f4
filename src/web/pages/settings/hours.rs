//! The week: when the business is open.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};

use super::{
    answered, frame, tried,
    week::{self, DayView},
};
use crate::{
    domain::business::{Business, Mistake},
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, Part},
            fault::Fault,
            form::{Fields, Form},
            frame::{Frame, root, shown_as},
            notice::{Notice, then},
        },
        state::AppState,
    },
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, "/b/{business}/settings/hours", Need::Owner, show).at(
        Method::POST,
        "/b/{business}/settings/hours",
        Need::Owner,
        save,
    )
}

/// The week of the business.
pub(super) struct Week;

impl Part for Week {
    const DEED: &'static str = "settings.hours";

    fn fields(&self, business: &Business) -> Fields {
        let mut fields = Fields::default();
        week::write_week(&mut fields, &business.hours);
        fields
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        business.hours = week::read_week(typed)?;
        Ok(())
    }

    fn field_of(&self, at: &str, _business: &Business) -> String {
        week::field_of(at).map_or_else(|| at.to_owned(), str::to_owned)
    }

    fn word(&self, field: &str) -> String {
        week::word(field).map_or_else(|| field.to_owned(), str::to_owned)
    }
}

#[derive(Template)]
#[template(path = "pages/settings/hours.html")]
struct Hours {
    frame: Frame,
    tab: &'static str,
    part: &'static str,
    action: String,
    form: Form,
    days: Vec<DayView>,
}

async fn show(Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let form = Form::of(Week.fields(&access.business));
    page(&access, &headers, form)
}

fn page(access: &Access, headers: &HeaderMap, form: Form) -> Result<Response, Fault> {
    let page = Hours {
        frame: frame(access, headers, "Hours"),
        tab: "hours",
        part: "week",
        action: format!("{}/settings/hours", root(&access.business)),
        days: week::view_week(&form),
        form,
    };
    shown_as(page.form.status(), &page)
}

async fn save(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    if let Some(changed) = week::pressed(&typed) {
        return page(&access, &headers, Form::going_on(changed));
    }
    if typed.is_on("try") {
        return tried(&state, &access, &Week, typed, |form| page(&access, &headers, form)).await;
    }
    let outcome = edit::save(&state, &access, &Week, typed).await;
    let saved = |business: Business| {
        let told = if business.hours.is_open() {
            Notice::good("Saved. Appointments that were made already stay as they are.")
        } else {
            Notice::bad("Saved. You are closed every day, so nothing can be booked.")
        };
        then(&format!("{}/settings/hours", root(&business)), &told)
    };
    answered(outcome, saved, |form| page(&access, &headers, form))
}
