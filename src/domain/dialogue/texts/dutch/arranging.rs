//! Arranging an appointment, up to the yes; and the caller's own.

use jiff::{
    Zoned,
    civil::{Date, DateTime, Time},
};

use super::{Dutch, SIGNS, and, for_what, or, what, wished, yours};
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
    time::{Resolution, speak::dutch as speak},
};

impl Arranging for Dutch {
    fn which_service_at(&self, business: &Business, wish: Wish, now: &Zoned) -> Question {
        let told = wished(business, wish, now.date()).map_or_else(String::new, |wish| format!("Prima, {wish}."));
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).collect();
        let asks = match names.len() {
            0 => "Wat kan ik voor u doen?".to_owned(),
            1..=4 => format!("Wat wilt u boeken: {}?", or(&names)),
            _ => "Wat wilt u boeken?".to_owned(),
        };
        Question::new(asks).after(told)
    }

    fn which_service(&self, services: &[&Service]) -> Question {
        let names: Vec<String> = services.iter().map(|service| lower(&service.name)).collect();
        Question::new(format!("Bedoelt u {}?", or(&names)))
    }

    fn no_such_service(&self, business: &Business) -> Question {
        Question::new("Wat zou u willen?").after(format!("Dat bieden we helaas niet aan. {}", self.services(business)))
    }

    fn no_such_staff(&self, business: &Business) -> String {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        format!("Ik ken hier niemand met die naam. Bij ons werken {}.", and(&names))
    }

    fn which_staff(&self, names: &[&str]) -> Question {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Question::new(format!("Bedoelt u {}?", or(&names)))
    }

    fn not_offered_by(&self, business: &Business, service: &Service, staff: StaffId) -> String {
        let who: Vec<String> = business.offering(service).map(|member| member.name.clone()).collect();
        let member = business.member(staff).map_or("die persoon", |member| &member.name);
        format!("{} kan niet bij {member}, maar wel bij {}.", capital(&lower(&service.name)), or(&who))
    }

    fn when(&self, task: Task, business: &Business, wish: Wish, turn: u16) -> Question {
        if task == Task::Move {
            return Question::new("Welke dag en welke tijd zou u beter uitkomen?");
        }
        let asks = "Wanneer wilt u komen?";
        if wish.service.is_none() && wish.staff.is_none() {
            return Question::new(asks);
        }
        let what = for_what(business, wish.service, wish.staff);
        Question::new(asks).after(format!("{}, een afspraak{what}.", vary(turn, &["Prima", "In orde"])))
    }

    fn when_instead(&self, turn: u16) -> Question {
        Question::new("Wanneer zou het beter zijn, welke dag en hoe laat?")
            .after(vary(turn, &["Geen probleem.", "Dat geeft niet."]))
    }

    fn next_free_time(&self) -> Question {
        Question::new("Zal ik u de eerste vrije tijd noemen?")
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
        Question::new(format!("Wanneer precies: {}?", or(&said)))
    }

    fn clocks_go_back(&self, first: &Zoned, second: &Zoned) -> Question {
        let asks = format!("Wanneer precies: {}, of {}?", speak::at_of(first), speak::at_of(second));
        Question::new(asks).after("Die nacht gaat de klok terug, en dat uur komt twee keer.")
    }

    fn clocks_go_forward(&self, asked: DateTime, next: &Zoned, today: Date) -> Question {
        let (time, day) = (speak::time(asked.time()), speak::on_day(asked.date(), today));
        Question::new("Zou u dat schikken?").after(format!(
            "Die nacht gaat de klok vooruit: {time} bestaat {day} niet. Het zou kunnen {}.",
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
                    (true, false) => format!("{day} is helaas al voorbij."),
                    (true, true) => "Daarvoor is het vandaag helaas te laat.".to_owned(),
                    (false, _) => format!("{day} {} is helaas al voorbij.", speak::at(asked.time())),
                };
                Question::new("Wanneer wilt u komen?").after(passed)
            }
            Resolution::NoSuchDate { last, .. } => Question::new("Welke dag bedoelde u?")
                .after(format!("Die dag bestaat niet. De laatste van die maand is {}.", speak::day(*last, today))),
            Resolution::WrongWeekday { said, date } => Question::new("Welke dag bedoelde u?").after(format!(
                "De {}e is een {}, geen {}.",
                date.day(),
                speak::weekday(date.weekday()),
                speak::weekday(*said),
            )),
            Resolution::TooFar { last } => Question::new("Welke dag daarvoor zou u schikken?")
                .after(format!("Op dit moment boeken we tot en met {}.", speak::day(*last, today))),
            _ => {
                Question::new("Op welke dag en hoe laat wilt u komen?").after("Excuses, ik heb de tijd niet begrepen.")
            }
        }
    }

    fn closed(&self, business: &Business, date: Date) -> String {
        match business.exception_on(date).map(|exception| &exception.reason) {
            Some(Some(reason)) => stop(format!("Die dag zijn we gesloten: {reason}")),
            Some(None) => "Die dag zijn we gesloten.".into(),
            None => format!("Op {} zijn we gesloten.", speak::weekday(date.weekday())),
        }
    }

    fn nothing_free(&self, day: Option<(Date, Date)>) -> String {
        match day {
            Some((day, today)) => format!("{} is er helaas niets vrij.", capital(&speak::on_day(day, today))),
            None => "Dan is er helaas niets vrij.".into(),
        }
    }

    fn nothing_at_all(&self) -> Question {
        Question::new("Welke andere dag zou u schikken?").after("Het spijt me, ik heb daar niets vrij gevonden.")
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
            Some(closed) => format!("{closed} Het dichtst in de buurt is {offers}."),
            None => format!("{} is helaas niet vrij. Vrij is {offers}.", capital(&speak::time(at.time()))),
        }
    }

    fn free(&self, business: &Business, wish: Wish, offers: &str, turn: u16) -> String {
        if wish.service.is_none() && wish.staff.is_none() {
            return format!("{} {offers}.", vary(turn, &["Vrij is", "Het zou kunnen"]));
        }
        format!("{} is vrij: {offers}.", capital(for_what(business, wish.service, wish.staff).trim()))
    }

    fn free_at_that_time(&self, offers: &str) -> String {
        format!("Op die tijd is vrij: {offers}.")
    }

    fn nearest_to_that_time(&self, offers: &str) -> String {
        format!("Precies op die tijd is er niets vrij, maar wel {offers}.")
    }

    fn next_free(&self, offers: &str) -> String {
        format!("Ik kan u aanbieden: {offers}.")
    }

    fn nothing_beyond(&self, later: bool) -> String {
        format!("Er is helaas niets {}.", if later { "later" } else { "eerder" })
    }

    fn others(&self, offers: &str) -> Question {
        Question::new("Schikt een van deze, of wat zou beter zijn?")
            .after(format!("Geen probleem. Ook vrij is {offers}."))
    }

    fn which_suits(&self, count: usize, turn: u16) -> String {
        if count == 1 {
            vary(turn, &["Zou u dat schikken?", "Schikt u dat?"])
        } else {
            vary(turn, &["Welke schikt u?", "Welke heeft u liever?"])
        }
    }

    fn which_one(&self, count: usize, offers: &str) -> Question {
        match count {
            0 | 1 => Question::new(format!("Zou u dit schikken: {offers}?")),
            _ => Question::new(format!("Welke heeft u liever: {offers}?")),
        }
    }

    fn just_taken(&self) -> String {
        "Het spijt me, iemand heeft die tijd net geboekt.".into()
    }

    fn not_on_offer(&self) -> String {
        "Het spijt me, die tijd kan ik niet boeken.".into()
    }

    fn is_free(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> String {
        let who = for_what(business, None, Some(slot.staff));
        format!("{}{who} is vrij.", capital(&speak::moment(starts, now)))
    }

    fn your_name(&self) -> Question {
        Question::new("Mag ik uw naam, alstublieft?")
    }

    fn spell_it(&self, name: Option<&str>) -> Question {
        match name {
            Some(name) => Question::new("Kunt u die voor me spellen, letter voor letter?")
                .after(format!("Ik heb {} verstaan, maar misschien klopt dat niet.", name.trim())),
            None => Question::new("Kunt u uw naam voor me spellen, letter voor letter?"),
        }
    }

    fn your_number(&self, name: Option<&str>) -> Question {
        let told = name.map_or_else(String::new, |name| format!("Dank u, {}.", first(name)));
        Question::new("En op welk nummer kunnen we u bereiken?").after(told)
    }

    fn number_by_keys(&self) -> Question {
        Question::new("Kunt u het nummer op de toetsen van uw telefoon intoetsen?")
            .after("Het spijt me, ik heb het nummer niet begrepen.")
    }

    fn without_number(&self) -> String {
        "Laat het nummer maar.".into()
    }

    fn rest_of_number(&self, digits: usize) -> Question {
        if digits == 0 {
            Question::new("Kunt u het nummer nog een keer zeggen, cijfer voor cijfer?")
        } else {
            Question::new("Ja, gaat u verder.")
        }
    }

    fn read_back(&self, business: &Business, read: &ReadBack<'_>, now: &Zoned) -> Question {
        let starts = speak::in_full(read.starts, now);
        let mut parts = vec![format!("Dat wordt {}, {starts}", what(business, read.slot))];
        parts.extend((!read.name.is_empty()).then(|| format!("op naam van {}", read.name)));
        parts.extend(read.spelled.then(|| format!("gespeld {}", SIGNS.letters(read.name))));
        parts.extend(read.number.map(|number| format!("met het nummer {}", SIGNS.number(number))));
        parts.extend(read.email.map(|address| format!("en het e-mailadres {}", SIGNS.email(address))));
        let mut told = stop(parts.join(", "));
        let party = read.party.map(|party| format!("dat u met {party} personen komt"));
        let more: Vec<String> =
            party.into_iter().chain(read.note.map(|_| "wat u me verteld heeft".to_owned())).collect();
        if !more.is_empty() {
            told.push_str(&stop(format!(" Ik geef ook door {}", and(&more))));
        }
        Question::new("Zal ik die boeken?").after(told)
    }

    fn read_back_move(&self, business: &Business, old: &Zoned, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Klopt dat?").after(format!(
            "Ik zou {} verzetten: in plaats van {} wordt het {}.",
            yours(business, slot),
            speak::in_full(old, now),
            speak::in_full(starts, now)
        ))
    }

    fn who_instead(&self, business: &Business) -> Question {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        Question::new(format!("Bij wie wilt u dan: {}?", or(&names)))
    }

    fn right_name(&self) -> Question {
        Question::new("Wat is de juiste naam?").after("Excuses.")
    }

    fn right_number(&self) -> Question {
        Question::new("Wat is het juiste nummer?").after("Excuses.")
    }

    fn extension(&self, digits: &str) -> String {
        format!("toestel {digits}")
    }

    fn just_to_be_sure(&self) -> String {
        "Voor de zekerheid.".into()
    }

    fn before_you_go(&self) -> Question {
        Question::new("Voordat u ophangt: zal ik die boeken?")
    }

    fn what_to_change(&self) -> Question {
        Question::new("Wat moet ik veranderen?").after("In orde.")
    }

    fn booked(&self, booking: &Booking, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " U krijgt een sms met de gegevens." } else { "" };
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("Uw afspraak is geboekt, {name}: {starts}.{text}")
    }

    fn noted(&self, booking: &Booking, starts: &Zoned, now: &Zoned) -> String {
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("Dank u, {name}. Ik heb u genoteerd: {starts}. We bevestigen het per sms.")
    }

    fn moved(&self, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " U krijgt een sms met de nieuwe tijd." } else { "" };
        format!("Geregeld, uw afspraak is nu {}.{text}", speak::in_full(starts, now))
    }

    fn note_passed_on(&self) -> String {
        "En wat u me verteld heeft, heb ik doorgegeven.".into()
    }

    fn note_not_passed_on(&self) -> String {
        "Wat u me verteld heeft kon ik niet doorgeven; zegt u het alstublieft als u er bent.".into()
    }

    fn confirm_unknown(&self) -> Question {
        Question::new("Zal ik ook een boodschap achterlaten, zodat iemand u terugbelt?")
            .after("Het spijt me, ik weet nog niet of het gelukt is. Zo ja, dan krijgt u een sms.")
    }

    fn too_many(&self) -> Question {
        Question::new("Zal ik een boodschap aannemen?")
            .after("Het spijt me, in dit gesprek kan ik niet meer afspraken boeken.")
    }

    fn by_page(&self) -> Question {
        Question::new("Zal ik ook een boodschap aannemen?")
            .after("Het spijt me, dat kan ik nu niet zelf boeken. Ik heb u per sms het adres gestuurd van een pagina waar het wel kan.")
    }

    fn done_already(&self) -> Question {
        Question::new("Wilt u die verzetten of annuleren?").after("Die afspraak is al geboekt.")
    }

    fn never_mind(&self) -> String {
        "In orde, dan laten we het.".into()
    }

    fn not_booked_yet(&self) -> String {
        "Er is nog niets geboekt.".into()
    }

    fn let_me_see(&self) -> String {
        "Dat zou ik eerst moeten nakijken.".into()
    }
}

