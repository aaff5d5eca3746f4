//! Calls in other languages than the business's: the model talks, and what must be true is said in the caller's language
//! by our own words.

use super::{acting::proposal, desk::Story, salon};
use crate::domain::{
    dialogue::{
        Asked, Effect,
        tool::{CancelBooking, FindBookings, FindTo, LookUpTimes, Said, SpeakLanguage, Tool, WeekdaySaid},
    },
    truth::Claim,
};

fn call_in(language: &str) -> Story {
    let mut business = salon();
    business.voice.languages =
        ["es-US", "de-DE", "fr-FR", "it-IT", "pt-BR", "nl-NL", "pl-PL"].map(str::to_owned).to_vec();
    let mut call = Story::at(business, "2026-11-20T10:00", Some("+12125550177"));
    call.tells("hola, hallo, bonjour");
    let answer = call.calls(Tool::SpeakLanguage(SpeakLanguage { language: language.into() }));
    assert_eq!(answer.refused, None);
    call
}

fn tuesday(clock: &str) -> Tool {
    let when = Said { weekday: Some(WeekdaySaid::Tuesday), clock: Some(clock.into()), ..Said::default() };
    Tool::LookUpTimes(LookUpTimes {
        service: Some("Haircut".into()),
        staff: Some("Maria".into()),
        when: Some(when),
        ..LookUpTimes::default()
    })
}

#[test]
fn a_whole_call_in_spanish() {
    let mut call = call_in("es");
    assert_eq!(call.dialogue.language(), "es-US");
    assert_eq!(
        call.tells("Quisiera un corte con Maria el martes a las tres y media"),
        None,
        "no English is read into it"
    );
    assert_eq!(call.dialogue.state().when, crate::domain::time::When::default());
    let found = call.calls(tuesday("15:30"));
    assert!(found.say.contains("martes 24 de noviembre a las tres y media de la tarde"), "{found:?}");
    call.dialogue.said_by_model("El martes a las tres y media está libre. ¿Me dice su nombre?");
    assert_eq!(call.dialogue.state().asked, Asked::Name);
    assert_eq!(call.tells("Me llamo Ana García"), None);
    assert_eq!(call.dialogue.state().name.as_deref(), Some("Ana García"));
    let slot = found.slots[0].slot.clone();
    let read_back = call.calls(proposal(&slot, "Ana García"));
    assert_eq!(
        read_back.say,
        "Sería una cita para haircut con Maria, el martes 24 de noviembre a las tres y media de la tarde, a nombre de Ana \
         García. ¿La reservo?"
    );
    // A yes that is no plain one is for the model, and books nothing.
    assert_eq!(call.tells("sí, pero ¿cuánto cuesta?"), None);
    assert!(!call.dialogue.state().agreed && call.confirmed().is_empty());
    call.dialogue.said_by_model("Cuesta cuarenta y cinco dólares. ¿La reservo entonces?");
    let again = call.tells("sí, perfecto, gracias").expect("a yes to the model's question is asked for once more");
    assert!(again.starts_with("Solo para estar seguros. Sería una cita"), "{again}");
    let done = call.tells("sí, perfecto, gracias").expect("the machine books it");
    assert!(
        done.starts_with(
            "Listo, Ana, su cita está reservada: el martes 24 de noviembre a las tres y media de la tarde."
        ),
        "{done}"
    );
    assert_eq!(call.booked(), "2026-11-24T15:30 Haircut Maria Ana García");
    assert_eq!(call.dialogue.language(), "es-US", "the next task is in it as well");
}

#[test]
fn a_yes_in_each_language_books_and_a_no_does_not() {
    for (language, no, yes, booked) in [
        ("es", "no, mejor no", "sí, por favor", "está reservada"),
        ("de", "nein, lieber nicht", "ja, genau", "ist gebucht"),
        ("fr", "non, pas du tout", "oui, c'est ça", "C'est réservé"),
        ("it", "no, grazie", "sì, va bene", "è prenotato"),
        ("pt", "não, obrigado", "sim, pode ser", "Está reservado"),
        ("nl", "nee, liever niet", "ja, graag", "is geboekt"),
    ] {
        let mut call = call_in(language);
        let slot = call.calls(tuesday("15:30")).slots[0].slot.clone();
        call.tells("Anna Kovacs");
        call.calls(proposal(&slot, "Anna Kovacs"));
        assert_eq!((call.tells(no), call.confirmed().len()), (None, 0), "{language}");
        call.calls(proposal("", ""));
        let said = call.tells(yes).unwrap_or_else(|| panic!("{language}: the machine answers a yes"));
        assert!(said.contains(booked) && call.confirmed().len() == 1, "{language}: {said}");
    }
}

