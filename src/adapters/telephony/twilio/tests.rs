use super::*;

const INCOMING: &[u8] = include_bytes!("../../../../fixtures/twilio/incoming.form");
const BROKEN: &[u8] = include_bytes!("../../../../fixtures/twilio/action_broken.form");
const ENDED: &[u8] = include_bytes!("../../../../fixtures/twilio/action_ended.form");
const HUNG_UP: &[u8] = include_bytes!("../../../../fixtures/twilio/action_hung_up.form");
const COMPLETED: &[u8] = include_bytes!("../../../../fixtures/twilio/status_completed.form");
const CALL: &str = "CA00000000000000000000000000000001";

fn twilio() -> Twilio {
    Twilio::new("AC00000000000000000000000000000001".into(), Secret::new("vector-token-0001"))
}

#[test]
fn a_ringing_call_is_read() {
    let ringing = twilio().ringing(INCOMING).unwrap();
    assert_eq!(ringing.call, CALL);
    assert_eq!(ringing.from.unwrap().as_str(), "+14155550100");
    assert_eq!(ringing.to.unwrap().as_str(), "+12125550142");
}

#[test]
fn a7_a_new_parameter_is_ignored() {
    let body = [INCOMING, b"&BrandNewThing=%7B%7D"].concat();
    assert_eq!(twilio().ringing(&body), twilio().ringing(INCOMING));
}

#[test]
fn a19_what_is_no_form_is_refused() {
    let many = "a=1&".repeat(10_000);
    assert!(twilio().ringing(format!("CallSid={CALL}&{many}").as_bytes()).is_err());
    assert!(twilio().ringing(format!("CallSid={CALL}&From=%FF%FE").as_bytes()).is_err());
    assert!(twilio().ringing(&[b"CallSid=", CALL.as_bytes(), b"&From=\xff"].concat()).is_err());
    assert!(twilio().ringing(b"").is_err());
    assert!(twilio().ringing(format!("CallSid={CALL}&CallerName=%EF%BF%BD").as_bytes()).is_ok());
}

#[test]
fn a23_a_caller_without_a_number_still_rings() {
    for from in ["anonymous", "%2B266696687", "client%3Abob", "sip%3Ax%40y", ""] {
        let ringing = twilio().ringing(format!("CallSid={CALL}&From={from}").as_bytes()).unwrap();
        assert_eq!((ringing.from, ringing.to), (None, None), "{from}");
    }
}

#[test]
fn a24_a_call_id_that_is_none_is_refused_before_any_use() {
    let long = "a".repeat(10_000);
    for id in [
        "../../etc/passwd",
        "CA../../../../../../../../../../etc",
        &long,
        "😀",
        "",
        "CA0000000000000000000000000000000G",
        "CA0000000000000000000000000000000A",
        "CA000000000000000000000000000000010",
        "AC00000000000000000000000000000001",
        "CA0000000000000000000000000000000\n",
    ] {
        assert!(!twilio().is_call_id(id), "{id}");
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("CallSid", id).finish();
        assert!(twilio().ringing(body.as_bytes()).is_err(), "{id}");
    }
    assert!(twilio().is_call_id(CALL));
    let two = format!("CallSid={CALL}&CallSid=CA00000000000000000000000000000002");
    assert!(twilio().ringing(two.as_bytes()).is_err(), "of two ids neither is believed");
}

#[test]
fn a_dropped_socket_is_told_from_an_ended_one() {
    let over = twilio().connection_over(BROKEN).unwrap();
    assert!(over.broken);
    assert_eq!(over.session.as_deref(), Some("VX00000000000000000000000000000001"));
    let over = twilio().connection_over(ENDED).unwrap();
    assert!(!over.broken);
    assert_eq!(over.handoff.as_deref(), Some(r#"{"reason":"goodbye","outcome":"booked"}"#));
    let over = twilio().connection_over(HUNG_UP).unwrap();
    assert_eq!((over.broken, over.handoff), (false, None));
}

#[test]
fn a_call_is_over_when_its_status_says_so_for_good() {
    assert_eq!(twilio().call_status(COMPLETED).unwrap(), CallStatus { call: CALL.into(), over: true });
    for (status, over) in
        [("in-progress", false), ("ringing", false), ("busy", true), ("canceled", true), ("new", false)]
    {
        let body = format!("CallSid={CALL}&CallStatus={status}");
        assert_eq!(twilio().call_status(body.as_bytes()).unwrap().over, over, "{status}");
    }
    assert!(twilio().call_status(format!("CallSid={CALL}").as_bytes()).is_err());
}

#[test]
fn what_became_of_a_message_is_read() {
    let sid = "SM00000000000000000000000000000001";
    for (said, status) in
        [("sending", "queued"), ("sent", "sent"), ("delivered", "delivered"), ("undelivered", "undelivered")]
    {
        let body = format!("SmsSid={sid}&MessageSid={sid}&MessageStatus={said}");
        assert_eq!(twilio().delivery(body.as_bytes()).unwrap(), Delivery { message: sid.into(), status });
    }
    for body in
        ["MessageSid=x&MessageStatus=sent", "MessageStatus=sent", &format!("MessageSid={sid}&MessageStatus=odd")]
    {
        assert!(twilio().delivery(body.as_bytes()).is_err(), "{body}");
    }
}
