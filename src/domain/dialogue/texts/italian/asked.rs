//! What a model has asked in its own words.

use crate::domain::dialogue::Asked;

/// Tried in this order: each needs one of the phrases.
pub(super) const QUESTIONS: &[(Asked, &[&str])] = &[
    (Asked::AnythingElse, &["altro", "qualcos'altro", "ancora bisogno"]),
    (Asked::Spelling, &["lettera per lettera", "come si scrive", "fare lo spelling", "compitare"]),
    (
        Asked::ReadBack,
        &[
            "lo prenoto",
            "la prenoto",
            "prenoto l'appuntamento",
            "che lo prenoti",
            "che prenoti",
            "confermo l'appuntamento",
            "è corretto",
            "è giusto",
            "va bene così",
        ],
    ),
    (
        Asked::CancelIt,
        &[
            "lo annullo",
            "lo cancello",
            "lo disdico",
            "che lo annulli",
            "che lo cancelli",
            "che lo disdica",
            "annullo l'appuntamento",
        ],
    ),
    (
        Asked::Message,
        &["devo riferire", "posso riferire", "devo dire loro", "quale messaggio", "che messaggio", "devo annotare"],
    ),
    (Asked::OfferMessage, &["un messaggio", "farla richiamare", "la richiami", "la richiamino"]),
    (Asked::Phone, &["numero", "telefono", "contattarla", "raggiungerla"]),
    (
        Asked::Name,
        &[
            "suo nome",
            "il nome",
            "che nome",
            "quale nome",
            "come si chiama",
            "con chi parlo",
            "nome completo",
            "cognome",
        ],
    ),
    (
        Asked::Which,
        &[
            "quale preferisce",
            "quale le",
            "quale di",
            "uno di questi",
            "le andrebbe bene",
            "le va bene",
            "le andrebbe",
            "preferisce",
            "le farebbe comodo",
        ],
    ),
    (Asked::When, &["quando", "che giorno", "quale giorno", "a che ora", "che ora", "che data", "quale data"]),
    (Asked::Staff, &["con chi", "una preferenza", "qualcuno in particolare", "da chi"]),
    (
        Asked::Service,
        &[
            "quale servizio",
            "che servizio",
            "quale trattamento",
            "che tipo di appuntamento",
            "cosa desidera prenotare",
            "cosa vorrebbe prenotare",
            "cosa vuole prenotare",
        ],
    ),
    (Asked::Help, &["posso aiutarla", "posso esserle utile", "posso fare per lei"]),
];
