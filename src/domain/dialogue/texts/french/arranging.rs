//! Arranging an appointment, up to the yes; and the caller's own.

use jiff::{
    Zoned,
    civil::{Date, DateTime, Time},
};

use super::{French, SIGNS, and, for_what, of, or, what, wished, yours};
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
    time::{Resolution, speak::french as speak},
};

impl Arranging for French {
    fn which_service_at(&self, business: &Business, wish: Wish, now: &Zoned) -> Question {
        let told = wished(business, wish, now.date()).map_or_else(String::new, |wish| format!("Bien sûr, {wish}."));
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).collect();
        let asks = match names.len() {
            0 => "Que puis-je faire pour vous ?".to_owned(),
            1..=4 => format!("Que souhaitez-vous réserver : {} ?", or(&names)),
            _ => "Que souhaitez-vous réserver ?".to_owned(),
        };
        Question::new(asks).after(told)
    }

    fn which_service(&self, services: &[&Service]) -> Question {
        let names: Vec<String> = services.iter().map(|service| lower(&service.name)).collect();
        Question::new(format!("Vous voulez dire {} ?", or(&names)))
    }

    fn no_such_service(&self, business: &Business) -> Question {
        Question::new("Qu'est-ce qui vous conviendrait ?")
            .after(format!("Nous ne proposons malheureusement pas cela. {}", self.services(business)))
    }

    fn no_such_staff(&self, business: &Business) -> String {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        format!("Je ne connais ici personne de ce nom. Chez nous, il y a {}.", and(&names))
    }

    fn which_staff(&self, names: &[&str]) -> Question {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Question::new(format!("Vous voulez dire {} ?", or(&names)))
    }

    fn not_offered_by(&self, business: &Business, service: &Service, staff: StaffId) -> String {
        let who: Vec<String> = business.offering(service).map(|member| member.name.clone()).collect();
        let member = business.member(staff).map_or("cette personne", |member| &member.name);
        format!("{} : ce n'est pas possible avec {member}, mais avec {}.", capital(&lower(&service.name)), or(&who))
    }

    fn when(&self, task: Task, business: &Business, wish: Wish, turn: u16) -> Question {
        if task == Task::Move {
            return Question::new("Quel jour et quelle heure vous conviendraient à la place ?");
        }
        let asks = "Quand souhaitez-vous venir ?";
        if wish.service.is_none() && wish.staff.is_none() {
            return Question::new(asks);
        }
        let what = for_what(business, wish.service, wish.staff);
        Question::new(asks).after(format!("{}, un rendez-vous{what}.", vary(turn, &["Bien sûr", "D'accord"])))
    }

    fn when_instead(&self, turn: u16) -> Question {
        Question::new("Quel jour et quelle heure vous conviendraient mieux ?")
            .after(vary(turn, &["Pas de problème.", "Ce n'est rien."]))
    }

    fn next_free_time(&self) -> Question {
        Question::new("Voulez-vous que je vous dise le prochain créneau libre ?")
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
        Question::new(format!("Vous voulez dire {} ?", or(&said)))
    }

    fn clocks_go_back(&self, first: &Zoned, second: &Zoned) -> Question {
        let asks = format!("Vous voulez dire {}, ou {} ?", speak::at_of(first), speak::at_of(second));
        let time = speak::time(first.time());
        Question::new(asks).after(format!("Cette nuit-là, on recule l'heure, et {time} arrive deux fois."))
    }

    fn clocks_go_forward(&self, asked: DateTime, next: &Zoned, today: Date) -> Question {
        let (time, day) = (speak::time(asked.time()), speak::day(asked.date(), today));
        Question::new("Cela vous conviendrait ?").after(format!(
            "Cette nuit-là, on avance l'heure, et {time} n'existe pas {day}. Ce serait possible {}.",
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
                    (true, false) => format!("{day}, c'est malheureusement déjà passé."),
                    (true, true) => "C'est malheureusement trop tard pour aujourd'hui.".to_owned(),
                    (false, _) => format!("{day} {}, c'est malheureusement déjà passé.", speak::at(asked.time())),
                };
                Question::new("Quand souhaitez-vous venir ?").after(passed)
            }
            Resolution::NoSuchDate { last, .. } => Question::new("Quel jour vouliez-vous dire ?")
                .after(format!("Ce jour n'existe pas. Le dernier de ce mois est {}.", speak::day(*last, today))),
            Resolution::WrongWeekday { said, date } => Question::new("Quel jour vouliez-vous dire ?").after(format!(
                "Le {} est un {}, pas un {}.",
                date.day(),
                speak::weekday(date.weekday()),
                speak::weekday(*said),
            )),
            Resolution::TooFar { last } => Question::new("Quel jour avant cette date vous conviendrait ?")
                .after(format!("Pour le moment, nous réservons jusqu'à cette date : {}.", speak::day(*last, today))),
            _ => Question::new("Quel jour et à quelle heure souhaitez-vous venir ?")
                .after("Pardon, je n'ai pas compris l'heure."),
        }
    }

    fn closed(&self, business: &Business, date: Date) -> String {
        match business.exception_on(date).map(|exception| &exception.reason) {
            Some(Some(reason)) => stop(format!("Nous sommes fermés ce jour-là : {reason}")),
            Some(None) => "Nous sommes fermés ce jour-là.".into(),
            None => format!("Nous sommes fermés le {}.", speak::weekday(date.weekday())),
        }
    }

    fn nothing_free(&self, day: Option<(Date, Date)>) -> String {
        match day {
            Some((day, today)) => format!("Il n'y a malheureusement rien de libre {}.", speak::day(day, today)),
            None => "Il n'y a malheureusement rien de libre à ce moment-là.".into(),
        }
    }

    fn nothing_at_all(&self) -> Question {
        Question::new("Quel autre jour vous conviendrait ?").after("Je suis désolée, je n'ai rien trouvé de libre.")
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
            Some(closed) => format!("{closed} Le plus proche que j'aie, c'est {offers}."),
            None => format!("Malheureusement, {} n'est pas libre. J'ai {offers}.", speak::time(at.time())),
        }
    }

    fn free(&self, business: &Business, wish: Wish, offers: &str, turn: u16) -> String {
        if wish.service.is_none() && wish.staff.is_none() {
            return format!("{} {offers}.", vary(turn, &["J'ai", "Je pourrais vous proposer"]));
        }
        format!("{}, j'ai {offers}.", capital(for_what(business, wish.service, wish.staff).trim()))
    }

    fn free_at_that_time(&self, offers: &str) -> String {
        format!("À cette heure-là, j'ai {offers}.")
    }

    fn nearest_to_that_time(&self, offers: &str) -> String {
        format!("Je n'ai rien exactement à cette heure-là, mais {offers}.")
    }

    fn next_free(&self, offers: &str) -> String {
        format!("Je peux vous proposer {offers}.")
    }

    fn nothing_beyond(&self, later: bool) -> String {
        format!("Il n'y a malheureusement rien plus {}.", if later { "tard" } else { "tôt" })
    }

    fn others(&self, offers: &str) -> Question {
        Question::new("Est-ce que l'un d'eux vous convient, ou qu'est-ce qui irait mieux ?")
            .after(format!("Pas de problème. J'ai aussi {offers}."))
    }

    fn which_suits(&self, count: usize, turn: u16) -> String {
        if count == 1 {
            vary(turn, &["Est-ce que cela vous conviendrait ?", "Cela vous va ?"])
        } else {
            vary(turn, &["Lequel vous conviendrait ?", "Lequel préférez-vous ?"])
        }
    }

    fn which_one(&self, count: usize, offers: &str) -> Question {
        match count {
            0 | 1 => Question::new(format!("Est-ce que cela vous irait : {offers} ?")),
            _ => Question::new(format!("Lequel préférez-vous : {offers} ?")),
        }
    }

    fn just_taken(&self) -> String {
        "Je suis désolée, quelqu'un vient de prendre ce créneau.".into()
    }

    fn not_on_offer(&self) -> String {
        "Je suis désolée, je ne peux pas réserver ce créneau.".into()
    }

    fn is_free(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> String {
        let who = for_what(business, None, Some(slot.staff));
        format!("{}{who}, c'est libre.", capital(&speak::moment(starts, now)))
    }

    fn your_name(&self) -> Question {
        Question::new("Quel est votre nom, s'il vous plaît ?")
    }

    fn spell_it(&self, name: Option<&str>) -> Question {
        match name {
            Some(name) => Question::new("Pouvez-vous me l'épeler, lettre par lettre ?")
                .after(format!("J'ai compris {}, mais ce n'est peut-être pas ça.", name.trim())),
            None => Question::new("Pouvez-vous m'épeler votre nom, lettre par lettre ?"),
        }
    }

    fn your_number(&self, name: Option<&str>) -> Question {
        let told = name.map_or_else(String::new, |name| format!("Merci, {}.", first(name)));
        Question::new("Et à quel numéro peut-on vous joindre ?").after(told)
    }

    fn number_by_keys(&self) -> Question {
        Question::new("Pouvez-vous taper le numéro sur les touches du téléphone ?")
            .after("Je suis désolée, je n'ai pas compris le numéro.")
    }

    fn without_number(&self) -> String {
        "Laissons le numéro.".into()
    }

    fn rest_of_number(&self, digits: usize) -> Question {
        if digits == 0 {
            Question::new("Pouvez-vous me redonner le numéro, chiffre par chiffre ?")
        } else {
            Question::new("Oui, continuez.")
        }
    }

    fn read_back(&self, business: &Business, read: &ReadBack<'_>, now: &Zoned) -> Question {
        let starts = speak::in_full(read.starts, now);
        let mut parts = vec![format!("Ce serait {}, {starts}", what(business, read.slot))];
        parts.extend((!read.name.is_empty()).then(|| format!("au nom {}", of(read.name))));
        parts.extend(read.spelled.then(|| format!("qui s'écrit {}", SIGNS.letters(read.name))));
        parts.extend(read.number.map(|number| format!("au numéro {}", SIGNS.number(number))));
        parts.extend(read.email.map(|address| format!("et l'adresse {}", SIGNS.email(address))));
        let mut told = stop(parts.join(", "));
        let party = read.party.map(|party| format!("que vous serez {party}"));
        let more: Vec<String> =
            party.into_iter().chain(read.note.map(|_| "ce que vous m'avez dit".to_owned())).collect();
        if !more.is_empty() {
            told.push_str(&stop(format!(" Je leur dirai aussi {}", and(&more))));
        }
        Question::new("Je le réserve ?").after(told)
    }

    fn read_back_move(&self, business: &Business, old: &Zoned, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Est-ce correct ?").after(format!(
            "Je déplacerais {} : l'ancienne date est {}, la nouvelle serait {}.",
            yours(business, slot),
            speak::in_full(old, now),
            speak::in_full(starts, now)
        ))
    }

    fn who_instead(&self, business: &Business) -> Question {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        Question::new(format!("Avec qui souhaitez-vous venir alors : {} ?", or(&names)))
    }

    fn right_name(&self) -> Question {
        Question::new("Quel est le bon nom ?").after("Excusez-moi.")
    }

    fn right_number(&self) -> Question {
        Question::new("Quel est le bon numéro ?").after("Excusez-moi.")
    }

    fn extension(&self, digits: &str) -> String {
        format!("poste {digits}")
    }

    fn just_to_be_sure(&self) -> String {
        "Juste pour être sûrs.".into()
    }

    fn before_you_go(&self) -> Question {
        Question::new("Avant de raccrocher : je le réserve ?")
    }

    fn what_to_change(&self) -> Question {
        Question::new("Que dois-je changer ?").after("D'accord.")
    }

    fn booked(&self, booking: &Booking, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Vous recevrez un SMS avec les détails." } else { "" };
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("C'est réservé, {name} : {starts}.{text}")
    }

    fn noted(&self, booking: &Booking, starts: &Zoned, now: &Zoned) -> String {
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("Merci, {name}. C'est noté pour vous : {starts}. Nous confirmerons par SMS.")
    }

    fn moved(&self, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Vous recevrez un SMS avec la nouvelle heure." } else { "" };
        format!("C'est fait, votre rendez-vous est maintenant {}.{text}", speak::in_full(starts, now))
    }

    fn note_passed_on(&self) -> String {
        "Et j'ai transmis ce que vous m'avez dit.".into()
    }

    fn note_not_passed_on(&self) -> String {
        "Je n'ai pas pu transmettre ce que vous m'avez dit ; dites-le s'il vous plaît en arrivant.".into()
    }

    fn confirm_unknown(&self) -> Question {
        Question::new("Voulez-vous aussi laisser un message pour qu'on vous rappelle ?")
            .after("Je suis désolée, je ne sais pas encore si la réservation a abouti. Si oui, vous recevrez un SMS.")
    }

    fn too_many(&self) -> Question {
        Question::new("Voulez-vous laisser un message ?")
            .after("Je suis désolée, je ne peux plus faire de réservation pendant cet appel.")
    }

    fn by_page(&self) -> Question {
        Question::new("Voulez-vous aussi laisser un message ?")
            .after("Je suis désolée, je ne peux pas faire cette réservation moi-même en ce moment. Je vous ai envoyé par SMS l'adresse d'une page où vous pouvez la faire.")
    }

    fn done_already(&self) -> Question {
        Question::new("Voulez-vous le déplacer ou l'annuler ?").after("Ce rendez-vous est déjà réservé.")
    }

    fn never_mind(&self) -> String {
        "D'accord, on laisse.".into()
    }

    fn not_booked_yet(&self) -> String {
        "Ce n'est pas encore réservé.".into()
    }

    fn let_me_see(&self) -> String {
        "Il faudrait d'abord que je regarde.".into()
    }
}

