//! Reports: that they come, and which of them are believed.

use super::*;
use crate::testing::{
    calendar::{Kit, Misdeed, calendly::Plan},
    dice::Dice,
};

/// A key, a time, a body; and what openssl 3.0 signs them with:
/// `printf '%s' '1795694400.{"event":"invitee.created"}' | openssl dgst -sha256 -hmac 5mEzn9C-I28UtwOjZJtFoob0sAAFZ95GbZkqj4y3i0I`
const KEY: &str = "5mEzn9C-I28UtwOjZJtFoob0sAAFZ95GbZkqj4y3i0I";
const STAMP: i64 = 1_795_694_400;
const BODY: &str = r#"{"event":"invitee.created"}"#;
const SIGNATURE: &str = "1c51f91a932fc8ab4086d5312563c2470912e55d9c2b18bee41d5e0feb640b7a";

fn heard(header: &str, body: &str, now: i64, key: &str) -> Heard {
    let headers = [("calendly-webhook-signature".to_owned(), header.to_owned())];
    let now = Timestamp::from_second(now).unwrap();
    let report = Report { headers: &headers, query: &[], body: body.as_bytes(), now };
    super::super::hooks::heard(API, report, &[&Secret::new(key)])
}

#[test]
fn a_signature_made_by_another_program_is_believed() {
    let header = format!("t={STAMP},v1={SIGNATURE}");
    assert_ne!(heard(&header, BODY, STAMP, KEY), Heard::Forged);
    let two = format!("t={STAMP},v1={},v1={SIGNATURE}", "0".repeat(64));
    assert_ne!(heard(&two, BODY, STAMP, KEY), Heard::Forged, "two keys while one is replaced");
    for now in [STAMP - 180, STAMP + 180] {
        assert_ne!(heard(&header, BODY, now, KEY), Heard::Forged);
    }
}

/// An OAuth app has a key of its own, and its reports may be signed with that one.
#[test]
fn the_apps_own_key_is_as_good_as_the_hooks() {
    let clock = Arc::new(FixedClock::at("2026-11-26T12:00:00Z"));
    let headers = [("calendly-webhook-signature".to_owned(), format!("t={STAMP},v1={SIGNATURE}"))];
    let now = Timestamp::from_second(STAMP).unwrap();
    let report = Report { headers: &headers, query: &[], body: BODY.as_bytes(), now };
    let hook = Secret::new("the hook's own");
    let calendly = Calendly::new(API, clock).unwrap();
    assert_eq!(calendly.heard(report, &hook), Heard::Forged);
    let calendly = calendly.signed_with(Some(Secret::new(KEY)));
    assert_ne!(calendly.heard(report, &hook), Heard::Forged);
    assert_eq!(calendly.signed_with(Some(Secret::new(""))).heard(report, &hook), Heard::Forged);
}

#[test]
fn what_is_old_early_or_signed_otherwise_is_forged() {
    let header = format!("t={STAMP},v1={SIGNATURE}");
    for now in [STAMP - 181, STAMP + 181, STAMP + 86_400, 0] {
        assert_eq!(heard(&header, BODY, now, KEY), Heard::Forged, "{now}");
    }
    assert_eq!(heard(&header, BODY, STAMP, "another key"), Heard::Forged);
    assert_eq!(heard(&header, BODY, STAMP, ""), Heard::Forged);
    assert_eq!(heard(&header, "{}", STAMP, KEY), Heard::Forged);
    let upper = SIGNATURE.to_uppercase();
    for header in [
        String::new(),
        format!("v1={SIGNATURE}"),
        format!("t={STAMP}"),
        format!("t={STAMP},v1="),
        format!("t={STAMP},v0={SIGNATURE}"),
        format!("t={STAMP},v1={upper}"),
        format!("t={STAMP},v1={SIGNATURE}00"),
        format!("t={STAMP},v1= {SIGNATURE}"),
        format!("t={STAMP},t={STAMP},v1={SIGNATURE}"),
        format!("t=+{STAMP},v1={SIGNATURE}"),
        format!("t=99999999999999999999,v1={SIGNATURE}"),
        format!("t={STAMP},{}v1={SIGNATURE}", "x,".repeat(600)),
    ] {
        assert_eq!(heard(&header, BODY, STAMP, KEY), Heard::Forged, "{header}");
    }
    let none = Report { headers: &[], query: &[], body: BODY.as_bytes(), now: Timestamp::from_second(STAMP).unwrap() };
    assert_eq!(super::super::hooks::heard(API, none, &[&Secret::new(KEY)]), Heard::Forged);
    let named = |name: &str| (name.to_owned(), format!("t={STAMP},v1={SIGNATURE}"));
    let twice = [named("calendly-webhook-signature"), named("calendly-webhook-signature")];
    let twice = Report { headers: &twice, ..none };
    assert_eq!(super::super::hooks::heard(API, twice, &[&Secret::new(KEY)]), Heard::Forged);
}

