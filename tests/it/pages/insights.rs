//! What the calls came to: the page, hostile days, and the tables for a spreadsheet.

use deskbell::{
    domain::{
        account::Role,
        ids::{BusinessId, CallId},
    },
    store::calls::{Claimed, NewCall},
    testing::salon,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::support::server::TestServer;

async fn call(server: &TestServer, business: BusinessId, at: Timestamp, from: Option<&str>) {
    let id = CallId(Uuid::now_v7());
    let vendor_call = format!("CA{}", id.0.simple());
    let from = from.map(|from| from.parse().unwrap());
    let new = NewCall { id, business, vendor: "web", vendor_call: vendor_call.clone(), from, now: at };
    let store = &server.state.store;
    store.ring(&new).await.unwrap();
    let claimed = store.claim_call(business, &vendor_call, 0, at).await.unwrap();
    assert!(matches!(claimed, Claimed::Claimed { .. }));
    store.end_call(business, &vendor_call, at + SignedDuration::from_secs(90)).await.unwrap();
}

#[tokio::test]
async fn the_numbers_are_a_table_before_they_are_a_chart() {
    let server = TestServer::start().await;
    let root = format!("/b/{}/insights", salon().id);
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let empty = owner.get(&root).await;
    assert_eq!(empty.status, 200);
    assert!(empty.text.contains("No calls in these days"), "{}", empty.text);

    // Ten at night of Monday in New York is Tuesday in London.
    for at in ["2026-11-24T03:00:00Z", "2026-11-24T14:30:00Z"] {
        call(&server, salon().id, at.parse().unwrap(), None).await;
    }
    let page = owner.get(&format!("{root}?range=7")).await.text;
    assert!(page.contains("<th scope=\"row\">Mon, Nov 23</th><td>0</td><td>1</td>"), "{page}");
    assert!(page.contains("<th scope=\"row\">Tue, Nov 24</th><td>0</td><td>1</td>"), "{page}");
    assert!(page.contains("<th scope=\"row\">10 pm</th><td class=\"h5\">1</td>"), "{page}");
    assert!(page.contains("compared with Nov 11 to Nov 17"), "{page}");
    assert!(!page.contains("style="), "the policy takes no inline style");

    let theirs = server.another_business().await;
    let outsider = server.signed_in(&[(theirs, Role::Owner)]).await;
    assert_eq!(outsider.get(&root).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn days_that_cannot_be_counted_are_refused_in_words_and_kept_in_the_form() {
    let server = TestServer::start().await;
    let root = format!("/b/{}/insights", salon().id);
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    for (days, why) in [
        ("from=2026-12-01&to=2026-11-01", "The last day is before the first"),
        ("from=2026-01-01&to=9999-12-31", "between the years 2000 and 2100"),
        ("from=2020-01-01&to=2026-01-01", "more than two years"),
        ("from=%3Cscript%3E&to=2026-01-01", "Write the first day as year, month and day"),
        ("from=2026-01-01", "Write the last day as year, month and day"),
        ("from=-9999-01-01&to=2026-02-30", "Write the first day"),
        ("to=%FF%00&from=2026-01-01", "Write the last day"),
    ] {
        let refused = owner.get(&format!("{root}?{days}")).await;
        assert_eq!(refused.status, 422, "{days}");
        assert!(refused.text.contains(why), "{days}: {}", refused.text);
        assert!(!refused.text.contains("<script>"), "{days}");
        for sheet in ["numbers.csv", "calls.csv"] {
            assert_eq!(owner.get(&format!("{root}/{sheet}?{days}")).await.status, 400, "{sheet} {days}");
        }
    }
    assert!(owner.get(&format!("{root}?from=2026-12-01&to=2026-11-01")).await.text.contains("value=\"2026-12-01\""));
    for odd in ["range=", "range=nonsense", "range=7&range=90", "from=&to=", "x=1&&&="] {
        assert_eq!(owner.get(&format!("{root}?{odd}")).await.status, 200, "{odd}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_spreadsheet_gets_the_same_numbers_and_no_formula() {
    let mut business = salon();
    "=HYPERLINK(\"https://example.com\"),\"<script>\"".clone_into(&mut business.services[0].name);
    let server = TestServer::start_for(business, 100).await;
    let root = format!("/b/{}/insights", salon().id);
    let at: Timestamp = "2026-11-24T03:00:00Z".parse().unwrap();
    for n in 0..1_203 {
        call(&server, salon().id, at + SignedDuration::from_secs(n % 7), Some("+14155552671")).await;
    }
    call(&server, salon().id, at - SignedDuration::from_hours(7 * 24), None).await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let sheet = owner.get(&format!("{root}/calls.csv?range=7")).await;
    assert_eq!(sheet.headers["content-type"], "text/csv; charset=utf-8");
    let name = "attachment; filename=\"deskbell-calls-2026-11-18-to-2026-11-24.csv\"";
    assert_eq!(sheet.headers["content-disposition"], name);
    let lines: Vec<&str> = sheet.text.split("\r\n").collect();
    assert_eq!(lines.len(), 1 + 1_203 + 1, "every call, on several readings, once");
    assert!(lines[1].contains(",2026-11-23,22:00:00,\"'+14155552671\",yes,Nothing came of it,90,"), "{}", lines[1]);
    let numbers = owner.get(&format!("{root}/numbers.csv?range=7")).await.text;
    assert!(numbers.contains("total,2026-11-18,2026-11-24,calls,1203\r\n"), "{numbers}");
    assert!(numbers.contains("total,2026-11-11,2026-11-17,calls,1\r\n"), "and the week before: {numbers}");

    let staff = server.signed_in(&[(salon().id, Role::Staff)]).await;
    assert_eq!(staff.get(&format!("{root}/numbers.csv")).await.status, 200);
    assert_eq!(staff.get(&format!("{root}/calls.csv")).await.status, 403, "numbers of people leave with owners only");
    server.stop().await;
}
