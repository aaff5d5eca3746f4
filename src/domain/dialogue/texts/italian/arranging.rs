//! Arranging an appointment, up to the yes; and the caller's own.

use jiff::{
    Zoned,
    civil::{Date, DateTime, Time},
};

use super::{Italian, SIGNS, and, for_what, or, what, wished, yours};
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
    time::{Resolution, speak::italian as speak},
};

impl Arranging for Italian {
    fn which_service_at(&self, business: &Business, wish: Wish, now: &Zoned) -> Question {
        let told = wished(business, wish, now.date()).map_or_else(String::new, |wish| format!("Certo, {wish}."));
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).collect();
        let asks = match names.len() {
            0 => "Che cosa posso fare per lei?".to_owned(),
            1..=4 => format!("Che cosa vorrebbe prenotare: {}?", or(&names)),
            _ => "Che cosa vorrebbe prenotare?".to_owned(),
        };
        Question::new(asks).after(told)
    }

    fn which_service(&self, services: &[&Service]) -> Question {
        let names: Vec<String> = services.iter().map(|service| lower(&service.name)).collect();
        Question::new(format!("Intende {}?", or(&names)))
    }

    fn no_such_service(&self, business: &Business) -> Question {
        Question::new("Che cosa vorrebbe?")
            .after(format!("Purtroppo questo non lo offriamo. {}", self.services(business)))
    }

    fn no_such_staff(&self, business: &Business) -> String {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        format!("Qui non conosco nessuno con questo nome. Da noi ci sono {}.", and(&names))
    }

    fn which_staff(&self, names: &[&str]) -> Question {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Question::new(format!("Intende {}?", or(&names)))
    }

    fn not_offered_by(&self, business: &Business, service: &Service, staff: StaffId) -> String {
        let who: Vec<String> = business.offering(service).map(|member| member.name.clone()).collect();
        let member = business.member(staff).map_or("questa persona", |member| &member.name);
        format!("{}: con {member} non è possibile, ma con {} sì.", capital(&lower(&service.name)), or(&who))
    }

    fn when(&self, task: Task, business: &Business, wish: Wish, turn: u16) -> Question {
        if task == Task::Move {
            return Question::new("Che giorno e a che ora le andrebbe bene invece?");
        }
        let asks = "Quando vorrebbe venire?";
        if wish.service.is_none() && wish.staff.is_none() {
            return Question::new(asks);
        }
        let what = for_what(business, wish.service, wish.staff);
        Question::new(asks).after(format!("{}, un appuntamento{what}.", vary(turn, &["Certo", "D'accordo"])))
    }

    fn when_instead(&self, turn: u16) -> Question {
        Question::new("Quando le farebbe più comodo, che giorno e a che ora?")
            .after(vary(turn, &["Nessun problema.", "Va bene."]))
    }

    fn next_free_time(&self) -> Question {
        Question::new("Vuole che le dica il primo orario libero?")
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
        Question::new(format!("Quando esattamente: {}?", or(&said)))
    }

    fn clocks_go_back(&self, first: &Zoned, second: &Zoned) -> Question {
        let asks = format!("Quando esattamente: {}, o {}?", speak::at_of(first), speak::at_of(second));
        Question::new(asks).after("Quella notte l'orologio torna indietro e quest'ora c'è due volte.")
    }

    fn clocks_go_forward(&self, asked: DateTime, next: &Zoned, today: Date) -> Question {
        let (at, day) = (speak::at(asked.time()), speak::day(asked.date(), today));
        Question::new("Le andrebbe bene?").after(format!(
            "Quella notte l'orologio va avanti: {day} {at} non esiste. Sarebbe possibile {}.",
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
                    (true, false) => format!("{day} purtroppo è già passato."),
                    (true, true) => "Per oggi purtroppo è troppo tardi.".to_owned(),
                    (false, _) => format!("{day} {} purtroppo è già passato.", speak::at(asked.time())),
                };
                Question::new("Quando vorrebbe venire?").after(passed)
            }
            Resolution::NoSuchDate { last, .. } => Question::new("Che giorno intendeva?")
                .after(format!("Questo giorno non esiste. L'ultimo di quel mese è {}.", speak::day(*last, today))),
            Resolution::WrongWeekday { said, date } => Question::new("Che giorno intendeva?").after(format!(
                "Il {} è {}, non {}.",
                date.day(),
                speak::weekday(date.weekday()),
                speak::weekday(*said),
            )),
            Resolution::TooFar { last } => Question::new("Che giorno prima di quella data le andrebbe bene?")
                .after(format!("Per ora prenotiamo fino a questa data: {}.", speak::day(*last, today))),
            _ => Question::new("Che giorno e a che ora vorrebbe venire?").after("Mi scusi, non ho capito l'ora."),
        }
    }

    fn closed(&self, business: &Business, date: Date) -> String {
        match business.exception_on(date).map(|exception| &exception.reason) {
            Some(Some(reason)) => stop(format!("Quel giorno siamo chiusi: {reason}")),
            Some(None) => "Quel giorno siamo chiusi.".into(),
            None => format!("Di {} siamo chiusi.", speak::weekday(date.weekday())),
        }
    }

    fn nothing_free(&self, day: Option<(Date, Date)>) -> String {
        match day {
            Some((day, today)) => format!("Purtroppo non c'è niente di libero {}.", speak::day(day, today)),
            None => "Purtroppo in quel momento non c'è niente di libero.".into(),
        }
    }

    fn nothing_at_all(&self) -> Question {
        Question::new("Quale altro giorno le andrebbe bene?").after("Mi dispiace, non ho trovato niente di libero.")
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
            Some(closed) => format!("{closed} Il più vicino che ho è {offers}."),
            None => format!("Purtroppo {} non è libero. Ho {offers}.", speak::at(at.time())),
        }
    }

    fn free(&self, business: &Business, wish: Wish, offers: &str, turn: u16) -> String {
        if wish.service.is_none() && wish.staff.is_none() {
            return format!("{} {offers}.", vary(turn, &["Ho libero", "Potrebbe essere"]));
        }
        format!("{} ho libero {offers}.", capital(for_what(business, wish.service, wish.staff).trim()))
    }

    fn free_at_that_time(&self, offers: &str) -> String {
        format!("A quell'ora ho libero {offers}.")
    }

    fn nearest_to_that_time(&self, offers: &str) -> String {
        format!("Proprio a quell'ora non ho niente, ma {offers} sì.")
    }

    fn next_free(&self, offers: &str) -> String {
        format!("Le posso offrire {offers}.")
    }

    fn nothing_beyond(&self, later: bool) -> String {
        format!("Purtroppo non c'è niente {}.", if later { "più tardi" } else { "prima" })
    }

    fn others(&self, offers: &str) -> Question {
        Question::new("Uno di questi le andrebbe bene, o che cosa sarebbe meglio?")
            .after(format!("Nessun problema. Ho libero anche {offers}."))
    }

    fn which_suits(&self, count: usize, turn: u16) -> String {
        if count == 1 {
            vary(turn, &["Le andrebbe bene?", "Le va bene?"])
        } else {
            vary(turn, &["Quale le andrebbe bene?", "Quale preferisce?"])
        }
    }

    fn which_one(&self, count: usize, offers: &str) -> Question {
        match count {
            0 | 1 => Question::new(format!("Le andrebbe bene {offers}?")),
            _ => Question::new(format!("Quale preferisce: {offers}?")),
        }
    }

    fn just_taken(&self) -> String {
        "Mi dispiace, qualcuno ha appena preso quell'orario.".into()
    }

    fn not_on_offer(&self) -> String {
        "Mi dispiace, quell'orario non lo posso prenotare.".into()
    }

    fn is_free(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> String {
        let who = for_what(business, None, Some(slot.staff));
        format!("{}{who} è libero.", capital(&speak::moment(starts, now)))
    }

    fn your_name(&self) -> Question {
        Question::new("Mi dice il suo nome, per favore?")
    }

    fn spell_it(&self, name: Option<&str>) -> Question {
        match name {
            Some(name) => Question::new("Può dirmelo lettera per lettera?")
                .after(format!("Ho capito {}, ma forse non è così.", name.trim())),
            None => Question::new("Può dirmi il suo nome lettera per lettera?"),
        }
    }

    fn your_number(&self, name: Option<&str>) -> Question {
        let told = name.map_or_else(String::new, |name| format!("Grazie, {}.", first(name)));
        Question::new("E a che numero possiamo contattarla?").after(told)
    }

    fn number_by_keys(&self) -> Question {
        Question::new("Può digitare il numero con i tasti del telefono?").after("Mi dispiace, non ho capito il numero.")
    }

    fn without_number(&self) -> String {
        "Lasciamo stare il numero.".into()
    }

    fn rest_of_number(&self, digits: usize) -> Question {
        if digits == 0 {
            Question::new("Può ripetermi il numero, cifra per cifra?")
        } else {
            Question::new("Sì, continui.")
        }
    }

    fn read_back(&self, business: &Business, read: &ReadBack<'_>, now: &Zoned) -> Question {
        let starts = speak::in_full(read.starts, now);
        let mut parts = vec![format!("Sarebbe {}, {starts}", what(business, read.slot))];
        parts.extend((!read.name.is_empty()).then(|| format!("a nome di {}", read.name)));
        parts.extend(read.spelled.then(|| format!("che si scrive {}", SIGNS.letters(read.name))));
        parts.extend(read.number.map(|number| format!("con il numero {}", SIGNS.number(number))));
        parts.extend(read.email.map(|address| format!("e l'indirizzo e-mail {}", SIGNS.email(address))));
        let mut told = stop(parts.join(", "));
        let party = read.party.map(|party| format!("che siete in {party}"));
        let more: Vec<String> =
            party.into_iter().chain(read.note.map(|_| "quello che mi ha detto".to_owned())).collect();
        if !more.is_empty() {
            told.push_str(&stop(format!(" Riferirò anche {}", and(&more))));
        }
        Question::new("Lo prenoto?").after(told)
    }

    fn read_back_move(&self, business: &Business, old: &Zoned, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("È corretto?").after(format!(
            "Sposterei {}: invece di {}, sarebbe {}.",
            yours(business, slot),
            speak::in_full(old, now),
            speak::in_full(starts, now)
        ))
    }

    fn who_instead(&self, business: &Business) -> Question {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        Question::new(format!("Con chi vorrebbe venire allora: {}?", or(&names)))
    }

    fn right_name(&self) -> Question {
        Question::new("Qual è il nome giusto?").after("Mi scusi.")
    }

    fn right_number(&self) -> Question {
        Question::new("Qual è il numero giusto?").after("Mi scusi.")
    }

    fn extension(&self, digits: &str) -> String {
        format!("interno {digits}")
    }

    fn just_to_be_sure(&self) -> String {
        "Solo per sicurezza.".into()
    }

    fn before_you_go(&self) -> Question {
        Question::new("Prima di riattaccare: lo prenoto?")
    }

    fn what_to_change(&self) -> Question {
        Question::new("Che cosa devo cambiare?").after("D'accordo.")
    }

    fn booked(&self, booking: &Booking, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Riceverà un SMS con i dettagli." } else { "" };
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("Il suo appuntamento è prenotato, {name}: {starts}.{text}")
    }

    fn noted(&self, booking: &Booking, starts: &Zoned, now: &Zoned) -> String {
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("Grazie, {name}. Ho preso nota: {starts}. Le confermeremo con un SMS.")
    }

    fn moved(&self, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Riceverà un SMS con il nuovo orario." } else { "" };
        format!("Fatto, il suo appuntamento ora è {}.{text}", speak::in_full(starts, now))
    }

    fn note_passed_on(&self) -> String {
        "E ho riferito quello che mi ha detto.".into()
    }

    fn note_not_passed_on(&self) -> String {
        "Non ho potuto riferire quello che mi ha detto; lo dica per favore quando viene.".into()
    }

    fn confirm_unknown(&self) -> Question {
        Question::new("Vuole lasciare anche un messaggio, così la richiamano?")
            .after("Mi dispiace, non so ancora se la prenotazione è andata a buon fine. In tal caso riceverà un SMS.")
    }

    fn too_many(&self) -> Question {
        Question::new("Vuole lasciare un messaggio?")
            .after("Mi dispiace, in questa chiamata non posso fare altre prenotazioni.")
    }

    fn by_page(&self) -> Question {
        Question::new("Vuole lasciare anche un messaggio?")
            .after("Mi dispiace, ora non posso fare io questa prenotazione. Le ho mandato per SMS l'indirizzo di una pagina dove può farla.")
    }

    fn done_already(&self) -> Question {
        Question::new("Vuole spostarlo o annullarlo?").after("Quell'appuntamento è già prenotato.")
    }

    fn never_mind(&self) -> String {
        "D'accordo, lasciamo stare.".into()
    }

    fn not_booked_yet(&self) -> String {
        "Non è ancora prenotato.".into()
    }

    fn let_me_see(&self) -> String {
        "Questo dovrei prima controllarlo.".into()
    }
}

