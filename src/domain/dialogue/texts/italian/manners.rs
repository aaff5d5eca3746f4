//! Hello, goodbye, and what is said when something is wrong.

use jiff::Zoned;

use super::{Italian, asked::QUESTIONS, or, what};
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
    time::speak::italian as speak,
};

impl Manners for Italian {
    fn greeting(&self, business: &str) -> String {
        format!("Grazie per aver chiamato {business}. Come posso aiutarla?")
    }

    fn how_can_i_help(&self) -> Question {
        Question::new("Come posso aiutarla?")
    }

    fn hello(&self, name: &str) -> Question {
        Question::new("Come posso aiutarla?").after(format!("Buongiorno {}.", first(name)))
    }

    fn anything_else(&self, turn: u16) -> Question {
        Question::new(vary(
            turn,
            &["Posso fare altro per lei?", "Desidera altro?", "C'è qualcos'altro che posso fare per lei?"],
        ))
    }

    fn goodbye(&self, outcome: Outcome) -> String {
        match outcome {
            Outcome::Booked | Outcome::Moved => "Perfetto. La aspettiamo. Arrivederci!".into(),
            _ => "Grazie della chiamata. Arrivederci!".into(),
        }
    }

    fn unfinished_goodbye(&self, task: Task) -> String {
        let left =
            if task == Task::Move { "il suo appuntamento resta com'è" } else { "non è ancora prenotato nulla" };
        format!("D'accordo, {left}. Ci richiami quando vuole. Arrivederci!")
    }

    fn silent_goodbye(&self) -> String {
        "Non la sento più, quindi riattacco. Ci richiami quando vuole. Arrivederci!".into()
    }

    fn are_you_there(&self) -> String {
        "È ancora in linea?".into()
    }

    fn still_there_again(&self) -> String {
        "Sono ancora qui.".into()
    }

    fn one_moment(&self) -> String {
        "Un attimo, per favore.".into()
    }

    fn hold_on(&self, turn: u16) -> String {
        vary(turn, &["Un attimo, per favore.", "Vediamo.", "Un secondo."])
    }

    fn say_again(&self) -> String {
        "Mi scusi, lo ripeto.".into()
    }

    fn cut_off(&self) -> String {
        "Mi scusi, è caduta la linea per un attimo.".into()
    }

    fn too_long(&self) -> String {
        "Mi scusi, era molto in una volta. Può dirlo in modo un po' più breve?".into()
    }

    fn time_almost_up(&self) -> String {
        "La avviso che tra due minuti devo chiudere la chiamata.".into()
    }

    fn time_up(&self) -> String {
        "Mi dispiace, devo chiudere qui la chiamata. Richiami e continuiamo. Arrivederci!".into()
    }

    fn stopping(&self) -> String {
        "Mi dispiace, devo chiudere qui la chiamata. Richiami tra un minuto, per favore. Arrivederci!".into()
    }

    fn failed(&self) -> String {
        "Mi dispiace, qualcosa non ha funzionato da parte mia. Richiami, per favore. Arrivederci!".into()
    }

    fn emergency(&self, country: &str) -> String {
        format!("Se è un'emergenza, riattacchi e chiami subito il {}.", emergency_number(country))
    }

    fn sensitive(&self) -> String {
        "Per favore, non mi dica numeri di carte o di documenti. Non mi servono e non li ho conservati.".into()
    }

    fn system_down(&self) -> Question {
        Question::new("Vuole lasciare un messaggio?").after("Mi dispiace, al momento non riesco a vedere l'agenda.")
    }

    fn sorry(&self, turn: u16) -> String {
        vary(turn, &["Mi scusi, non ho capito.", "Mi scusi, non ho sentito bene."])
    }

    fn not_understood(&self, asked: Asked, repair: Repair, business: &Business) -> Question {
        match repair {
            Repair::Rephrased => rephrased(asked, business),
            Repair::AnotherWay => another_way(asked, business),
        }
    }

    fn way_out(&self, transfer: bool) -> Question {
        let asks =
            if transfer { "Vuole che le passi qualcuno?" } else { "Vuole lasciare un messaggio, così la richiamano?" };
        Question::new(asks).after("Mi dispiace, faccio fatica a capirla.")
    }

    fn go_on(&self) -> String {
        "D'accordo, riproviamo.".into()
    }

    fn wrong_number(&self, business: &Business) -> String {
        format!("Nessun problema, qui è {}. Buona giornata. Arrivederci!", business.name)
    }

    fn be_kind(&self) -> String {
        "Capisco che sia contrariato. La aiuto volentieri se restiamo cordiali.".into()
    }

    fn unkind_goodbye(&self) -> String {
        "Chiudo qui la chiamata. Ci richiami quando vuole. Arrivederci!".into()
    }

    fn putting_through(&self) -> String {
        "Certo. Un attimo, le passo qualcuno.".into()
    }

    fn nobody_free(&self) -> Question {
        Question::new("Che cosa devo riferire?")
            .after("Al momento nessuno può venire al telefono, ma riferirò un messaggio.")
    }

