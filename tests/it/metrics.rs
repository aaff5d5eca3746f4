//! What is counted, as Prometheus meets it.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use deskbell::{
    domain::{call::Outcome, report::Micros, truth::Claim},
    ports::{
        language_model::Usage,
        observer::{BreakerState, Came, Observer, Seen, ToolCame, Why},
        purse::Spent,
    },
    session::Ended,
    web::{self, state::AppState},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::support::server::{API_TOKEN, TestServer};

async fn scrape(state: &AppState, token: Option<&str>) -> (StatusCode, String, String) {
    let mut request = Request::get("/metrics");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let response = web::router(state.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().into()).unwrap();
    let kind = parts.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
    (parts.status, kind.unwrap_or_default(), text)
}

#[tokio::test]
async fn what_is_counted_is_shown_to_whoever_has_the_token() {
    let server = TestServer::start().await;
    for token in [None, Some("another-token-of-somebody")] {
        let (status, _, text) = scrape(&server.state, token).await;
        assert_eq!((status, text.as_str()), (StatusCode::FORBIDDEN, ""));
    }
    let metrics = &server.state.metrics;
    metrics.connection_ended(Ended::HungUp, Outcome::Booked, Duration::from_secs(70));
    metrics.connection_ended(Ended::Broken, Outcome::None, Duration::from_secs(3));
    for seen in [
        Seen::Asked { model: "fast", came: Came::Answered },
        Seen::Asked { model: "fast", came: Came::KeyRefused },
        Seen::FirstWord { model: "fast", after: Duration::from_millis(640) },
        Seen::Used { model: "fast", usage: Usage { input: 4_000, cached: 3_000, output: 50 }, cost: Micros(2_500) },
        Seen::Filler,
        Seen::FellBack(Why::Slow),
        Seen::Withheld(Claim::Booked),
        Seen::Breaker { model: "fast", state: BreakerState::Open },
        Seen::Early { used: true },
        Seen::Tool { name: "propose", came: ToolCame::Done },
        Seen::Capped(Spent::Number),
    ] {
        metrics.saw(seen);
    }
    let (status, kind, text) = scrape(&server.state, Some(API_TOKEN)).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8"));
    for line in [
        "deskbell_calls_live 0",
        "deskbell_calls_limit 100",
        "deskbell_draining 0",
        "deskbell_outbox_waiting 0",
        "deskbell_calendars_to_reconnect 0",
        r#"deskbell_calls_total{outcome="booked"} 1"#,
        r#"deskbell_connections_total{how="broken"} 1"#,
        r#"deskbell_call_seconds_bucket{le="120"} 2"#,
        r#"deskbell_model_requests_total{model="fast",came="answered"} 1"#,
        r#"deskbell_model_requests_total{model="fast",came="key_refused"} 1"#,
        r#"deskbell_model_first_word_seconds_bucket{model="fast",le="0.5"} 0"#,
        r#"deskbell_model_first_word_seconds_bucket{model="fast",le="0.7"} 1"#,
        r#"deskbell_model_tokens_total{model="fast",kind="cached"} 3000"#,
        r#"deskbell_model_cost_total{model="fast"} 0.0025"#,
        r#"deskbell_model_breaker{model="fast"} 2"#,
        "deskbell_fillers_total 1",
        r#"deskbell_fallbacks_total{why="slow"} 1"#,
        r#"deskbell_withheld_total{claim="booked"} 1"#,
        r#"deskbell_early_starts_total{used="true"} 1"#,
        r#"deskbell_tool_calls_total{tool="propose",came="done"} 1"#,
        r#"deskbell_spending_cap_hits_total{cap="number"} 1"#,
    ] {
        assert!(text.lines().any(|told| told == line), "{line} is missing:\n{text}");
    }
    // Each has a help and a type, and nothing is told twice.
    let helps = text.lines().filter(|line| line.starts_with("# HELP ")).count();
    assert_eq!(helps, text.lines().filter(|line| line.starts_with("# TYPE ")).count());
    let mut samples: Vec<&str> = text.lines().filter_map(|line| line.rsplit_once(' ').map(|(name, _)| name)).collect();
    samples.retain(|name| !name.starts_with('#'));
    let all = samples.len();
    samples.sort_unstable();
    samples.dedup();
    assert_eq!(samples.len(), all);
    server.stop().await;
}
