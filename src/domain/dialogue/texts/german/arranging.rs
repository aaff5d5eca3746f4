//! Arranging an appointment, up to the yes; and the caller's own.

use jiff::{
    Zoned,
    civil::{Date, DateTime, Time},
};

use super::{German, SIGNS, and, for_what, or, what, wished};
use crate::domain::{
    booking::{Booking, Slot},
    business::{Business, Service},
    dialogue::{
        Task,
        texts::{
            Arranging, Facts, Own, Question, ReadBack, Wish,
            pieces::{capital, first, stop, vary},
        },
    },
    ids::StaffId,
    time::{Resolution, speak::german as speak},
};

impl Arranging for German {
    fn which_service_at(&self, business: &Business, wish: Wish, now: &Zoned) -> Question {
        let told = wished(business, wish, now.date()).map_or_else(String::new, |wish| format!("Gern, {wish}."));
        let names: Vec<String> = business.services.iter().map(|service| service.name.clone()).collect();
        let asks = match names.len() {
            0 => "Was kann ich für Sie tun?".to_owned(),
            1..=4 => format!("Was möchten Sie buchen: {}?", or(&names)),
            _ => "Was möchten Sie buchen?".to_owned(),
        };
        Question::new(asks).after(told)
    }

    fn which_service(&self, services: &[&Service]) -> Question {
        let names: Vec<String> = services.iter().map(|service| service.name.clone()).collect();
        Question::new(format!("Meinen Sie {}?", or(&names)))
    }

    fn no_such_service(&self, business: &Business) -> Question {
        Question::new("Was möchten Sie davon?")
            .after(format!("Das bieten wir leider nicht an. {}", self.services(business)))
    }

    fn no_such_staff(&self, business: &Business) -> String {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        format!("Unter diesem Namen kenne ich hier niemanden. Bei uns sind {}.", and(&names))
    }

    fn which_staff(&self, names: &[&str]) -> Question {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Question::new(format!("Meinen Sie {}?", or(&names)))
    }

    fn not_offered_by(&self, business: &Business, service: &Service, staff: StaffId) -> String {
        let who: Vec<String> = business.offering(service).map(|member| member.name.clone()).collect();
        match business.member(staff) {
            Some(member) => format!("{} gibt es nicht bei {}, aber bei {}.", service.name, member.name, or(&who)),
            None => format!("{} gibt es bei {}.", service.name, or(&who)),
        }
    }

    fn when(&self, task: Task, business: &Business, wish: Wish, turn: u16) -> Question {
        if task == Task::Move {
            return Question::new("Welcher Tag und welche Uhrzeit würden Ihnen stattdessen passen?");
        }
        let asks = "Wann möchten Sie kommen?";
        if wish.service.is_none() && wish.staff.is_none() {
            return Question::new(asks);
        }
        let what = for_what(business, wish.service, wish.staff);
        Question::new(asks).after(format!("{}, ein Termin{what}.", vary(turn, &["Gern", "In Ordnung"])))
    }

    fn when_instead(&self, turn: u16) -> Question {
        Question::new("Welcher Tag und welche Uhrzeit würden Ihnen besser passen?")
            .after(vary(turn, &["Kein Problem.", "Das macht nichts."]))
    }

    fn next_free_time(&self) -> Question {
        Question::new("Soll ich Ihnen den nächsten freien Termin nennen?")
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
        Question::new(format!("Wann genau meinen Sie: {}?", or(&said)))
    }

    fn clocks_go_back(&self, first: &Zoned, second: &Zoned) -> Question {
        let asks = format!("Wann genau meinen Sie: {}, oder {}?", speak::at_of(first), speak::at_of(second));
        let time = speak::time(first.time());
        Question::new(asks).after(format!("In dieser Nacht wird die Uhr zurückgestellt, {time} gibt es zweimal."))
    }

    fn clocks_go_forward(&self, asked: DateTime, next: &Zoned, today: Date) -> Question {
        let (time, day) = (speak::time(asked.time()), speak::on_day(asked.date(), today));
        Question::new("Würde Ihnen das passen?").after(format!(
            "In dieser Nacht wird die Uhr vorgestellt, {time} gibt es {day} nicht. Möglich wäre es {}.",
            speak::at(next.time())
        ))
    }

