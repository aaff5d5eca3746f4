//! Arranging an appointment, up to the yes; and the caller's own.

use jiff::{
    Zoned,
    civil::{Date, DateTime, Time},
};

use super::{SIGNS, Spanish, and, for_what, or, what, wished, yours};
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
    time::{Resolution, speak::spanish as speak},
};

impl Arranging for Spanish {
    fn which_service_at(&self, business: &Business, wish: Wish, now: &Zoned) -> Question {
        let told = wished(business, wish, now.date()).map_or_else(String::new, |wish| format!("Claro, {wish}."));
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).collect();
        let asks = match names.len() {
            0 => "¿Qué puedo hacer por usted?".to_owned(),
            1..=4 => format!("¿Qué le gustaría reservar: {}?", or(&names)),
            _ => "¿Qué le gustaría reservar?".to_owned(),
        };
        Question::new(asks).after(told)
    }

    fn which_service(&self, services: &[&Service]) -> Question {
        let names: Vec<String> = services.iter().map(|service| lower(&service.name)).collect();
        Question::new(format!("¿Se refiere a {}?", or(&names)))
    }

    fn no_such_service(&self, business: &Business) -> Question {
        Question::new("¿Qué le gustaría?").after(format!("Lo siento, eso no lo ofrecemos. {}", self.services(business)))
    }

    fn no_such_staff(&self, business: &Business) -> String {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        format!("No conozco aquí a nadie con ese nombre. En el equipo están {}.", and(&names))
    }

    fn which_staff(&self, names: &[&str]) -> Question {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Question::new(format!("¿Se refiere a {}?", or(&names)))
    }

    fn not_offered_by(&self, business: &Business, service: &Service, staff: StaffId) -> String {
        let who: Vec<String> = business.offering(service).map(|member| member.name.clone()).collect();
        let member = business.member(staff).map_or("esa persona", |member| &member.name);
        format!("{}: con {member} no es posible, pero sí con {}.", capital(&lower(&service.name)), or(&who))
    }

    fn when(&self, task: Task, business: &Business, wish: Wish, turn: u16) -> Question {
        if task == Task::Move {
            return Question::new("¿Qué día y a qué hora le vendría bien?");
        }
        let asks = "¿Cuándo le gustaría venir?";
        if wish.service.is_none() && wish.staff.is_none() {
            return Question::new(asks);
        }
        let what = for_what(business, wish.service, wish.staff);
        Question::new(asks).after(format!("{}, una cita{what}.", vary(turn, &["Claro", "De acuerdo"])))
    }

    fn when_instead(&self, turn: u16) -> Question {
        Question::new("¿Qué día y a qué hora le vendría mejor?")
            .after(vary(turn, &["No hay problema.", "No pasa nada."]))
    }

    fn next_free_time(&self) -> Question {
        Question::new("¿Le digo la próxima hora libre?")
    }

    fn which_time(&self, meant: &[Zoned], whole_days: bool, now: &Zoned) -> Question {
        let today = now.date();
        let same_day = meant.iter().all(|at| meant.first().is_some_and(|first| first.date() == at.date()));
        let said: Vec<String> = meant
            .iter()
            .map(|at| match (whole_days, same_day) {
                (true, _) => speak::day(at.date(), today),
                (false, true) => speak::at_of(at),
                (false, false) => speak::moment(at, now),
            })
            .collect();
        Question::new(format!("¿Cuándo exactamente: {}?", or(&said)))
    }

    fn clocks_go_back(&self, first: &Zoned, second: &Zoned) -> Question {
        let asks = format!("¿Cuándo exactamente: {}, o {}?", speak::at_of(first), speak::at_of(second));
        Question::new(asks).after("Esa noche se atrasan los relojes, y esa hora se repite.")
    }

    fn clocks_go_forward(&self, asked: DateTime, next: &Zoned, today: Date) -> Question {
        let (at, day) = (speak::at(asked.time()), speak::day(asked.date(), today));
        Question::new("¿Le vendría bien?").after(format!(
            "Esa noche se adelantan los relojes: {day} {at} no existe. Podría ser {}.",
            speak::at(next.time())
        ))
    }

    fn time_problem(&self, problem: &Resolution, now: &Zoned) -> Question {
        let today = now.date();
        match problem {
            Resolution::Past { asked } => {
                let day = speak::day(asked.date(), today);
                // A whole day that is over has no time of day to be said.
                let passed = match (asked.time() == Time::midnight(), asked.date() == today) {
                    (true, false) => format!("Lo siento, {day} ya ha pasado."),
                    (true, true) => "Lo siento, hoy ya es tarde para eso.".to_owned(),
                    (false, _) => format!("Lo siento, {day} {} ya ha pasado.", speak::at(asked.time())),
                };
                Question::new("¿Cuándo le gustaría venir?").after(passed)
            }
            Resolution::NoSuchDate { last, .. } => Question::new("¿Qué día quería decir?")
                .after(format!("Ese día no existe. El último de ese mes es {}.", speak::day(*last, today))),
            Resolution::WrongWeekday { said, date } => Question::new("¿Qué día quería decir?").after(format!(
                "El día {} es {}, no {}.",
                date.day(),
                speak::weekday(date.weekday()),
                speak::weekday(*said),
            )),
            Resolution::TooFar { last } => Question::new("¿Qué día antes de esa fecha le gustaría?")
                .after(format!("Por ahora reservamos hasta {}.", speak::day(*last, today))),
            _ => Question::new("¿Qué día y a qué hora le gustaría?").after("Perdone, no he entendido la hora."),
        }
    }

    fn closed(&self, business: &Business, date: Date) -> String {
        match business.exception_on(date).map(|exception| &exception.reason) {
            Some(Some(reason)) => stop(format!("Ese día está cerrado: {reason}")),
            Some(None) => "Ese día está cerrado.".into(),
            None => format!("Los {} está cerrado.", plural(speak::weekday(date.weekday()))),
        }
    }

    fn nothing_free(&self, day: Option<(Date, Date)>) -> String {
        match day {
            Some((day, today)) => format!("Lo siento, no hay nada libre {}.", speak::day(day, today)),
            None => "Lo siento, para entonces no hay nada libre.".into(),
        }
    }

    fn nothing_at_all(&self) -> Question {
        Question::new("¿Qué otro día le vendría bien?").after("Lo siento, no he encontrado nada libre.")
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
            Some(closed) => format!("{closed} Lo más cercano que tengo es {offers}."),
            None => format!("Lo siento, {} no está libre. Tengo libre {offers}.", speak::at(at.time())),
        }
    }

    fn free(&self, business: &Business, wish: Wish, offers: &str, turn: u16) -> String {
        if wish.service.is_none() && wish.staff.is_none() {
            return format!("{} {offers}.", vary(turn, &["Tengo libre", "Podría ser"]));
        }
        format!("{} tengo libre {offers}.", capital(for_what(business, wish.service, wish.staff).trim()))
    }

    fn free_at_that_time(&self, offers: &str) -> String {
        format!("A esa hora tengo libre {offers}.")
    }

    fn nearest_to_that_time(&self, offers: &str) -> String {
        format!("A esa hora exacta no tengo nada, pero sí {offers}.")
    }

    fn next_free(&self, offers: &str) -> String {
        format!("Le puedo ofrecer {offers}.")
    }

    fn nothing_beyond(&self, later: bool) -> String {
        format!("Lo siento, no hay nada {}.", if later { "más tarde" } else { "más temprano" })
    }

    fn others(&self, offers: &str) -> Question {
        Question::new("¿Le va bien alguna, o qué le vendría mejor?")
            .after(format!("No hay problema. También tengo libre {offers}."))
    }

    fn which_suits(&self, count: usize, turn: u16) -> String {
        if count == 1 {
            vary(turn, &["¿Le vendría bien?", "¿Le va bien?"])
        } else {
            vary(turn, &["¿Cuál le vendría bien?", "¿Cuál prefiere?"])
        }
    }

    fn which_one(&self, count: usize, offers: &str) -> Question {
        match count {
            0 | 1 => Question::new(format!("¿Le vendría bien {offers}?")),
            _ => Question::new(format!("¿Cuál prefiere: {offers}?")),
        }
    }

    fn just_taken(&self) -> String {
        "Lo siento, alguien acaba de reservar esa hora.".into()
    }

    fn not_on_offer(&self) -> String {
        "Lo siento, esa hora no la puedo reservar.".into()
    }

    fn is_free(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> String {
        let who = for_what(business, None, Some(slot.staff));
        format!("{}{who} está libre.", capital(&speak::moment(starts, now)))
    }

    fn your_name(&self) -> Question {
        Question::new("¿Me dice su nombre, por favor?")
    }

    fn spell_it(&self, name: Option<&str>) -> Question {
        match name {
            Some(name) => Question::new("¿Me lo puede deletrear, letra por letra?")
                .after(format!("He entendido {}, pero puede que no sea así.", name.trim())),
            None => Question::new("¿Me puede deletrear su nombre, letra por letra?"),
        }
    }

    fn your_number(&self, name: Option<&str>) -> Question {
        let told = name.map_or_else(String::new, |name| format!("Gracias, {}.", first(name)));
        Question::new("¿Y en qué número podemos localizarle?").after(told)
    }

    fn number_by_keys(&self) -> Question {
        Question::new("¿Puede marcar el número con las teclas del teléfono?")
            .after("Lo siento, no he entendido el número.")
    }

    fn without_number(&self) -> String {
        "Dejemos el número.".into()
    }

    fn rest_of_number(&self, digits: usize) -> Question {
        if digits == 0 {
            Question::new("¿Me puede repetir el número, cifra por cifra?")
        } else {
            Question::new("Sí, siga, por favor.")
        }
    }

    fn read_back(&self, business: &Business, read: &ReadBack<'_>, now: &Zoned) -> Question {
        let starts = speak::in_full(read.starts, now);
        let mut parts = vec![format!("Sería {}, {starts}", what(business, read.slot))];
        parts.extend((!read.name.is_empty()).then(|| format!("a nombre de {}", read.name)));
        parts.extend(read.spelled.then(|| format!("que se escribe {}", SIGNS.letters(read.name))));
        parts.extend(read.number.map(|number| format!("con el número {}", SIGNS.number(number))));
        parts.extend(read.email.map(|address| format!("y el correo {}", SIGNS.email(address))));
        let mut told = stop(parts.join(", "));
        let party = read.party.map(|party| format!("que son {party} personas"));
        let more: Vec<String> = party.into_iter().chain(read.note.map(|_| "lo que me ha contado".to_owned())).collect();
        if !more.is_empty() {
            told.push_str(&stop(format!(" Les diré también {}", and(&more))));
        }
        Question::new("¿La reservo?").after(told)
    }

    fn read_back_move(&self, business: &Business, old: &Zoned, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("¿Es correcto?").after(format!(
            "Cambiaría {}: en lugar de {}, sería {}.",
            yours(business, slot),
            speak::in_full(old, now),
            speak::in_full(starts, now)
        ))
    }

    fn who_instead(&self, business: &Business) -> Question {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        Question::new(format!("¿Con quién le gustaría entonces: {}?", or(&names)))
    }

    fn right_name(&self) -> Question {
        Question::new("¿Cuál es el nombre correcto?").after("Disculpe.")
    }

    fn right_number(&self) -> Question {
        Question::new("¿Cuál es el número correcto?").after("Disculpe.")
    }

    fn extension(&self, digits: &str) -> String {
        format!("extensión {digits}")
    }

    fn just_to_be_sure(&self) -> String {
        "Solo para estar seguros.".into()
    }

    fn before_you_go(&self) -> Question {
        Question::new("Antes de colgar: ¿la reservo?")
    }

    fn what_to_change(&self) -> Question {
        Question::new("¿Qué quiere que cambie?").after("De acuerdo.")
    }

    fn booked(&self, booking: &Booking, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Le llegará un mensaje de texto con los datos." } else { "" };
        format!(
            "Listo, {}, su cita está reservada: {}.{text}",
            booking.customer.name.first(),
            speak::in_full(starts, now)
        )
    }

    fn noted(&self, booking: &Booking, starts: &Zoned, now: &Zoned) -> String {
        format!(
            "Gracias, {}. Le he apuntado para {}. Se lo confirmaremos con un mensaje de texto.",
            booking.customer.name.first(),
            speak::in_full(starts, now)
        )
    }

    fn moved(&self, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Le llegará un mensaje de texto con la nueva hora." } else { "" };
        format!("Hecho, su cita es ahora {}.{text}", speak::in_full(starts, now))
    }

    fn note_passed_on(&self) -> String {
        "Y les he pasado lo que me ha contado.".into()
    }

    fn note_not_passed_on(&self) -> String {
        "No he podido pasarles lo que me ha contado; dígalo por favor cuando venga.".into()
    }

    fn confirm_unknown(&self) -> Question {
        Question::new("¿Quiere que deje además un recado para que le llamen?")
            .after("Lo siento, todavía no sé si la reserva ha salido bien. Si es así, le llegará un mensaje de texto.")
    }

    fn too_many(&self) -> Question {
        Question::new("¿Quiere que tome un recado?").after("Lo siento, en esta llamada no puedo hacer más reservas.")
    }

    fn by_page(&self) -> Question {
        Question::new("¿Quiere que tome además un recado?")
            .after("Lo siento, ahora no puedo reservarla yo. Le he enviado por SMS la dirección de una página donde puede hacerlo.")
    }

    fn done_already(&self) -> Question {
        Question::new("¿Quiere cambiarla o cancelarla?").after("Esa cita ya está reservada.")
    }

    fn never_mind(&self) -> String {
        "De acuerdo, lo dejamos.".into()
    }

    fn not_booked_yet(&self) -> String {
        "Todavía no está reservada.".into()
    }

    fn let_me_see(&self) -> String {
        "Eso tendría que mirarlo primero.".into()
    }
}

