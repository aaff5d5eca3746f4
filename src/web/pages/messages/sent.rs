//! What was texted to customers, what became of it, and sending it once more.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;

use super::{TextView, view::did_not_arrive};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        ids::{CallId, OutboxId},
        phone::{PhoneKind, PhoneNumber},
    },
    store::{
        outbox::{Kind, MessageFilter, MessageState, NewOutbox, Outbox},
        search::Pattern,
    },
    web::{
        pages::{
            access::Staff,
            calls::{Named, list::digits, query},
            fault::Fault,
            form::{Fields, Form},
            frame::{Frame, Here, root, shown},
            notice::{Notice, then},
            say::Say,
        },
        patience::in_time,
        state::AppState,
    },
};

const ON_A_PAGE: u32 = 50;
/// So often is one message sent once more.
const MOST_AGAIN: usize = 3;

#[derive(Template)]
#[template(path = "pages/messages/sent.html")]
struct Sent {
    frame: Frame,
    form: Form,
    segments: Vec<(String, String, bool)>,
    texts: Vec<TextView>,
    older: Option<String>,
    filtered: bool,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Staff(access): Staff,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let business = &access.business;
    let fields = Fields::parse(asked.as_deref().unwrap_or_default().as_bytes());
    let which = fields.text("show").to_owned();
    let filter = MessageFilter {
        state: match which.as_str() {
            "waiting" => Some(MessageState::Waiting),
            "sent" => Some(MessageState::Sent),
            "delivered" => Some(MessageState::Delivered),
            "failed" => Some(MessageState::Failed),
            _ => None,
        },
        search: Pattern::of(fields.text("q")),
        digits: digits(fields.text("q")),
    };
    let before = fields
        .text("before")
        .split_once('.')
        .and_then(|(at, id)| Some((Timestamp::from_second(at.parse().ok()?).ok()?, id.parse::<OutboxId>().ok()?)));
    let listed = state.store.messages(business.id, &filter, before, ON_A_PAGE + 1);
    let mut rows = in_time("listing messages", listed).await?;
    let address = |show: &str, before: &str| {
        let query = query(&[("show", &show), ("q", &fields.text("q")), ("before", &before)]);
        let question = if query.is_empty() { "" } else { "?" };
        format!("{}/messages/sent{question}{query}", root(business))
    };
    let more = rows.len() > ON_A_PAGE as usize;
    rows.truncate(ON_A_PAGE as usize);
    let cursor = |last: &Outbox| format!("{}.{}", last.created.as_second(), last.id);
    let older = rows.last().filter(|_| more).map(|last| address(&which, &cursor(last)));
    // By their numbers alone: the calls are none.
    let numbers: Vec<(CallId, Option<PhoneNumber>)> =
        rows.iter().map(|row| (CallId(row.id.0), row.recipient.parse().ok())).collect();
    let names = in_time("reading names", state.store.call_names(business.id, &numbers)).await?;
    let say = Say::of(business, state.clock.now());
    let text = |row: Outbox| {
        let number = row.recipient.parse().ok();
        let name = names.of(CallId(row.id.0), number.as_ref()).map(str::to_owned);
        TextView::of(row, business, &say, name.as_deref())
    };
    let segment = |value: &str, label: &str| (label.to_owned(), address(value, ""), value == which);
    let page = Sent {
        frame: Frame::of(&access, &headers, Here::Messages, "Messages"),
        segments: vec![
            segment("", "All"),
            segment("waiting", "Waiting"),
            segment("sent", "Sent"),
            segment("delivered", "Delivered"),
            segment("failed", "Failed"),
        ],
        texts: rows.into_iter().filter_map(text).collect(),
        older,
        filtered: !fields.text("q").is_empty() || !which.is_empty(),
        form: Form::of(fields),
    };
    shown(&page)
}

pub(super) async fn again(
    State(state): State<AppState>,
    Staff(access): Staff,
    Named(id): Named<OutboxId>,
) -> Result<Response, Fault> {
    let (business, now) = (&access.business, state.clock.now());
    let found = in_time("reading a message", state.store.message(business.id, id)).await?;
    let row = found.ok_or(Fault::NotFound)?;
    let booking = match row.booking {
        Some(booking) => in_time("reading a booking", state.store.booking(business.id, booking)).await?,
        None => None,
    };
    let back = format!("{}/messages/sent", root(business));
    let refused = |why: &str| Ok(then(&back, &Notice::bad(format!("Not sent again: {why}."))));
    let (to, expires) = match may_go_again(&row, booking.as_ref(), now) {
        Ok(fits) => fits,
        Err(why) => return refused(why),
    };
    let keys: Vec<String> = (1..=MOST_AGAIN).map(|n| format!("{}/again/{n}", first_of(&row))).collect();
    let used = in_time("reading messages", state.store.messages_with_keys(&keys)).await?;
    let Some(key) = keys.into_iter().nth(used) else {
        return refused("it was sent again three times already. Call them instead");
    };
    let deed = access.deed(&state, "message.resent", id, "");
    let new = NewOutbox {
        id: OutboxId(state.clock.new_id()),
        business: business.id,
        kind: Kind::Sms,
        template: row.template,
        booking: row.booking,
        call: None,
        recipient: to.to_string(),
        body: row.body,
        dedupe_key: key,
        expires,
        now,
    };
    let written = in_time("writing a message", state.store.add_message(&new, &deed)).await?;
    state.outbox.wake();
    let told = if written { "It is being sent again." } else { "It was being sent again already." };
    Ok(then(&back, &Notice::good(told)))
}

/// The key of the message that was written first, of one that was itself sent again.
fn first_of(row: &Outbox) -> &str {
    row.dedupe_key.split_once("/again/").map_or(row.dedupe_key.as_str(), |(first, _)| first)
}

/// To which number it goes again and until when, if it still says what is so.
fn may_go_again(
    row: &Outbox,
    booking: Option<&Booking>,
    now: Timestamp,
) -> Result<(PhoneNumber, Timestamp), &'static str> {
    if !did_not_arrive(row) {
        return Err("it is on its way, or has arrived");
    }
    let booking = booking.ok_or("it is about no appointment")?;
    if booking.slot.starts <= now {
        return Err("the appointment is over");
    }
    let true_still = matches!(
        (row.template.as_str(), booking.state),
        ("booked" | "moved" | "requested" | "reminder", BookingState::Confirmed { .. })
            | ("cancelled", BookingState::Cancelled { .. })
    );
    if !true_still {
        return Err("the appointment has changed since, so it would not be true any more");
    }
    let to = booking.customer.phone.clone().ok_or("the appointment has no number")?;
    if to.kind() == PhoneKind::Never {
        return Err("that number gets no texts");
    }
    Ok((to, booking.slot.starts))
}
