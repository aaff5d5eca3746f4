//! The words of the text messages, in each language that is spoken here, in letters of the GSM alphabet: one that is not in
//! it makes a message twice as dear. That is why Spanish and Portuguese do without words that need their accents.

use jiff::Zoned;

use super::Template;
use crate::domain::time::speak;

/// What a message says.
pub(super) struct Letter<'a> {
    /// The customer's first name, when it may be said.
    pub name: Option<&'a str>,
    pub business: &'a str,
    pub what: &'a str,
    pub when: &'a str,
}

/// A language's messages. In a sentence `{business}`, `{what}` and `{when}` stand for what they say.
pub(super) struct Wording {
    /// In place of a service that is no more.
    appointment: &'static str,
    with: &'static str,
    /// A moment in figures, with its zone when that matters.
    pub when: fn(&Zoned, bool) -> String,
    /// Begins with a small letter, after the customer's name.
    booked: &'static str,
    moved: &'static str,
    cancelled: &'static str,
    requested: &'static str,
    /// An address stands after it.
    by_page: &'static str,
    /// "Your appointment", and what has become of it, when nothing else has room.
    bare: [&'static str; 4],
    to_change: &'static str,
    for_another: &'static str,
    /// What stands between that and the number.
    call: &'static str,
    /// What stands between a link and the number.
    pub or_call: &'static str,
}

impl Wording {
    /// The messages of a language (BCP 47), if there are any.
    pub(super) fn of(language: &str) -> Option<&'static Self> {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        Some(match primary.to_ascii_lowercase().as_str() {
            "en" => &ENGLISH,
            "es" => &SPANISH,
            "de" => &GERMAN,
            "fr" => &FRENCH,
            "it" => &ITALIAN,
            "pt" => &PORTUGUESE,
            "nl" => &DUTCH,
            _ => return None,
        })
    }

    pub(super) fn english() -> &'static Self {
        &ENGLISH
    }

    /// "Haircut with Maria".
    pub(super) fn what(&self, service: Option<&str>, member: Option<&str>) -> String {
        let service = service.unwrap_or(self.appointment);
        member.map_or_else(|| service.to_owned(), |member| format!("{service} {} {member}", self.with))
    }

    pub(super) fn letter(&self, template: Template, letter: &Letter<'_>) -> String {
        let sentence = match template {
            Template::Booked => self.booked,
            Template::Moved => self.moved,
            Template::Cancelled => self.cancelled,
            Template::Requested => self.requested,
        };
        let personal = matches!(template, Template::Booked | Template::Moved);
        match letter.name.filter(|_| personal) {
            Some(name) => format!("{name}, {}", filled(sentence, letter)),
            None => capital(&filled(sentence, letter)),
        }
    }

    /// Where customers book by themselves; the address comes after it.
    pub(super) fn by_page(&self, letter: &Letter<'_>) -> String {
        capital(&filled(self.by_page, letter))
    }

    pub(super) fn bare(&self, template: Template, when: &str) -> String {
        let [booked, moved, cancelled, requested] = self.bare;
        let is = match template {
            Template::Booked => booked,
            Template::Moved => moved,
            Template::Cancelled => cancelled,
            Template::Requested => requested,
        };
        format!("{is}: {when}.")
    }

    /// The same as an owner would write it, with places for everything; `link` when customers have a page of their own.
    pub(super) fn as_own(&self, template: Template, link: bool) -> String {
        let letter = Letter { name: Some("{name}"), business: "{business}", what: "{what}", when: "{when}" };
        let again = template == Template::Cancelled;
        let how = if link {
            format!("{}: {{link}} {} {{call}}.", self.how(again), self.or_call)
        } else {
            self.call(again, "{call}")
        };
        format!("{} {how}", self.letter(template, &letter))
    }

    /// "To change it", or "For a new one".
    pub(super) fn how(&self, again: bool) -> &'static str {
        if again { self.for_another } else { self.to_change }
    }

    pub(super) fn call(&self, again: bool, number: &str) -> String {
        format!("{}{} {number}.", self.how(again), self.call)
    }
}

/// Puts everything in its place, left to right, so that nothing that was put in is read again.
fn filled(sentence: &str, letter: &Letter<'_>) -> String {
    let mut text = String::with_capacity(sentence.len() + 80);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(match place {
            "business" => letter.business,
            "what" => letter.what,
            _ => letter.when,
        });
        rest = after;
    }
    text.push_str(rest);
    text
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn zoned(written: &str, at: &Zoned, zone: bool) -> String {
    if zone { format!("{written} {}", at.strftime("%Z")) } else { written.to_owned() }
}

static ENGLISH: Wording = Wording {
    appointment: "appointment",
    with: "with",
    when: speak::written,
    booked: "you're booked at {business}: {what}, {when}.",
    moved: "your appointment at {business} has moved. It is now: {what}, {when}.",
    cancelled: "Your appointment at {business} is cancelled: {what}, {when}.",
    requested: "{business} has your request: {what}, {when}. We'll confirm it by text.",
    by_page: "Please book {what} at {business} yourself, on this page:",
    bare: [
        "Your appointment is booked",
        "Your appointment has moved",
        "Your appointment is cancelled",
        "Your appointment is requested",
    ],
    to_change: "To change it",
    for_another: "For a new one",
    call: ", call",
    or_call: "or call",
};