    fn what_message(&self) -> Question {
        Question::new("Che cosa devo riferire?").after("Certo.")
    }

    fn note_taken(&self) -> String {
        "Grazie, lo riferisco.".into()
    }

    fn note_failed(&self) -> String {
        "Mi dispiace, non sono riuscita a salvare il suo messaggio. Richiami un po' più tardi, per favore.".into()
    }

    fn note_on(&self, business: &Business, booking: &Booking, starts: &Zoned, said: &ReadBack<'_>) -> String {
        let mut parts = Vec::new();
        parts.extend(said.party.map(|party| format!("{party} persone")));
        parts.extend(said.email.map(|email| format!("e-mail {}", email.as_str())));
        parts.extend(said.note.map(|note| format!("«{note}»")));
        let (what, when) = (capital(&what(business, booking.slot)), speak::written(starts));
        format!("{what}, {when}, {}: {}", booking.customer.name.as_str(), parts.join("; "))
    }

    fn late_note(&self, words: &str) -> String {
        format!("In ritardo: «{words}»")
    }

    fn cannot_say(&self) -> String {
        "Purtroppo in questo non posso aiutarla.".into()
    }

    fn nothing_passed_on_yet(&self) -> String {
        "Non ho ancora riferito nulla.".into()
    }

    fn asked_for(&self, question: &str) -> Option<Asked> {
        asked_among(question, QUESTIONS)
    }
}

fn rephrased(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Mi scusi, che giorno e a che ora vorrebbe venire?"),
        Asked::Service => {
            Italian.which_service_at(business, Wish::default(), &Zoned::default()).after("Mi scusi, non ho capito.")
        }
        Asked::Staff => Question::new("Mi scusi, con chi vorrebbe venire?"),
        Asked::Name | Asked::WhoseName => Question::new("Mi scusi, può dirmi solo il nome?"),
        Asked::Spelling => Question::new("Mi scusi, può dirlo ancora una volta lettera per lettera?"),
        Asked::Phone => Question::new("Mi scusi, può dirmi il numero cifra per cifra?"),
        Asked::WhichDay => Question::new("Mi scusi, che giorno è l'appuntamento?"),
        Asked::OfferMessage | Asked::OfferSoonest => Question::new("Mi scusi, era un sì o un no?"),
        Asked::Change => Question::new("Mi scusi, che cosa va cambiato: l'ora, il servizio o il nome?"),
        Asked::Message => Question::new("Mi scusi, che cosa devo riferire?"),
        Asked::AfterAll => Question::new("Mi scusi, vuole spostarlo o annullarlo?"),
        Asked::Which | Asked::WhichTime | Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Mi scusi, non ho capito.")
        }
        Asked::Help | Asked::AnythingElse => {
            Question::new("Vuole prenotare, spostare o annullare un appuntamento?").after("Mi scusi, non ho capito.")
        }
    }
}

fn another_way(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => {
            Question::new("Vuole che le dica il primo orario libero?").after("Purtroppo non ho ancora capito l'ora.")
        }
        Asked::Service => by_keys(business),
        Asked::Staff => {
            let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
            Question::new("Con chi vorrebbe venire, o le è indifferente?")
                .after(format!("Da noi ci sono {}.", super::and(&names)))
        }
        Asked::Name | Asked::WhoseName | Asked::Spelling => {
            Question::new("Può dirmelo lettera per lettera?").after("Faccio fatica con il nome.")
        }
        Asked::Phone => Italian.number_by_keys(),
        Asked::WhichDay => Question::new("Che giorno è?")
            .after("Purtroppo non ho ancora capito il giorno. Per esempio martedì, oppure il 24."),
        Asked::Which | Asked::WhichTime => {
            Question::default().after("Mi scusi, lo ripeto. Può anche premere 1 per il primo e 2 per il secondo.")
        }
        Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Mi scusi. Dica semplicemente sì o no, oppure prema 1 per sì e 2 per no.")
        }
        Asked::OfferMessage | Asked::OfferSoonest => {
            Question::new("Può dire sì o no, oppure premere 1 per sì e 2 per no?")
        }
        Asked::Change => Question::new("Può premere 1 per l'ora, 2 per il servizio, 3 per il nome o 4 per il numero?"),
        Asked::Message => Question::new("Che cosa devo annotare?").after("Posso riferire un breve messaggio."),
        Asked::AfterAll => Question::new("Lo sposto, lo annullo o lo lascio com'è?"),
        Asked::Help | Asked::AnythingElse => Question::new("Che cosa posso fare per lei?").after(
            "Purtroppo non ho ancora capito. Può dire, per esempio: vorrei prenotare un appuntamento per domani.",
        ),
    }
}

/// "Può premere 1 per taglio o 2 per colore?"
fn by_keys(business: &Business) -> Question {
    let keys: Vec<String> = (1..)
        .zip(business.services.iter().take(9))
        .map(|(key, service)| format!("{key} per {}", lower(&service.name)))
        .collect();
    Question::new(format!("Può premere {}?", or(&keys))).after("Mi dispiace, non ho ancora capito.")
}
