//! Who is believed.

use deskbell::testing::salon;

use crate::support::{
    caller::{Webhook, call_sid, incoming},
    server::{ORIGIN, TestServer},
};

/// Every door that a vendor's webhook comes through.
fn doors() -> Vec<String> {
    let business = salon().id;
    vec![
        "/voice/incoming".into(),
        incoming(business),
        format!("/voice/action/{business}/{}", call_sid(1)),
        format!("/voice/status/{business}"),
        "/sms/status".into(),
    ]
}

#[tokio::test]
async fn a1_without_a_signature_nothing_is_believed() {
    let server = TestServer::start().await;
    for door in doors() {
        let webhook = Webhook::new(&door, &[("CallSid", &call_sid(1))]);
        let answer = webhook.clone().unsigned().send(&server).await;
        assert_eq!((answer.status, answer.body.as_str()), (403, ""), "{door}");
        // Nor is anything parsed: what would be a bad request is refused for its signature, and before it was all sent.
        let garbage = webhook.unsigned().body(vec![0xFF; 60_000]).header("Expect", "100-continue").send(&server).await;
        assert_eq!((garbage.status, garbage.body.as_str()), (403, ""), "{door}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a2_the_signature_of_another_account_is_refused() {
    let server = TestServer::start().await;
    for door in doors() {
        for token in ["fedcba9876543210fedcba9876543210", "", " "] {
            let answer = Webhook::new(&door, &[("CallSid", &call_sid(1))]).signed_with(token).send(&server).await;
            assert_eq!((answer.status, answer.body.as_str()), (403, ""), "{door}");
        }
    }
    for text in ["", "x", &"A".repeat(28), &"A".repeat(4_000)] {
        assert_eq!(Webhook::ringing(&call_sid(1)).signature(text).send(&server).await.status, 403);
    }
    server.stop().await;
}

#[tokio::test]
async fn a3_a_changed_param_is_refused() {
    let server = TestServer::start().await;
    let signed: &[(&str, &str)] = &[("CallSid", &call_sid(1)), ("From", "+14155550100"), ("To", "+12125550142")];
    let url = format!("{ORIGIN}{}", incoming(salon().id));
    let sent = |params: &[(&str, &str)]| Webhook::new(incoming(salon().id), params).signed_over(&url, signed);
    assert_eq!(sent(signed).send(&server).await.status, 200, "unchanged");
    let more = [signed, &[("Extra", "1")]].concat();
    let other = call_sid(2);
    let changed = [&[("CallSid", other.as_str())], &signed[1..]].concat();
    let empty_more = [signed, &[("", "")]].concat();
    for params in [more.as_slice(), &changed, &signed[..2], &[]] {
        assert_eq!(sent(params).send(&server).await.status, 403, "{params:?}");
    }
    // A parameter without a name and a value adds nothing to the signed text, and nothing to the request either.
    assert_eq!(sent(&empty_more).send(&server).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a4_the_order_of_params_does_not_matter() {
    let server = TestServer::start().await;
    let call = call_sid(1);
    let one =
        Webhook::new(incoming(salon().id), &[("To", "+12125550142"), ("CallSid", &call), ("From", "+14155550100")]);
    let two =
        Webhook::new(incoming(salon().id), &[("CallSid", &call), ("From", "+14155550100"), ("To", "+12125550142")]);
    assert_eq!(one.send(&server).await, two.send(&server).await);
    server.stop().await;
}

#[tokio::test]
async fn a5_odd_values_are_taken_as_they_are() {
    let server = TestServer::start().await;
    for value in [" both ends ", "a+b", "a%2Bb", "é 😀", "", "\r\n", "x=y&z"] {
        let webhook = Webhook::ringing(&call_sid(1)).with("CallerName", value);
        assert_eq!(webhook.send(&server).await.status, 200, "{value:?}");
    }
    // Trimming is not forgiven: the signature is over what was sent.
    let url = format!("{ORIGIN}{}", incoming(salon().id));
    let trimmed = Webhook::ringing(&call_sid(1)).with("CallerName", " x ");
    let trimmed = trimmed.signed_over(
        &url,
        &[("CallSid", &call_sid(1)), ("From", "+14155550100"), ("To", "+12125550142"), ("CallerName", "x")],
    );
    assert_eq!(trimmed.send(&server).await.status, 403);
    server.stop().await;
}

#[tokio::test]
async fn a6_a_repeated_param_counts_once_per_value() {
    let server = TestServer::start().await;
    let signed: &[(&str, &str)] = &[("CallSid", &call_sid(1)), ("a", "1"), ("a", "2")];
    let url = format!("{ORIGIN}{}", incoming(salon().id));
    let sent = [signed, &[("a", "1")]].concat();
    assert_eq!(Webhook::new(incoming(salon().id), &sent).signed_over(&url, signed).send(&server).await.status, 200);
    // Twice the same call is one call; two different ones are none.
    let twice = Webhook::ringing(&call_sid(1)).with("CallSid", &call_sid(1));
    assert_eq!(twice.send(&server).await.status, 200);
    let two = Webhook::ringing(&call_sid(1)).with("CallSid", &call_sid(2));
    assert_eq!(two.send(&server).await.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn a7_a_param_we_do_not_know_is_ignored() {
    let server = TestServer::start().await;
    let plain = Webhook::ringing(&call_sid(1)).send(&server).await;
    let webhook = Webhook::ringing(&call_sid(1)).with("StirVerstat", "TN-Validation-Passed-A").with("New2027", "{}");
    assert_eq!(webhook.send(&server).await, plain);
    server.stop().await;
}

#[tokio::test]
async fn a8_the_signed_url_is_exactly_ours() {
    let server = TestServer::start().await;
    let target = incoming(salon().id);
    let call = call_sid(1);
    let params: &[(&str, &str)] = &[("CallSid", &call)];
    let status = async |url: &str| Webhook::new(&target, params).signed_over(url, params).send(&server).await.status;
    assert_eq!(status(&format!("https://voice.example.com{target}")).await, 200);
    assert_eq!(
        status(&format!("https://voice.example.com:443{target}")).await,
        200,
        "the one variant that Twilio makes"
    );
    for url in [
        format!("https://VOICE.example.com{target}"),
        format!("https://voice.example.com:8443{target}"),
        format!("https://voice.example.com{target}/"),
        format!("https://voice.example.com{target}?"),
        format!("http://voice.example.com{target}"),
        format!("wss://voice.example.com{target}"),
        format!("https://internal:8080{target}"),
        target.clone(),
    ] {
        assert_eq!(status(&url).await, 403, "{url}");
    }
    let slash = Webhook::new(format!("{target}/"), params).send(&server).await;
    assert_eq!(slash.status, 404, "another path is another door, however well signed");
    let query = Webhook::new(format!("{target}?a=%20b"), params).send(&server).await;
    assert_eq!(query.status, 200, "a query is signed as it came");
    server.stop().await;
}

#[tokio::test]
async fn a9_headers_that_say_where_it_was_sent_are_not_believed() {
    let server = TestServer::start().await;
    let target = incoming(salon().id);
    let params: &[(&str, &str)] = &[("CallSid", &call_sid(1))];
    let forged = [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("Forwarded", "host=evil.example;proto=https"),
        ("X-Original-URL", "https://evil.example/"),
    ];
    for (name, value) in forged {
        let url = format!("https://evil.example{target}");
        let webhook = Webhook::new(&target, params).header(name, value);
        assert_eq!(webhook.clone().signed_over(&url, params).send(&server).await.status, 403, "{name}");
        assert_eq!(webhook.send(&server).await.status, 200, "{name} changes nothing");
    }
    let internal = Webhook::new(&target, params).signed_over(&format!("http://internal:8080{target}"), params);
    assert_eq!(internal.send(&server).await.status, 403, "the Host header is what the test client sends");
    server.stop().await;
}

#[tokio::test]
async fn a10_a_json_body_needs_its_hash_and_the_hash_its_signature() {
    const HASH: &str = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"; // of {"a":1}
    let server = TestServer::start().await;
    let json = |target: String, body: &str| {
        Webhook::new(target, &[]).content_type("application/json").body(body.as_bytes().to_vec())
    };
    let hashed = format!("{}?bodySHA256={HASH}", incoming(salon().id));
    let wrong_key = json(hashed.clone(), r#"{"a":1}"#).signed_with("fedcba9876543210fedcba9876543210");
    assert_eq!(wrong_key.send(&server).await.status, 403, "the hash fits and the signature does not");
    assert_eq!(json(hashed.clone(), r#"{"a":2}"#).send(&server).await.status, 403, "the body was changed");
    assert_eq!(json(incoming(salon().id), r#"{"a":1}"#).send(&server).await.status, 403, "no hash at all");
    // Genuine, but voice webhooks come as forms.
    assert_eq!(json(hashed, r#"{"a":1}"#).send(&server).await.status, 415);
    server.stop().await;
}
