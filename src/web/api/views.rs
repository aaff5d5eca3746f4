//! Bookings, calls and messages as the API shows them. Times carry the business's offset, and its zone stands beside.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::{
        booking::{Booking, BookingState, Slot},
        business::{Business, Zone},
        call::{Line, Speaker, WhyNot},
        report::{Report, Sentiment, Summary, TurnReport},
    },
    store::{
        calls::Call,
        notes::StoredNote,
        outbox::{Outbox, OutboxState},
    },
};

/// RFC 3339 with the offset that the zone has at that moment: "2026-11-24T15:00:00-05:00".
pub(super) fn local(at: Timestamp, zone: &Zone) -> String {
    at.to_zoned(zone.tz().clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Something with a name. The name is absent when it has since been removed from the business.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Named {
    pub(super) id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Maria")]
    pub(super) name: Option<String>,
}

/// A start that can be booked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Slot)]
pub(super) struct SlotView {
    #[schema(format = "date-time", example = "2026-11-24T15:00:00-05:00")]
    pub(super) starts: String,
    #[schema(format = "date-time", example = "2026-11-24T15:45:00-05:00")]
    pub(super) ends: String,
    #[schema(example = "America/New_York")]
    pub(super) zone: String,
    pub(super) service: Named,
    pub(super) staff: Named,
}

impl SlotView {
    pub(super) fn of(slot: Slot, business: &Business) -> Self {
        Self {
            starts: local(slot.starts, &business.zone),
            ends: local(slot.ends, &business.zone),
            zone: business.zone.name().to_owned(),
            service: Named { id: slot.service.0, name: business.service(slot.service).map(|found| found.name.clone()) },
            staff: Named { id: slot.staff.0, name: business.member(slot.staff).map(|found| found.name.clone()) },
        }
    }
}

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// Kept free while a caller decides.
    Held,
    Confirmed,
    Cancelled,
    /// Replaced by another booking, named in `moved_to`.
    Moved,
    /// Held and never confirmed.
    Expired,
}

/// An appointment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Booking)]
pub(super) struct BookingView {
    pub(super) id: Uuid,
    pub(super) status: Status,
    #[serde(flatten)]
    pub(super) slot: SlotView,
    #[schema(example = "Anna Kovacs")]
    pub(super) name: String,
    /// E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "+14155552671")]
    pub(super) phone: Option<String>,
    /// The call that made it, when one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) call: Option<Uuid>,
    /// When a hold runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date-time")]
    pub(super) expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date-time")]
    pub(super) confirmed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date-time")]
    pub(super) cancelled: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) moved_to: Option<Uuid>,
    /// The calendar was not asked, or did not answer, when it was confirmed.
    pub(super) unverified: bool,
    /// Grows by one with every change.
    pub(super) version: i32,
    #[schema(format = "date-time")]
    pub(super) created: String,
}

impl BookingView {
    pub(super) fn of(booking: &Booking, business: &Business) -> Self {
        let local = |at| local(at, &business.zone);
        let (mut expires, mut confirmed, mut cancelled, mut moved_to) = (None, None, None, None);
        let status = match booking.state {
            BookingState::Held { expires: at } => {
                expires = Some(local(at));
                Status::Held
            }
            BookingState::Confirmed { at } => {
                confirmed = Some(local(at));
                Status::Confirmed
            }
            BookingState::Cancelled { at } => {
                cancelled = Some(local(at));
                Status::Cancelled
            }
            BookingState::Moved { to } => {
                moved_to = Some(to.0);
                Status::Moved
            }
            BookingState::Expired => Status::Expired,
        };
        Self {
            id: booking.id.0,
            status,
            slot: SlotView::of(booking.slot, business),
            name: booking.customer.name.as_str().to_owned(),
            phone: booking.customer.phone.as_ref().map(ToString::to_string),
            call: booking.call.map(|call| call.0),
            expires,
            confirmed,
            cancelled,
            moved_to,
            unverified: booking.unverified,
            version: booking.version,
            created: local(booking.created),
        }
    }
}

