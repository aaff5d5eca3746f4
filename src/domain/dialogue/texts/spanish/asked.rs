//! What a model has asked in its own words.

use crate::domain::dialogue::Asked;

/// Tried in this order: each needs one of the phrases.
pub(super) const QUESTIONS: &[(Asked, &[&str])] = &[
    (Asked::AnythingElse, &["algo más", "alguna otra cosa", "otra cosa en que", "en qué más", "necesita más"]),
    (Asked::Spelling, &["deletre", "letra por letra", "cómo se escribe"]),
    (
        Asked::ReadBack,
        &[
            "la reservo",
            "lo reservo",
            "se la reservo",
            "reserve la cita",
            "que reserve",
            "que la reserve",
            "que lo reserve",
            "confirmo la cita",
            "es correcto",
            "está correcto",
            "está bien así",
            "le parece bien así",
        ],
    ),
    (
        Asked::CancelIt,
        &["la cancelo", "lo cancelo", "que la cancele", "que lo cancele", "que cancele", "cancelo la cita", "anulo"],
    ),
    (
        Asked::Message,
        &[
            "quiere que les diga",
            "quiere que le diga",
            "les digo",
            "debo decirles",
            "qué mensaje",
            "qué recado",
            "apunte",
            "anote",
        ],
    ),
    (Asked::OfferMessage, &["un mensaje", "un recado", "le devuelvan la llamada", "le llamen", "que le llame alguien"]),
    (Asked::Phone, &["número", "teléfono", "localizarle", "contactarle"]),
    (
        Asked::Name,
        &[
            "su nombre",
            "el nombre",
            "qué nombre",
            "nombre de quién",
            "cómo se llama",
            "con quién hablo",
            "nombre completo",
            "apellido",
        ],
    ),
    (
        Asked::Which,
        &[
            "cuál",
            "alguna de esas",
            "alguno de esos",
            "alguna de estas",
            "le viene bien",
            "le vendría bien",
            "le va bien",
            "le iría bien",
            "le queda bien",
            "le sirve",
            "le parece bien",
            "prefiere la",
            "prefiere el",
            "prefiere a las",
        ],
    ),
    (Asked::When, &["cuándo", "qué día", "a qué hora", "qué hora", "qué fecha"]),
    (Asked::Staff, &["con quién", "alguna preferencia", "alguien en particular"]),
    (
        Asked::Service,
        &[
            "qué servicio",
            "qué tipo de cita",
            "qué le gustaría reservar",
            "qué desea reservar",
            "qué quiere reservar",
            "qué le gustaría hacerse",
            "qué necesita",
        ],
    ),
    (Asked::Help, &["puedo ayudarle", "puedo ayudarla", "le puedo ayudar", "puedo hacer por usted"]),
];
