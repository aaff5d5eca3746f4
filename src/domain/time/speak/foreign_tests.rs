//! Times in other languages: every weekday and month, the edges of the clock, and the nights when it is changed.

use std::collections::HashSet;

use jiff::{
    ToSpan, Zoned,
    civil::{Date, Time, date, time},
    tz::TimeZone,
};

use super::{dutch, french, german, italian, portuguese, spanish};

struct Language {
    at: fn(Time) -> String,
    day: fn(Date, Date) -> String,
    moment: fn(&Zoned, &Zoned) -> String,
    in_full: fn(&Zoned, &Zoned) -> String,
    minutes: fn(u16) -> String,
}

const LANGUAGES: [Language; 6] = [
    Language {
        at: spanish::at,
        day: spanish::day,
        moment: spanish::moment,
        in_full: spanish::in_full,
        minutes: spanish::minutes,
    },
    Language {
        at: german::at,
        day: german::on_day,
        moment: german::moment,
        in_full: german::in_full,
        minutes: german::minutes,
    },
    Language {
        at: french::at,
        day: french::day,
        moment: french::moment,
        in_full: french::in_full,
        minutes: french::minutes,
    },
    Language {
        at: italian::at,
        day: italian::day,
        moment: italian::moment,
        in_full: italian::in_full,
        minutes: italian::minutes,
    },
    Language {
        at: portuguese::at,
        day: portuguese::on_day,
        moment: portuguese::moment,
        in_full: portuguese::in_full,
        minutes: portuguese::minutes,
    },
    Language {
        at: dutch::at,
        day: dutch::on_day,
        moment: dutch::moment,
        in_full: dutch::in_full,
        minutes: dutch::minutes,
    },
];

fn each(says: impl Fn(&Language) -> String) -> Vec<String> {
    LANGUAGES.iter().map(says).collect()
}

fn new_york(date: Date, time: Time) -> Zoned {
    date.to_datetime(time).to_zoned(TimeZone::get("America/New_York").expect("a zone")).expect("a moment")
}

#[test]
fn the_edges_of_the_clock() {
    let expected = [
        (time(0, 0, 0, 0), ["a las cero horas", "um 0 Uhr", "à 0 h", "alle ore zero", "às zero horas", "om 0 uur"]),
        (
            time(0, 30, 0, 0),
            [
                "a las cero horas y 30",
                "um 0 Uhr 30",
                "à 0 h 30",
                "alle ore zero e 30",
                "às zero horas e 30",
                "om 0.30 uur",
            ],
        ),
        (
            time(1, 0, 0, 0),
            ["a la una de la madrugada", "um 1 Uhr", "à 1 h", "all'una di notte", "à uma hora", "om 1 uur"],
        ),
        (
            time(9, 5, 0, 0),
            [
                "a las nueve y cinco de la mañana",
                "um 9 Uhr 5",
                "à 9 h 05",
                "alle 9 e 5",
                "às 9 horas e 5",
                "om 9.05 uur",
            ],
        ),
        (
            time(9, 15, 0, 0),
            [
                "a las nueve y cuarto de la mañana",
                "um 9 Uhr 15",
                "à 9 h 15",
                "alle 9 e 15",
                "às 9 horas e 15",
                "om 9.15 uur",
            ],
        ),
        (time(12, 0, 0, 0), ["al mediodía", "um 12 Uhr", "à midi", "a mezzogiorno", "ao meio-dia", "om 12 uur"]),
        (
            time(12, 30, 0, 0),
            [
                "a las doce y media de la tarde",
                "um 12 Uhr 30",
                "à 12 h 30",
                "alle 12 e 30",
                "às 12 horas e 30",
                "om 12.30 uur",
            ],
        ),
        (time(13, 0, 0, 0), ["a la una de la tarde", "um 13 Uhr", "à 13 h", "alle 13", "às 13 horas", "om 13 uur"]),
        (
            time(15, 45, 0, 0),
            [
                "a las tres y cuarenta y cinco de la tarde",
                "um 15 Uhr 45",
                "à 15 h 45",
                "alle 15 e 45",
                "às 15 horas e 45",
                "om 15.45 uur",
            ],
        ),
        (time(20, 0, 0, 0), ["a las ocho de la noche", "um 20 Uhr", "à 20 h", "alle 20", "às 20 horas", "om 20 uur"]),
    ];
    for (time, words) in expected {
        assert_eq!(each(|language| (language.at)(time)), words);
    }
}