impl Own for Dutch {
    fn whose_name(&self) -> Question {
        Question::new("Op welke naam staat de afspraak?").after("Natuurlijk.")
    }

    fn which_day(&self) -> Question {
        Question::new("En op welke dag is die?")
    }

    fn which_of_yours(&self, starts: &[Zoned]) -> Question {
        let times: Vec<String> = starts.iter().map(|at| speak::at(at.time())).collect();
        Question::new(format!("Welke is het: {}?", or(&times))).after("Op die dag zijn er meer.")
    }

    fn no_number(&self) -> Question {
        Question::new("Zal ik een boodschap aannemen?")
            .after("Ik kan afspraken alleen zien vanaf het nummer waarmee ze gemaakt zijn.")
    }

    fn not_found_yet(&self) -> Question {
        Question::new("Kunt u de naam spellen waarop die gemaakt is?")
            .after("Ik vind die afspraak niet onder dit nummer en deze naam.")
    }

    fn not_found(&self) -> Question {
        Question::new("Zal ik een boodschap aannemen, zodat iemand het nakijkt?").after("Ik vind hem nog steeds niet.")
    }

    fn your_appointments(&self, business: &Business, bookings: &[(Slot, Zoned)], now: &Zoned) -> String {
        let told: Vec<String> = bookings
            .iter()
            .map(|(slot, starts)| format!("{}, {}", what(business, *slot), speak::in_full(starts, now)))
            .collect();
        stop(format!("U heeft {}", and(&told)))
    }

    fn cancel_it(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Zal ik die annuleren?").after(format!(
            "Dat is {}, {}.",
            yours(business, slot),
            speak::in_full(starts, now)
        ))
    }

    fn cancelled(&self, starts: &Zoned, now: &Zoned) -> String {
        let day = speak::day(starts.date(), now.date());
        let comma = if day.contains(',') { "," } else { "" };
        format!("Uw afspraak van {day}{comma} is geannuleerd.")
    }

    fn kept(&self) -> String {
        "In orde, die blijft zoals die is.".into()
    }

    fn gone_already(&self) -> String {
        "Die afspraak staat niet meer in de agenda.".into()
    }

    fn too_late(&self) -> Question {
        Question::new("Zal ik een boodschap achterlaten?")
            .after("Het spijt me, de afspraak is te dichtbij om die nog te veranderen.")
    }

    fn nothing_changed_yet(&self) -> String {
        "Er is nog niets veranderd.".into()
    }
}
