//! Arranging an appointment, up to the yes; and the caller's own.

use jiff::{
    Zoned,
    civil::{Date, DateTime, Time},
};

use super::{Portuguese, SIGNS, and, for_what, or, what, wished, yours};
use crate::domain::{
    booking::{Booking, Slot},
    business::{Business, Service},
    dialogue::{
        Task,
        texts::{
            Arranging, Facts, Own, Question, ReadBack, Wish,
            pieces::{capital, first, lower, stop, vary},
        },
    },
    ids::StaffId,
    time::{Resolution, speak::portuguese as speak},
};

impl Arranging for Portuguese {
    fn which_service_at(&self, business: &Business, wish: Wish, now: &Zoned) -> Question {
        let told = wished(business, wish, now.date()).map_or_else(String::new, |wish| format!("Claro, {wish}."));
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).collect();
        let asks = match names.len() {
            0 => "Em que posso ajudar?".to_owned(),
            1..=4 => format!("O que gostaria de reservar: {}?", or(&names)),
            _ => "O que gostaria de reservar?".to_owned(),
        };
        Question::new(asks).after(told)
    }

    fn which_service(&self, services: &[&Service]) -> Question {
        let names: Vec<String> = services.iter().map(|service| lower(&service.name)).collect();
        Question::new(format!("Refere-se a {}?", or(&names)))
    }

    fn no_such_service(&self, business: &Business) -> Question {
        Question::new("O que gostaria?").after(format!("Lamento, isso não oferecemos. {}", self.services(business)))
    }

    fn no_such_staff(&self, business: &Business) -> String {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        format!("Não conheço aqui ninguém com esse nome. Aqui temos {}.", and(&names))
    }

    fn which_staff(&self, names: &[&str]) -> Question {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Question::new(format!("Refere-se a {}?", or(&names)))
    }

    fn not_offered_by(&self, business: &Business, service: &Service, staff: StaffId) -> String {
        let who: Vec<String> = business.offering(service).map(|member| member.name.clone()).collect();
        let member = business.member(staff).map_or("essa pessoa", |member| &member.name);
        format!("{}: com {member} não é possível, mas com {} sim.", capital(&lower(&service.name)), or(&who))
    }

    fn when(&self, task: Task, business: &Business, wish: Wish, turn: u16) -> Question {
        if task == Task::Move {
            return Question::new("Em que dia e a que horas ficaria bem?");
        }
        let asks = "Quando gostaria de vir?";
        if wish.service.is_none() && wish.staff.is_none() {
            return Question::new(asks);
        }
        let what = for_what(business, wish.service, wish.staff);
        Question::new(asks).after(format!("{}, uma reserva{what}.", vary(turn, &["Claro", "Está bem"])))
    }

    fn when_instead(&self, turn: u16) -> Question {
        Question::new("Quando seria melhor, em que dia e a que horas?")
            .after(vary(turn, &["Sem problema.", "Não faz mal."]))
    }

    fn next_free_time(&self) -> Question {
        Question::new("Quer que eu diga o próximo horário livre?")
    }

    fn which_time(&self, meant: &[Zoned], whole_days: bool, now: &Zoned) -> Question {
        let today = now.date();
        let same_day = meant.iter().all(|at| meant.first().is_some_and(|first| first.date() == at.date()));
        let said: Vec<String> = meant
            .iter()
            .map(|at| match (whole_days, same_day) {
                (true, _) => speak::on_day(at.date(), today),
                (false, true) => speak::at_of(at),
                (false, false) => speak::moment(at, now),
            })
            .collect();
        Question::new(format!("Quando exatamente: {}?", or(&said)))
    }

    fn clocks_go_back(&self, first: &Zoned, second: &Zoned) -> Question {
        let asks = format!("Quando exatamente: {}, ou {}?", speak::at_of(first), speak::at_of(second));
        Question::new(asks).after("Nessa noite os relógios atrasam, e essa hora acontece duas vezes.")
    }

    fn clocks_go_forward(&self, asked: DateTime, next: &Zoned, today: Date) -> Question {
        let (time, day) = (speak::time(asked.time()), speak::on_day(asked.date(), today));
        Question::new("Ficaria bem?").after(format!(
            "Nessa noite os relógios adiantam: {day}, não existe {time}. Seria possível {}.",
            speak::at(next.time())
        ))
    }

    fn time_problem(&self, problem: &Resolution, now: &Zoned) -> Question {
        let today = now.date();
        match problem {
            Resolution::Past { asked } => {
                let day = capital(&speak::day(asked.date(), today));
                // A whole day that is over has no time of day to be said.
                let passed = match (asked.time() == Time::midnight(), asked.date() == today) {
                    (true, false) => format!("{day}, já passou."),
                    (true, true) => "Para hoje já é tarde demais.".to_owned(),
                    (false, _) => format!("{day}, {}, já passou.", speak::at(asked.time())),
                };
                Question::new("Quando gostaria de vir?").after(passed)
            }
            Resolution::NoSuchDate { last, .. } => Question::new("A que dia se refere?")
                .after(format!("Esse dia não existe. O último desse mês é {}.", speak::day(*last, today))),
            Resolution::WrongWeekday { said, date } => Question::new("A que dia se refere?").after(format!(
                "O dia {} é {}, não {}.",
                date.day(),
                speak::weekday(date.weekday()),
                speak::weekday(*said),
            )),
            Resolution::TooFar { last } => Question::new("Que dia antes dessa data ficaria bem?")
                .after(format!("Por enquanto reservamos até {}.", speak::day(*last, today))),
            _ => Question::new("Em que dia e a que horas gostaria de vir?").after("Desculpe, não entendi a hora."),
        }
    }

    fn closed(&self, business: &Business, date: Date) -> String {
        match business.exception_on(date).map(|exception| &exception.reason) {
            Some(Some(reason)) => stop(format!("Nesse dia estamos fechados: {reason}")),
            Some(None) => "Nesse dia estamos fechados.".into(),
            None if speak::is_weekend(date.weekday()) => {
                format!("Aos {}s estamos fechados.", speak::weekday(date.weekday()))
            }
            None => format!("Às {} estamos fechados.", speak::weekday(date.weekday()).replace("-feira", "s-feiras")),
        }
    }

    fn nothing_free(&self, day: Option<(Date, Date)>) -> String {
        match day {
            Some((day, today)) => format!("Lamento, não há nada livre {}.", speak::on_day(day, today)),
            None => "Lamento, nessa altura não há nada livre.".into(),
        }
    }

    fn nothing_at_all(&self) -> Question {
        Question::new("Que outro dia ficaria bem?").after("Lamento, não encontrei nada livre.")
    }

    fn offers(&self, starts: &[Zoned], now: &Zoned) -> String {
        let mut said: Option<Date> = None;
        let parts: Vec<String> = starts
            .iter()
            .map(|at| {
                let known = said.replace(at.date()) == Some(at.date());
                if known { speak::at_of(at) } else { speak::moment(at, now) }
            })
            .collect();
        or(&parts)
    }

    fn not_free_then(&self, at: &Zoned, closed: Option<String>, offers: &str) -> String {
        match closed {
            Some(closed) => format!("{closed} O mais próximo que tenho é {offers}."),
            None => format!("Lamento, {} não está livre. Tenho livre {offers}.", speak::at(at.time())),
        }
    }

    fn free(&self, business: &Business, wish: Wish, offers: &str, turn: u16) -> String {
        if wish.service.is_none() && wish.staff.is_none() {
            return format!("{} {offers}.", vary(turn, &["Tenho livre", "Poderia ser"]));
        }
        format!("{} tenho livre {offers}.", capital(for_what(business, wish.service, wish.staff).trim()))
    }

    fn free_at_that_time(&self, offers: &str) -> String {
        format!("A essa hora tenho livre {offers}.")
    }

    fn nearest_to_that_time(&self, offers: &str) -> String {
        format!("Exatamente a essa hora não tenho nada, mas {offers} sim.")
    }

    fn next_free(&self, offers: &str) -> String {
        format!("Posso oferecer {offers}.")
    }

    fn nothing_beyond(&self, later: bool) -> String {
        format!("Lamento, não há nada mais {}.", if later { "tarde" } else { "cedo" })
    }

    fn others(&self, offers: &str) -> Question {
        Question::new("Algum desses serve, ou o que seria melhor?")
            .after(format!("Sem problema. Também tenho livre {offers}."))
    }

    fn which_suits(&self, count: usize, turn: u16) -> String {
        if count == 1 {
            vary(turn, &["Ficaria bem?", "Serve?"])
        } else {
            vary(turn, &["Qual ficaria bem?", "Qual prefere?"])
        }
    }

    fn which_one(&self, count: usize, offers: &str) -> Question {
        match count {
            0 | 1 => Question::new(format!("Ficaria bem {offers}?")),
            _ => Question::new(format!("Qual prefere: {offers}?")),
        }
    }

    fn just_taken(&self) -> String {
        "Lamento, alguém acabou de reservar esse horário.".into()
    }

    fn not_on_offer(&self) -> String {
        "Lamento, não posso reservar esse horário.".into()
    }

    fn is_free(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> String {
        let who = for_what(business, None, Some(slot.staff));
        format!("{}{who} está livre.", capital(&speak::moment(starts, now)))
    }

    fn your_name(&self) -> Question {
        Question::new("Pode dizer o seu nome, por favor?")
    }

    fn spell_it(&self, name: Option<&str>) -> Question {
        match name {
            Some(name) => Question::new("Pode soletrar, letra por letra?")
                .after(format!("Entendi {}, mas talvez não seja assim.", name.trim())),
            None => Question::new("Pode soletrar o seu nome, letra por letra?"),
        }
    }

    fn your_number(&self, name: Option<&str>) -> Question {
        let told = name.map_or_else(String::new, |name| format!("Obrigado, {}.", first(name)));
        Question::new("E para que número podemos ligar?").after(told)
    }

    fn number_by_keys(&self) -> Question {
        Question::new("Pode teclar o número no telefone?").after("Lamento, não entendi o número.")
    }

    fn without_number(&self) -> String {
        "Deixemos o número.".into()
    }

    fn rest_of_number(&self, digits: usize) -> Question {
        if digits == 0 {
            Question::new("Pode repetir o número, dígito por dígito?")
        } else {
            Question::new("Sim, continue.")
        }
    }

    fn read_back(&self, business: &Business, read: &ReadBack<'_>, now: &Zoned) -> Question {
        let starts = speak::in_full(read.starts, now);
        let mut parts = vec![format!("Seria {}, {starts}", what(business, read.slot))];
        parts.extend((!read.name.is_empty()).then(|| format!("em nome de {}", read.name)));
        parts.extend(read.spelled.then(|| format!("que se escreve {}", SIGNS.letters(read.name))));
        parts.extend(read.number.map(|number| format!("com o número {}", SIGNS.number(number))));
        parts.extend(read.email.map(|address| format!("e o e-mail {}", SIGNS.email(address))));
        let mut told = stop(parts.join(", "));
        let party = read.party.map(|party| format!("que são {party} pessoas"));
        let more: Vec<String> = party.into_iter().chain(read.note.map(|_| "o que me contou".to_owned())).collect();
        if !more.is_empty() {
            told.push_str(&stop(format!(" Vou transmitir também {}", and(&more))));
        }
        Question::new("Posso reservar?").after(told)
    }

    fn read_back_move(&self, business: &Business, old: &Zoned, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Está certo?").after(format!(
            "Eu mudaria {}: em vez de {}, seria {}.",
            yours(business, slot),
            speak::in_full(old, now),
            speak::in_full(starts, now)
        ))
    }

    fn who_instead(&self, business: &Business) -> Question {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        Question::new(format!("Com quem gostaria então: {}?", or(&names)))
    }

    fn right_name(&self) -> Question {
        Question::new("Qual é o nome certo?").after("Peço desculpa.")
    }

    fn right_number(&self) -> Question {
        Question::new("Qual é o número certo?").after("Peço desculpa.")
    }

    fn extension(&self, digits: &str) -> String {
        format!("ramal {digits}")
    }

    fn just_to_be_sure(&self) -> String {
        "Só para ter certeza.".into()
    }

    fn before_you_go(&self) -> Question {
        Question::new("Antes de desligar: posso reservar?")
    }

    fn what_to_change(&self) -> Question {
        Question::new("O que devo mudar?").after("Está bem.")
    }

    fn booked(&self, booking: &Booking, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Vai receber uma mensagem com os detalhes." } else { "" };
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("Está reservado, {name}: {starts}.{text}")
    }

    fn noted(&self, booking: &Booking, starts: &Zoned, now: &Zoned) -> String {
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("Obrigado, {name}. Está anotado: {starts}. Vamos confirmar por mensagem.")
    }

    fn moved(&self, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Vai receber uma mensagem com o novo horário." } else { "" };
        format!("Feito, a sua reserva agora é {}.{text}", speak::in_full(starts, now))
    }

    fn note_passed_on(&self) -> String {
        "E transmiti o que me contou.".into()
    }

    fn note_not_passed_on(&self) -> String {
        "Não consegui transmitir o que me contou; diga, por favor, quando vier.".into()
    }

    fn confirm_unknown(&self) -> Question {
        Question::new("Quer deixar também um recado para que liguem de volta?")
            .after("Lamento, ainda não sei se a reserva foi feita. Se foi, vai receber uma mensagem.")
    }

    fn too_many(&self) -> Question {
        Question::new("Quer deixar um recado?").after("Lamento, nesta ligação não posso fazer mais reservas.")
    }

    fn by_page(&self) -> Question {
        Question::new("Quer deixar também um recado?")
            .after("Lamento, neste momento não posso fazer eu essa reserva. Enviei-lhe por mensagem o endereço de uma página onde a pode fazer.")
    }

    fn done_already(&self) -> Question {
        Question::new("Quer mudar ou cancelar?").after("Essa reserva já está feita.")
    }

    fn never_mind(&self) -> String {
        "Está bem, deixamos assim.".into()
    }

    fn not_booked_yet(&self) -> String {
        "Ainda não está reservado.".into()
    }

    fn let_me_see(&self) -> String {
        "Isso eu teria de ver primeiro.".into()
    }
}

