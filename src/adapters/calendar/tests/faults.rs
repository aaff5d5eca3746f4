//! Everything that can go wrong with one request, and what a reading and a writing have to make of it.

use std::{fmt::Debug, time::Duration};

use crate::{
    adapters::calendar::exchange::Doing,
    ports::calendar::Trouble,
    testing::calendar::{Kit, Misdeed, Trap},
};

/// For tests of requests that are never answered; long enough for a machine that is busy with other tests.
pub(in crate::adapters::calendar) const PATIENCE: Duration = Duration::from_secs(1);

/// How a trouble is told apart, without its words.
pub(in crate::adapters::calendar) fn kind(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Unauthorized => "unauthorized",
        Trouble::Reconnect(_) => "reconnect",
        Trouble::Gone => "gone",
        Trouble::Conflict => "conflict",
        Trouble::Taken => "taken",
        Trouble::Stale => "stale",
        Trouble::Limited { .. } => "limited",
        Trouble::Refused(_) => "refused",
        Trouble::Unavailable(_) => "unavailable",
        Trouble::Unknown(_) => "unknown",
    }
}

fn spoiled(doing: Doing) -> Vec<(&'static str, Misdeed)> {
    let elsewhere = Misdeed::Redirect { to: "http://127.0.0.1:1/elsewhere".to_owned() };
    let limited = Misdeed::Status { status: 429, body: "{}".to_owned(), retry_after: Some(7) };
    let mut all = vec![("refused", elsewhere), ("limited", limited), ("unauthorized", Misdeed::status(401, "{}"))];
    all.push(("limited", Misdeed::status(429, "<html>slow down</html>")));
    for status in [408, 500, 502, 503, 504] {
        all.push(("lost", Misdeed::status(status, "oops")));
    }
    let done = [Misdeed::Html, Misdeed::HalfABody, Misdeed::CutOff, Misdeed::TooLong];
    all.extend(done.map(|misdeed| ("lost", misdeed)));
    if doing == Doing::Writing {
        // To a reading it is the same as never answered, and each takes its time.
        all.push(("lost", Misdeed::DoneUnanswered));
    }
    all.push(("lost", Misdeed::Unanswered));
    for body in ["{}", "[]", "null", "", "{\"resource\": {}}", "{\"status\": \"success\", \"data\": {}}"] {
        all.push(("lost", Misdeed::status(200, body)));
    }
    all
}

/// Asks again and again, each time with another misdeed on requests to `path`. `ask` begins anew each time: what the
/// misdeed has done to the vendor must not be in its way.
pub(in crate::adapters::calendar) async fn all_fail_as_they_should<T: Debug>(
    kit: &Kit,
    method: &'static str,
    path: &str,
    doing: Doing,
    mut ask: impl AsyncFnMut() -> Result<T, Trouble>,
) {
    let lost = if doing == Doing::Reading { "unavailable" } else { "unknown" };
    for (expected, misdeed) in spoiled(doing) {
        let expected = if expected == "lost" { lost } else { expected };
        let what = format!("{method} {path} {misdeed:?}");
        kit.trap(Trap { method, path: path.to_owned(), times: 1, misdeed: misdeed.clone() });
        let trouble = ask().await.expect_err(&what);
        assert_eq!(kind(&trouble), expected, "{what}: {trouble:?}");
        let words = format!("{trouble} {trouble:?}");
        assert!(!words.contains("127.0.0.1") && !words.contains('@'), "{what}: {words}");
        if let Trouble::Limited { after } = trouble {
            let told = matches!(misdeed, Misdeed::Status { retry_after: Some(_), .. });
            assert_eq!(after, told.then_some(Duration::from_secs(7)), "{what}");
        }
        kit.clear_traps();
    }
    kit.trap(Trap { method, path: path.to_owned(), times: 1, misdeed: Misdeed::Slow(Duration::from_millis(20)) });
    ask().await.expect("slow is not wrong");
}
