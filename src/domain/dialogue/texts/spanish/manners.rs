//! Hello, goodbye, and what is said when something is wrong.

use jiff::Zoned;

use super::{Spanish, asked::QUESTIONS, or, what};
use crate::domain::{
    booking::Booking,
    business::Business,
    call::Outcome,
    dialogue::{
        Asked, Task,
        texts::{
            Arranging, Manners, Question, ReadBack, Repair,
            pieces::{asked_among, emergency_number, first, lower, vary},
        },
    },
    time::speak::spanish as speak,
};

impl Manners for Spanish {
    fn greeting(&self, business: &str) -> String {
        format!("Gracias por llamar a {business}. ¿En qué puedo ayudarle?")
    }

    fn how_can_i_help(&self) -> Question {
        Question::new("¿En qué puedo ayudarle?")
    }

    fn hello(&self, name: &str) -> Question {
        Question::new("¿En qué puedo ayudarle?").after(format!("Hola, {}.", first(name)))
    }

    fn anything_else(&self, turn: u16) -> Question {
        Question::new(vary(
            turn,
            &["¿Puedo ayudarle en algo más?", "¿Desea algo más?", "¿Hay algo más que pueda hacer por usted?"],
        ))
    }

    fn goodbye(&self, outcome: Outcome) -> String {
        match outcome {
            Outcome::Booked | Outcome::Moved => "Estupendo. Le esperamos. ¡Hasta pronto!".into(),
            _ => "Gracias por llamar. ¡Hasta luego!".into(),
        }
    }

    fn unfinished_goodbye(&self, task: Task) -> String {
        let left = if task == Task::Move { "su cita se queda como está" } else { "todavía no hay nada reservado" };
        format!("De acuerdo, {left}. Llámenos cuando quiera. ¡Hasta luego!")
    }

    fn silent_goodbye(&self) -> String {
        "Ya no le oigo, así que voy a colgar. Llámenos cuando quiera. ¡Hasta luego!".into()
    }

    fn are_you_there(&self) -> String {
        "¿Sigue usted ahí?".into()
    }

    fn still_there_again(&self) -> String {
        "Sigo aquí.".into()
    }

    fn one_moment(&self) -> String {
        "Un momento, por favor.".into()
    }

    fn hold_on(&self, turn: u16) -> String {
        vary(turn, &["Un momento, por favor.", "Déjeme ver.", "Un segundo."])
    }

    fn say_again(&self) -> String {
        "Perdone, se lo digo otra vez.".into()
    }

    fn cut_off(&self) -> String {
        "Perdone, se ha cortado un instante.".into()
    }

    fn too_long(&self) -> String {
        "Perdone, ha sido mucho de una vez. ¿Me lo puede decir un poco más corto?".into()
    }

    fn time_almost_up(&self) -> String {
        "Le aviso de que tengo que terminar la llamada en dos minutos.".into()
    }

    fn time_up(&self) -> String {
        "Lo siento, tengo que terminar aquí la llamada. Vuelva a llamar y seguimos. ¡Hasta luego!".into()
    }

    fn stopping(&self) -> String {
        "Lo siento, tengo que terminar aquí la llamada. Vuelva a llamar en un minuto, por favor. ¡Hasta luego!".into()
    }

    fn failed(&self) -> String {
        "Lo siento, algo ha fallado por mi parte. Vuelva a llamar, por favor. ¡Hasta luego!".into()
    }

    fn emergency(&self, country: &str) -> String {
        format!("Si es una emergencia, cuelgue y llame ahora mismo al {}.", emergency_number(country))
    }

    fn sensitive(&self) -> String {
        "Por favor, no me diga números de tarjetas ni de documentos. No los necesito y no los he guardado.".into()
    }

    fn system_down(&self) -> Question {
        Question::new("¿Quiere que tome un recado?").after("Lo siento, ahora mismo no puedo ver la agenda.")
    }

    fn sorry(&self, turn: u16) -> String {
        vary(turn, &["Perdone, no le he entendido.", "Disculpe, no le he oído bien."])
    }

    fn not_understood(&self, asked: Asked, repair: Repair, business: &Business) -> Question {
        match repair {
            Repair::Rephrased => rephrased(asked, business),
            Repair::AnotherWay => another_way(asked, business),
        }
    }

    fn way_out(&self, transfer: bool) -> Question {
        let asks = if transfer {
            "¿Quiere que le pase con una persona?"
        } else {
            "¿Quiere que tome un recado para que le devuelvan la llamada?"
        };
        Question::new(asks).after("Lo siento, me cuesta entenderle.")
    }

    fn go_on(&self) -> String {
        "De acuerdo, probemos otra vez.".into()
    }

    fn wrong_number(&self, business: &Business) -> String {
        format!("No pasa nada, está llamando a {}. Que tenga un buen día. ¡Hasta luego!", business.name)
    }

    fn be_kind(&self) -> String {
        "Entiendo su enfado. Con gusto le ayudo si hablamos con calma.".into()
    }

    fn unkind_goodbye(&self) -> String {
        "Voy a terminar aquí la llamada. Llámenos cuando quiera. ¡Hasta luego!".into()
    }

    fn putting_through(&self) -> String {
        "Por supuesto. Un momento, le paso.".into()
    }