/// A call, without what was said in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub(super) struct CallView {
    pub(super) id: Uuid,
    /// "twilio", "web".
    pub(super) vendor: String,
    /// The vendor's id of the call.
    pub(super) vendor_call: String,
    /// E.164; absent when withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) from: Option<String>,
    #[schema(format = "date-time")]
    pub(super) started: String,
    /// Absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date-time")]
    pub(super) ended: Option<String>,
    pub(super) zone: String,
    /// The strongest thing that happened: "booked", "moved", "cancelled", "transferred", "message", "answered", "none".
    #[schema(example = "booked")]
    pub(super) outcome: &'static str,
    /// Why nothing was booked: "`only_asked`", "`nothing_free`", "`no_time_suited`", "`wanted_person`" and others that may be added.
    /// Absent while the call goes on, and when something was booked, moved or cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "no_time_suited")]
    pub(super) why_not: Option<&'static str>,
}

impl CallView {
    pub(super) fn of(call: Call, business: &Business) -> Self {
        Self {
            id: call.id.0,
            vendor: call.vendor,
            vendor_call: call.vendor_call,
            from: call.from.as_ref().map(ToString::to_string),
            started: local(call.started, &business.zone),
            ended: call.ended.map(|at| local(at, &business.zone)),
            zone: business.zone.name().to_owned(),
            outcome: call.outcome.as_str(),
            why_not: call.why_not.map(WhyNot::as_str),
        }
    }
}

/// A call with everything that came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallDetail {
    #[serde(flatten)]
    pub(super) call: CallView,
    pub(super) transcript: Vec<Utterance>,
    /// Bookings made, moved or cancelled in it.
    pub(super) bookings: Vec<BookingView>,
    pub(super) messages: Vec<MessageView>,
    pub(super) notes: Vec<NoteView>,
    /// Absent while the call goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) report: Option<ReportView>,
}

/// What is known of a call when it is over: what it was about, how models did in it, and what they cost.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Report)]
pub(super) struct ReportView {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) summary: Option<SummaryView>,
    /// What models cost, as a decimal in the currency of the server's prices.
    #[schema(example = "0.0042")]
    pub(super) cost: String,
    /// Tokens that models read, those kept by the vendor from an earlier turn included.
    pub(super) tokens_in: u64,
    pub(super) tokens_cached: u64,
    pub(super) tokens_out: u64,
    /// The median time from the end of the caller's words to the first of a model's, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 640)]
    pub(super) first_word_ms: Option<u32>,
    /// How often "one moment" was said while a model thought.
    pub(super) fillers: u32,
    /// How often the scripted receptionist answered for the models.
    pub(super) fallbacks: u32,
    /// Sentences of models that were not true and not said.
    pub(super) withheld: u32,
    /// Answers begun before the caller was done, and how many of them were used.
    pub(super) early: u32,
    pub(super) early_used: u32,
    /// The caller's turns that models were asked about.
    pub(super) turns: Vec<TurnView>,
}

/// What a call was about, in words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Summary)]
pub(super) struct SummaryView {
    #[schema(example = "A haircut with Maria")]
    pub(super) reason: String,
    pub(super) summary: String,
    /// What the business still has to do.
    pub(super) action_items: Vec<String>,
    /// "positive", "neutral" or "negative"; only if the server is set to tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "positive")]
    pub(super) sentiment: Option<&'static str>,
    /// A model wrote it; otherwise it is put together from the facts.
    pub(super) by_model: bool,
}

/// One turn of the caller that models were asked about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModelTurn)]
pub(super) struct TurnView {
    /// The model that answered, by its name in the settings; absent when none did.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false, example = "fast")]
    pub(super) model: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) first_word_ms: Option<u32>,
    /// Requests to models, the lost ones included.
    pub(super) requests: u32,
    /// The tools that were called.
    #[schema(example = json!(["look_up_times"]))]
    pub(super) tools: Vec<String>,
    pub(super) filler: bool,
    pub(super) fallback: bool,
}

