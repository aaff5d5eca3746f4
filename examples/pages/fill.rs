//! Writes the year through the store, as the program itself would have.

use std::{collections::VecDeque, fmt};

use anyhow::{Context as _, ensure};
use deskbell::{
    domain::{
        booking::Customer,
        business::Business,
        call::{Line, Outcome, Speaker, WhyNot},
        dialogue::State,
        ids::{BookingId, CallId, MessageId, OutboxId},
        report::{Micros, Report, Summary, TurnReport},
        turn::Turn,
    },
    ports::journal::{Entry, Lease},
    store::{
        Store,
        bookings::{Confirmed, Ending, Filter, Held, NewConfirmation, NewHold},
        calls::{Claimed, NewCall},
        customers::CustomerOrder,
        notes::StoredNote,
        outbox::{Kind, NewOutbox},
    },
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    Options,
    people::{self, Dice, Person, sentence, town},
    year::{self, Planned},
};

/// Calls written in one transaction.
const AT_ONCE: usize = 200;

/// What there is, and one of each to look at.
pub(crate) struct Filled {
    pub(crate) business: Business,
    pub(crate) booking: String,
    pub(crate) call: String,
    pub(crate) customer: String,
    pub(crate) counts: String,
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.counts)
    }
}

/// Fills an empty database; one that is filled already is only looked at.
pub(crate) async fn fill(store: &Store, options: &Options, now: Timestamp) -> anyhow::Result<Filled> {
    let business = year::business();
    if !store.has_had_calls(business.id).await? {
        store.create_business(&business, now).await?;
        let mut dice = Dice(options.seed);
        let town = town(&mut dice, 3_000)?;
        let calls = calls(store, &business, options, &town, now, &mut dice).await?;
        let planned = year::plan(&business, now, options.bookings, &mut dice)?;
        bookings(store, &business, &planned, calls, &town, now, &mut dice).await?;
        texts(store, now, &mut dice).await?;
        notes(store, &business, &town, now, &mut dice).await?;
    }
    let ahead = Filter { from: Some(now), status: Some("confirmed".to_owned()), ..Filter::default() };
    let booking = store.bookings(business.id, &ahead, None, 1).await?.pop().context("a booking")?;
    let listed = store.calls(business.id, None, 50).await?;
    let call = listed.iter().find(|call| call.line_count > 0 && call.ended.is_some()).context("a call")?;
    let customer = store.customers(business.id, "", CustomerOrder::Last, None, 1).await?.pop().context("a customer")?;
    let customers = store.count_customers(business.id).await?;
    Ok(Filled {
        booking: booking.id.to_string(),
        call: call.id.to_string(),
        customer: customer.id.to_string(),
        counts: format!("{} bookings, {} calls, {customers} customers", options.bookings, options.calls),
        business,
    })
}

/// Two people are on the line, for whoever looks at the pages.
pub(crate) async fn ring(store: &Store, business: &Business, now: Timestamp) -> anyhow::Result<()> {
    let known = store.customers(business.id, "", CustomerOrder::Last, None, 1).await?.pop();
    for (n, from) in [known.map(|customer| customer.phone), None].into_iter().enumerate() {
        let at = now - SignedDuration::from_secs(i64::try_from(95 * n + 40)?);
        let vendor_call = format!("live-{n}-{now}");
        let id = CallId(Dice(u64::try_from(now.as_second())? + u64::try_from(n)?).id(at));
        let new = NewCall { id, business: business.id, vendor: "web", vendor_call: vendor_call.clone(), from, now: at };
        store.ring(&new).await?;
        store.claim_call(business.id, &vendor_call, 0, at).await?;
    }
    Ok(())
}

/// A call that booked and has no appointment yet.
struct Booker {
    id: CallId,
    person: usize,
    at: Timestamp,
}

async fn calls(
    store: &Store,
    business: &Business,
    options: &Options,
    town: &[Person],
    now: Timestamp,
    dice: &mut Dice,
) -> anyhow::Result<VecDeque<Booker>> {
    let mut times = Vec::with_capacity(options.calls);
    for _ in 0..options.calls {
        times.push(year::call_time(business, now, dice)?);
    }
    times.sort();
    let mut bookers = VecDeque::new();
    let (mut entries, mut reports, mut over) = (Vec::new(), Vec::new(), Vec::new());
    for (n, at) in times.into_iter().enumerate() {
        let person = dice.below(town.len());
        let id = CallId(dice.id(at));
        let from = dice.percent(95).then(|| town[person].phone.clone());
        let vendor_call = format!("seed-{n}");
        let new = NewCall { id, business: business.id, vendor: "web", vendor_call: vendor_call.clone(), from, now: at };
        store.ring(&new).await?;
        let length = SignedDuration::from_secs(i64::try_from(35 + dice.below(200))?);
        // One in fifty found every line busy.
        if dice.percent(98) {
            let claimed = store.claim_call(business.id, &vendor_call, 0, at + SignedDuration::from_secs(1)).await?;
            let Claimed::Claimed { lease, .. } = claimed else { anyhow::bail!("a call was claimed by somebody else") };
            let outcome = outcome(dice);
            if outcome == Outcome::Booked {
                bookers.push_back(Booker { id, person, at: at + length * 3 / 4 });
            }
            entries.push(entry(lease, at, length, outcome, options.lines, dice)?);
            reports.push((lease, report(outcome, dice)));
        }
        over.push((vendor_call, at + length));
        if over.len() == AT_ONCE {
            write(store, business, &mut entries, &mut reports, &mut over).await?;
        }
    }
    write(store, business, &mut entries, &mut reports, &mut over).await?;
    Ok(bookers)
}