#[test]
fn g8_of_a_hundred_thousand_changed_reports_none_is_believed() {
    let header = format!("t={STAMP},v1={SIGNATURE}").into_bytes();
    let (mut dice, mut tried) = (Dice::seeded(8), 0);
    while tried < 100_000 {
        let (mut changed, mut body) = (header.clone(), BODY.as_bytes().to_vec());
        let part = if dice.below(3) == 0 { &mut body } else { &mut changed };
        dice.spoil(part, b"0123456789abcdef,=tv");
        if changed == header && body == BODY.as_bytes() {
            continue;
        }
        let (Ok(changed), Ok(body)) = (String::from_utf8(changed), String::from_utf8(body)) else { continue };
        // "t=…,v1=…" with something before, between or behind that nobody looks at still holds the genuine signature.
        let same = |name: &str| {
            let of = |text: &str| {
                text.split(',').filter_map(|part| part.strip_prefix(name).map(str::to_owned)).collect::<Vec<_>>()
            };
            of(&changed) == of(std::str::from_utf8(&header).unwrap())
        };
        if body == BODY && same("t=") && same("v1=") {
            continue;
        }
        tried += 1;
        assert_eq!(heard(&changed, &body, STAMP, KEY), Heard::Forged, "{changed} {body}");
    }
}

struct Hooked {
    world: World,
    kit: Kit,
    hook: Hook,
    watch: Watch,
}

async fn hooked() -> Hooked {
    let world = world().await;
    let router = axum::Router::new().route("/hook", axum::routing::post(async || "thanks"));
    let kit = Kit::serve(|_| router).await;
    let hook = Hook { address: format!("{}/hook", kit.address()), secret: Secret::new(KEY), id: "watch-1".to_owned() };
    let watch = world.calendly.watch(&world.access, &hook).await.unwrap().unwrap();
    Hooked { world, kit, hook, watch }
}

impl Hooked {
    /// What has come since the last time.
    async fn told(&self) -> Vec<Heard> {
        self.world.fake.settle().await;
        let asked = self.kit.asked();
        self.kit.forget_asked();
        let hear = |asked: &crate::testing::calendar::Asked| {
            let report = Report { headers: &asked.headers, query: &[], body: &asked.body, now: self.world.clock.now() };
            self.world.calendly.heard(report, &self.hook.secret)
        };
        asked.iter().map(hear).collect()
    }
}