#[test]
fn no_two_times_of_a_day_are_said_alike() {
    for language in &LANGUAGES {
        let said: HashSet<String> =
            (0..1440).map(|minute| (language.at)(time(0, 0, 0, 0).wrapping_add(i64::from(minute).minutes()))).collect();
        assert_eq!(said.len(), 1440);
    }
}

#[test]
fn days_and_months_have_their_names() {
    let today = date(2026, 1, 1);
    let expected = [
        (
            date(2026, 1, 12),
            ["el lunes 12 de enero", "am Montag, den 12. Januar", "le lundi 12 janvier"],
            ["lunedì 12 gennaio", "na segunda-feira, 12 de janeiro", "op maandag 12 januari"],
        ),
        (
            date(2026, 2, 3),
            ["el martes 3 de febrero", "am Dienstag, den 3. Februar", "le mardi 3 février"],
            ["martedì 3 febbraio", "na terça-feira, 3 de fevereiro", "op dinsdag 3 februari"],
        ),
        (
            date(2026, 3, 4),
            ["el miércoles 4 de marzo", "am Mittwoch, den 4. März", "le mercredi 4 mars"],
            ["mercoledì 4 marzo", "na quarta-feira, 4 de março", "op woensdag 4 maart"],
        ),
        (
            date(2026, 4, 2),
            ["el jueves 2 de abril", "am Donnerstag, den 2. April", "le jeudi 2 avril"],
            ["giovedì 2 aprile", "na quinta-feira, 2 de abril", "op donderdag 2 april"],
        ),
        (
            date(2026, 5, 1),
            ["el viernes 1 de mayo", "am Freitag, den 1. Mai", "le vendredi 1er mai"],
            ["venerdì primo maggio", "na sexta-feira, primeiro de maio", "op vrijdag 1 mei"],
        ),
        (
            date(2026, 6, 6),
            ["el sábado 6 de junio", "am Samstag, den 6. Juni", "le samedi 6 juin"],
            ["sabato 6 giugno", "no sábado, 6 de junho", "op zaterdag 6 juni"],
        ),
        (
            date(2026, 7, 5),
            ["el domingo 5 de julio", "am Sonntag, den 5. Juli", "le dimanche 5 juillet"],
            ["domenica 5 luglio", "no domingo, 5 de julho", "op zondag 5 juli"],
        ),
        (
            date(2026, 8, 3),
            ["el lunes 3 de agosto", "am Montag, den 3. August", "le lundi 3 août"],
            ["lunedì 3 agosto", "na segunda-feira, 3 de agosto", "op maandag 3 augustus"],
        ),
        (
            date(2026, 9, 7),
            ["el lunes 7 de septiembre", "am Montag, den 7. September", "le lundi 7 septembre"],
            ["lunedì 7 settembre", "na segunda-feira, 7 de setembro", "op maandag 7 september"],
        ),
        (
            date(2026, 10, 5),
            ["el lunes 5 de octubre", "am Montag, den 5. Oktober", "le lundi 5 octobre"],
            ["lunedì 5 ottobre", "na segunda-feira, 5 de outubro", "op maandag 5 oktober"],
        ),
        (
            date(2026, 11, 24),
            ["el martes 24 de noviembre", "am Dienstag, den 24. November", "le mardi 24 novembre"],
            ["martedì 24 novembre", "na terça-feira, 24 de novembro", "op dinsdag 24 november"],
        ),
        (
            date(2026, 12, 31),
            ["el jueves 31 de diciembre", "am Donnerstag, den 31. Dezember", "le jeudi 31 décembre"],
            ["giovedì 31 dicembre", "na quinta-feira, 31 de dezembro", "op donderdag 31 december"],
        ),
        (date(2026, 1, 1), ["hoy", "heute", "aujourd'hui"], ["oggi", "hoje", "vandaag"]),
        (
            date(2026, 1, 2),
            ["mañana viernes", "morgen, Freitag", "demain vendredi"],
            ["domani venerdì", "amanhã, sexta-feira", "morgen, vrijdag"],
        ),
        (
            date(2027, 1, 4),
            ["el lunes 4 de enero de 2027", "am Montag, den 4. Januar 2027", "le lundi 4 janvier 2027"],
            ["lunedì 4 gennaio 2027", "na segunda-feira, 4 de janeiro de 2027", "op maandag 4 januari 2027"],
        ),
    ];
    for (date, first, second) in expected {
        assert_eq!(each(|language| (language.day)(date, today)), [first, second].concat());
    }
}

