//! Hello, goodbye, and what is said when something is wrong.

use jiff::Zoned;

use super::{Dutch, asked::QUESTIONS, or, what};
use crate::domain::{
    booking::Booking,
    business::Business,
    call::Outcome,
    dialogue::{
        Asked, Task,
        texts::{
            Arranging, Manners, Question, ReadBack, Repair, Wish,
            pieces::{asked_among, capital, emergency_number, first, lower, vary},
        },
    },
    time::speak::dutch as speak,
};

impl Manners for Dutch {
    fn greeting(&self, business: &str) -> String {
        format!("Goedendag, u spreekt met {business}. Waarmee kan ik u helpen?")
    }

    fn how_can_i_help(&self) -> Question {
        Question::new("Waarmee kan ik u helpen?")
    }

    fn hello(&self, name: &str) -> Question {
        Question::new("Waarmee kan ik u helpen?").after(format!("Dag {}.", first(name)))
    }

    fn anything_else(&self, turn: u16) -> Question {
        Question::new(vary(
            turn,
            &["Kan ik verder nog iets voor u doen?", "Wilt u verder nog iets?", "Is er nog iets dat ik kan doen?"],
        ))
    }

    fn goodbye(&self, outcome: Outcome) -> String {
        match outcome {
            Outcome::Booked | Outcome::Moved => "Heel fijn. We zien u graag. Tot ziens!".into(),
            _ => "Bedankt voor het bellen. Tot ziens!".into(),
        }
    }

    fn unfinished_goodbye(&self, task: Task) -> String {
        let left = if task == Task::Move { "uw afspraak blijft zoals die is" } else { "er is nog niets geboekt" };
        format!("In orde, {left}. Bel gerust weer. Tot ziens!")
    }

    fn silent_goodbye(&self) -> String {
        "Ik hoor u niet meer, dus ik hang nu op. Bel gerust weer. Tot ziens!".into()
    }

    fn are_you_there(&self) -> String {
        "Bent u er nog?".into()
    }

    fn still_there_again(&self) -> String {
        "Ik ben er nog.".into()
    }

    fn one_moment(&self) -> String {
        "Een moment alstublieft.".into()
    }

    fn hold_on(&self, turn: u16) -> String {
        vary(turn, &["Een moment alstublieft.", "Ik kijk even.", "Een seconde."])
    }

    fn say_again(&self) -> String {
        "Excuses, ik zeg het nog een keer.".into()
    }

    fn cut_off(&self) -> String {
        "Excuses, de verbinding was even weg.".into()
    }

    fn too_long(&self) -> String {
        "Excuses, dat was veel ineens. Kunt u het iets korter zeggen?".into()
    }

    fn time_almost_up(&self) -> String {
        "Ter informatie: over twee minuten moet ik het gesprek beëindigen.".into()
    }

    fn time_up(&self) -> String {
        "Het spijt me, ik moet het gesprek hier beëindigen. Bel weer, dan gaan we verder. Tot ziens!".into()
    }

    fn stopping(&self) -> String {
        "Het spijt me, ik moet het gesprek hier beëindigen. Belt u over een minuut weer. Tot ziens!".into()
    }

    fn failed(&self) -> String {
        "Het spijt me, er ging iets mis aan mijn kant. Belt u alstublieft nog een keer. Tot ziens!".into()
    }

    fn emergency(&self, country: &str) -> String {
        format!("Als dit een noodgeval is, hang dan op en bel meteen {}.", emergency_number(country))
    }

    fn sensitive(&self) -> String {
        "Noem me alstublieft geen kaartnummers of nummers van documenten. Ik heb ze niet nodig en heb ze niet bewaard."
            .into()
    }

    fn system_down(&self) -> Question {
        Question::new("Zal ik een boodschap aannemen?").after("Het spijt me, ik kan nu niet bij de agenda.")
    }

    fn sorry(&self, turn: u16) -> String {
        vary(turn, &["Excuses, dat heb ik niet begrepen.", "Excuses, dat heb ik niet goed gehoord."])
    }

    fn not_understood(&self, asked: Asked, repair: Repair, business: &Business) -> Question {
        match repair {
            Repair::Rephrased => rephrased(asked, business),
            Repair::AnotherWay => another_way(asked, business),
        }
    }

    fn way_out(&self, transfer: bool) -> Question {
        let asks = if transfer {
            "Zal ik u met iemand doorverbinden?"
        } else {
            "Zal ik een boodschap aannemen, zodat iemand u terugbelt?"
        };
        Question::new(asks).after("Het spijt me, ik begrijp u niet goed.")
    }

    fn go_on(&self) -> String {
        "In orde, we proberen het nog een keer.".into()
    }

    fn wrong_number(&self, business: &Business) -> String {
        format!("Geen probleem, u spreekt met {}. Een fijne dag nog. Tot ziens!", business.name)
    }

    fn be_kind(&self) -> String {
        "Ik begrijp dat u boos bent. Ik help u graag als we vriendelijk blijven.".into()
    }

    fn unkind_goodbye(&self) -> String {
        "Ik beëindig het gesprek nu. Bel gerust weer. Tot ziens!".into()
    }

    fn putting_through(&self) -> String {
        "Natuurlijk. Een moment, ik verbind u door.".into()
    }

    fn nobody_free(&self) -> Question {
        Question::new("Wat moet ik doorgeven?")
            .after("Er kan nu niemand aan de telefoon komen, maar ik geef graag iets door.")
    }

