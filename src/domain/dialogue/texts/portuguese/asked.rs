//! What a model has asked in its own words.

use crate::domain::dialogue::Asked;

/// Tried in this order: each needs one of the phrases.
pub(super) const QUESTIONS: &[(Asked, &[&str])] = &[
    (Asked::AnythingElse, &["mais alguma coisa", "algo mais", "mais algo", "em que mais", "outra coisa"]),
    (Asked::Spelling, &["soletr", "letra por letra", "como se escreve"]),
    (
        Asked::ReadBack,
        &[
            "posso reservar",
            "posso marcar",
            "posso confirmar",
            "posso agendar",
            "quer que eu reserve",
            "quer que eu marque",
            "quer que marque",
            "faço a reserva",
            "está certo",
            "está correto",
            "é isso",
        ],
    ),
    (Asked::CancelIt, &["posso cancelar", "cancelo", "que eu cancele", "que cancele", "posso desmarcar"]),
    (
        Asked::Message,
        &["devo dizer", "devo transmitir", "posso transmitir", "qual é o recado", "qual recado", "devo anotar"],
    ),
    (
        Asked::OfferMessage,
        &["um recado", "uma mensagem", "que liguem de volta", "liguem de volta", "transmita a sua pergunta"],
    ),
    (Asked::Phone, &["número", "podemos ligar", "telefone", "telemóvel", "contactar", "contatar"]),
    (
        Asked::Name,
        &[
            "seu nome",
            "o nome",
            "que nome",
            "qual nome",
            "como se chama",
            "com quem falo",
            "nome completo",
            "sobrenome",
            "apelido",
        ],
    ),
    (
        Asked::Which,
        &[
            "qual prefere",
            "qual deles",
            "qual delas",
            "qual seria",
            "algum desses",
            "alguma dessas",
            "fica bem",
            "ficaria bem",
            "serve",
            "prefere",
            "dá certo",
            "pode ser",
        ],
    ),
    (
        Asked::When,
        &[
            "quando",
            "que dia",
            "qual dia",
            "a que horas",
            "que horas",
            "qual horário",
            "que horário",
            "que data",
            "qual data",
        ],
    ),
    (Asked::Staff, &["com quem", "alguma preferência", "alguém em particular", "alguém em especial"]),
    (
        Asked::Service,
        &[
            "qual serviço",
            "que serviço",
            "que tipo de",
            "o que gostaria de marcar",
            "o que gostaria de reservar",
            "o que deseja marcar",
            "o que deseja reservar",
        ],
    ),
    (Asked::Help, &["posso ajudar", "posso fazer por si", "posso fazer por você", "posso ser útil"]),
];
