//! What a model has asked in its own words.

use crate::domain::dialogue::Asked;

/// Tried in this order: each needs one of the phrases.
pub(super) const QUESTIONS: &[(Asked, &[&str])] = &[
    (Asked::AnythingElse, &["nog iets", "verder nog", "nog een vraag", "anders nog"]),
    (Asked::Spelling, &["spellen", "letter voor letter", "hoe schrijf"]),
    (
        Asked::ReadBack,
        &[
            "zal ik de afspraak",
            "zal ik hem boeken",
            "zal ik die boeken",
            "zal ik dat boeken",
            "zal ik het boeken",
            "zal ik boeken",
            "zal ik hem vastleggen",
            "klopt dat",
            "is dat goed",
            "is dat juist",
            "zal ik dat bevestigen",
        ],
    ),
    (Asked::CancelIt, &["annuleren", "afzeggen"]),
    (
        Asked::Message,
        &[
            "moet ik doorgeven",
            "kan ik doorgeven",
            "zal ik doorgeven",
            "welke boodschap",
            "welk bericht",
            "moet ik opschrijven",
            "moet ik noteren",
        ],
    ),
    (Asked::OfferMessage, &["een boodschap", "een bericht", "terugbelt", "teruggebeld"]),
    (Asked::Phone, &["nummer", "telefoon", "bereiken"]),
    (
        Asked::Name,
        &["uw naam", "welke naam", "de naam", "hoe heet", "met wie spreek", "wie spreek", "achternaam", "voornaam"],
    ),
    (
        Asked::Which,
        &[
            "welke van",
            "welke komt",
            "welke zou",
            "welk tijdstip",
            "een van deze",
            "schikt",
            "schikken",
            "past u",
            "past dat",
            "komt dat uit",
            "komt u uit",
            "zou u uitkomen",
            "u uitkomen",
            "heeft u liever",
            "hebt u liever",
            "voorkeur voor",
            "welke wilt",
        ],
    ),
    (Asked::When, &["wanneer", "welke dag", "hoe laat", "welke datum", "welke tijd"]),
    (Asked::Staff, &["bij wie", "voorkeur", "iemand in het bijzonder", "een bepaald iemand"]),
    (
        Asked::Service,
        &["welke dienst", "welke behandeling", "wat wilt u boeken", "wat voor afspraak", "wat zou u willen boeken"],
    ),
    (Asked::Help, &["kan ik u helpen", "kan ik voor u doen", "van dienst"]),
];
