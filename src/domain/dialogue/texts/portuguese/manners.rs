//! Hello, goodbye, and what is said when something is wrong.

use jiff::Zoned;

use super::{Portuguese, asked::QUESTIONS, or, what};
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
    time::speak::portuguese as speak,
};

impl Manners for Portuguese {
    fn greeting(&self, business: &str) -> String {
        format!("Obrigado por ligar para {business}. Em que posso ajudar?")
    }

    fn how_can_i_help(&self) -> Question {
        Question::new("Em que posso ajudar?")
    }

    fn hello(&self, name: &str) -> Question {
        Question::new("Em que posso ajudar?").after(format!("Olá, {}.", first(name)))
    }

    fn anything_else(&self, turn: u16) -> Question {
        Question::new(vary(
            turn,
            &["Posso ajudar em mais alguma coisa?", "Deseja mais alguma coisa?", "Há algo mais que eu possa fazer?"],
        ))
    }

    fn goodbye(&self, outcome: Outcome) -> String {
        match outcome {
            Outcome::Booked | Outcome::Moved => "Ótimo. Ficamos à sua espera. Até breve!".into(),
            _ => "Obrigado por ligar. Até logo!".into(),
        }
    }

    fn unfinished_goodbye(&self, task: Task) -> String {
        let left = if task == Task::Move { "a sua reserva fica como está" } else { "ainda não há nada reservado" };
        format!("Está bem, {left}. Ligue quando quiser. Até logo!")
    }

    fn silent_goodbye(&self) -> String {
        "Já não consigo ouvir, por isso vou desligar. Ligue quando quiser. Até logo!".into()
    }

    fn are_you_there(&self) -> String {
        "Ainda está aí?".into()
    }

    fn still_there_again(&self) -> String {
        "Continuo aqui.".into()
    }

    fn one_moment(&self) -> String {
        "Um momento, por favor.".into()
    }

    fn hold_on(&self, turn: u16) -> String {
        vary(turn, &["Um momento, por favor.", "Vou ver.", "Um segundo."])
    }

    fn say_again(&self) -> String {
        "Desculpe, vou repetir.".into()
    }

    fn cut_off(&self) -> String {
        "Desculpe, a ligação caiu por um instante.".into()
    }

    fn too_long(&self) -> String {
        "Desculpe, foi muita coisa de uma vez. Pode dizer de forma um pouco mais curta?".into()
    }

    fn time_almost_up(&self) -> String {
        "Só para avisar, tenho de terminar a ligação em dois minutos.".into()
    }

    fn time_up(&self) -> String {
        "Lamento, tenho de terminar a ligação aqui. Ligue de novo e continuamos. Até logo!".into()
    }

    fn stopping(&self) -> String {
        "Lamento, tenho de terminar a ligação aqui. Ligue de novo em um minuto, por favor. Até logo!".into()
    }

    fn failed(&self) -> String {
        "Lamento, algo não funcionou do meu lado. Ligue de novo, por favor. Até logo!".into()
    }

    fn emergency(&self, country: &str) -> String {
        format!("Se for uma emergência, desligue e ligue imediatamente para o {}.", emergency_number(country))
    }

    fn sensitive(&self) -> String {
        "Por favor, não me diga números de cartões ou de documentos. Não preciso deles e não os guardei.".into()
    }

    fn system_down(&self) -> Question {
        Question::new("Quer deixar um recado?").after("Lamento, neste momento não consigo ver a agenda.")
    }

    fn sorry(&self, turn: u16) -> String {
        vary(turn, &["Desculpe, não entendi.", "Desculpe, não ouvi bem."])
    }

    fn not_understood(&self, asked: Asked, repair: Repair, business: &Business) -> Question {
        match repair {
            Repair::Rephrased => rephrased(asked, business),
            Repair::AnotherWay => another_way(asked, business),
        }
    }

    fn way_out(&self, transfer: bool) -> Question {
        let asks = if transfer {
            "Quer que eu passe a ligação para uma pessoa?"
        } else {
            "Quer deixar um recado para que liguem de volta?"
        };
        Question::new(asks).after("Lamento, tenho dificuldade em entender.")
    }

    fn go_on(&self) -> String {
        "Está bem, vamos tentar de novo.".into()
    }

    fn wrong_number(&self, business: &Business) -> String {
        format!("Não faz mal, daqui fala {}. Tenha um bom dia. Até logo!", business.name)
    }

    fn be_kind(&self) -> String {
        "Compreendo o seu aborrecimento. Ajudo com gosto se falarmos com calma.".into()
    }

    fn unkind_goodbye(&self) -> String {
        "Vou terminar a ligação aqui. Ligue quando quiser. Até logo!".into()
    }

    fn putting_through(&self) -> String {
        "Com certeza. Um momento, vou passar a ligação.".into()
    }

    fn nobody_free(&self) -> Question {
        Question::new("O que devo dizer?").after("Neste momento ninguém pode atender, mas eu transmito um recado.")
    }