    fn nobody_free(&self) -> Question {
        Question::new("¿Qué quiere que les diga?")
            .after("Ahora mismo nadie puede ponerse al teléfono, pero les paso su recado.")
    }

    fn what_message(&self) -> Question {
        Question::new("¿Qué quiere que les diga?").after("Claro.")
    }

    fn note_taken(&self) -> String {
        "Gracias, les paso el recado.".into()
    }

    fn note_failed(&self) -> String {
        "Lo siento, no he podido guardar su recado. Llame un poco más tarde, por favor.".into()
    }

    fn note_on(&self, business: &Business, booking: &Booking, starts: &Zoned, said: &ReadBack<'_>) -> String {
        let mut parts = Vec::new();
        parts.extend(said.party.map(|party| format!("para {party} personas")));
        parts.extend(said.email.map(|email| format!("correo {}", email.as_str())));
        parts.extend(said.note.map(|note| format!("«{note}»")));
        let (what, when) = (what(business, booking.slot), speak::written(starts));
        format!("Sobre {what}, {when}, {}: {}", booking.customer.name.as_str(), parts.join("; "))
    }

    fn late_note(&self, words: &str) -> String {
        format!("Llega tarde: «{words}»")
    }

    fn cannot_say(&self) -> String {
        "Lo siento, en eso no le puedo ayudar.".into()
    }

    fn nothing_passed_on_yet(&self) -> String {
        "Todavía no he pasado ningún recado.".into()
    }

    fn asked_for(&self, question: &str) -> Option<Asked> {
        asked_among(question, QUESTIONS)
    }
}

fn rephrased(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Perdone, ¿qué día y a qué hora le gustaría?"),
        Asked::Service => Spanish
            .which_service_at(business, super::Wish::default(), &Zoned::default())
            .after("Perdone, no le he entendido."),
        Asked::Staff => Question::new("Perdone, ¿con quién le gustaría?"),
        Asked::Name | Asked::WhoseName => Question::new("Perdone, ¿me puede decir solo el nombre?"),
        Asked::Spelling => Question::new("Perdone, ¿me lo deletrea otra vez, letra por letra?"),
        Asked::Phone => Question::new("Perdone, ¿me dice el número cifra por cifra?"),
        Asked::WhichDay => Question::new("Perdone, ¿qué día es la cita?"),
        Asked::OfferMessage | Asked::OfferSoonest => Question::new("Perdone, ¿ha dicho que sí o que no?"),
        Asked::Change => Question::new("Perdone, ¿qué quiere cambiar: la hora, el servicio o el nombre?"),
        Asked::Message => Question::new("Perdone, ¿qué quiere que les diga?"),
        Asked::AfterAll => Question::new("Perdone, ¿quiere cambiarla o cancelarla?"),
        Asked::Which | Asked::WhichTime | Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Perdone, no le he entendido.")
        }
        Asked::Help | Asked::AnythingElse => {
            Question::new("¿Quiere reservar, cambiar o cancelar una cita?").after("Perdone, no le he entendido.")
        }
    }
}

fn another_way(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("¿Le digo la próxima hora libre?").after("Sigo sin entender la hora."),
        Asked::Service => by_keys(business),
        Asked::Staff => {
            let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
            Question::new("¿Con quién le gustaría, o le da igual?")
                .after(format!("Puede elegir entre {}.", super::and(&names)))
        }
        Asked::Name | Asked::WhoseName | Asked::Spelling => {
            Question::new("¿Me lo puede deletrear, letra por letra?").after("Me cuesta entender el nombre.")
        }
        Asked::Phone => Spanish.number_by_keys(),
        Asked::WhichDay => {
            Question::new("¿Qué día es?").after("Sigo sin entender el día. Por ejemplo, el martes, o el día 24.")
        }
        Asked::Which | Asked::WhichTime => Question::default()
            .after("Lo siento, se lo digo otra vez. También puede pulsar 1 para la primera y 2 para la segunda."),
        Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Lo siento. Diga simplemente sí o no, o pulse 1 para sí y 2 para no.")
        }
        Asked::OfferMessage | Asked::OfferSoonest => {
            Question::new("¿Puede decir sí o no, o pulsar 1 para sí y 2 para no?")
        }
        Asked::Change => {
            Question::new("¿Puede pulsar 1 para la hora, 2 para el servicio, 3 para el nombre o 4 para el número?")
        }
        Asked::Message => Question::new("¿Qué quiere que apunte?").after("Puedo pasarles un recado corto."),
        Asked::AfterAll => Question::new("¿La cambio, la cancelo o la dejo como está?"),
        Asked::Help | Asked::AnythingElse => Question::new("¿Qué puedo hacer por usted?")
            .after("Sigo sin entenderle. Puede decir, por ejemplo: quiero reservar una cita para mañana."),
    }
}

/// "¿Puede pulsar 1 para corte o 2 para color?"
fn by_keys(business: &Business) -> Question {
    let keys: Vec<String> = (1..)
        .zip(business.services.iter().take(9))
        .map(|(key, service)| format!("{key} para {}", lower(&service.name)))
        .collect();
    Question::new(format!("¿Puede pulsar {}?", or(&keys))).after("Lo siento, sigo sin entenderle.")
}