impl Own for Spanish {
    fn whose_name(&self) -> Question {
        Question::new("¿A nombre de quién está la cita?").after("Claro.")
    }

    fn which_day(&self) -> Question {
        Question::new("¿Y qué día es?")
    }

    fn which_of_yours(&self, starts: &[Zoned]) -> Question {
        let times: Vec<String> = starts.iter().map(|at| speak::at(at.time())).collect();
        Question::new(format!("¿Cuál de ellas: {}?", or(&times))).after("Ese día hay más de una.")
    }

    fn no_number(&self) -> Question {
        Question::new("¿Quiere que tome un recado?")
            .after("Solo puedo ver las citas desde el número con el que se reservaron.")
    }

    fn not_found_yet(&self) -> Question {
        Question::new("¿Me puede deletrear el nombre con el que se reservó?")
            .after("No encuentro esa cita con este número y este nombre.")
    }

    fn not_found(&self) -> Question {
        Question::new("¿Quiere que tome un recado para que lo miren?").after("Sigo sin encontrarla.")
    }

    fn your_appointments(&self, business: &Business, bookings: &[(Slot, Zoned)], now: &Zoned) -> String {
        let told: Vec<String> = bookings
            .iter()
            .map(|(slot, starts)| format!("{}, {}", what(business, *slot), speak::in_full(starts, now)))
            .collect();
        stop(format!("Tiene {}", and(&told)))
    }

    fn cancel_it(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("¿La cancelo?").after(format!("Es {}, {}.", yours(business, slot), speak::in_full(starts, now)))
    }

    fn cancelled(&self, starts: &Zoned, now: &Zoned) -> String {
        let day = speak::day(starts.date(), now.date());
        let of = day.strip_prefix("el ").map_or_else(|| format!("de {day}"), |day| format!("del {day}"));
        format!("Su cita {of} está cancelada.")
    }

    fn kept(&self) -> String {
        "De acuerdo, se queda como está.".into()
    }

    fn gone_already(&self) -> String {
        "Esa cita ya no está en la agenda.".into()
    }

    fn too_late(&self) -> Question {
        Question::new("¿Quiere que les deje un recado?")
            .after("Lo siento, falta muy poco para la cita y ya no la puedo cambiar.")
    }

    fn nothing_changed_yet(&self) -> String {
        "Todavía no se ha cambiado nada.".into()
    }
}

/// "sábados", "lunes".
fn plural(weekday: &str) -> String {
    if weekday.ends_with('s') { weekday.to_owned() } else { format!("{weekday}s") }
}