    fn what_message(&self) -> Question {
        Question::new("O que devo dizer?").after("Claro.")
    }

    fn note_taken(&self) -> String {
        "Obrigado, vou transmitir.".into()
    }

    fn note_failed(&self) -> String {
        "Lamento, não consegui guardar o seu recado. Ligue um pouco mais tarde, por favor.".into()
    }

    fn note_on(&self, business: &Business, booking: &Booking, starts: &Zoned, said: &ReadBack<'_>) -> String {
        let mut parts = Vec::new();
        parts.extend(said.party.map(|party| format!("{party} pessoas")));
        parts.extend(said.email.map(|email| format!("e-mail {}", email.as_str())));
        parts.extend(said.note.map(|note| format!("«{note}»")));
        let (what, when) = (capital(&what(business, booking.slot)), speak::written(starts));
        format!("{what}, {when}, {}: {}", booking.customer.name.as_str(), parts.join("; "))
    }

    fn late_note(&self, words: &str) -> String {
        format!("Vem atrasado: «{words}»")
    }

    fn cannot_say(&self) -> String {
        "Lamento, nisso não posso ajudar.".into()
    }

    fn nothing_passed_on_yet(&self) -> String {
        "Ainda não transmiti nada.".into()
    }

    fn asked_for(&self, question: &str) -> Option<Asked> {
        asked_among(question, QUESTIONS)
    }
}

fn rephrased(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Desculpe, em que dia e a que horas gostaria de vir?"),
        Asked::Service => {
            Portuguese.which_service_at(business, Wish::default(), &Zoned::default()).after("Desculpe, não entendi.")
        }
        Asked::Staff => Question::new("Desculpe, com quem gostaria de marcar?"),
        Asked::Name | Asked::WhoseName => Question::new("Desculpe, pode dizer só o nome?"),
        Asked::Spelling => Question::new("Desculpe, pode soletrar mais uma vez, letra por letra?"),
        Asked::Phone => Question::new("Desculpe, pode dizer o número dígito por dígito?"),
        Asked::WhichDay => Question::new("Desculpe, em que dia é a reserva?"),
        Asked::OfferMessage | Asked::OfferSoonest => Question::new("Desculpe, foi um sim ou um não?"),
        Asked::Change => Question::new("Desculpe, o que devo mudar: a hora, o serviço ou o nome?"),
        Asked::Message => Question::new("Desculpe, o que devo dizer?"),
        Asked::AfterAll => Question::new("Desculpe, quer mudar ou cancelar?"),
        Asked::Which | Asked::WhichTime | Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Desculpe, não entendi.")
        }
        Asked::Help | Asked::AnythingElse => {
            Question::new("Quer fazer, mudar ou cancelar uma reserva?").after("Desculpe, não entendi.")
        }
    }
}

fn another_way(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Quer que eu diga o próximo horário livre?").after("Ainda não entendi a hora."),
        Asked::Service => by_keys(business),
        Asked::Staff => {
            let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
            Question::new("Com quem gostaria de marcar, ou tanto faz?")
                .after(format!("Aqui temos {}.", super::and(&names)))
        }
        Asked::Name | Asked::WhoseName | Asked::Spelling => {
            Question::new("Pode soletrar, letra por letra?").after("Tenho dificuldade com o nome.")
        }
        Asked::Phone => Portuguese.number_by_keys(),
        Asked::WhichDay => {
            Question::new("Em que dia é?").after("Ainda não entendi o dia. Por exemplo, terça-feira, ou dia 24.")
        }
        Asked::Which | Asked::WhichTime => {
            Question::default().after("Desculpe, vou repetir. Também pode teclar 1 para o primeiro e 2 para o segundo.")
        }
        Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Desculpe. Diga apenas sim ou não, ou tecle 1 para sim e 2 para não.")
        }
        Asked::OfferMessage | Asked::OfferSoonest => {
            Question::new("Pode dizer sim ou não, ou teclar 1 para sim e 2 para não?")
        }
        Asked::Change => {
            Question::new("Pode teclar 1 para a hora, 2 para o serviço, 3 para o nome ou 4 para o número?")
        }
        Asked::Message => Question::new("O que devo anotar?").after("Posso transmitir um recado curto."),
        Asked::AfterAll => Question::new("Devo mudar, cancelar ou deixar como está?"),
        Asked::Help | Asked::AnythingElse => Question::new("Em que posso ajudar?")
            .after("Ainda não entendi. Pode dizer, por exemplo: quero fazer uma reserva para amanhã."),
    }
}

/// "Pode teclar 1 para corte ou 2 para cor?"
fn by_keys(business: &Business) -> Question {
    let keys: Vec<String> = (1..)
        .zip(business.services.iter().take(9))
        .map(|(key, service)| format!("{key} para {}", lower(&service.name)))
        .collect();
    Question::new(format!("Pode teclar {}?", or(&keys))).after("Lamento, ainda não entendi.")
}