    fn time_problem(&self, problem: &Resolution, now: &Zoned) -> Question {
        let today = now.date();
        match problem {
            Resolution::Past { asked } => {
                let day = capital(&speak::on_day(asked.date(), today));
                // A whole day that is over has no time of day to be said.
                let passed = match (asked.time() == Time::midnight(), asked.date() == today) {
                    (true, false) => format!("{day}: Das ist leider schon vorbei."),
                    (true, true) => "Dafür ist es heute leider schon zu spät.".to_owned(),
                    (false, _) => format!("{day} {}: Das ist leider schon vorbei.", speak::at(asked.time())),
                };
                Question::new("Wann möchten Sie kommen?").after(passed)
            }
            Resolution::NoSuchDate { last, .. } => Question::new("Welchen Tag meinten Sie?")
                .after(format!("Diesen Tag gibt es nicht. Der Monat geht bis {}.", speak::day(*last, today))),
            Resolution::WrongWeekday { said, date } => Question::new("Welchen Tag meinten Sie?").after(format!(
                "Der {}. ist ein {}, kein {}.",
                date.day(),
                speak::weekday(date.weekday()),
                speak::weekday(*said),
            )),
            Resolution::TooFar { last } => Question::new("Welcher Tag davor würde Ihnen passen?")
                .after(format!("Zurzeit buchen wir bis {}.", speak::day(*last, today))),
            _ => Question::new("An welchem Tag und um wie viel Uhr möchten Sie kommen?")
                .after("Entschuldigung, ich habe die Zeit nicht verstanden."),
        }
    }

    fn closed(&self, business: &Business, date: Date) -> String {
        match business.exception_on(date).map(|exception| &exception.reason) {
            Some(Some(reason)) => stop(format!("An dem Tag haben wir geschlossen: {reason}")),
            Some(None) => "An dem Tag haben wir geschlossen.".into(),
            None => format!("{}s haben wir geschlossen.", speak::weekday(date.weekday())),
        }
    }

    fn nothing_free(&self, day: Option<(Date, Date)>) -> String {
        match day {
            Some((day, today)) => format!("{} ist leider nichts frei.", capital(&speak::on_day(day, today))),
            None => "Da ist leider nichts frei.".into(),
        }
    }

