//! The rules: what can be booked when, and by whom how often.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};

use super::{
    answered, frame,
    number::{UNITS, read_length, whole, write_length},
    tried,
};
use crate::{
    domain::business::{Business, Limits, Mistake, Rules, WhenCalendarDown},
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, Part},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, root, shown_as},
            notice::{Notice, then},
        },
        state::AppState,
    },
};

const PATH: &str = "/b/{business}/settings/rules";

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, PATH, Need::Owner, show).at(Method::POST, PATH, Need::Owner, save)
}

const DAY: u32 = 24 * 60;
const GRIDS: [u16; 8] = [5, 6, 10, 12, 15, 20, 30, 60];

struct Booking;

impl Part for Booking {
    const DEED: &'static str = "settings.rules";

    fn fields(&self, business: &Business) -> Fields {
        let rules = &business.rules;
        let mut fields = Fields::default();
        write_length(&mut fields, "notice", rules.notice_minutes);
        fields.add("horizon_days", rules.horizon_days.to_string());
        fields.add("grid_minutes", rules.grid_minutes.to_string());
        write_length(&mut fields, "cutoff", rules.cancel_cutoff_minutes);
        let down = match rules.when_calendar_down {
            WhenCalendarDown::Book => "book",
            WhenCalendarDown::ConfirmByText => "confirm_by_text",
        };
        fields
            .and("when_calendar_down", down)
            .and("per_call", rules.limits.per_call.to_string())
            .and("per_number", rules.limits.per_number_a_day.to_string())
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let mut found = Vec::new();
        let mut number = |read: Result<u32, Mistake>| read.map_err(|mistake| found.push(mistake)).unwrap_or_default();
        let notice = number(read_length(typed, "notice", 60 * DAY));
        let horizon = number(whole(typed, "horizon_days", 1, 730, None));
        let grid = number(whole(typed, "grid_minutes", 5, 60, None));
        let cutoff = number(read_length(typed, "cutoff", 60 * DAY));
        let per_call = number(whole(typed, "per_call", 1, 20, None));
        let per_number = number(whole(typed, "per_number", 1, 50, None));
        let when_calendar_down = match typed.text("when_calendar_down") {
            "book" => WhenCalendarDown::Book,
            "confirm_by_text" => WhenCalendarDown::ConfirmByText,
            _ => {
                found.push(wrong("when_calendar_down", "choose one of the two"));
                WhenCalendarDown::default()
            }
        };
        if !found.is_empty() {
            return Err(found);
        }
        let short = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
        business.rules = Rules {
            notice_minutes: notice,
            horizon_days: short(horizon),
            grid_minutes: short(grid),
            cancel_cutoff_minutes: cutoff,
            when_calendar_down,
            limits: Limits { per_call: short(per_call), per_number_a_day: short(per_number) },
        };
        Ok(())
    }

    fn field_of(&self, at: &str, _business: &Business) -> String {
        match at {
            "rules.notice_minutes" => "notice",
            "rules.cancel_cutoff_minutes" => "cutoff",
            "rules.limits.per_number_a_day" => "per_number",
            other => other.rsplit('.').next().unwrap_or(other),
        }
        .to_owned()
    }

    fn word(&self, field: &str) -> String {
        match field {
            "notice" | "notice_unit" => "notice",
            "horizon_days" => "how far ahead",
            "grid_minutes" => "grid",
            "cutoff" | "cutoff_unit" => "cut-off",
            "when_calendar_down" => "when the calendar cannot be read",
            "per_call" => "limit per call",
            "per_number" => "limit per number",
            other => other,
        }
        .to_owned()
    }
}

#[derive(Template)]
#[template(path = "pages/settings/rules.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    form: Form,
    units: Vec<(&'static str, &'static str)>,
    grids: Vec<(String, String)>,
}

async fn show(Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let form = Form::of(Booking.fields(&access.business));
    page(&access, &headers, form)
}

fn page(access: &Access, headers: &HeaderMap, form: Form) -> Result<Response, Fault> {
    let grid = |minutes: u16| match minutes {
        60 => "every hour".to_owned(),
        _ => format!("every {minutes} minutes"),
    };
    let page = Page {
        frame: frame(access, headers, "Rules"),
        tab: "rules",
        form,
        units: UNITS.iter().map(|(value, label, _)| (*value, *label)).collect(),
        grids: GRIDS.into_iter().map(|minutes| (minutes.to_string(), grid(minutes))).collect(),
    };
    shown_as(page.form.status(), &page)
}

async fn save(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    if typed.is_on("try") {
        return tried(&state, &access, &Booking, typed, |form| page(&access, &headers, form)).await;
    }
    let outcome = edit::save(&state, &access, &Booking, typed).await;
    let saved = |business: Business| then(&format!("{}/settings/rules", root(&business)), &Notice::good("Saved."));
    answered(outcome, saved, |form| page(&access, &headers, form))
}
