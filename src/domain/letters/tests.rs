use jiff::{ToSpan, Zoned};

use super::*;
use crate::{
    domain::{business::Zone, ids::BookingId},
    testing::salon,
};

const TEMPLATES: [Template; 4] = Template::ALL;

fn about<'a>(business: &'a Business, name: &'a CustomerName, phone: &'a PhoneNumber, slot: &'a Slot) -> About<'a> {
    // Whoever has no number to call gets the address of the page.
    About { business, slot, name, phone, home: Some("https://voice.example.com"), link: None, language: None }
}

fn slot(business: &Business, starts: &str) -> Slot {
    let service = &business.services[0];
    Slot::at(service, service.staff[0], starts.parse().unwrap())
}

fn written(business: &Business, name: &str, phone: &str, template: Template) -> String {
    let (name, phone) = (CustomerName::new(name), phone.parse().unwrap());
    about(business, &name, &phone, &slot(business, "2026-11-24T15:30-05")).text(template)
}

fn local() -> &'static str {
    "+12125550123"
}

#[test]
fn a_confirmation_says_who_what_when_where_and_whom_to_call() {
    let business = salon();
    let text = written(&business, "Anna Kovács", local(), Template::Booked);
    let at: Zoned = "2026-11-24T15:30-05[America/New_York]".parse().unwrap();
    let when = plain(&crate::domain::time::speak::written(&at, false));
    assert_eq!(
        text,
        format!(
            "Anna, you're booked at Willow and Sage Salon: Haircut with Maria, {when}. To change it, call +1 212-555-0142."
        )
    );
    assert!(segments(&text) <= 2);
}

#[test]
fn l3_no_text_asks_to_reply_with_a_word() {
    let business = salon();
    for template in TEMPLATES {
        let text = written(&business, "Anna", local(), template).to_lowercase();
        assert!(!text.contains("reply") && !text.contains("cancel to") && !text.contains("stop"), "{text}");
    }
}

#[test]
fn i3_what_a_caller_says_is_their_name_puts_no_link_or_number_into_a_text() {
    let business = salon();
    let plain = written(&business, "", local(), Template::Booked);
    assert!(plain.starts_with("You're booked"), "{plain}");
    for name in
        ["http://evil.example", "evil.example/x", "\r\nBcc: x@y", "+18005550100", "{{7*7}}", "=cmd", "\u{202e}x.y"]
    {
        let text = written(&business, name, local(), Template::Booked);
        assert!(
            !text.contains("evil") && !text.contains('\n') && !text.contains("800") && !text.contains("{{"),
            "{text}"
        );
    }
    assert!(written(&business, "Anne-Marie O’Neill", local(), Template::Moved).starts_with("Anne-Marie, "));
}

#[test]
fn l8_a_text_is_never_longer_than_three_segments() {
    for name in ["A", "Wilhelmina", "💇‍♀️✂️", "東京都港区", "Škoda"] {
        for unit in ["x", "š", "💇", "字"] {
            let mut business = salon();
            business.name = unit.repeat(120);
            business.services[0].name = unit.repeat(80);
            business.staff[0].name = unit.repeat(80);
            for template in TEMPLATES {
                let text = written(&business, name, "+442079460958", template);
                assert!(segments(&text) <= SEGMENTS, "{} in {text}", segments(&text));
                assert!(text.contains("212-555-0142"), "the number is never cut: {text}");
            }
        }
    }
}

#[test]
fn names_are_cut_with_dots_and_not_in_the_middle_of_a_letter() {
    assert_eq!(shortened("Willow and Sage Salon", 20), "Willow and Sage S...");
    assert_eq!(shortened("Willow", 20), "Willow");
    assert_eq!(shortened(&"👩‍👩‍👧".repeat(10), 5), format!("{}...", "👩‍👩‍👧".repeat(2)));
}

#[test]
fn h10_the_zone_is_said_to_whoever_may_live_by_another_clock() {
    let business = salon();
    let name = CustomerName::new("Anna");
    let matters = |phone: &str, starts: &str| {
        let (phone, slot) = (phone.parse().unwrap(), slot(&business, starts));
        about(&business, &name, &phone, &slot).zone_matters(slot.starts)
    };
    assert!(!matters(local(), "2026-11-24T15:30-05"));
    assert!(matters("+14155550123", "2026-11-24T15:30-05"), "San Francisco");
    assert!(matters("+442079460958", "2026-11-24T15:30-05"), "London");
    assert!(matters(local(), "2026-11-01T01:30-04"), "h2: an hour that comes twice");
}

