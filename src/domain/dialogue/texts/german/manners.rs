//! Hello, goodbye, and what is said when something is wrong.

use jiff::Zoned;

use super::{German, asked::QUESTIONS, or, what};
use crate::domain::{
    booking::Booking,
    business::Business,
    call::Outcome,
    dialogue::{
        Asked, Task,
        texts::{
            Arranging, Manners, Question, ReadBack, Repair, Wish,
            pieces::{asked_among, capital, emergency_number, first, vary},
        },
    },
    time::speak::german as speak,
};

impl Manners for German {
    fn greeting(&self, business: &str) -> String {
        format!("Guten Tag, hier ist {business}. Wie kann ich Ihnen helfen?")
    }

    fn how_can_i_help(&self) -> Question {
        Question::new("Wie kann ich Ihnen helfen?")
    }

    fn hello(&self, name: &str) -> Question {
        Question::new("Wie kann ich Ihnen helfen?").after(format!("Guten Tag, {}.", first(name)))
    }

    fn anything_else(&self, turn: u16) -> Question {
        Question::new(vary(
            turn,
            &[
                "Kann ich sonst noch etwas für Sie tun?",
                "Haben Sie noch einen Wunsch?",
                "Darf es sonst noch etwas sein?",
            ],
        ))
    }

    fn goodbye(&self, outcome: Outcome) -> String {
        match outcome {
            Outcome::Booked | Outcome::Moved => "Wunderbar. Wir freuen uns auf Sie. Auf Wiederhören!".into(),
            _ => "Danke für Ihren Anruf. Auf Wiederhören!".into(),
        }
    }

    fn unfinished_goodbye(&self, task: Task) -> String {
        let left = if task == Task::Move { "Ihr Termin bleibt, wie er ist" } else { "es ist noch nichts gebucht" };
        format!("In Ordnung, {left}. Rufen Sie gern jederzeit wieder an. Auf Wiederhören!")
    }

    fn silent_goodbye(&self) -> String {
        "Ich höre Sie nicht mehr und lege jetzt auf. Rufen Sie gern jederzeit wieder an. Auf Wiederhören!".into()
    }

    fn are_you_there(&self) -> String {
        "Sind Sie noch da?".into()
    }

    fn still_there_again(&self) -> String {
        "Ich bin noch da.".into()
    }

    fn one_moment(&self) -> String {
        "Einen Moment bitte.".into()
    }

    fn hold_on(&self, turn: u16) -> String {
        vary(turn, &["Einen Moment bitte.", "Ich schaue kurz nach.", "Eine Sekunde."])
    }

    fn say_again(&self) -> String {
        "Entschuldigung, ich sage es noch einmal.".into()
    }

    fn cut_off(&self) -> String {
        "Entschuldigung, die Verbindung war kurz weg.".into()
    }

    fn too_long(&self) -> String {
        "Entschuldigung, das war viel auf einmal. Können Sie es etwas kürzer sagen?".into()
    }

    fn time_almost_up(&self) -> String {
        "Nur damit Sie es wissen: In zwei Minuten muss ich das Gespräch beenden.".into()
    }

    fn time_up(&self) -> String {
        "Es tut mir leid, ich muss das Gespräch hier beenden. Rufen Sie bitte wieder an, dann machen wir weiter. Auf \
         Wiederhören!"
            .into()
    }

    fn stopping(&self) -> String {
        "Es tut mir leid, ich muss das Gespräch hier beenden. Rufen Sie bitte in einer Minute wieder an. Auf Wiederhören!"
            .into()
    }

    fn failed(&self) -> String {
        "Es tut mir leid, bei mir ist etwas schiefgegangen. Rufen Sie bitte noch einmal an. Auf Wiederhören!".into()
    }

    fn emergency(&self, country: &str) -> String {
        format!("Wenn es ein Notfall ist, legen Sie bitte auf und wählen Sie sofort die {}.", emergency_number(country))
    }