    fn nothing_at_all(&self) -> Question {
        Question::new("Welcher andere Tag würde Ihnen passen?")
            .after("Es tut mir leid, ich habe dort nichts Freies gefunden.")
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
            Some(closed) => format!("{closed} Am nächsten dran wäre {offers}."),
            None => format!("{} ist leider nicht frei. Frei wäre {offers}.", speak::time(at.time())),
        }
    }

    fn free(&self, business: &Business, wish: Wish, offers: &str, turn: u16) -> String {
        if wish.service.is_none() && wish.staff.is_none() {
            return format!("{} {offers}.", vary(turn, &["Frei wäre", "Möglich wäre"]));
        }
        format!("{} ist frei: {offers}.", capital(for_what(business, wish.service, wish.staff).trim()))
    }

    fn free_at_that_time(&self, offers: &str) -> String {
        format!("Um diese Zeit ist frei: {offers}.")
    }

    fn nearest_to_that_time(&self, offers: &str) -> String {
        format!("Genau um diese Zeit ist nichts frei, aber {offers}.")
    }

    fn next_free(&self, offers: &str) -> String {
        format!("Ich könnte Ihnen anbieten: {offers}.")
    }

    fn nothing_beyond(&self, later: bool) -> String {
        format!("{} ist leider nichts frei.", if later { "Später" } else { "Früher" })
    }

    fn others(&self, offers: &str) -> Question {
        Question::new("Würde davon etwas passen, oder was wäre Ihnen lieber?")
            .after(format!("Kein Problem. Frei wäre auch {offers}."))
    }

    fn which_suits(&self, count: usize, turn: u16) -> String {
        if count == 1 {
            vary(turn, &["Würde Ihnen das passen?", "Passt Ihnen das?"])
        } else {
            vary(turn, &["Was würde Ihnen passen?", "Was ist Ihnen lieber?"])
        }
    }

    fn which_one(&self, count: usize, offers: &str) -> Question {
        match count {
            0 | 1 => Question::new(format!("Würde es {offers} passen?")),
            _ => Question::new(format!("Was ist Ihnen lieber: {offers}?")),
        }
    }

    fn just_taken(&self) -> String {
        "Es tut mir leid, diese Zeit hat gerade jemand anders gebucht.".into()
    }

    fn not_on_offer(&self) -> String {
        "Es tut mir leid, diese Zeit kann ich nicht buchen.".into()
    }

    fn is_free(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> String {
        let who = for_what(business, None, Some(slot.staff));
        format!("{} ist{who} frei.", capital(&speak::moment(starts, now)))
    }

    fn your_name(&self) -> Question {
        Question::new("Wie ist bitte Ihr Name?")
    }

    fn spell_it(&self, name: Option<&str>) -> Question {
        match name {
            Some(name) => Question::new("Können Sie ihn mir buchstabieren?")
                .after(format!("Ich habe {} verstanden, bin mir aber nicht sicher.", name.trim())),
            None => Question::new("Können Sie mir Ihren Namen buchstabieren?"),
        }
    }

    fn your_number(&self, name: Option<&str>) -> Question {
        let told = name.map_or_else(String::new, |name| format!("Danke, {}.", first(name)));
        Question::new("Und unter welcher Nummer erreichen wir Sie?").after(told)
    }

    fn number_by_keys(&self) -> Question {
        Question::new("Können Sie die Nummer bitte über die Tasten eingeben?")
            .after("Es tut mir leid, ich habe die Nummer nicht verstanden.")
    }

    fn without_number(&self) -> String {
        "Dann eben ohne Nummer.".into()
    }

    fn rest_of_number(&self, digits: usize) -> Question {
        if digits == 0 {
            Question::new("Sagen Sie mir die Nummer bitte noch einmal, Ziffer für Ziffer?")
        } else {
            Question::new("Ja, und weiter?")
        }
    }

    fn read_back(&self, business: &Business, read: &ReadBack<'_>, now: &Zoned) -> Question {
        let starts = speak::in_full(read.starts, now);
        let mut parts = vec![format!("Das wäre {} {starts}", what(business, read.slot))];
        parts.extend((!read.name.is_empty()).then(|| format!("auf den Namen {}", read.name)));
        parts.extend(read.spelled.then(|| format!("buchstabiert {}", SIGNS.letters(read.name))));
        parts.extend(read.number.map(|number| format!("mit der Nummer {}", SIGNS.number(number))));
        parts.extend(read.email.map(|address| format!("und der E-Mail-Adresse {}", SIGNS.email(address))));
        let mut told = stop(parts.join(", "));
        let party = read.party.map(|party| format!("dass Sie {party} Personen sind"));
        let more: Vec<String> =
            party.into_iter().chain(read.note.map(|_| "was Sie mir gesagt haben".to_owned())).collect();
        if !more.is_empty() {
            told.push_str(&stop(format!(" Ich gebe auch weiter, {}", and(&more))));
        }
        Question::new("Soll ich ihn buchen?").after(told)
    }

    fn read_back_move(&self, business: &Business, old: &Zoned, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Ist das richtig?").after(format!(
            "Ich würde Ihren Termin{} verschieben: statt {}, dann {}.",
            for_what(business, Some(slot.service), Some(slot.staff)),
            speak::in_full(old, now),
            speak::in_full(starts, now)
        ))
    }

    fn who_instead(&self, business: &Business) -> Question {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        Question::new(format!("Zu wem möchten Sie stattdessen: {}?", or(&names)))
    }

    fn right_name(&self) -> Question {
        Question::new("Wie ist der Name richtig?").after("Entschuldigung.")
    }

    fn right_number(&self) -> Question {
        Question::new("Wie ist die Nummer richtig?").after("Entschuldigung.")
    }

    fn extension(&self, digits: &str) -> String {
        format!("Durchwahl {digits}")
    }

    fn just_to_be_sure(&self) -> String {
        "Nur um sicherzugehen.".into()
    }

    fn before_you_go(&self) -> Question {
        Question::new("Bevor Sie auflegen: Soll ich den Termin buchen?")
    }

    fn what_to_change(&self) -> Question {
        Question::new("Was soll ich ändern?").after("In Ordnung.")
    }

    fn booked(&self, booking: &Booking, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Sie bekommen eine SMS mit den Einzelheiten." } else { "" };
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("Ihr Termin ist gebucht, {name}: {starts}.{text}")
    }

    fn noted(&self, booking: &Booking, starts: &Zoned, now: &Zoned) -> String {
        let (name, starts) = (booking.customer.name.first(), speak::in_full(starts, now));
        format!("Danke, {name}. Ich habe Sie vorgemerkt: {starts}. Wir bestätigen es per SMS.")
    }

    fn moved(&self, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " Sie bekommen eine SMS mit der neuen Zeit." } else { "" };
        format!("Erledigt, Ihr Termin ist jetzt {}.{text}", speak::in_full(starts, now))
    }

    fn note_passed_on(&self) -> String {
        "Und was Sie mir gesagt haben, habe ich weitergegeben.".into()
    }

    fn note_not_passed_on(&self) -> String {
        "Was Sie mir gesagt haben, konnte ich nicht weitergeben; sagen Sie es bitte, wenn Sie da sind.".into()
    }

    fn confirm_unknown(&self) -> Question {
        Question::new("Soll ich zusätzlich eine Nachricht hinterlassen, damit Sie jemand anruft?")
            .after("Es tut mir leid, ich kann noch nicht sagen, ob das geklappt hat. Wenn ja, bekommen Sie eine SMS.")
    }

    fn too_many(&self) -> Question {
        Question::new("Soll ich stattdessen eine Nachricht aufnehmen?")
            .after("Es tut mir leid, in diesem Gespräch kann ich keine weiteren Termine buchen.")
    }

    fn by_page(&self) -> Question {
        Question::new("Soll ich zusätzlich eine Nachricht aufnehmen?")
            .after("Es tut mir leid, das kann ich gerade nicht selbst buchen. Ich habe Ihnen per SMS die Adresse einer Seite geschickt, auf der Sie es können.")
    }

    fn done_already(&self) -> Question {
        Question::new("Möchten Sie ihn verschieben oder absagen?").after("Dieser Termin ist schon gebucht.")
    }

    fn never_mind(&self) -> String {
        "In Ordnung, dann lassen wir das.".into()
    }

    fn not_booked_yet(&self) -> String {
        "Es ist noch nichts gebucht.".into()
    }

    fn let_me_see(&self) -> String {
        "Das müsste ich erst nachsehen.".into()
    }
}

