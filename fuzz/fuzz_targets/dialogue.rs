//! Any conversation: every line is something that happens. Whatever it is, "you're booked" is said only in answer to the
//! desk's confirmation, and "cancelled" only in answer to a cancellation.
#![no_main]

use std::sync::Arc;

use deskbell::domain::{
    booking::{Booking, BookingState, Customer, CustomerName, Slot},
    call::Caller,
    dialogue::{DeskReply, Dialogue, Effect, Event, Failure, Heard, Request},
    ids::{BookingId, BusinessId},
    phone::PhoneNumber,
};
use deskbell_fuzz::Scene;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

fuzz_target!(|data: &[u8]| {
    let scene = Scene::read(data);
    let business = Arc::new(scene.business);
    let mut dialogue = Dialogue::new(Arc::clone(&business));
    let mut now = scene.now.timestamp();
    let mut asked = None;
    let caller = Caller { number: PhoneNumber::parse("+12125550123", "US").ok() };
    answer(&mut dialogue, Event::Answered(caller), now, &mut asked);
    for line in scene.text.lines().take(40) {
        if dialogue.is_over() {
            break;
        }
        now = now + SignedDuration::from_secs(7);
        let (kind, rest) = line.split_at(line.chars().next().map_or(0, char::len_utf8));
        let event = match kind {
            "!" => Event::TalkedOver { heard: rest.to_owned() },
            "#" => Event::Key(rest.chars().next().unwrap_or('1')),
            "~" => Event::Silent,
            "%" => Event::StillWaiting,
            "^" => Event::Reconnected,
            "&" => [Event::TimeAlmostUp, Event::TimeUp, Event::Stopping][rest.len() % 3].clone(),
            // The desk answers what it was asked, in its own time, or fails.
            "$" => match asked.take().map(|request| reply(request, rest.as_bytes(), &business, now)) {
                Some(reply) => Event::Desk(reply),
                None => continue,
            },
            "@" => {
                // Another process picks the conversation up.
                let saved = serde_json::to_string(dialogue.state()).expect("a state can be written down");
                let state = serde_json::from_str(&saved).expect("and be read again");
                dialogue = Dialogue::resume(Arc::clone(&business), state);
                continue;
            }
            // A recogniser that is not sure: what else it may have been.
            _ => Event::Heard(match line.split_once('|') {
                Some((text, others)) => {
                    Heard { text: text.to_owned(), others: others.split('|').map(str::to_owned).collect() }
                }
                None => line.into(),
            }),
        };
        answer(&mut dialogue, event, now, &mut asked);
    }
});

fn answer(dialogue: &mut Dialogue, event: Event, now: Timestamp, asked: &mut Option<Request>) {
    let confirmed = matches!(event, Event::Desk(DeskReply::Confirmed(_)));
    let cancelled = matches!(event, Event::Desk(DeskReply::Cancelled(_)));
    for effect in dialogue.on(event, now) {
        match effect {
            Effect::Say(text) => {
                assert!(text.chars().count() < 20_000, "too much is said");
                let text = text.to_lowercase();
                assert!(confirmed || !text.contains("you're booked") && !text.contains("appointment is now"), "{text}");
                assert!(cancelled || !text.contains("is cancelled"), "{text}");
            }
            Effect::Desk(request) => *asked = Some(request),
            _ => {}
        }
    }
}

/// What the desk might say: the first byte decides whether it fails, the others how much it finds.
fn reply(
    request: Request,
    choice: &[u8],
    business: &deskbell::domain::business::Business,
    now: Timestamp,
) -> DeskReply {
    let byte = |at: usize| choice.get(at).copied().unwrap_or(b'5');
    let failures =
        [Failure::Taken, Failure::Gone, Failure::TooLate, Failure::NotOffered, Failure::TooMany, Failure::Unavailable];
    if let Some(failure) = failures.get(usize::from(byte(0).wrapping_sub(b'a'))) {
        return DeskReply::Failed(*failure);
    }
    let service = &business.services[usize::from(byte(1)) % business.services.len()];
    let staff = business.staff[usize::from(byte(2)) % business.staff.len()].id;
    let slot =
        |n: u8| Slot::at(service, staff, now + SignedDuration::from_mins(15 * i64::from(n) * i64::from(byte(3))));
    let booking = |id: BookingId, slot: Slot, state| Booking {
        id,
        business: BusinessId(Uuid::nil()),
        slot,
        wall: slot.starts.to_zoned(TimeZone::UTC).datetime(),
        zone: business.zone.name().to_owned(),
        customer: Customer { name: CustomerName::new("Anna Kovacs"), phone: None },
        state,
        call: None,
        unverified: byte(0) == b'u',
        version: 1,
        created: now,
    };
    let confirmed = BookingState::Confirmed { at: now };
    match request {
        Request::Find { count, .. } => DeskReply::Found((1..=byte(0) % 5).take(count).map(slot).collect()),
        Request::Hold { slot, attempt, .. } => DeskReply::Held(booking(
            BookingId(Uuid::from_u128(u128::from(attempt))),
            slot,
            BookingState::Held { expires: now + SignedDuration::from_mins(3) },
        )),
        Request::Confirm { hold } => DeskReply::Confirmed(booking(hold, slot(1), confirmed)),
        Request::Cancel { booking: id } => {
            DeskReply::Cancelled(booking(id, slot(1), BookingState::Cancelled { at: now }))
        }
        Request::Upcoming => DeskReply::Upcoming(
            (1..=byte(0) % 4).map(|n| booking(BookingId(Uuid::from_u128(n.into())), slot(n), confirmed)).collect(),
        ),
        Request::Note { .. } => DeskReply::NoteTaken,
    }
}