#[test]
fn a_country_of_one_clock_does_not_mention_it() {
    let mut business = salon();
    business.zone = Zone::named("Europe/Berlin").unwrap();
    business.country = "DE".into();
    let (name, phone) = (CustomerName::new("Anna"), "+4915123456789".parse().unwrap());
    let slot = slot(&business, "2026-11-24T15:30Z");
    assert!(!about(&business, &name, &phone, &slot).zone_matters(slot.starts));
}

#[test]
fn a_business_without_a_number_sends_its_page() {
    let mut business = salon();
    business.numbers.clear();
    let text = written(&business, "Anna", local(), Template::Booked);
    assert!(text.ends_with(" To change it: https://voice.example.com"), "{text}");
}

#[test]
fn a_booking_without_a_number_gets_no_text() {
    let business = salon();
    let slot = slot(&business, "2026-11-24T15:30-05");
    let booking = Booking {
        id: BookingId(uuid::Uuid::nil()),
        business: business.id,
        slot,
        wall: business.zone.tz().to_datetime(slot.starts),
        zone: business.zone.name().to_owned(),
        customer: crate::domain::booking::Customer { name: CustomerName::new("Anna"), phone: None },
        state: crate::domain::booking::BookingState::Held { expires: slot.starts + 3.minutes() },
        call: None,
        unverified: false,
        version: 1,
        created: slot.starts,
    };
    assert!(About::booking(&business, &booking, None).is_none());
}

/// The language a caller spoke, and what they get.
fn written_in(language: &str, template: Template, business: &Business) -> String {
    let (name, phone) = (CustomerName::new("Anna Kovács"), local().parse().unwrap());
    let slot = slot(business, "2026-11-24T15:30-05");
    About { language: Some(language), ..about(business, &name, &phone, &slot) }.text(template)
}

#[test]
fn a_caller_is_texted_in_the_language_they_spoke() {
    let business = salon();
    let expected = [
        (
            "es-US",
            "Anna, su cita en Willow and Sage Salon queda reservada: Haircut con Maria, mar 24 nov 2026 a las 15:30. Para \
             cambiarla, llame al +1 212-555-0142.",
        ),
        (
            "de",
            "Anna, Ihr Termin bei Willow and Sage Salon ist gebucht: Haircut bei Maria, Di 24.11.2026 um 15:30 Uhr. Zum \
             Ändern bitte anrufen: +1 212-555-0142.",
        ),
        (
            "fr-CA",
            "Anna, votre rendez-vous chez Willow and Sage Salon est réservé : Haircut avec Maria, mar 24/11/2026 à 15 h 30. \
             Pour le modifier, appelez le +1 212-555-0142.",
        ),
        (
            "it",
            "Anna, il suo appuntamento da Willow and Sage Salon è prenotato: Haircut con Maria, mar 24/11/2026 alle 15:30. \
             Per modificarlo, chiami il +1 212-555-0142.",
        ),
        (
            "pt-BR",
            "Anna, a sua reserva em Willow and Sage Salon fica marcada: Haircut com Maria, ter 24/11/2026, 15:30. Para \
             alterar, ligue para +1 212-555-0142.",
        ),
        (
            "nl",
            "Anna, uw afspraak bij Willow and Sage Salon staat vast: Haircut bij Maria, di 24-11-2026 om 15.30 uur. Om te \
             wijzigen, bel +1 212-555-0142.",
        ),
    ];
    for (language, text) in expected {
        assert_eq!(written_in(language, Template::Booked, &business), text);
    }
    assert!(
        written_in("pl-PL", Template::Booked, &business).starts_with("Anna, you're booked"),
        "no words: the business's"
    );
    let mut spanish = salon();
    spanish.voice.language = "es-MX".into();
    let text = written(&spanish, "Anna", local(), Template::Cancelled);
    assert!(text.starts_with("Su cita en ") && text.contains("Para otra cita, llame al "), "{text}");
}

