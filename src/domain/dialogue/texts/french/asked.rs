//! What a model has asked in its own words.

use crate::domain::dialogue::Asked;

/// Tried in this order: each needs one of the phrases.
pub(super) const QUESTIONS: &[(Asked, &[&str])] = &[
    (Asked::AnythingElse, &["autre chose", "besoin de quelque chose d'autre", "d'autre pour vous"]),
    (Asked::Spelling, &["épeler", "épelez", "lettre par lettre", "comment ça s'écrit", "comment cela s'écrit"]),
    (
        Asked::ReadBack,
        &[
            "je le réserve",
            "je réserve",
            "que je réserve",
            "que je le réserve",
            "je confirme",
            "que je confirme",
            "est-ce correct",
            "c'est correct",
            "c'est bien ça",
            "est-ce exact",
            "c'est exact",
        ],
    ),
    (Asked::CancelIt, &["l'annule", "que j'annule", "j'annule"]),
    (
        Asked::Message,
        &[
            "dois-je leur dire",
            "dois-je lui dire",
            "que puis-je leur dire",
            "dois-je noter",
            "quel message",
            "dois-je transmettre",
        ],
    ),
    (Asked::OfferMessage, &["un message", "vous rappelle", "vous rappeler", "transmettre votre question"]),
    (Asked::Phone, &["numéro", "téléphone", "vous joindre"]),
    (
        Asked::Name,
        &[
            "votre nom",
            "quel nom",
            "à quel nom",
            "le nom",
            "vous appelez-vous",
            "vous vous appelez",
            "qui est à l'appareil",
            "nom complet",
            "prénom",
            "nom de famille",
        ],
    ),
    (
        Asked::Which,
        &[
            "lequel",
            "laquelle",
            "l'un de ces",
            "l'une de ces",
            "l'un d'eux",
            "vous convient",
            "vous conviendrait",
            "vous irait",
            "vous va",
            "ça irait",
            "préférez-vous",
            "vous préférez",
            "préférez le",
        ],
    ),
    (Asked::When, &["quand", "quel jour", "quelle heure", "quelle date"]),
    (Asked::Staff, &["avec qui", "une préférence", "quelqu'un en particulier"]),
    (
        Asked::Service,
        &[
            "quelle prestation",
            "quel service",
            "quel type de rendez-vous",
            "souhaitez-vous réserver",
            "voulez-vous réserver",
            "aimeriez-vous réserver",
        ],
    ),
    (Asked::Help, &["puis-je faire pour vous", "puis-je vous aider", "je peux vous aider", "je peux faire pour vous"]),
];
