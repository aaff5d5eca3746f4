//! Reports: that they come, and which of them are believed.

use super::*;
use crate::testing::{calendar::Kit, dice::Dice};

/// A secret and a body; and what openssl 3.0 signs them with:
/// `printf '%s' '{"triggerEvent":"BOOKING_CREATED"}' | openssl dgst -sha256 -hmac whsec-vector-0001`
const SECRET: &str = "whsec-vector-0001";
const BODY: &str = r#"{"triggerEvent":"BOOKING_CREATED"}"#;
const SIGNATURE: &str = "97806239c24715bcaed0ad914d13c7e40bb253977e5cff01c108064f59eb779b";

fn heard(signature: &str, body: &str, secret: &str) -> Heard {
    let headers = [("x-cal-signature-256".to_owned(), signature.to_owned())];
    let report = Report { headers: &headers, query: &[], body: body.as_bytes(), now: at(NOW) };
    super::super::hooks::heard(report, &Secret::new(secret))
}

#[test]
fn a_signature_made_by_another_program_is_believed() {
    assert_eq!(heard(SIGNATURE, BODY, SECRET), Heard::Changed);
    assert_eq!(heard(SIGNATURE, BODY, "another secret"), Heard::Forged);
    assert_eq!(heard(SIGNATURE, BODY, ""), Heard::Forged);
    assert_eq!(heard(SIGNATURE, "{}", SECRET), Heard::Forged);
    let (upper, long) = (SIGNATURE.to_uppercase(), format!("{SIGNATURE}00"));
    for odd in ["", "no-secret-provided", &SIGNATURE[..62], upper.as_str(), long.as_str(), "sha256="] {
        assert_eq!(heard(odd, BODY, SECRET), Heard::Forged, "{odd}");
    }
    let none = Report { headers: &[], query: &[], body: BODY.as_bytes(), now: at(NOW) };
    assert_eq!(super::super::hooks::heard(none, &Secret::new(SECRET)), Heard::Forged);
    let named = || ("x-cal-signature-256".to_owned(), SIGNATURE.to_owned());
    let twice = [named(), named()];
    assert_eq!(super::super::hooks::heard(Report { headers: &twice, ..none }, &Secret::new(SECRET)), Heard::Forged);
}