#[tokio::test]
async fn g15_what_happens_there_is_reported_and_believed() {
    let hooked = hooked().await;
    let World { fake, calendly, access, kind, .. } = &hooked.world;
    let bea = visit(1, "2026-11-27T14:00:00Z");
    let booked = calendly.book(access, kind, &bea).await.unwrap();
    let told = hooked.told().await;
    let [Heard::Booking(made)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((made.booked.id.as_str(), made.key), (booked.id.as_str(), Some(bea.key)));
    assert_eq!(made.when, Some(range("2026-11-27T14:00:00Z", "2026-11-27T14:30:00Z")));
    let moved = fake.move_elsewhere(&booked.id, at("2026-11-30T15:00:00Z")).unwrap();
    let told = hooked.told().await;
    let [Heard::Booking(left), Heard::Booking(arrived)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((left.booked.id.as_str(), left.when), (booked.id.as_str(), None));
    assert_eq!(left.moved_to.as_deref(), Some(moved.as_str()));
    assert_eq!((arrived.booked.id.as_str(), arrived.moved_to.as_deref()), (moved.as_str(), None));
    assert_eq!(arrived.when, Some(range("2026-11-30T15:00:00Z", "2026-11-30T15:30:00Z")));
    fake.cancel_as_owner(&moved);
    let told = hooked.told().await;
    let [Heard::Booking(gone)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((gone.booked.id.as_str(), gone.when, gone.moved_to.as_deref()), (moved.as_str(), None, None));
    fake.book_as_outsider(kind.as_str(), at("2026-11-27T16:00:00Z"), "Carl", "carl@example.com").unwrap();
    let told = hooked.told().await;
    assert!(matches!(told.as_slice(), [Heard::Booking(SeenVisit { key: None, when: Some(_), .. })]));
}

/// As Calendly would sign it.
fn sign(body: &str) -> Heard {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(format!("{STAMP}.{body}").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    heard(&format!("t={STAMP},v1={hex}"), body, STAMP, KEY)
}

/// Cut at every byte, and with every byte changed: it is understood, or it makes us look; it never ends us.
#[test]
fn a_report_that_is_damaged_is_not_our_end() {
    let whole = r#"{"event":"invitee.canceled","created_at":"2026-11-26T12:00:00.000000Z","payload":{"uri":
        "https://api.calendly.com/scheduled_events/A/invitees/B","status":"canceled","rescheduled":true,"new_invitee":
        "https://api.calendly.com/scheduled_events/C/invitees/D","tracking":{"utm_content":
        "00000000-0000-0000-0000-000000000001.1"},"scheduled_event":{"uri":"https://api.calendly.com/scheduled_events/A",
        "status":"canceled","start_time":"2026-11-27T14:00:00Z","end_time":"2026-11-27T14:30:00Z",
        "invitees_counter":{"total":1,"active":0,"limit":1}}}}"#;
    let Heard::Booking(visit) = sign(whole) else { panic!("it is good") };
    assert_eq!((visit.key, visit.when), (Some(super::visit(1, NOW).key), None));
    assert_eq!(visit.moved_to.as_deref(), Some("scheduled_events/C/invitees/D"));
    for at in 0..whole.len() {
        assert_ne!(sign(&whole[..at]), Heard::Forged);
        let mut changed = whole.as_bytes().to_vec();
        changed[at] = b'9';
        assert_ne!(sign(std::str::from_utf8(&changed).unwrap()), Heard::Forged);
    }
}

#[test]
fn a_report_of_a_shape_that_we_do_not_know_makes_us_look() {
    for odd in ["", "null", "[]", r#"{"event":"invitee.created","payload":{}}"#, r#"{"event":"invitee.canceled"}"#] {
        assert_eq!(sign(odd), Heard::Changed, "{odd}");
    }
    let elsewhere = r#"{"event":"invitee.canceled","payload":{"uri":"https://evil.example/scheduled_events/A/invitees/B",
                        "status":"canceled"}}"#;
    assert_eq!(sign(elsewhere), Heard::Changed);
    assert_eq!(sign(r#"{"event":"routing_form_submission.created","payload":{}}"#), Heard::Nothing);
    // As the description of 2024 has it: without the event.
    let old = r#"{"event":"invitee.created","payload":{"uri":"https://api.calendly.com/scheduled_events/A/invitees/B",
                  "status":"active"}}"#;
    assert_eq!(sign(old), Heard::Changed);
}

#[tokio::test]
async fn g22_a_subscription_of_before_is_replaced() {
    let hooked = hooked().await;
    let World { fake, calendly, access, kind, .. } = &hooked.world;
    let fresh = Hook { secret: Secret::new("another key"), ..hooked.hook.clone() };
    let watch = calendly.watch(access, &fresh).await.unwrap().unwrap();
    assert_ne!(watch.id, hooked.watch.id);
    assert_eq!(fake.webhooks().len(), 1);
    calendly.book(access, kind, &visit(1, "2026-11-27T14:00:00Z")).await.unwrap();
    assert_eq!(hooked.told().await, [Heard::Forged], "the old key is worth nothing now");
}

#[tokio::test]
async fn a_subscription_that_was_switched_off_is_noticed_and_ended() {
    let hooked = hooked().await;
    let World { fake, calendly, access, kind, clock } = &hooked.world;
    assert!(calendly.watches(access, &hooked.watch).await.unwrap());
    hooked.kit.trap(crate::testing::calendar::Trap {
        method: "POST",
        path: "/hook".into(),
        times: 9,
        misdeed: Misdeed::status(500, ""),
    });
    calendly.book(access, kind, &visit(1, "2026-11-27T14:00:00Z")).await.unwrap();
    fake.settle().await;
    assert!(calendly.watches(access, &hooked.watch).await.unwrap(), "one failure is forgiven");
    clock.advance(days(1));
    fake.book_as_outsider(kind.as_str(), at("2026-11-30T16:00:00Z"), "Carl", "carl@example.com").unwrap();
    fake.settle().await;
    let access = Access { secret: Secret::new(fake.token()), ..access.clone() };
    assert!(!calendly.watches(&access, &hooked.watch).await.unwrap(), "a day of them is not");
    calendly.unwatch(&access, &hooked.watch).await.unwrap();
    calendly.unwatch(&access, &hooked.watch).await.unwrap();
    assert!(!calendly.watches(&access, &hooked.watch).await.unwrap());
    assert!(fake.webhooks().is_empty());
}

#[tokio::test]
async fn a_free_plan_is_looked_at_instead() {
    let World { fake, calendly, access, .. } = world().await;
    fake.plan(Plan::Free);
    let hook = Hook { address: "https://desk.example/hook".into(), secret: Secret::new(KEY), id: "h".into() };
    assert_eq!(calendly.watch(&access, &hook).await.unwrap(), None);
}
