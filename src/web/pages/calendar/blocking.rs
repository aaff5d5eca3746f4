//! Keeping time from being booked: a training day, an errand, a machine that is being repaired.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::{Timestamp, civil::Date};

use super::{
    ask::booking_path,
    axis::Day,
    items::Seen,
    moving::described,
    pane::{Id, answer, calendar_on},
    times,
    words::Words,
};
use crate::{
    domain::{
        block::Block,
        booking::Booking,
        business::{Business, Mistake},
        ids::{BlockId, StaffId},
    },
    ports::desk::{DeskError, KeepFree},
    web::{
        pages::{
            access::{Access, Staff},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::root,
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

/// As many appointments as are listed one by one.
const LISTED: u32 = 50;

#[derive(Template)]
#[template(path = "pages/calendar/block.html")]
struct BlockBody {
    form: Form,
    action: String,
    staff: Vec<(String, String)>,
    /// It exists: it can be removed.
    exists: bool,
    /// Appointments in it: (address, name, what and when).
    inside: Vec<(String, String, String)>,
}

pub(super) async fn form(
    Staff(access): Staff,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    let words = Words::of(&access.business);
    let on = asked.text("on").parse().unwrap_or_else(|_| words.date_of(state.clock.now()));
    let time = |name: &str, usual: &str| match asked.text(name) {
        "" => usual.to_owned(),
        given => given.to_owned(),
    };
    let fields = Fields::default()
        .and("staff", asked.text("staff"))
        .and("from", on.to_string())
        .and("from_time", time("time", "12:00"))
        .and("to", on.to_string())
        .and("to_time", time("until", "13:00"));
    page(&access, &headers, StatusCode::OK, Form::of(fields), None, Vec::new())
}

pub(super) async fn block(
    State(state): State<AppState>,
    Staff(access): Staff,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let business = Arc::new(access.business.clone());
    let words = Words::of(&business);
    let keep = match asked_for(&business, &words, &typed, None) {
        Ok(keep) => keep,
        Err(mistakes) => {
            let form = Form::refused(typed, mistakes);
            return page(&access, &headers, StatusCode::UNPROCESSABLE_ENTITY, form, None, Vec::new());
        }
    };
    let block = state.desk.block(keep).await?;
    access.note(&state, "block.added", block.id, "").await?;
    let undo = format!("{}/calendar/blocks/{}/remove", root(&business), block.id);
    done(&state, &access, &headers, &block, "Blocked", Some(undo)).await
}

pub(super) async fn show(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BlockId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let block = read(&state, &access, id).await?;
    let inside = inside(&state, &access.business, &block).await?;
    let form = Form::of(fields(&block, &Words::of(&access.business)));
    page(&access, &headers, StatusCode::OK, form, Some(id), listed(&state, &access, &inside))
}

pub(super) async fn change(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BlockId>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let block = read(&state, &access, id).await?;
    let business = Arc::new(access.business.clone());
    let words = Words::of(&business);
    let there = inside(&state, &business, &block).await?;
    let list = || listed(&state, &access, &there);
    if typed.text("base") != fields(&block, &words).fingerprint() {
        let form = Form::overtaken(typed, fields(&block, &words));
        return page(&access, &headers, StatusCode::CONFLICT, form, Some(id), list());
    }
    let keep = match asked_for(&business, &words, &typed, Some((id, block.version))) {
        Ok(keep) => keep,
        Err(mistakes) => {
            let form = Form::refused(typed, mistakes);
            return page(&access, &headers, StatusCode::UNPROCESSABLE_ENTITY, form, Some(id), list());
        }
    };
    match state.desk.block(keep).await {
        Ok(block) => {
            access.note(&state, "block.changed", id, "").await?;
            done(&state, &access, &headers, &block, "Blocked now", None).await
        }
        Err(DeskError::Gone) => {
            let now = read(&state, &access, id).await?;
            let form = Form::overtaken(typed, fields(&now, &words));
            page(&access, &headers, StatusCode::CONFLICT, form, Some(id), list())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn remove(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BlockId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let business = &access.business;
    let block = state.desk.unblock(business, id).await?;
    access.note(&state, "block.removed", id, "").await?;
    let words = Words::of(business);
    let undo = format!("{}/calendar/blocks/{id}/restore", root(business));
    let notice = Notice::good(format!("{} can be booked again.", told(&block, business, &words))).undone_at(undo);
    Ok(then(&calendar_on(&access, &headers, words.date_of(block.from)), &notice))
}

pub(super) async fn restore(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BlockId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let block = state.desk.block_again(&access.business, id).await?;
    access.note(&state, "block.restored", id, "").await?;
    done(&state, &access, &headers, &block, "Blocked again", None).await
}

async fn read(state: &AppState, access: &Access, id: BlockId) -> Result<Block, Fault> {
    in_time("reading a block", state.store.one_block(access.business.id, id)).await?.ok_or(Fault::NotFound)
}

/// Appointments that a block lies over. They stay.
async fn inside(state: &AppState, business: &Business, block: &Block) -> Result<Vec<Booking>, Fault> {
    let time = (block.from, block.to);
    Ok(in_time("reading the calendar", state.store.in_the_way(business.id, block.staff, time, LISTED)).await?)
}

fn listed(state: &AppState, access: &Access, bookings: &[Booking]) -> Vec<(String, String, String)> {
    let business = &access.business;
    let words = Words::of(business);
    let seen = Seen { business, words: &words, now: state.clock.now() };
    let line = |booking: &Booking| {
        let name = booking.customer.name.as_str().to_owned();
        (booking_path(business, booking.id), name, described(&seen, &booking.slot))
    };
    bookings.iter().map(line).collect()
}

/// Back to the calendar; or to the block, when appointments are in it.
async fn done(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    block: &Block,
    what: &str,
    undo: Option<String>,
) -> Result<Response, Fault> {
    let business = &access.business;
    let words = Words::of(business);
    let text = format!("{what}: {}.", told(block, business, &words));
    let inside = inside(state, business, block).await?.len();
    let with = |notice: Notice| match undo {
        Some(undo) => notice.undone_at(undo),
        None => notice,
    };
    if inside == 0 {
        return Ok(then(&calendar_on(access, headers, words.date_of(block.from)), &with(Notice::good(text))));
    }
    let stays = if inside == 1 { "One appointment is in it and stays." } else { "Appointments are in it and stay." };
    let notice = with(Notice::good(format!("{text} {stays} Move or cancel what should not be there.")));
    Ok(then(&format!("{}/calendar/blocks/{}", root(business), block.id), &notice))
}

/// "Maria, Thursday, November 26, 12:00 pm to 1:00 pm".
fn told(block: &Block, business: &Business, words: &Words) -> String {
    let whom = block.staff.and_then(|staff| business.member(staff)).map_or("everybody", |member| &member.name);
    let one_day = words.date_of(block.from) == words.date_of(block.to);
    let to = if one_day { words.clock(block.to) } else { words.moment(block.to) };
    format!("{}, {} to {to}", whom, words.moment(block.from))
}

/// A block as the form shows it. One that begins and ends at midnight is of whole days.
fn fields(block: &Block, words: &Words) -> Fields {
    let local = |at: Timestamp| at.to_zoned(words.zone().clone());
    let (from, to) = (local(block.from), local(block.to));
    let begins = |at: &jiff::Zoned| at.start_of_day().is_ok_and(|start| start == *at);
    let whole = begins(&from) && begins(&to);
    let last = if whole { to.date().yesterday().unwrap_or(to.date()) } else { to.date() };
    let time = |at: &jiff::Zoned| if whole { String::new() } else { at.strftime("%H:%M").to_string() };
    Fields::default()
        .and("staff", block.staff.map(|staff| staff.to_string()).unwrap_or_default())
        .and("whole", if whole { "on" } else { "" })
        .and("from", from.date().to_string())
        .and("from_time", time(&from))
        .and("to", last.to_string())
        .and("to_time", time(&to))
        .and("reason", block.reason.clone())
}

/// What was typed, as the desk takes it.
fn asked_for(
    business: &Arc<Business>,
    words: &Words,
    typed: &Fields,
    instead_of: Option<(BlockId, i32)>,
) -> Result<KeepFree, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let staff: Option<StaffId> = match typed.text("staff") {
        "" => None,
        id => {
            let known = id.parse().ok().filter(|id| business.member(*id).is_some());
            if known.is_none() {
                mistakes.push(wrong("staff", "is not one of the staff"));
            }
            known
        }
    };
    let sane = |date: &Date| (1970..=2200).contains(&date.year());
    let date = |name: &'static str| {
        typed.text(name).parse::<Date>().ok().filter(sane).ok_or_else(|| wrong(name, "give a date"))
    };
    let whole = typed.is_on("whole");
    let read = |on: &'static str, time: &'static str, end: bool| {
        let on = date(on)?;
        if whole {
            let day = Day::of(on, words.zone()).ok_or_else(|| wrong(time, "that is too far away"))?;
            return Ok(if end { day.ends } else { day.begins });
        }
        times::at(on, typed.text(time), false, words).map_err(|why| wrong(time, why))
    };
    let (from, to) = (read("from", "from_time", false), read("to", "to_time", true));
    match (from, to) {
        (Ok(from), Ok(to)) if from < to && mistakes.is_empty() => {
            if to.duration_since(from) > jiff::SignedDuration::from_hours(366 * 24) {
                return Err(vec![wrong("to", "a year at most; what is for ever belongs into the opening hours")]);
            }
            let (business, reason) = (Arc::clone(business), typed.text("reason").to_owned());
            Ok(KeepFree { business, staff, from, to, reason, instead_of })
        }
        (Ok(_), Ok(_)) => {
            if mistakes.is_empty() {
                mistakes.push(wrong(if whole { "to" } else { "to_time" }, "must be after the beginning"));
            }
            Err(mistakes)
        }
        (from, to) => {
            mistakes.extend(from.err());
            mistakes.extend(to.err());
            Err(mistakes)
        }
    }
}

fn page(
    access: &Access,
    headers: &HeaderMap,
    status: StatusCode,
    form: Form,
    block: Option<BlockId>,
    inside: Vec<(String, String, String)>,
) -> Result<Response, Fault> {
    let business = &access.business;
    let mut staff = vec![(String::new(), "Everybody".to_owned())];
    staff.extend(business.staff.iter().map(|member| (member.id.to_string(), member.name.clone())));
    let action = match block {
        Some(id) => format!("{}/calendar/blocks/{id}", root(business)),
        None => format!("{}/calendar/block", root(business)),
    };
    let title = if block.is_some() { "Blocked time" } else { "Block time" };
    answer(access, headers, title, status, &BlockBody { form, action, staff, exists: block.is_some(), inside })
}