async fn write(
    store: &Store,
    business: &Business,
    entries: &mut Vec<Entry>,
    reports: &mut Vec<(Lease, Report)>,
    over: &mut Vec<(String, Timestamp)>,
) -> anyhow::Result<()> {
    store.write_entries(entries).await?;
    store.file_reports(reports).await?;
    for (vendor_call, at) in over.drain(..) {
        store.end_call(business.id, &vendor_call, at).await?;
    }
    entries.clear();
    reports.clear();
    Ok(())
}

fn outcome(dice: &mut Dice) -> Outcome {
    match dice.below(100) {
        0..=51 => Outcome::Booked,
        52..=56 => Outcome::Moved,
        57..=61 => Outcome::Cancelled,
        62..=66 => Outcome::Transferred,
        67..=73 => Outcome::Message,
        74..=89 => Outcome::Answered,
        _ => Outcome::None,
    }
}

fn entry(
    lease: Lease,
    at: Timestamp,
    length: SignedDuration,
    outcome: Outcome,
    lines: usize,
    dice: &mut Dice,
) -> anyhow::Result<Entry> {
    let pace = length / i32::try_from(lines.max(1))?;
    let line = |n: usize, dice: &mut Dice| Line {
        speaker: if n.is_multiple_of(2) { Speaker::Agent } else { Speaker::Caller },
        text: sentence(dice, n).to_owned(),
        at: at + pace * i32::try_from(n).unwrap_or_default(),
        cut: false,
    };
    let lines: Vec<Line> = (0..lines).map(|n| line(n, dice)).collect();
    let turns = lines.iter().enumerate().filter(|(_, line)| line.speaker == Speaker::Caller);
    let turns = turns.map(|(n, line)| (i32::try_from(n).unwrap_or_default(), turn(line.at, dice))).collect();
    let state = serde_json::to_string(&State::default())?;
    Ok(Entry {
        lease,
        at: at + length,
        state,
        outcome,
        first_line: 0,
        lines,
        turns,
        why_not: why_not(outcome, dice),
        ended: true,
    })
}

fn why_not(outcome: Outcome, dice: &mut Dice) -> Option<WhyNot> {
    use WhyNot::{HungUpEarly, LeftMessage, NoTimeSuited, NotConfirmed, NothingFree, OnlyAsked, Silence, WantedPerson};
    match outcome {
        Outcome::Booked | Outcome::Moved | Outcome::Cancelled => None,
        Outcome::Message => Some(LeftMessage),
        Outcome::Transferred => Some(WantedPerson),
        Outcome::Answered => {
            Some(*dice.pick(&[OnlyAsked, OnlyAsked, OnlyAsked, NothingFree, NoTimeSuited, NotConfirmed]))
        }
        Outcome::None => Some(*dice.pick(&[HungUpEarly, HungUpEarly, Silence, Silence, WantedPerson])),
    }
}

fn turn(at: Timestamp, dice: &mut Dice) -> Turn {
    Turn {
        at,
        meant: vec![(*dice.pick(&["book", "ask the price", "yes", "later"])).to_owned()],
        first_word_ms: Some(u32::try_from(420 + dice.below(500)).unwrap_or_default()),
        model: "fast".to_owned(),
        ..Turn::default()
    }
}

fn report(outcome: Outcome, dice: &mut Dice) -> Report {
    let turn = |dice: &mut Dice| TurnReport {
        model: "fast".to_owned(),
        first_word_ms: Some(u32::try_from(420 + dice.below(500) + if dice.percent(8) { 900 } else { 0 }).unwrap_or(0)),
        requests: 1,
        ..TurnReport::default()
    };
    let turns: Vec<TurnReport> = (0..3 + dice.below(4)).map(|_| turn(dice)).collect();
    let tokens = 2_500 * u64::try_from(turns.len()).unwrap_or_default();
    let summary = Summary {
        reason: if outcome == Outcome::Booked { "Wanted an appointment" } else { "Had a question" }.to_owned(),
        summary: "The caller asked about times, was told what is free, and was content.".to_owned(),
        ..Summary::default()
    };
    Report {
        turns,
        tokens_in: tokens,
        tokens_cached: tokens * 4 / 5,
        tokens_out: tokens / 40,
        cost: Micros(tokens * 2 / 5 + u64::try_from(dice.below(900)).unwrap_or_default()),
        summary: Some(summary),
        ..Report::default()
    }
}