#[test]
fn a_moment_is_read_back_with_its_weekday_and_its_date() {
    let now = new_york(date(2026, 11, 20), time(10, 5, 0, 0));
    let at = |day| new_york(date(2026, 11, day), time(15, 30, 0, 0));
    assert_eq!(
        each(|language| (language.in_full)(&at(24), &now)),
        [
            "el martes 24 de noviembre a las tres y media de la tarde",
            "am Dienstag, den 24. November, um 15 Uhr 30",
            "le mardi 24 novembre à 15 h 30",
            "martedì 24 novembre alle 15 e 30",
            "terça-feira, 24 de novembro, às 15 horas e 30",
            "dinsdag 24 november om 15.30 uur",
        ]
    );
    assert_eq!(
        each(|language| (language.in_full)(&at(21), &now)),
        [
            "mañana, sábado 21 de noviembre, a las tres y media de la tarde",
            "morgen, Samstag, den 21. November, um 15 Uhr 30",
            "demain, samedi 21 novembre, à 15 h 30",
            "domani, sabato 21 novembre, alle 15 e 30",
            "amanhã, sábado, 21 de novembro, às 15 horas e 30",
            "morgen, zaterdag 21 november, om 15.30 uur",
        ]
    );
    assert_eq!(
        each(|language| (language.moment)(&at(21), &now)),
        [
            "mañana sábado a las tres y media de la tarde",
            "morgen, Samstag, um 15 Uhr 30",
            "demain samedi à 15 h 30",
            "domani sabato alle 15 e 30",
            "amanhã, sábado, às 15 horas e 30",
            "morgen, zaterdag, om 15.30 uur",
        ]
    );
}

#[test]
fn the_hour_that_comes_twice_is_told_apart() {
    let now = new_york(date(2026, 10, 20), time(10, 0, 0, 0));
    let first: Zoned = "2026-11-01T01:30-04[America/New_York]".parse().expect("a moment");
    let second: Zoned = "2026-11-01T01:30-05[America/New_York]".parse().expect("a moment");
    for language in &LANGUAGES {
        assert_ne!((language.in_full)(&first, &now), (language.in_full)(&second, &now));
        assert_ne!((language.moment)(&first, &now), (language.moment)(&second, &now));
    }
}

#[test]
fn lengths_are_said_as_people_say_them() {
    let expected = [
        (30, ["media hora", "eine halbe Stunde", "une demi-heure", "mezz'ora", "meia hora", "een half uur"]),
        (45, ["45 minutos", "45 Minuten", "45 minutes", "45 minuti", "45 minutos", "45 minuten"]),
        (60, ["una hora", "eine Stunde", "une heure", "un'ora", "uma hora", "een uur"]),
        (
            90,
            [
                "una hora y media",
                "anderthalb Stunden",
                "une heure et demie",
                "un'ora e mezza",
                "uma hora e meia",
                "anderhalf uur",
            ],
        ),
    ];
    for (minutes, words) in expected {
        assert_eq!(each(|language| (language.minutes)(minutes)), words);
    }
}
