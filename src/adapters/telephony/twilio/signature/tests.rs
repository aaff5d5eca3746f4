mod mutations;

use super::*;

const TOKEN: &str = "vector-token-0001";
const ORIGIN: &str = "https://voice.example.com";
const VOICE: &str = "/twilio/voice?b=42";
const VOICE_BODY: &[u8] = b"CallSid=CA00000000000000000000000000000000&From=%2B14155550100&To=%2B14155550199";
const VOICE_SIGNATURE: &str = "8F8vLIn7otvURqMkmHVa7a9oU1c=";

fn form<'a>(origin: &'a str, target: &'a str, body: &'a [u8], signature: &'a str) -> Request<'a> {
    Request { origin, target, content_type: FORM, signature: Some(signature), body }
}

fn upgrade<'a>(origin: &'a str, target: &'a str, signature: &'a str) -> Request<'a> {
    Request { origin, target, content_type: "", signature: Some(signature), body: b"" }
}

fn accepted(request: &Request<'_>) -> bool {
    verify(TOKEN, request).is_ok()
}

#[test]
fn twilios_published_examples_fit() {
    let target = "/myapp.php?foo=1&bar=2";
    for (caller, signature) in
        [("%2B14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="), ("%2B12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")]
    {
        let body = format!("CallSid=CA1234567890ABCDE&Caller={caller}&Digits=1234&From={caller}&To=%2B18005551212");
        let request = form("https://mycompany.com", target, body.as_bytes(), signature);
        assert_eq!(verify("12345", &request), Ok(()));
    }
}

#[test]
fn a1_a_request_without_a_signature_is_refused() {
    let request = Request { signature: None, ..form(ORIGIN, VOICE, VOICE_BODY, "") };
    assert_eq!(verify(TOKEN, &request), Err(Forged));
    for signature in ["", " ", "8F8vLIn7otvURqMkmHVa7a9oU1c", &"8".repeat(201)] {
        assert!(!accepted(&form(ORIGIN, VOICE, VOICE_BODY, signature)), "{signature}");
    }
}

#[test]
fn a2_another_accounts_token_is_refused_and_an_empty_one_always() {
    let request = form(ORIGIN, VOICE, VOICE_BODY, VOICE_SIGNATURE);
    assert_eq!(verify(TOKEN, &request), Ok(()));
    assert_eq!(verify("vector-token-0002", &request), Err(Forged));
    let url = format!("{ORIGIN}{VOICE}");
    let params: Vec<_> = form_urlencoded::parse(VOICE_BODY).collect();
    let signature = sign("", &url, params.iter().map(|(name, value)| (name.as_ref(), value.as_ref())));
    assert_eq!(verify("", &form(ORIGIN, VOICE, VOICE_BODY, &signature)), Err(Forged));
}

#[test]
fn a3_a_changed_param_is_refused() {
    for body in [
        "CallSid=CA00000000000000000000000000000001&From=%2B14155550100&To=%2B14155550199",
        "CallSid=CA00000000000000000000000000000000&From=%2B14155550100",
        "CallSid=CA00000000000000000000000000000000&From=%2B14155550100&To=%2B14155550199&X=1",
        "",
    ] {
        assert!(!accepted(&form(ORIGIN, VOICE, body.as_bytes(), VOICE_SIGNATURE)), "{body}");
    }
}

#[test]
fn a4_the_order_of_params_does_not_matter() {
    let body = b"To=%2B14155550199&CallSid=CA00000000000000000000000000000000&From=%2B14155550100";
    assert!(accepted(&form(ORIGIN, VOICE, body, VOICE_SIGNATURE)));
}

#[test]
fn a5_odd_values_are_signed_as_they_are() {
    let body = "Body=a%2Bb+%C3%A9+%F0%9F%98%80&Empty=".as_bytes();
    assert!(accepted(&form(ORIGIN, "/x", body, "NsbbtIbpud+KWNS5aCebEJLNtHo=")));
    let spaced = sign(TOKEN, "https://voice.example.com/x", [("Body", " hi ")]);
    assert!(accepted(&form(ORIGIN, "/x", b"Body=+hi+", &spaced)));
    assert!(!accepted(&form(ORIGIN, "/x", b"Body=hi", &spaced)), "nothing is trimmed");
}