async fn bookings(
    store: &Store,
    business: &Business,
    planned: &[Planned],
    mut calls: VecDeque<Booker>,
    town: &[Person],
    now: Timestamp,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    // In the order in which they were made, so that those who called get the appointments of their day.
    let mut order: Vec<&Planned> = planned.iter().collect();
    order.sort_by_key(|planned| planned.made);
    for (n, planned) in order.into_iter().enumerate() {
        let caller = calls.pop_front_if(|booker| booker.at < planned.slot.starts);
        let person = &town[caller.as_ref().map_or_else(|| dice.below(town.len()), |booker| booker.person)];
        let made = caller.as_ref().map_or(planned.made, |booker| booker.at);
        let id = BookingId(dice.id(made));
        let service = business.service(planned.slot.service).context("a service")?;
        let customer = Customer { name: person.name.clone(), phone: Some(person.phone.clone()) };
        let hold = NewHold {
            id,
            business: business.id,
            slot: planned.slot,
            busy: planned.slot.busy(service),
            capacity: service.capacity,
            wall: planned.slot.starts.to_zoned(business.zone.tz().clone()).datetime(),
            zone: business.zone.name().to_owned(),
            customer: customer.clone(),
            call: caller.as_ref().map(|booker| booker.id),
            key: format!("seed-{n}"),
            expires: made + SignedDuration::from_mins(3),
            replacing: None,
            now: made,
        };
        ensure!(matches!(store.hold(&hold).await?, Held::Held(_)), "an appointment of the plan is taken");
        let text = NewOutbox {
            id: OutboxId(dice.id(made)),
            business: business.id,
            kind: Kind::Sms,
            template: "booked".to_owned(),
            booking: Some(id),
            call: hold.call,
            recipient: person.phone.to_string(),
            body: format!("{}: you're booked, {}. Reply to this number to change it.", business.name, service.name),
            dedupe_key: format!("{id}/booked/1"),
            expires: made + SignedDuration::from_hours(24),
            now: made,
        };
        let confirmation = NewConfirmation {
            business: business.id,
            hold: id,
            customer,
            unverified: planned.slot.starts > now && dice.below(400) == 0,
            outbox: vec![text],
            link: None,
            now: made,
        };
        let confirmed = store.confirm(&confirmation).await?;
        ensure!(matches!(confirmed, Confirmed::Confirmed { .. }), "an appointment of the plan cannot be confirmed");
        if dice.percent(6) {
            let at = (made + SignedDuration::from_hours(5)).min(now);
            store.cancel(business.id, id, &Ending::default(), &[], at).await?;
        }
    }
    Ok(())
}

/// Every text message has been sent; a few did not arrive.
async fn texts(store: &Store, now: Timestamp, dice: &mut Dice) -> anyhow::Result<()> {
    loop {
        let leased = store.lease_outbox(now, now + SignedDuration::from_secs(30), 500).await?;
        if leased.is_empty() {
            return Ok(());
        }
        for row in leased {
            store.outbox_sending(row.id, row.fence, row.created).await?;
            if dice.below(300) == 0 {
                store.outbox_failed(row.id, row.fence, "the number cannot get text messages").await?;
                continue;
            }
            let vendor_id = format!("seed-{}", row.id.0.simple());
            store.outbox_sent(row.id, row.fence, &vendor_id, row.created + SignedDuration::from_secs(2)).await?;
            let delivery = if dice.below(150) == 0 { "undelivered" } else { "delivered" };
            store.outbox_delivery(&vendor_id, delivery).await?;
        }
    }
}

async fn notes(
    store: &Store,
    business: &Business,
    town: &[Person],
    now: Timestamp,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    let mut times: Vec<i64> = (0..120).map(|_| i64::try_from(dice.below(180 * 24)).unwrap_or_default()).collect();
    times.extend([3, 20, 44]);
    times.sort_unstable_by_key(|hours| std::cmp::Reverse(*hours));
    for hours in times {
        let created = now - SignedDuration::from_hours(hours);
        let person = dice.pick(town);
        let note = StoredNote {
            id: MessageId(dice.id(created)),
            business: business.id,
            call: None,
            from: Some(person.phone.clone()),
            name: Some(person.name.as_str().to_owned()),
            text: people::note(dice).to_owned(),
            created,
            done: (hours > 48).then_some(created),
        };
        store.add_note(&note).await?;
    }
    Ok(())
}