impl Own for Portuguese {
    fn whose_name(&self) -> Question {
        Question::new("Em que nome está a reserva?").after("Claro.")
    }

    fn which_day(&self) -> Question {
        Question::new("E em que dia é?")
    }

    fn which_of_yours(&self, starts: &[Zoned]) -> Question {
        let times: Vec<String> = starts.iter().map(|at| speak::at(at.time())).collect();
        Question::new(format!("Qual delas: {}?", or(&times))).after("Nesse dia há mais de uma.")
    }

    fn no_number(&self) -> Question {
        Question::new("Quer deixar um recado?")
            .after("Só consigo ver as reservas a partir do número com que foram feitas.")
    }

    fn not_found_yet(&self) -> Question {
        Question::new("Pode soletrar o nome com que foi feita?")
            .after("Não encontro essa reserva com este número e este nome.")
    }

    fn not_found(&self) -> Question {
        Question::new("Quer deixar um recado para que alguém veja isso?").after("Continuo sem encontrar.")
    }

    fn your_appointments(&self, business: &Business, bookings: &[(Slot, Zoned)], now: &Zoned) -> String {
        let told: Vec<String> = bookings
            .iter()
            .map(|(slot, starts)| format!("{}, {}", what(business, *slot), speak::in_full(starts, now)))
            .collect();
        stop(format!("Tem {}", and(&told)))
    }

    fn cancel_it(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Posso cancelar?").after(format!("É {}, {}.", yours(business, slot), speak::in_full(starts, now)))
    }

    fn cancelled(&self, starts: &Zoned, now: &Zoned) -> String {
        let day = speak::day(starts.date(), now.date());
        let comma = if day.contains(',') { "," } else { "" };
        format!("A sua reserva de {day}{comma} está cancelada.")
    }

    fn kept(&self) -> String {
        "Está bem, fica como está.".into()
    }

    fn gone_already(&self) -> String {
        "Essa reserva já não está na agenda.".into()
    }

    fn too_late(&self) -> Question {
        Question::new("Quer deixar um recado?")
            .after("Lamento, falta muito pouco para a reserva e já não a posso mudar.")
    }

    fn nothing_changed_yet(&self) -> String {
        "Ainda não foi mudado nada.".into()
    }
}
