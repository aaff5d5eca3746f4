//! Whether a call went well: what stands in the book afterwards, what was said, and how long it took.

use jiff::{
    civil::{Date, DateTime},
    tz::AmbiguousOffset,
};

use super::{
    facts,
    scenario::{Booked, Ends, Fold, Goal, Scenario, Task, Window},
    stage::Ledger,
    story::{Fault, Story},
};
use crate::domain::{
    booking::{Booking, BookingState},
    business::Business,
};

/// How one call went.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) seed: u64,
    pub(super) story: Story,
}

impl Played {
    pub(super) fn passed(&self) -> bool {
        self.story.faults.is_empty()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Confirmed,
    Cancelled,
    Moved,
}

/// The number that has to stand in a row.
#[derive(Clone)]
enum WantedPhone {
    Any,
    /// This one, or none at all.
    Exactly(Option<String>),
}

impl WantedPhone {
    fn is(&self, phone: Option<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(wanted) => wanted.as_deref() == phone,
        }
    }
}

/// A row that has to be in the book.
struct Wanted {
    service: Option<String>,
    staff: Vec<String>,
    start: Vec<Window>,
    fold: Option<Fold>,
    name: Vec<String>,
    phone: WantedPhone,
    status: Status,
    /// It need not be there, or need not have changed.
    maybe: bool,
}

impl Wanted {
    fn in_the_book(booked: &Booked) -> Self {
        Self {
            service: Some(booked.service.clone()),
            staff: vec![booked.staff.clone()],
            start: vec![Window { from: booked.start, before: None }],
            fold: None,
            name: vec![booked.name.clone()],
            phone: WantedPhone::Exactly(booked.phone.clone()),
            status: Status::Confirmed,
            maybe: false,
        }
    }

    fn by(goal: &Goal, from: &str) -> Self {
        let phone = match &goal.phone {
            _ if goal.no_phone => WantedPhone::Exactly(None),
            Some(phone) => WantedPhone::Exactly(Some(phone.clone())),
            None if from.starts_with('+') => WantedPhone::Exactly(Some(from.to_owned())),
            None => WantedPhone::Any,
        };
        Self {
            service: goal.service.clone(),
            staff: goal.staff.clone(),
            start: goal.start.clone(),
            fold: goal.fold,
            name: goal.name.clone(),
            phone,
            status: Status::Confirmed,
            maybe: goal.ends == Ends::Either,
        }
    }

    /// What of a row is not as it should be; nothing: this is it.
    fn differs(&self, row: &Row<'_>) -> Vec<&'static str> {
        let mut differs = Vec::new();
        let mut must = |so: bool, what: &'static str| {
            if !so {
                differs.push(what);
            }
        };
        must(self.start.is_empty() || self.start.iter().any(|window| window.holds(row.start)), "time");
        must(self.fold.is_none_or(|fold| row.fold == Some(fold)), "which of the two hours");
        must(self.service.as_ref().is_none_or(|service| service == row.service), "service");
        must(self.staff.is_empty() || self.staff.iter().any(|member| member == row.staff), "staff");
        must(self.name.is_empty() || self.name.iter().any(|name| facts::same_name(name, row.name)), "name");
        must(self.phone.is(row.phone), "number");
        must(self.maybe || self.status == row.status, "status");
        differs
    }
}

/// A booking as people speak of it.
struct Row<'a> {
    booking: &'a Booking,
    service: &'a str,
    staff: &'a str,
    start: DateTime,
    fold: Option<Fold>,
    name: &'a str,
    phone: Option<&'a str>,
    status: Status,
}

impl<'a> Row<'a> {
    fn of(booking: &'a Booking, business: &'a Business) -> Option<Self> {
        let status = match booking.state {
            BookingState::Confirmed { .. } => Status::Confirmed,
            BookingState::Cancelled { .. } => Status::Cancelled,
            BookingState::Moved { .. } => Status::Moved,
            BookingState::Held { .. } | BookingState::Expired => return None,
        };
        let starts = booking.slot.starts.to_zoned(business.zone.tz().clone());
        let fold = match business.zone.tz().to_ambiguous_zoned(starts.datetime()).offset() {
            AmbiguousOffset::Fold { before, .. } if before == starts.offset() => Some(Fold::First),
            AmbiguousOffset::Fold { .. } => Some(Fold::Second),
            _ => None,
        };
        Some(Self {
            booking,
            service: business.service(booking.slot.service).map_or("?", |service| &service.name),
            staff: business.member(booking.slot.staff).map_or("?", |member| &member.name),
            start: starts.datetime(),
            fold,
            name: booking.customer.name.as_str(),
            phone: booking.customer.phone.as_ref().map(crate::domain::phone::PhoneNumber::as_str),
            status,
        })
    }

    fn in_words(&self) -> String {
        let phone = self.phone.unwrap_or("no number");
        format!("{} with {} on {} for {}, {phone}, {:?}", self.service, self.staff, self.start, self.name, self.status)
    }
}