    fn sensitive(&self) -> String {
        "Bitte nennen Sie mir keine Karten- oder Ausweisnummern. Ich brauche sie nicht und habe sie nicht behalten."
            .into()
    }

    fn system_down(&self) -> Question {
        Question::new("Soll ich stattdessen eine Nachricht aufnehmen?")
            .after("Es tut mir leid, ich komme gerade nicht an den Terminkalender.")
    }

    fn sorry(&self, turn: u16) -> String {
        vary(turn, &["Entschuldigung, das habe ich nicht verstanden.", "Entschuldigung, das habe ich nicht gehört."])
    }

    fn not_understood(&self, asked: Asked, repair: Repair, business: &Business) -> Question {
        match repair {
            Repair::Rephrased => rephrased(asked, business),
            Repair::AnotherWay => another_way(asked, business),
        }
    }

    fn way_out(&self, transfer: bool) -> Question {
        let asks = if transfer {
            "Soll ich Sie mit jemandem verbinden?"
        } else {
            "Soll ich eine Nachricht aufnehmen, damit Sie jemand zurückruft?"
        };
        Question::new(asks).after("Es tut mir leid, ich verstehe Sie leider schlecht.")
    }

    fn go_on(&self) -> String {
        "In Ordnung, versuchen wir es noch einmal.".into()
    }

    fn wrong_number(&self, business: &Business) -> String {
        format!("Das macht nichts, hier ist {}. Einen schönen Tag noch. Auf Wiederhören!", business.name)
    }

    fn be_kind(&self) -> String {
        "Ich verstehe, dass Sie verärgert sind. Ich helfe Ihnen gern, wenn wir freundlich bleiben.".into()
    }

    fn unkind_goodbye(&self) -> String {
        "Ich beende das Gespräch jetzt. Rufen Sie gern jederzeit wieder an. Auf Wiederhören!".into()
    }

    fn putting_through(&self) -> String {
        "Sehr gern. Einen Moment, ich verbinde Sie.".into()
    }

    fn nobody_free(&self) -> Question {
        Question::new("Was soll ich ausrichten?")
            .after("Gerade kann niemand ans Telefon kommen, aber ich richte gern etwas aus.")
    }

    fn what_message(&self) -> Question {
        Question::new("Was soll ich ausrichten?").after("Gern.")
    }

    fn note_taken(&self) -> String {
        "Danke, ich gebe das weiter.".into()
    }

    fn note_failed(&self) -> String {
        "Es tut mir leid, ich konnte Ihre Nachricht nicht speichern. Rufen Sie bitte etwas später noch einmal an."
            .into()
    }

    fn note_on(&self, business: &Business, booking: &Booking, starts: &Zoned, said: &ReadBack<'_>) -> String {
        let mut parts = Vec::new();
        parts.extend(said.party.map(|party| format!("{party} Personen")));
        parts.extend(said.email.map(|email| format!("E-Mail {}", email.as_str())));
        parts.extend(said.note.map(|note| format!("„{note}“")));
        let (what, when) = (capital(&what(business, booking.slot)), speak::written(starts));
        format!("{what}, {when}, {}: {}", booking.customer.name.as_str(), parts.join("; "))
    }

    fn late_note(&self, words: &str) -> String {
        format!("Kommt später: „{words}“")
    }

    fn cannot_say(&self) -> String {
        "Dabei kann ich Ihnen leider nicht helfen.".into()
    }

    fn nothing_passed_on_yet(&self) -> String {
        "Ich habe noch nichts weitergegeben.".into()
    }

    fn asked_for(&self, question: &str) -> Option<Asked> {
        asked_among(question, QUESTIONS)
    }
}

