//! How long what was said is kept.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::DataPage;
use crate::{
    domain::{
        business::{Business, Mistake},
        retention::Retention,
    },
    web::{
        pages::{
            access::Owner,
            edit::{self, NotSaved, Part},
            fault::Fault,
            form::{Fields, wrong},
            frame::{root, shown_as},
            notice::{Notice, then},
        },
        state::AppState,
    },
};

pub(super) struct Keeping;

impl Part for Keeping {
    const DEED: &'static str = "settings.retention";

    fn fields(&self, business: &Business) -> Fields {
        match business.retention.calls_days {
            Some(days) => Fields::default().and("keep", "days").and("days", days.to_string()),
            None => Fields::default().and("keep", "ever").and("days", ""),
        }
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let calls_days = match typed.text("keep") {
            "ever" => None,
            _ => Some(typed.text("days").parse().unwrap_or(0)),
        };
        let retention = Retention { calls_days };
        if let Some(why) = retention.mistake() {
            return Err(vec![wrong("days", why)]);
        }
        business.retention = retention;
        Ok(())
    }
}

pub(super) async fn save(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    match edit::save(&state, &access, &Keeping, typed).await {
        Ok(business) => {
            let told = match business.retention.calls_days {
                Some(days) => format!("Saved. What is older than {days} days is deleted within the next hour."),
                None => "Saved. Nothing is deleted by itself any more.".to_owned(),
            };
            Ok(then(&format!("{}/data", root(&business)), &Notice::good(told)))
        }
        Err(NotSaved::Form(form)) => {
            let status = if form.is_overtaken() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            let mut page = DataPage::of(&access, &headers);
            page.retention = form;
            shown_as(status, &page)
        }
        Err(NotSaved::Fault(fault)) => Err(fault),
    }
}