/// Adds to the story what is wrong with how it ended.
pub(super) async fn grade(scenario: &Scenario, story: &mut Story, ledger: &Ledger, today: Date) -> anyhow::Result<()> {
    let bookings = ledger.rows().await?;
    let business = &ledger.business;
    let rows: Vec<Row<'_>> = bookings.iter().filter_map(|booking| Row::of(booking, business)).collect();
    let mut faults = in_the_book(&rows, wanted(scenario, story));
    let moved = story.goals.iter().any(|goal| goal.task == Task::Move);
    for row in rows.iter().filter(|row| row.booking.call.is_some()) {
        let mut unread = facts::unread(&story.read_backs, row.booking, business, today);
        // The name stays what it was.
        unread.retain(|what| !(moved && *what == "the name"));
        if !unread.is_empty() {
            faults.push(Fault::NotReadBack(format!("{} of {}", unread.join(", "), row.in_words())));
        }
    }
    if bookings.iter().any(|booking| matches!(booking.state, BookingState::Held { .. })) {
        faults.push(Fault::Other("a time is still kept though the call is over".into()));
    }
    let outcome = ledger.outcome(&story.call).await?;
    if scenario.expect.outcome.as_ref().is_some_and(|wanted| wanted != outcome) {
        faults.push(Fault::Other(format!("the call's outcome is {outcome:?}")));
    }
    let messages = ledger.messages().await?;
    for words in &scenario.expect.message {
        if !messages.iter().any(|message| message.text.to_lowercase().contains(&words.to_lowercase())) {
            faults.push(Fault::Other(format!("no message says {words:?}")));
        }
    }
    faults.extend(what_was_said(scenario, story));
    for fault in &faults {
        story.note(&format!("FAULT: {fault}"));
    }
    story.faults.extend(faults);
    Ok(())
}

/// The rows that follow from what was in the book and what the caller wanted.
fn wanted(scenario: &Scenario, story: &Story) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = scenario.booked.iter().map(Wanted::in_the_book).collect();
    for goal in story.goals.iter().filter(|goal| goal.ends != Ends::Nothing) {
        let maybe = goal.ends == Ends::Either;
        let old = wanted.iter_mut().rev().find(|row| {
            row.status == Status::Confirmed && goal.old.is_some_and(|old| row.start.iter().any(|w| w.holds(old)))
        });
        match (goal.task, old) {
            (Task::Book, _) => wanted.push(Wanted::by(goal, &scenario.from)),
            (Task::Cancel, Some(old)) => {
                old.status = Status::Cancelled;
                old.maybe = maybe;
            }
            (Task::Move, Some(old)) => {
                old.status = Status::Moved;
                old.maybe = maybe;
                let moved = Wanted {
                    service: old.service.clone(),
                    name: old.name.clone(),
                    phone: old.phone.clone(),
                    ..Wanted::by(goal, &scenario.from)
                };
                wanted.push(moved);
            }
            _ => {}
        }
    }
    wanted
}

fn in_the_book(rows: &[Row<'_>], mut wanted: Vec<Wanted>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for row in rows {
        if let Some(at) = wanted.iter().position(|wanted| wanted.differs(row).is_empty()) {
            wanted.remove(at);
            continue;
        }
        // Booked by others while the call went on.
        if row.booking.call.is_none() && row.status == Status::Confirmed && row.name == Booked::SOMEBODY {
            continue;
        }
        if row.booking.call.is_none() && row.status == Status::Confirmed {
            faults.push(Fault::Other(format!("still in the book: {}", row.in_words())));
            continue;
        }
        let nearest = wanted.iter().map(|wanted| wanted.differs(row)).min_by_key(Vec::len);
        let why = nearest.map_or_else(|| "not wanted".to_owned(), |differs| format!("not the {}", differs.join(", ")));
        faults.push(Fault::WrongBooking(format!("{} ({why})", row.in_words())));
    }
    // A wrong row is said once, and not once more as a missing one.
    if faults.is_empty() {
        for missing in wanted.iter().filter(|wanted| !wanted.maybe) {
            let what = missing.service.as_deref().unwrap_or("appointment");
            faults.push(Fault::Other(format!("not in the book: {what}, {:?}", missing.status)));
        }
    }
    faults
}

fn what_was_said(scenario: &Scenario, story: &Story) -> Vec<Fault> {
    let expect = &scenario.expect;
    let mut faults = Vec::new();
    let said = |words: &str| words.split('|').any(|words| story.heard.contains(&words.trim().to_lowercase()));
    for words in expect.heard.iter().filter(|words| !said(words)) {
        faults.push(Fault::Other(format!("never said: {words}")));
    }
    for words in expect.never.iter().filter(|words| said(words)) {
        faults.push(Fault::Other(format!("said: {words}")));
    }
    if story.turns > expect.turns {
        faults.push(Fault::Other(format!("took {} turns, {} at most", story.turns, expect.turns)));
    }
    if story.repeats > expect.repeats {
        faults.push(Fault::Other(format!("asked {} times for what was told", story.repeats)));
    }
    faults
}