fn rephrased(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Entschuldigung, an welchem Tag und um wie viel Uhr möchten Sie kommen?"),
        Asked::Service => German
            .which_service_at(business, Wish::default(), &Zoned::default())
            .after("Entschuldigung, das habe ich nicht verstanden."),
        Asked::Staff => Question::new("Entschuldigung, zu wem möchten Sie kommen?"),
        Asked::Name | Asked::WhoseName => Question::new("Entschuldigung, sagen Sie mir bitte nur den Namen?"),
        Asked::Spelling => Question::new("Entschuldigung, buchstabieren Sie ihn bitte noch einmal?"),
        Asked::Phone => Question::new("Entschuldigung, sagen Sie mir die Nummer bitte Ziffer für Ziffer?"),
        Asked::WhichDay => Question::new("Entschuldigung, an welchem Tag ist der Termin?"),
        Asked::OfferMessage | Asked::OfferSoonest => Question::new("Entschuldigung, war das ein Ja oder ein Nein?"),
        Asked::Change => Question::new("Entschuldigung, was soll anders sein: die Zeit, die Leistung oder der Name?"),
        Asked::Message => Question::new("Entschuldigung, was soll ich ausrichten?"),
        Asked::AfterAll => Question::new("Entschuldigung, möchten Sie ihn verschieben oder absagen?"),
        Asked::Which | Asked::WhichTime | Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Entschuldigung, das habe ich nicht verstanden.")
        }
        Asked::Help | Asked::AnythingElse => {
            Question::new("Möchten Sie einen Termin buchen, verschieben oder absagen?")
                .after("Entschuldigung, das habe ich nicht verstanden.")
        }
    }
}

fn another_way(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Soll ich Ihnen einfach den nächsten freien Termin nennen?")
            .after("Ich habe die Zeit leider wieder nicht verstanden."),
        Asked::Service => by_keys(business),
        Asked::Staff => {
            let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
            Question::new("Zu wem möchten Sie, oder ist es Ihnen gleich?").after(format!("Bei uns sind {}.", super::and(&names)))
        }
        Asked::Name | Asked::WhoseName | Asked::Spelling => {
            Question::new("Können Sie ihn mir buchstabieren, Buchstabe für Buchstabe?")
                .after("Mit dem Namen habe ich leider Mühe.")
        }
        Asked::Phone => German.number_by_keys(),
        Asked::WhichDay => Question::new("An welchem Tag ist er?")
            .after("Ich habe den Tag leider wieder nicht verstanden. Sagen Sie zum Beispiel Dienstag, oder der 24."),
        Asked::Which | Asked::WhichTime => Question::default().after(
            "Entschuldigung, ich sage es noch einmal. Sie können auch die 1 für den ersten und die 2 für den zweiten drücken.",
        ),
        Asked::ReadBack | Asked::CancelIt => Question::default()
            .after("Entschuldigung. Sagen Sie einfach Ja oder Nein, oder drücken Sie die 1 für Ja und die 2 für Nein."),
        Asked::OfferMessage | Asked::OfferSoonest => {
            Question::new("Sagen Sie bitte Ja oder Nein, oder drücken Sie die 1 für Ja und die 2 für Nein?")
        }
        Asked::Change => Question::new(
            "Drücken Sie bitte die 1 für die Zeit, die 2 für die Leistung, die 3 für den Namen oder die 4 für die Nummer?",
        ),
        Asked::Message => Question::new("Was soll ich notieren?").after("Ich kann eine kurze Nachricht weitergeben."),
        Asked::AfterAll => Question::new("Soll ich ihn verschieben, absagen oder so lassen?"),
        Asked::Help | Asked::AnythingElse => Question::new("Was kann ich für Sie tun?").after(
            "Ich habe das leider wieder nicht verstanden. Sagen Sie zum Beispiel: Ich möchte einen Termin für morgen.",
        ),
    }
}

/// "Drücken Sie bitte die 1 für Haarschnitt oder die 2 für Farbe?"
fn by_keys(business: &Business) -> Question {
    let keys: Vec<String> = (1..)
        .zip(business.services.iter().take(9))
        .map(|(key, service)| format!("die {key} für {}", service.name))
        .collect();
    Question::new(format!("Drücken Sie bitte {}?", or(&keys)))
        .after("Es tut mir leid, ich habe das wieder nicht verstanden.")
}