impl Own for Italian {
    fn whose_name(&self) -> Question {
        Question::new("A che nome è l'appuntamento?").after("Certo.")
    }

    fn which_day(&self) -> Question {
        Question::new("E che giorno è?")
    }

    fn which_of_yours(&self, starts: &[Zoned]) -> Question {
        let times: Vec<String> = starts.iter().map(|at| speak::at(at.time())).collect();
        Question::new(format!("Quale: {}?", or(&times))).after("Quel giorno ce n'è più d'uno.")
    }

    fn no_number(&self) -> Question {
        Question::new("Vuole lasciare un messaggio?")
            .after("Posso vedere gli appuntamenti solo dal numero con cui sono stati presi.")
    }

    fn not_found_yet(&self) -> Question {
        Question::new("Può dirmi lettera per lettera il nome con cui è stato preso?")
            .after("Con questo numero e questo nome non trovo l'appuntamento.")
    }

    fn not_found(&self) -> Question {
        Question::new("Vuole lasciare un messaggio, così qualcuno controlla?").after("Purtroppo ancora non lo trovo.")
    }

    fn your_appointments(&self, business: &Business, bookings: &[(Slot, Zoned)], now: &Zoned) -> String {
        let told: Vec<String> = bookings
            .iter()
            .map(|(slot, starts)| format!("{}, {}", what(business, *slot), speak::in_full(starts, now)))
            .collect();
        stop(format!("Ha {}", and(&told)))
    }

    fn cancel_it(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Lo annullo?").after(format!("È {}, {}.", yours(business, slot), speak::in_full(starts, now)))
    }

    fn cancelled(&self, starts: &Zoned, now: &Zoned) -> String {
        format!("Il suo appuntamento di {} è annullato.", speak::day(starts.date(), now.date()))
    }

    fn kept(&self) -> String {
        "D'accordo, resta com'è.".into()
    }

    fn gone_already(&self) -> String {
        "Quell'appuntamento non è più in agenda.".into()
    }

    fn too_late(&self) -> Question {
        Question::new("Vuole lasciare un messaggio?")
            .after("Mi dispiace, l'appuntamento è troppo vicino perché io lo possa cambiare.")
    }

    fn nothing_changed_yet(&self) -> String {
        "Non è ancora stato cambiato nulla.".into()
    }
}
