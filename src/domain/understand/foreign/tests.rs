//! Answers in other languages: a yes that is none costs an appointment, so there must be none in these.

use super::*;
use crate::testing::salon;

const ANSWERS: [(&str, &str); 6] = [
    ("es", include_str!("answers/spanish.txt")),
    ("de", include_str!("answers/german.txt")),
    ("fr", include_str!("answers/french.txt")),
    ("it", include_str!("answers/italian.txt")),
    ("pt", include_str!("answers/portuguese.txt")),
    ("nl", include_str!("answers/dutch.txt")),
];

fn read(language: &str, text: &str, expecting: Expecting) -> Meaning {
    understand(of(language).expect("another language than English"), text, &salon(), expecting)
}

#[test]
fn answers_are_what_their_speakers_mean_by_them() {
    let mut wrong = Vec::new();
    for (language, answers) in ANSWERS {
        assert!(answers.lines().count() >= 60, "{language}");
        for line in answers.lines() {
            let (meant, text) = line.split_once(": ").expect("an answer and what it means");
            let answer = read(language, text, Expecting::YesNo).answer;
            let right = match meant {
                "yes" => answer == Some(Answer::Yes),
                "no" => answer == Some(Answer::No),
                _ => answer != Some(Answer::Yes),
            };
            if !right {
                wrong.push(format!("{language}: {line}: {answer:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_word_more_that_is_not_known_makes_no_yes() {
    for (language, answers) in ANSWERS {
        for text in answers.lines().filter_map(|line| line.strip_prefix("yes: ")) {
            for more in ["James", "xyz", "10:30", "?"] {
                let text = format!("{text} {more}");
                assert_ne!(read(language, &text, Expecting::YesNo).answer, Some(Answer::Yes), "{language}: {text}");
            }
        }
    }
}

#[test]
fn a_yes_to_cancelling_is_one_to_that_alone() {
    for (language, text) in [
        ("es", "sí, cancélela por favor"),
        ("de", "ja, sagen Sie den Termin bitte ab"),
        ("fr", "oui, annulez-le"),
        ("it", "sì, lo cancelli"),
        ("pt", "sim, pode cancelar"),
        ("nl", "ja, annuleer hem"),
    ] {
        let meaning = read(language, text, Expecting::YesNo);
        assert_eq!((meaning.answer, meaning.intents), (Some(Answer::Yes), vec![Intent::Cancel]), "{text}");
    }
    // What else is cancelled is not known.
    assert_eq!(read("es", "cancele la del jueves", Expecting::YesNo).intents, []);
    assert_eq!(read("es", "no la cancele", Expecting::YesNo).answer, Some(Answer::No));
}

#[test]
fn a_language_without_words_of_its_own_has_english_ones_and_no_grammar() {
    let meaning = read("pl-PL", "yes, tomorrow at three", Expecting::YesNo);
    assert_eq!((meaning.answer, meaning.when), (None, None));
    assert_eq!(read("pl", "Okay, thank you", Expecting::YesNo).answer, Some(Answer::Yes));
    assert_eq!(read("pl", "nie", Expecting::YesNo).answer, None);
    assert!(of("en-GB").is_none() && of("").is_none(), "English has its grammar");
}

#[test]
fn no_english_is_read_into_another_language() {
    // "once" is eleven, "am" and "may" are German and nothing of the clock, "Will" is a verb.
    for (language, text) in [
        ("es", "el martes a las once"),
        ("de", "am Dienstag um drei, ich will zu Maria"),
        ("fr", "pour mardi a trois heures"),
    ] {
        let meaning = read(language, text, Expecting::Anything);
        assert_eq!(Meaning { text: text.to_owned(), ..Meaning::default() }, meaning, "{text}");
    }
}

#[test]
fn a_number_is_its_digits_in_every_language() {
    for (language, text) in [
        ("es", "mi número es el 212 555 0187"),
        ("es", "dos uno dos, cinco cinco cinco, cero uno ocho siete"),
        ("de", "zwei eins zwei fünf fünf fünf null eins acht sieben"),
        ("fr", "c'est le 212, 555, 0187"),
        ("it", "due uno due cinque cinque cinque zero uno otto sette"),
        ("pt", "dois um dois cinco cinco cinco zero um oito sete"),
        ("nl", "twee een twee vijf vijf vijf nul een acht zeven"),
    ] {
        let phone = read(language, text, Expecting::Phone).phone;
        assert_eq!(phone, Some(SpokenNumber::Whole("+12125550187".parse().expect("a number"))), "{text}");
    }
    assert_eq!(read("es", "este mismo número, por favor", Expecting::Phone).phone, Some(SpokenNumber::ThisOne));
    assert_eq!(read("de", "unter dieser Nummer", Expecting::Phone).phone, Some(SpokenNumber::ThisOne));
    assert_eq!(read("fr", "non merci", Expecting::Phone).answer, Some(Answer::No));
    // A time and a date are none, where no number was asked for.
    for text in ["a las 15 30", "el 24 11 2026", "2026-11-24", "somos 4"] {
        assert_eq!(read("es", text, Expecting::When).phone, None, "{text}");
    }
    assert!(read("es", "mi tarjeta es 4111 1111 1111 1111", Expecting::Anything).intents.contains(&Intent::Sensitive));
}

#[test]
fn a_name_that_was_asked_for_is_what_is_left_of_the_words() {
    for (language, text, name) in [
        ("es", "Ana García", "Ana García"),
        ("es", "Me llamo Ana García Lorca.", "Ana García Lorca"),
        ("es", "eh, soy ana, gracias", "Ana"),
        ("es", "a nombre de José Núñez, por favor", "José Núñez"),
        ("de", "Ich heiße Jürgen Müller.", "Jürgen Müller"),
        ("de", "Ja, hier ist Anna Schmidt", "Anna Schmidt"),
        ("fr", "Je m’appelle Hélène Dupont", "Hélène Dupont"),
        ("fr", "c'est au nom de Martin", "Martin"),
        ("it", "mi chiamo Chiara D'Angelo", "Chiara D'Angelo"),
        ("pt", "o meu nome é João Souza", "João Souza"),
        ("nl", "u spreekt met Jan de Vries", "Jan de Vries"),
        ("es", "G, A, R, C, I, A", "Garcia"),
    ] {
        assert_eq!(read(language, text, Expecting::Name).name.as_deref(), Some(name), "{text}");
    }
    for (language, text) in [
        ("es", "no"),
        ("es", "¿para qué lo necesita?"),
        ("es", "quiero una cita para el martes por la tarde"),
        ("de", "wie bitte?"),
        ("fr", "je ne sais pas"),
        ("es", "212 555 0187"),
        ("es", ""),
    ] {
        assert_eq!(read(language, text, Expecting::Name).name, None, "{text}");
    }
    assert_eq!(read("es", "Ana García", Expecting::Anything).name, None, "only where it was asked for");
}

#[test]
fn what_must_not_be_missed_is_found_in_every_language() {
    for (language, text, intent) in [
        ("es", "¡llame a una ambulancia!", Intent::Emergency),
        ("de", "Hilfe, meine Mutter hat einen Herzinfarkt", Intent::Emergency),
        ("fr", "il faut une ambulance, vite", Intent::Emergency),
        ("it", "è un'emergenza", Intent::Emergency),
        ("pt", "é uma emergência", Intent::Emergency),
        ("nl", "bel een ambulance", Intent::Emergency),
        ("es", "¿puede repetir?", Intent::Repeat),
        ("de", "Wie bitte?", Intent::Repeat),
        ("fr", "pardon ?", Intent::Repeat),
        ("it", "come scusi?", Intent::Repeat),
        ("pt", "pode repetir, por favor?", Intent::Repeat),
        ("nl", "wat zegt u?", Intent::Repeat),
        ("es", "no, eso es todo, gracias", Intent::Goodbye),
        ("de", "nein danke, das war alles, tschüss", Intent::Goodbye),
        ("fr", "non merci, c'est tout, au revoir", Intent::Goodbye),
        ("it", "no grazie, basta così, arrivederci", Intent::Goodbye),
        ("pt", "não, é só isso, tchau", Intent::Goodbye),
        ("nl", "nee, dat was het, tot ziens", Intent::Goodbye),
        ("es", "quiero hablar con una persona", Intent::Person),
        ("de", "können Sie mich verbinden", Intent::Person),
        ("fr", "je voudrais parler à quelqu'un", Intent::Person),
        ("es", "déjelo", Intent::NeverMind),
        ("es", "quisiera dejar un mensaje", Intent::LeaveMessage),
    ] {
        let meaning = read(language, text, Expecting::Anything);
        assert!(meaning.intents.contains(&intent), "{language}: {text}: {:?}", meaning.intents);
        assert_ne!(meaning.answer, Some(Answer::Yes), "{text}");
    }
    // A message is its words, and still an emergency is one.
    let message = read("es", "llámeme, que es una emergencia", Expecting::Message);
    assert_eq!((message.intents, message.text.len()), (vec![Intent::Emergency], 31));
    assert_eq!(read("es", "no puedo ir mañana, sí, adiós", Expecting::Message).answer, None);
}

#[test]
fn one_of_what_was_offered_is_taken_by_its_place() {
    for (language, text, choice) in [
        ("es", "la primera, por favor", Choice::Nth(0)),
        ("de", "den zweiten bitte", Choice::Nth(1)),
        ("fr", "le deuxième, merci", Choice::Nth(1)),
        ("it", "la prima", Choice::Nth(0)),
        ("pt", "a segunda", Choice::Nth(1)),
        ("nl", "de laatste", Choice::Last),
        ("es", "sí, el segundo", Choice::Nth(1)),
        ("es", "más tarde", Choice::Later),
        ("de", "egal", Choice::Any),
        ("fr", "aucun des deux", Choice::Neither),
    ] {
        assert_eq!(read(language, text, Expecting::Choice(2)).choice, Some(choice), "{text}");
        assert_eq!(read(language, text, Expecting::YesNo).choice, None, "{text}");
    }
    assert_eq!(read("es", "la tercera", Expecting::Choice(2)).choice, None);
    assert_eq!(read("es", "la primera o la segunda", Expecting::Choice(2)).choice, None);
}

#[test]
fn an_address_on_the_net_is_read_as_it_is_written() {
    let email = read("es", "mi correo es ana.garcia@example.com", Expecting::Anything).email;
    assert_eq!(email.expect("an address").address.as_str(), "ana.garcia@example.com");
}

#[test]
fn no_words_are_too_strange() {
    for text in ["", " ", "¿¿??", "'''", "👍", "\u{301}", "ß'", "+", "++49", "'ja'", &"sí ".repeat(700)] {
        for (language, _) in ANSWERS {
            for expecting in [Expecting::Anything, Expecting::Name, Expecting::Phone, Expecting::Choice(3)] {
                let _ = read(language, text, expecting);
            }
        }
    }
}