#[test]
fn every_text_of_every_language_has_two_segments_at_most_in_every_month() {
    let business = salon();
    let (name, phone) = (CustomerName::new("Anna Kovács"), local().parse().unwrap());
    for language in ["en", "es", "de", "fr", "it", "pt", "nl"] {
        for template in TEMPLATES {
            for day in 0..370 {
                let mut slot = slot(&business, "2026-11-24T15:30-05");
                slot.starts += jiff::SignedDuration::from_hours(24 * day);
                let text = About { language: Some(language), ..about(&business, &name, &phone, &slot) }.text(template);
                assert!(segments(&text) <= 2, "{}: {text}", segments(&text));
                assert!(text.contains("212-555-0142") && !text.contains(['{', '}']), "{text}");
            }
        }
    }
}

#[test]
fn the_owners_words_are_used_in_the_language_they_are_for() {
    let mut business = salon();
    let words = OwnWords { booked: "Hi {name}! {what} on {when}. Questions? {call}".into(), ..OwnWords::default() };
    business.texts.insert("en".into(), words);
    let text = written(&business, "Anna Kovács", local(), Template::Booked);
    assert!(
        text.starts_with("Hi Anna! Haircut with Maria on ") && text.ends_with("Questions? +1 212-555-0142"),
        "{text}"
    );
    assert!(written(&business, "Anna", local(), Template::Moved).starts_with("Anna, your appointment"), "built in");
    assert!(written_in("es", Template::Booked, &business).starts_with("Anna, su cita"), "another language");
}

#[test]
fn t38_whatever_a_caller_is_called_only_a_first_name_gets_into_the_owners_words() {
    let mut business = salon();
    let words = OwnWords { booked: "{name}, see you {when}.".into(), ..OwnWords::default() };
    business.texts.insert("en".into(), words);
    for name in ["http://evil.example", "{link}", "+18005550100", "\r\nBcc: x@y", "STOP 5"] {
        let text = written(&business, name, local(), Template::Booked);
        assert!(text.starts_with("See you ") || text.starts_with("STOP, see"), "{text}");
    }
}

const LINK: &str = "https://voice.example.com/c/dGhlIGFuc3dlciBpcyA0Mg";

/// As [`written`], with the address of the appointment's own page.
fn linked(business: &Business, name: &str, language: Option<&str>, template: Template) -> String {
    let (name, phone) = (CustomerName::new(name), local().parse().unwrap());
    let slot = slot(business, "2026-11-24T15:30-05");
    About { link: Some(LINK), language, ..about(business, &name, &phone, &slot) }.text(template)
}

#[test]
fn a_text_carries_the_appointments_own_link_and_the_number_beside_it() {
    let business = salon();
    let text = linked(&business, "Anna", None, Template::Booked);
    assert!(text.ends_with(&format!(" To change it: {LINK} or call +1 212-555-0142.")), "{text}");
    let text = linked(&business, "Anna", Some("de"), Template::Cancelled);
    assert!(text.ends_with(&format!(" Für einen neuen: {LINK} oder anrufen: +1 212-555-0142.")), "{text}");
    for language in ["en", "es", "de", "fr", "it", "pt", "nl"] {
        for template in TEMPLATES {
            let text = linked(&business, "Wilhelmina", Some(language), template);
            assert!(segments(&text) <= 2, "{}: {text}", segments(&text));
        }
    }
}

#[test]
fn l8_own_words_that_do_not_fit_give_way_to_the_built_in_ones() {
    let mut business = salon();
    let words = OwnWords { booked: format!("{{when}} {}", "š".repeat(300)), ..OwnWords::default() };
    business.texts.insert("en".into(), words);
    assert!(written(&business, "Anna", local(), Template::Booked).starts_with("Anna, you're booked"));
}

#[test]
fn a_link_is_never_cut_and_the_number_goes_before_it() {
    let mut business = salon();
    for unit in ["x", "š", "💇", "字"] {
        business.name = unit.repeat(120);
        business.services[0].name = unit.repeat(80);
        business.staff[0].name = unit.repeat(80);
        for template in TEMPLATES {
            let text = linked(&business, "Škoda", None, template);
            assert!(segments(&text) <= SEGMENTS && text.contains(LINK), "{text}");
            let end = text.split(LINK).nth(1).unwrap();
            assert!(end.is_empty() || end.starts_with(" or call +1 "), "{text}");
        }
    }
}