#[test]
fn g8_of_a_hundred_thousand_changed_reports_none_is_believed() {
    let (mut dice, mut tried) = (Dice::seeded(8), 0);
    while tried < 100_000 {
        let (mut signature, mut body) = (SIGNATURE.as_bytes().to_vec(), BODY.as_bytes().to_vec());
        let part = if dice.below(2) == 0 { &mut body } else { &mut signature };
        dice.spoil(part, b"0123456789abcdef");
        let (Ok(signature), Ok(body)) = (String::from_utf8(signature), String::from_utf8(body)) else { continue };
        if signature == SIGNATURE && body == BODY {
            continue;
        }
        tried += 1;
        assert_eq!(heard(&signature, &body, SECRET), Heard::Forged, "{signature} {body}");
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
    let hook = Hook { address: format!("{}/hook", kit.address()), secret: Secret::new(SECRET), id: "w-1".to_owned() };
    let watch = world.calcom.watch(&world.access, &hook).await.unwrap().unwrap();
    Hooked { world, kit, hook, watch }
}

impl Hooked {
    /// What has come since the last time.
    async fn told(&self) -> Vec<Heard> {
        self.world.fake.settle().await;
        let asked = self.kit.asked();
        self.kit.forget_asked();
        let hear = |asked: &crate::testing::calendar::Asked| {
            let report = Report { headers: &asked.headers, query: &[], body: &asked.body, now: at(NOW) };
            self.world.calcom.heard(report, &self.hook.secret)
        };
        asked.iter().map(hear).collect()
    }
}

#[tokio::test]
async fn g15_what_happens_there_is_reported_and_believed() {
    let hooked = hooked().await;
    let World { fake, calcom, access, kind, .. } = &hooked.world;
    let bea = visit(1, "2026-11-27T14:00:00Z");
    let booked = calcom.book(access, kind, &bea).await.unwrap();
    let told = hooked.told().await;
    let [Heard::Booking(made)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((made.booked.id.as_str(), made.key), (booked.id.as_str(), Some(bea.key)));
    assert_eq!(made.when, Some(range("2026-11-27T14:00:00Z", "2026-11-27T14:30:00Z")));
    let moved = fake.move_elsewhere(&booked.id, at("2026-11-30T15:00:00Z")).unwrap();
    let told = hooked.told().await;
    let [Heard::Booking(left)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((left.booked.id.as_str(), left.moved_to.as_deref()), (booked.id.as_str(), Some(moved.as_str())));
    assert_eq!(left.when, Some(range("2026-11-30T15:00:00Z", "2026-11-30T15:30:00Z")), "where it stands now");
    fake.cancel_as_owner(&moved);
    let told = hooked.told().await;
    let [Heard::Booking(gone)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((gone.booked.id.as_str(), gone.when, gone.moved_to.as_deref()), (moved.as_str(), None, None));
    fake.book_as_outsider(kind.as_str(), at("2026-11-27T16:00:00Z"), "Carl", "carl@example.com").unwrap();
    let told = hooked.told().await;
    assert!(matches!(told.as_slice(), [Heard::Booking(SeenVisit { key: None, when: Some(_), .. })]));
}

#[tokio::test]
async fn g22_a_webhook_of_before_gets_the_new_secret() {
    let hooked = hooked().await;
    let World { fake, calcom, access, kind, .. } = &hooked.world;
    let fresh = Hook { secret: Secret::new("another secret"), ..hooked.hook.clone() };
    let watch = calcom.watch(access, &fresh).await.unwrap().unwrap();
    assert_eq!((watch.id.as_str(), fake.webhooks().len()), (hooked.watch.id.as_str(), 1));
    calcom.book(access, kind, &visit(1, "2026-11-27T14:00:00Z")).await.unwrap();
    assert_eq!(hooked.told().await, [Heard::Forged], "the old secret is worth nothing now");
}

#[tokio::test]
async fn a_webhook_that_was_switched_off_is_noticed_and_ended() {
    let hooked = hooked().await;
    let World { fake, calcom, access, .. } = &hooked.world;
    assert!(calcom.watches(access, &hooked.watch).await.unwrap());
    fake.disable_webhooks();
    assert!(!calcom.watches(access, &hooked.watch).await.unwrap());
    calcom.unwatch(access, &hooked.watch).await.unwrap();
    calcom.unwatch(access, &hooked.watch).await.unwrap();
    assert!(!calcom.watches(access, &hooked.watch).await.unwrap());
    assert!(fake.webhooks().is_empty());
}

/// As Cal.com would sign it.
fn sign(body: &str) -> Heard {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    heard(&hex, body, SECRET)
}

/// Cut at every byte, and with every byte changed: it is understood, or it makes us look; it never ends us.
#[test]
fn a_report_that_is_damaged_is_not_our_end() {
    let whole = r#"{"triggerEvent":"BOOKING_RESCHEDULED","createdAt":"2026-11-26T12:00:00.000Z","payload":{"uid":"new1",
        "rescheduleUid":"old1","startTime":"2026-11-30T15:00:00.000Z","endTime":"2026-11-30T15:30:00.000Z",
        "status":"ACCEPTED","metadata":{"deskbell":"00000000-0000-0000-0000-000000000001.1"}}}"#;
    let Heard::Booking(visit) = sign(whole) else { panic!("it is good") };
    assert_eq!((visit.key, visit.moved_to.as_deref()), (Some(super::visit(1, NOW).key), Some("new1")));
    for at in 0..whole.len() {
        assert_ne!(sign(&whole[..at]), Heard::Forged);
        let mut changed = whole.as_bytes().to_vec();
        changed[at] = b'9';
        assert_ne!(sign(std::str::from_utf8(&changed).unwrap()), Heard::Forged);
    }
}

#[test]
fn a_report_of_a_shape_that_we_do_not_know_makes_us_look() {
    for odd in ["", "null", "[]", r#"{"triggerEvent":"BOOKING_CREATED","payload":{}}"#] {
        assert_eq!(sign(odd), Heard::Changed, "{odd}");
    }
    assert_eq!(sign(r#"{"triggerEvent":"MEETING_ENDED","payload":{}}"#), Heard::Nothing);
    assert_eq!(sign(r#"{"triggerEvent":"PING","payload":{}}"#), Heard::Nothing);
    let evil = r#"{"triggerEvent":"BOOKING_CREATED","payload":{"uid":"../x","startTime":"2026-11-27T14:00:00Z",
                   "endTime":"2026-11-27T14:30:00Z"}}"#;
    assert_eq!(sign(evil), Heard::Changed);
}