    fn what_message(&self) -> Question {
        Question::new("Wat moet ik doorgeven?").after("Natuurlijk.")
    }

    fn note_taken(&self) -> String {
        "Dank u, ik geef het door.".into()
    }

    fn note_failed(&self) -> String {
        "Het spijt me, ik kon uw boodschap niet opslaan. Belt u alstublieft iets later nog een keer.".into()
    }

    fn note_on(&self, business: &Business, booking: &Booking, starts: &Zoned, said: &ReadBack<'_>) -> String {
        let mut parts = Vec::new();
        parts.extend(said.party.map(|party| format!("{party} personen")));
        parts.extend(said.email.map(|email| format!("e-mail {}", email.as_str())));
        parts.extend(said.note.map(|note| format!("“{note}”")));
        let (what, when) = (capital(&what(business, booking.slot)), speak::written(starts));
        format!("{what}, {when}, {}: {}", booking.customer.name.as_str(), parts.join("; "))
    }

    fn late_note(&self, words: &str) -> String {
        format!("Komt later: “{words}”")
    }

    fn cannot_say(&self) -> String {
        "Daar kan ik u helaas niet mee helpen.".into()
    }

    fn nothing_passed_on_yet(&self) -> String {
        "Ik heb nog niets doorgegeven.".into()
    }

    fn asked_for(&self, question: &str) -> Option<Asked> {
        asked_among(question, QUESTIONS)
    }
}

fn rephrased(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Excuses, op welke dag en hoe laat wilt u komen?"),
        Asked::Service => Dutch
            .which_service_at(business, Wish::default(), &Zoned::default())
            .after("Excuses, dat heb ik niet begrepen."),
        Asked::Staff => Question::new("Excuses, bij wie wilt u komen?"),
        Asked::Name | Asked::WhoseName => Question::new("Excuses, kunt u alleen de naam zeggen?"),
        Asked::Spelling => Question::new("Excuses, kunt u het nog een keer spellen, letter voor letter?"),
        Asked::Phone => Question::new("Excuses, kunt u het nummer cijfer voor cijfer zeggen?"),
        Asked::WhichDay => Question::new("Excuses, op welke dag is de afspraak?"),
        Asked::OfferMessage | Asked::OfferSoonest => Question::new("Excuses, was dat ja of nee?"),
        Asked::Change => Question::new("Excuses, wat moet er anders: de tijd, de behandeling of de naam?"),
        Asked::Message => Question::new("Excuses, wat moet ik doorgeven?"),
        Asked::AfterAll => Question::new("Excuses, wilt u de afspraak verzetten of annuleren?"),
        Asked::Which | Asked::WhichTime | Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Excuses, dat heb ik niet begrepen.")
        }
        Asked::Help | Asked::AnythingElse => Question::new("Wilt u een afspraak maken, verzetten of annuleren?")
            .after("Excuses, dat heb ik niet begrepen."),
    }
}

fn another_way(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => {
            Question::new("Zal ik u de eerste vrije tijd noemen?").after("Ik heb de tijd helaas nog niet begrepen.")
        }
        Asked::Service => by_keys(business),
        Asked::Staff => {
            let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
            Question::new("Bij wie wilt u komen, of maakt het u niet uit?")
                .after(format!("Bij ons werken {}.", super::and(&names)))
        }
        Asked::Name | Asked::WhoseName | Asked::Spelling => {
            Question::new("Kunt u die voor me spellen, letter voor letter?").after("Ik heb moeite met de naam.")
        }
        Asked::Phone => Dutch.number_by_keys(),
        Asked::WhichDay => Question::new("Op welke dag is die?")
            .after("Ik heb de dag helaas nog niet begrepen. Bijvoorbeeld dinsdag, of de 24e."),
        Asked::Which | Asked::WhichTime => Question::default()
            .after("Excuses, ik zeg het nog een keer. U kunt ook op 1 drukken voor de eerste en op 2 voor de tweede."),
        Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Excuses. Zeg gewoon ja of nee, of druk op 1 voor ja en op 2 voor nee.")
        }
        Asked::OfferMessage | Asked::OfferSoonest => {
            Question::new("Kunt u ja of nee zeggen, of op 1 drukken voor ja en op 2 voor nee?")
        }
        Asked::Change => Question::new(
            "Kunt u op 1 drukken voor de tijd, 2 voor de behandeling, 3 voor de naam of 4 voor het nummer?",
        ),
        Asked::Message => Question::new("Wat moet ik noteren?").after("Ik kan een korte boodschap doorgeven."),
        Asked::AfterAll => Question::new("Zal ik hem verzetten, annuleren of zo laten?"),
        Asked::Help | Asked::AnythingElse => Question::new("Wat kan ik voor u doen?")
            .after("Ik heb dat helaas nog niet begrepen. Zeg bijvoorbeeld: ik wil een afspraak voor morgen."),
    }
}

/// "Kunt u op 1 drukken voor knippen of 2 voor kleuren?"
fn by_keys(business: &Business) -> Question {
    let keys: Vec<String> = (1..)
        .zip(business.services.iter().take(9))
        .map(|(key, service)| format!("{key} voor {}", lower(&service.name)))
        .collect();
    Question::new(format!("Kunt u kiezen met de toetsen: {}?", or(&keys)))
        .after("Het spijt me, ik heb het nog niet begrepen.")
}