#[test]
fn a6_a_repeated_name_counts_with_each_different_value_once() {
    assert!(accepted(&form(ORIGIN, "/x", b"a=2&a=1&a=2", "L/O1/xgpwvjZHheDl5XsGLDPfjU=")));
    assert!(
        !accepted(&form(ORIGIN, "/x", b"a=2&a=1&a=2", "J7bMqOWoA0KGOelgo0ooN/woZ6Q=")),
        "not another vendor's rule"
    );
}

#[test]
fn a8_only_our_own_origin_is_accepted_with_or_without_its_port() {
    let with_port = "qoutOopm8G2oLhViSesgFuARLt0=";
    for origin in [ORIGIN, "https://voice.example.com:443"] {
        assert!(accepted(&form(origin, VOICE, VOICE_BODY, VOICE_SIGNATURE)), "{origin}");
        assert!(accepted(&form(origin, VOICE, VOICE_BODY, with_port)), "{origin}");
    }
    for origin in [
        "https://VOICE.example.com",
        "https://voice.example.com:8443x",
        "https://voice.example.com/",
        "http://voice.example.com",
        "https://evil.example.com",
        "voice.example.com",
    ] {
        assert!(!accepted(&form(origin, VOICE, VOICE_BODY, VOICE_SIGNATURE)), "{origin}");
    }
    assert!(!accepted(&form(ORIGIN, "/twilio/voice/?b=42", VOICE_BODY, VOICE_SIGNATURE)));
    assert!(!accepted(&form(ORIGIN, "/twilio/voice?b=43", VOICE_BODY, VOICE_SIGNATURE)));
}

#[test]
fn a10_a_json_body_needs_both_its_hash_and_the_signature() {
    let target = "/twilio/events?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
    let signature = "g1Yk7ZK+RtpSXzZrvnoEYnFZaZ8=";
    let json = |target, body: &'static [u8], signature| Request {
        content_type: "application/json",
        ..form(ORIGIN, target, body, signature)
    };
    assert!(accepted(&json(target, br#"{"a":1}"#, signature)));
    assert!(!accepted(&json(target, br#"{"a":2}"#, signature)));
    assert!(!accepted(&json(target, br#"{"a":1}"#, VOICE_SIGNATURE)));
    let unhashed = sign(TOKEN, "https://voice.example.com/twilio/events", []);
    assert!(!accepted(&json("/twilio/events", br#"{"a":1}"#, &unhashed)), "a body that nothing covers");
}

#[test]
fn a19_a_form_of_10_000_params_is_refused() {
    let body = "a=1&".repeat(10_000);
    assert!(!accepted(&form(ORIGIN, VOICE, body.as_bytes(), VOICE_SIGNATURE)));
}

#[test]
fn b3_an_upgrade_is_signed_over_wss() {
    let target = "/twilio/relay/tok_abc";
    let (wss, https) = ("3fiyAoqqXx1gSHXiQ6alSLnTTMI=", "vhw79PiZZyxENMofvHph/vF5Ro4=");
    assert!(accepted(&upgrade("wss://voice.example.com", target, wss)));
    assert!(!accepted(&upgrade("wss://voice.example.com", target, https)));
    assert!(!accepted(&upgrade(ORIGIN, target, wss)));
}

#[test]
fn an_origin_of_the_loopback_address_is_taken_apart_rightly() {
    for (origin, other) in [
        ("http://127.0.0.1:8080", "http://127.0.0.1"),
        ("http://[::1]", "http://[::1]:80"),
        ("ws://[::1]:8080", "ws://[::1]"),
        ("wss://voice.example.com", "wss://voice.example.com:443"),
    ] {
        let origins: Vec<_> = origins(origin).into_iter().flatten().collect();
        assert_eq!(origins, [origin, other]);
    }
}
