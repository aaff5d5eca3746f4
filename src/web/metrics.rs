//! What is counted, as Prometheus reads it: `GET /metrics`.
//!
//! Labels are names of ours, from closed lists, and the settings' names of models; so there are few of them, and nobody's
//! number, name or id is among them.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::prometheus_text::{self, CONTENT_TYPE},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Metric, Registry},
};

use super::{api, error::Refusal, patience::in_time, state::AppState};
use crate::{
    domain::{call::Outcome, truth::Claim},
    ports::{
        observer::{BreakerState, Came, Observer, Seen, ToolCame, Why},
        purse::Spent,
    },
    session::Ended,
};

/// Seconds to the first word. A filler comes at 0.9, the next model at 1.5, the scripted receptionist at 4.
const FIRST_WORD: [f64; 12] = [0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.2, 1.5, 2.0, 3.0, 4.0, 6.0];
/// Seconds of a call.
const CALL: [f64; 8] = [5.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 900.0];

type Labels = Vec<(&'static str, String)>;
type Counts = Family<Labels, Counter>;
type Times = Family<Labels, Histogram, fn() -> Histogram>;

/// Everything that is counted. Made once.
pub struct Metrics {
    registry: Registry,
    connections: Counts,
    calls: Counts,
    call_seconds: Histogram,
    live: Gauge,
    limit: Gauge,
    draining: Gauge,
    outbox: Gauge,
    questions: Counts,
    closed: Gauge,
    requests: Counts,
    first_word: Times,
    tokens: Counts,
    cost: Family<Labels, Counter<f64, AtomicU64>>,
    breakers: Family<Labels, Gauge>,
    fillers: Counter,
    fallbacks: Counts,
    withheld: Counts,
    early: Counts,
    tools: Counts,
    capped: Counts,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("deskbell");
        let first_word: fn() -> Histogram = || Histogram::new(FIRST_WORD);
        Self {
            connections: add(&mut registry, "connections", "Connections of calls that are over, by how they ended"),
            calls: add(&mut registry, "calls", "Calls that are over, by the strongest thing that happened in them"),
            call_seconds: put(
                &mut registry,
                "call_seconds",
                "How long connections of calls lasted",
                Histogram::new(CALL),
            ),
            live: add(&mut registry, "calls_live", "Calls that are live"),
            limit: add(&mut registry, "calls_limit", "Calls that may be live at once"),
            draining: add(&mut registry, "draining", "1 while the server takes no new calls because it is to stop"),
            outbox: add(&mut registry, "outbox_waiting", "Text messages and calendar events that wait to be sent"),
            questions: add(
                &mut registry,
                "calendar_questions",
                "Questions to connected calendars, by what came of them",
            ),
            closed: add(&mut registry, "calendars_to_reconnect", "Connected calendars that let nobody in any more"),
            requests: add(&mut registry, "model_requests", "Requests to models, by what came of them"),
            first_word: put(
                &mut registry,
                "model_first_word_seconds",
                "From the end of the caller's words to the first of a model's",
                Family::new_with_constructor(first_word),
            ),
            tokens: add(
                &mut registry,
                "model_tokens",
                "Tokens; those kept by the vendor from an earlier turn are input, too",
            ),
            cost: add(&mut registry, "model_cost", "What models cost, in the currency of the settings' prices"),
            breakers: add(&mut registry, "model_breaker", "0 asked, 1 on trial, 2 left alone"),
            fillers: add(&mut registry, "fillers", "How often \"one moment\" was said while a model thought"),
            fallbacks: add(&mut registry, "fallbacks", "Turns that the scripted receptionist took over, by why"),
            withheld: add(&mut registry, "withheld", "Sentences of models that were kept back, by what they claimed"),
            early: add(
                &mut registry,
                "early_starts",
                "Answers begun before the caller was done, by whether they were used",
            ),
            tools: add(&mut registry, "tool_calls", "What models asked for, by what came of it"),
            capped: add(&mut registry, "spending_cap_hits", "Requests that were not made because the money is spent"),
            registry,
        }
    }
}

fn add<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    put(registry, name, help, M::default())
}

fn put<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

impl Metrics {
    /// A connection of a call is over.
    pub fn connection_ended(&self, ended: Ended, outcome: Outcome, lasted: Duration) {
        let (how, over) = match ended {
            Ended::ByUs => ("by_us", true),
            Ended::HungUp => ("hung_up", true),
            Ended::Broken => ("broken", false),
            Ended::Refused(_) => ("refused", false),
            Ended::Fenced => ("fenced", false),
        };
        count(&self.connections, [("how", how)]);
        self.call_seconds.observe(lasted.as_secs_f64());
        if over {
            count(&self.calls, [("outcome", outcome.as_str())]);
        }
    }

    /// A call that did not survive a fault of ours.
    pub fn connection_panicked(&self) {
        count(&self.connections, [("how", "panicked")]);
    }

    fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn count<const N: usize>(family: &Counts, labels: [(&'static str, &str); N]) {
    family.get_or_create(&owned(labels)).inc();
}

fn owned<const N: usize>(labels: [(&'static str, &str); N]) -> Labels {
    labels.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

impl Observer for Metrics {
    fn saw(&self, seen: Seen<'_>) {
        match seen {
            Seen::Asked { model, came } => count(&self.requests, [("model", model), ("came", name_of_came(came))]),
            Seen::FirstWord { model, after } => {
                self.first_word.get_or_create(&owned([("model", model)])).observe(after.as_secs_f64());
            }
            Seen::Used { model, usage, cost } => {
                for (kind, tokens) in [("input", usage.input), ("cached", usage.cached), ("output", usage.output)] {
                    let labels = owned([("model", model), ("kind", kind)]);
                    self.tokens.get_or_create(&labels).inc_by(u64::from(tokens));
                }
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "millionths of what one request costs are far below 2^53"
                )]
                let cost = cost.0 as f64 / 1e6;
                self.cost.get_or_create(&owned([("model", model)])).inc_by(cost);
            }
            Seen::Filler => {
                self.fillers.inc();
            }
            Seen::FellBack(why) => count(&self.fallbacks, [("why", name_of_why(why))]),
            Seen::Withheld(claim) => count(&self.withheld, [("claim", name_of_claim(claim))]),
            Seen::Breaker { model, state } => {
                self.breakers.get_or_create(&owned([("model", model)])).set(level(state));
            }
            Seen::Early { used } => count(&self.early, [("used", if used { "true" } else { "false" })]),
            Seen::Tool { name, came } => count(&self.tools, [("tool", name), ("came", name_of_tool_came(came))]),
            Seen::Capped(spent) => count(&self.capped, [("cap", name_of_spent(spent))]),
        }
    }
}

fn name_of_came(came: Came) -> &'static str {
    match came {
        Came::Answered => "answered",
        Came::Dropped => "dropped",
        Came::Late => "late",
        Came::Unreachable => "unreachable",
        Came::KeyRefused => "key_refused",
        Came::Limited => "limited",
        Came::Overloaded => "overloaded",
        Came::Failed => "failed",
        Came::TooLong => "too_long",
        Came::NotAccepted => "not_accepted",
        Came::Broken => "broken",
    }
}

fn name_of_why(why: Why) -> &'static str {
    match why {
        Why::Slow => "slow",
        Why::Down => "down",
        Why::Spent => "spent",
        Why::Unusable => "unusable",
    }
}

fn name_of_claim(claim: Claim) -> &'static str {
    match claim {
        Claim::Booked => "booked",
        Claim::Moved => "moved",
        Claim::Cancelled => "cancelled",
        Claim::Passed => "passed",
        Claim::Free => "free",
        Claim::When => "when",
        Claim::Price => "price",
        Claim::Number => "number",
        Claim::Secret => "secret",
        Claim::Language => "language",
        Claim::Promise => "promise",
    }
}

fn name_of_tool_came(came: ToolCame) -> &'static str {
    match came {
        ToolCame::Done => "done",
        ToolCame::Refused => "refused",
        ToolCame::Malformed => "malformed",
        ToolCame::Dropped => "dropped",
    }
}

fn name_of_spent(spent: Spent) -> &'static str {
    match spent {
        Spent::Call => "call",
        Spent::Business => "business",
        Spent::Number => "number",
    }
}

fn level(state: BreakerState) -> i64 {
    match state {
        BreakerState::Closed => 0,
        BreakerState::HalfOpen => 1,
        BreakerState::Open => 2,
    }
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/metrics", get(show))
}

/// For whoever has the API's token; where none is set, for this machine alone.
async fn show(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Refusal> {
    let allowed = match &state.config.api_token {
        Some(token) => api::brings(&headers, token),
        None => state.config.bind.ip().is_loopback() && state.config.origin.is_loopback(),
    };
    if !allowed {
        return Err(Refusal::Forbidden("no token for the metrics"));
    }
    let metrics = &state.metrics;
    metrics.live.set(number(state.switchboard.count()));
    metrics.limit.set(number(state.config.max_calls));
    metrics.draining.set(i64::from(state.lifecycle.is_draining()));
    for endpoint in state.receptionists.endpoints() {
        let labels = owned([("model", &*endpoint.name)]);
        metrics.breakers.get_or_create(&labels).set(level(endpoint.breaker_state()));
    }
    // A database that does not answer is told of by /health/ready; here the number stays as it was.
    if let Ok(waiting) = in_time("counting the outbox", state.store.outbox_waiting()).await {
        metrics.outbox.set(waiting);
    }
    if let Ok(closed) = in_time("counting closed calendars", state.store.connections_to_reconnect()).await {
        metrics.closed.set(closed);
    }
    for (provider, came, count) in state.opener.counted() {
        let labels = owned([("provider", provider), ("came", came)]);
        metrics.questions.get_or_create(&labels).inner().store(count, Ordering::Relaxed);
    }
    let text = metrics.text().map_err(|fmt::Error| Refusal::Down)?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")], text).into_response())
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