impl Own for German {
    fn whose_name(&self) -> Question {
        Question::new("Auf welchen Namen ist der Termin?").after("Gern.")
    }

    fn which_day(&self) -> Question {
        Question::new("Und an welchem Tag ist er?")
    }

    fn which_of_yours(&self, starts: &[Zoned]) -> Question {
        let times: Vec<String> = starts.iter().map(|at| speak::at(at.time())).collect();
        Question::new(format!("Welcher ist es: {}?", or(&times))).after("An dem Tag gibt es mehrere.")
    }

    fn no_number(&self) -> Question {
        Question::new("Soll ich eine Nachricht aufnehmen?")
            .after("Termine kann ich nur von der Nummer aus nachsehen, mit der sie gebucht wurden.")
    }

    fn not_found_yet(&self) -> Question {
        Question::new("Können Sie mir den Namen buchstabieren, auf den er gebucht wurde?")
            .after("Unter dieser Nummer und diesem Namen finde ich den Termin nicht.")
    }

    fn not_found(&self) -> Question {
        Question::new("Soll ich eine Nachricht aufnehmen, damit jemand nachsieht?")
            .after("Ich finde ihn leider immer noch nicht.")
    }

    fn your_appointments(&self, business: &Business, bookings: &[(Slot, Zoned)], now: &Zoned) -> String {
        let told: Vec<String> = bookings
            .iter()
            .map(|(slot, starts)| {
                let what = for_what(business, Some(slot.service), Some(slot.staff));
                format!("einen Termin{what}, {}", speak::in_full(starts, now))
            })
            .collect();
        stop(format!("Sie haben {}", and(&told)))
    }

    fn cancel_it(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Soll ich ihn absagen?").after(format!(
            "Das ist Ihr Termin{}, {}.",
            for_what(business, Some(slot.service), Some(slot.staff)),
            speak::in_full(starts, now)
        ))
    }

    fn cancelled(&self, starts: &Zoned, now: &Zoned) -> String {
        let day = speak::on_day(starts.date(), now.date());
        let comma = if day.contains(',') { "," } else { "" };
        format!("Ihr Termin {day}{comma} ist abgesagt.")
    }

    fn kept(&self) -> String {
        "In Ordnung, er bleibt, wie er ist.".into()
    }

    fn gone_already(&self) -> String {
        "Dieser Termin steht nicht mehr im Kalender.".into()
    }

    fn too_late(&self) -> Question {
        Question::new("Soll ich eine Nachricht hinterlassen?")
            .after("Es tut mir leid, der Termin ist zu bald, als dass ich ihn noch ändern könnte.")
    }

    fn nothing_changed_yet(&self) -> String {
        "Es ist noch nichts geändert.".into()
    }
}