static SPANISH: Wording = Wording {
    appointment: "cita",
    with: "con",
    when: |at, zone| zoned(&speak::spanish::written(at), at, zone),
    booked: "su cita en {business} queda reservada: {what}, {when}.",
    moved: "su cita en {business} ha cambiado. Ahora es: {what}, {when}.",
    cancelled: "Su cita en {business} queda cancelada: {what}, {when}.",
    requested: "{business} tiene su solicitud: {what}, {when}. Se la confirmaremos por SMS.",
    by_page: "Reserve {what} en {business} en esta web:",
    bare: ["Su cita queda reservada", "Su cita ha cambiado", "Su cita queda cancelada", "Su cita queda solicitada"],
    to_change: "Para cambiarla",
    for_another: "Para otra cita",
    call: ", llame al",
    or_call: "o llame al",
};

static GERMAN: Wording = Wording {
    appointment: "Termin",
    with: "bei",
    when: |at, zone| zoned(&speak::german::written(at), at, zone),
    booked: "Ihr Termin bei {business} ist gebucht: {what}, {when}.",
    moved: "Ihr Termin bei {business} wurde verschoben. Er ist jetzt: {what}, {when}.",
    cancelled: "Ihr Termin bei {business} ist abgesagt: {what}, {when}.",
    requested: "{business} hat Ihre Anfrage: {what}, {when}. Wir bestätigen sie per SMS.",
    by_page: "Bitte buchen Sie {what} bei {business} selbst, auf dieser Seite:",
    bare: [
        "Ihr Termin ist gebucht",
        "Ihr Termin wurde verschoben",
        "Ihr Termin ist abgesagt",
        "Ihr Termin ist angefragt",
    ],
    to_change: "Zum Ändern",
    for_another: "Für einen neuen",
    call: " bitte anrufen:",
    or_call: "oder anrufen:",
};

static FRENCH: Wording = Wording {
    appointment: "rendez-vous",
    with: "avec",
    when: |at, zone| zoned(&speak::french::written(at), at, zone),
    booked: "votre rendez-vous chez {business} est réservé : {what}, {when}.",
    moved: "votre rendez-vous chez {business} est déplacé. C'est maintenant : {what}, {when}.",
    cancelled: "Votre rendez-vous chez {business} est annulé : {what}, {when}.",
    requested: "{business} a votre demande : {what}, {when}. Nous la confirmerons par SMS.",
    by_page: "Merci de réserver {what} chez {business} sur cette page :",
    bare: [
        "Votre rendez-vous est réservé",
        "Votre rendez-vous est déplacé",
        "Votre rendez-vous est annulé",
        "Votre rendez-vous est demandé",
    ],
    to_change: "Pour le modifier",
    for_another: "Pour un autre",
    call: ", appelez le",
    or_call: "ou appelez le",
};

static ITALIAN: Wording = Wording {
    appointment: "appuntamento",
    with: "con",
    when: |at, zone| zoned(&speak::italian::written(at), at, zone),
    booked: "il suo appuntamento da {business} è prenotato: {what}, {when}.",
    moved: "il suo appuntamento da {business} è stato spostato. Ora è: {what}, {when}.",
    cancelled: "Il suo appuntamento da {business} è annullato: {what}, {when}.",
    requested: "{business} ha la sua richiesta: {what}, {when}. La confermeremo via SMS.",
    by_page: "Prenoti {what} da {business} su questa pagina:",
    bare: [
        "Il suo appuntamento è prenotato",
        "Il suo appuntamento è stato spostato",
        "Il suo appuntamento è annullato",
        "Il suo appuntamento è richiesto",
    ],
    to_change: "Per modificarlo",
    for_another: "Per un altro",
    call: ", chiami il",
    or_call: "o chiami il",
};

static PORTUGUESE: Wording = Wording {
    appointment: "reserva",
    with: "com",
    when: |at, zone| zoned(&speak::portuguese::written(at), at, zone),
    booked: "a sua reserva em {business} fica marcada: {what}, {when}.",
    moved: "a sua reserva em {business} mudou. Agora fica: {what}, {when}.",
    cancelled: "A sua reserva em {business} fica cancelada: {what}, {when}.",
    requested: "{business} tem o seu pedido: {what}, {when}. Vamos confirmar por SMS.",
    by_page: "Reserve {what} em {business} nesta pagina:",
    bare: [
        "A sua reserva fica marcada",
        "A sua reserva mudou",
        "A sua reserva fica cancelada",
        "A sua reserva fica pedida",
    ],
    to_change: "Para alterar",
    for_another: "Para outra reserva",
    call: ", ligue para",
    or_call: "ou ligue para",
};

static DUTCH: Wording = Wording {
    appointment: "afspraak",
    with: "bij",
    when: |at, zone| zoned(&speak::dutch::written(at), at, zone),
    booked: "uw afspraak bij {business} staat vast: {what}, {when}.",
    moved: "uw afspraak bij {business} is verzet. Het is nu: {what}, {when}.",
    cancelled: "Uw afspraak bij {business} is geannuleerd: {what}, {when}.",
    requested: "{business} heeft uw aanvraag: {what}, {when}. We bevestigen die per sms.",
    by_page: "Boek {what} bij {business} zelf op deze pagina:",
    bare: [
        "Uw afspraak staat vast",
        "Uw afspraak is verzet",
        "Uw afspraak is geannuleerd",
        "Uw afspraak is aangevraagd",
    ],
    to_change: "Om te wijzigen",
    for_another: "Voor een nieuwe",
    call: ", bel",
    or_call: "of bel",
};