impl ReportView {
    pub(super) fn of(report: Report) -> Self {
        Self {
            cost: report.cost.to_string(),
            tokens_in: report.tokens_in,
            tokens_cached: report.tokens_cached,
            tokens_out: report.tokens_out,
            first_word_ms: report.first_word_p50(),
            fillers: report.fillers,
            fallbacks: report.fallbacks,
            withheld: report.withheld,
            early: report.early,
            early_used: report.early_used,
            summary: report.summary.map(SummaryView::of),
            turns: report.turns.into_iter().map(TurnView::of).collect(),
        }
    }
}

impl SummaryView {
    fn of(summary: Summary) -> Self {
        let sentiment = |sentiment| match sentiment {
            Sentiment::Positive => "positive",
            Sentiment::Neutral => "neutral",
            Sentiment::Negative => "negative",
        };
        Self {
            reason: summary.reason,
            summary: summary.summary,
            action_items: summary.action_items,
            sentiment: summary.sentiment.map(sentiment),
            by_model: summary.by_model,
        }
    }
}

impl TurnView {
    fn of(turn: TurnReport) -> Self {
        let TurnReport { model, first_word_ms, requests, tools, filler, fallback } = turn;
        Self { model, first_word_ms, requests, tools, filler, fallback }
    }
}

/// Something said in a call.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Utterance {
    /// "caller" or "agent".
    #[schema(example = "caller")]
    pub(super) speaker: &'static str,
    pub(super) text: String,
    #[schema(format = "date-time")]
    pub(super) at: String,
    /// The caller talked over it, and `text` is what was heard.
    pub(super) cut: bool,
}

impl Utterance {
    pub(super) fn of(line: Line, zone: &Zone) -> Self {
        let speaker = match line.speaker {
            Speaker::Caller => "caller",
            Speaker::Agent => "agent",
        };
        Self { speaker, text: line.text, at: local(line.at, zone), cut: line.cut }
    }
}

/// A text message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
pub(super) struct MessageView {
    pub(super) id: Uuid,
    /// Why it was written: "booked", "moved", "cancelled".
    pub(super) template: String,
    /// E.164.
    pub(super) to: String,
    pub(super) body: String,
    /// "pending", "sending", "sent", "failed".
    pub(super) state: &'static str,
    /// What the carrier said last: "delivered", "undelivered" ...
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) delivery: Option<String>,
    /// Why it failed or is late.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) problem: Option<String>,
    #[schema(format = "date-time")]
    pub(super) created: String,
}

impl MessageView {
    pub(super) fn of(row: Outbox, zone: &Zone) -> Self {
        Self {
            id: row.id.0,
            template: row.template,
            to: row.recipient,
            body: row.body,
            state: state(row.state),
            delivery: row.delivery,
            problem: row.problem,
            created: local(row.created, zone),
        }
    }
}

/// The name of a message's state.
pub(in crate::web) fn state(state: OutboxState) -> &'static str {
    match state {
        OutboxState::Pending => "pending",
        OutboxState::Sending => "sending",
        OutboxState::Sent => "sent",
        OutboxState::Failed => "failed",
    }
}

/// Words a caller left for the business.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Note)]
pub(super) struct NoteView {
    pub(super) id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) call: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) name: Option<String>,
    pub(super) text: String,
    #[schema(format = "date-time")]
    pub(super) created: String,
}

impl NoteView {
    pub(super) fn of(note: StoredNote, zone: &Zone) -> Self {
        Self {
            id: note.id.0,
            call: note.call.map(|call| call.0),
            from: note.from.as_ref().map(ToString::to_string),
            name: note.name,
            text: note.text,
            created: local(note.created, zone),
        }
    }
}