#[test]
fn somebody_cancels_in_french() {
    let mut call = call_in("fr");
    call.has_booked(0, 0, "2026-11-24T15:30", "Anna Kovacs", "+12125550177");
    call.tells("je voudrais annuler mon rendez-vous de mardi, c'est Anna Kovacs");
    let day = Some(Said { weekday: Some(WeekdaySaid::Tuesday), ..Said::default() });
    let find = FindBookings { name: Some("Anna Kovacs".into()), day, to: FindTo::Cancel };
    let found = call.calls(Tool::FindBookings(find));
    let booking = found.bookings.first().map_or_else(|| "b1".to_owned(), |shown| shown.booking.clone());
    let asked = call.calls(Tool::CancelBooking(CancelBooking { booking }));
    let said = format!("{} {}", found.say, asked.say);
    assert!(said.contains("le mardi 24 novembre à 15 h 30. Je l'annule ?"), "{said}");
    let done = call.tells("oui, annulez-le s'il vous plaît").expect("the machine cancels it");
    assert!(done.starts_with("Votre rendez-vous du mardi 24 novembre est annulé."), "{done}");
}

#[test]
fn when_the_model_is_gone_a_number_a_name_and_a_yes_are_still_understood() {
    let mut call = call_in("de");
    call.tells("einen Haarschnitt am Dienstag bitte");
    let slot = call.calls(tuesday("15:30")).slots[0].slot.clone();
    call.tells("Müller");
    let read_back = call.calls(proposal(&slot, "Müller")).say;
    assert!(read_back.contains("am Dienstag, den 24. November, um 15 Uhr 30, auf den Namen Müller"), "{read_back}");
    assert_eq!(call.tells("ja, und kann ich da parken"), None);
    let said = call.model_dies();
    assert!(said.contains("Entschuldigung") || said.contains("Soll ich ihn buchen?"), "{said}");
    let done = call.says("ja bitte");
    assert!(done.contains("Ihr Termin ist gebucht, Müller"), "{done}");
    assert!(call.says("nein danke, das war alles").contains("Auf Wiederhören"), "and goodbye");
}

#[test]
fn a_claim_that_is_withheld_is_replaced_in_the_callers_language() {
    let mut call = call_in("es");
    call.tells("quiero una cita el martes");
    let slot = call.calls(tuesday("15:30")).slots[0].slot.clone();
    call.tells("Ana García");
    call.calls(proposal(&slot, "Ana García"));
    for claim in [Claim::Booked, Claim::When, Claim::Price, Claim::Passed, Claim::Cancelled, Claim::Promise] {
        let said = call.instead_of(claim);
        for english in ["the", "you", "booked", "Shall", "afraid", "appointment"] {
            assert!(!said.split_whitespace().any(|word| word == english), "{claim:?}: {said}");
        }
    }
    assert!(call.instead_of(Claim::Booked).contains("Todavía no está reservada."), "and nothing is booked");
}

#[test]
fn an_emergency_is_one_in_every_language() {
    for (language, words) in
        [("es", "¡una ambulancia, por favor!"), ("de", "es ist ein Notfall"), ("nl", "bel een ambulance")]
    {
        let said = call_in(language).tells(words).expect("no model is asked");
        assert!(said.contains("9 1 1"), "{said}");
    }
}

#[test]
fn in_a_language_we_have_no_words_of_the_business_s_are_said() {
    let mut call = call_in("pl");
    let slot = call.calls(tuesday("15:30")).slots[0].slot.clone();
    call.tells("Anna Kovacs");
    let read_back = call.calls(proposal(&slot, "Anna Kovacs")).say;
    assert!(read_back.ends_with("for Anna Kovacs. Shall I book it?"), "{read_back}");
    assert_eq!((call.tells("tak, proszę"), call.confirmed().len()), (None, 0), "a yes we do not know is none");
    call.calls(proposal("", ""));
    assert!(call.presses('1').contains("You're booked"), "a key is one in every language");
}

#[test]
fn the_line_is_switched_before_anything_is_said_in_the_new_language() {
    let mut business = salon();
    business.voice.languages = vec!["es-US".into()];
    let mut call = Story::at(business, "2026-11-20T10:00", None);
    call.tells("hola");
    let tool = Tool::SpeakLanguage(SpeakLanguage { language: "es".into() });
    let effects = call.dialogue.act(tool, call.now).expect("it is one of the business's");
    let switch = effects.iter().position(|effect| *effect == Effect::Language("es-US".into()));
    let said = effects.iter().position(|effect| matches!(effect, Effect::Say(_)));
    assert!(switch.is_some() && said.is_none_or(|said| switch < Some(said)), "{effects:?}");
}