impl Own for French {
    fn whose_name(&self) -> Question {
        Question::new("À quel nom est le rendez-vous ?").after("Bien sûr.")
    }

    fn which_day(&self) -> Question {
        Question::new("Et c'est quel jour ?")
    }

    fn which_of_yours(&self, starts: &[Zoned]) -> Question {
        let times: Vec<String> = starts.iter().map(|at| speak::at(at.time())).collect();
        Question::new(format!("Lequel : {} ?", or(&times))).after("Il y en a plusieurs ce jour-là.")
    }

    fn no_number(&self) -> Question {
        Question::new("Voulez-vous laisser un message ?")
            .after("Je ne peux voir les rendez-vous que depuis le numéro avec lequel ils ont été pris.")
    }

    fn not_found_yet(&self) -> Question {
        Question::new("Pouvez-vous m'épeler le nom sous lequel il a été pris ?")
            .after("Je ne trouve pas ce rendez-vous sous ce numéro et ce nom.")
    }

    fn not_found(&self) -> Question {
        Question::new("Voulez-vous laisser un message pour que quelqu'un regarde ?")
            .after("Je ne le trouve toujours pas.")
    }

    fn your_appointments(&self, business: &Business, bookings: &[(Slot, Zoned)], now: &Zoned) -> String {
        let told: Vec<String> = bookings
            .iter()
            .map(|(slot, starts)| format!("{}, {}", what(business, *slot), speak::in_full(starts, now)))
            .collect();
        stop(format!("Vous avez {}", and(&told)))
    }

    fn cancel_it(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Je l'annule ?").after(format!(
            "C'est {}, {}.",
            yours(business, slot),
            speak::in_full(starts, now)
        ))
    }

    fn cancelled(&self, starts: &Zoned, now: &Zoned) -> String {
        let day = speak::day(starts.date(), now.date());
        let of = day.strip_prefix("le ").map_or_else(|| of(&day), |day| format!("du {day}"));
        format!("Votre rendez-vous {of} est annulé.")
    }

    fn kept(&self) -> String {
        "D'accord, il reste tel quel.".into()
    }

    fn gone_already(&self) -> String {
        "Ce rendez-vous n'est plus dans l'agenda.".into()
    }

    fn too_late(&self) -> Question {
        Question::new("Voulez-vous leur laisser un message ?")
            .after("Je suis désolée, le rendez-vous est trop proche pour que je le change.")
    }

    fn nothing_changed_yet(&self) -> String {
        "Rien n'a encore été changé.".into()
    }
}
