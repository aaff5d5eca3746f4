//! What callers may have to be told before anything else, by country: sentences to choose from, each with its reason.
//!
//! Reasons, not advice: whoever runs the business decides. Sources are named beside each.

/// A sentence that could be said first, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub text: &'static str,
    pub why: &'static str,
}

const ASSISTANT: &str = "You are talking with an automated assistant.";
const WRITTEN_DOWN: &str = "You are talking with an automated assistant, and what is said is written down.";

/// California, Business and Professions Code §17941; Utah Code §13-75-103; Maine, 10 M.R.S. §1500-Y (2025).
const US_ASSISTANT: Suggestion = Suggestion {
    text: ASSISTANT,
    why: "California, Maine and Utah want callers to know that they talk with a machine, in some cases only when they ask. \
          Said at the start, nobody has to ask.",
};
/// Consent of all parties to a recording, which a written transcript may count as: Cal. Penal Code §632; Fla. Stat. §934.03;
/// 720 ILCS 5/14; Md. Courts §10-402; Mass. G.L. c.272 §99; 18 Pa.C.S. §5703; RCW 9.73.030; and others.
const US_RECORDED: Suggestion = Suggestion {
    text: WRITTEN_DOWN,
    why: "Some states (California, Connecticut, Delaware, Florida, Illinois, Maryland, Massachusetts, Montana, Nevada, New \
          Hampshire, Pennsylvania, Washington) want everybody on a call to agree before it is recorded. Deskbell keeps what was \
          said as text; whoever goes on talking after this has been told.",
};
/// Regulation (EU) 2024/1689, article 50(1), in force from 2 August 2026.
const EU_ASSISTANT: Suggestion = Suggestion {
    text: ASSISTANT,
    why: "The EU’s AI Act (article 50) wants people to be told that they talk with a machine, since August 2026.",
};
/// Regulation (EU) 2016/679, article 13.
const EU_RECORDED: Suggestion = Suggestion {
    text: WRITTEN_DOWN,
    why: "The GDPR (article 13) wants people to be told what is kept of them. Deskbell keeps what was said as text; say here where \
          your privacy notice is, if you like.",
};
const DE_ASSISTANT: Suggestion =
    Suggestion { text: "Sie sprechen mit einem automatischen Assistenten.", ..EU_ASSISTANT };
/// Strafgesetzbuch §201.
const DE_RECORDED: Suggestion = Suggestion {
    text: "Sie sprechen mit einem automatischen Assistenten, und das Gespräch wird mitgeschrieben.",
    why: "Article 13 of the GDPR, and in Germany §201 StGB, which forbids recording spoken words in secret. Deskbell keeps text, \
          no sound; this says so before anything is said.",
};
const FR_ASSISTANT: Suggestion = Suggestion { text: "Vous parlez avec un assistant automatique.", ..EU_ASSISTANT };
const ES_ASSISTANT: Suggestion = Suggestion { text: "Está hablando con un asistente automático.", ..EU_ASSISTANT };
const IT_ASSISTANT: Suggestion = Suggestion { text: "Sta parlando con un assistente automatico.", ..EU_ASSISTANT };
const NL_ASSISTANT: Suggestion = Suggestion { text: "U spreekt met een automatische assistent.", ..EU_ASSISTANT };
const PT_ASSISTANT: Suggestion = Suggestion { text: "Está a falar com um assistente automático.", ..EU_ASSISTANT };
/// UK GDPR, article 13; PIPEDA, principle 3.
const NOTICE: Suggestion = Suggestion {
    text: WRITTEN_DOWN,
    why: "Privacy law here wants people to know what is kept of a call and why. Deskbell keeps what was said as text.",
};
const FAIR: Suggestion = Suggestion {
    text: ASSISTANT,
    why: "We know of no law here that asks for it. Callers who find out by themselves trust you less than those who were told.",
};

/// What fits a country (ISO 3166), the most usual first.
pub fn suggestions(country: &str) -> &'static [Suggestion] {
    match country {
        "US" => &[US_ASSISTANT, US_RECORDED],
        "DE" | "AT" | "LI" => &[DE_ASSISTANT, DE_RECORDED],
        "FR" | "LU" | "MC" => &[FR_ASSISTANT, EU_RECORDED],
        "ES" => &[ES_ASSISTANT, EU_RECORDED],
        "IT" => &[IT_ASSISTANT, EU_RECORDED],
        "NL" | "BE" => &[NL_ASSISTANT, EU_RECORDED],
        "PT" => &[PT_ASSISTANT, EU_RECORDED],
        "BG" | "HR" | "CY" | "CZ" | "DK" | "EE" | "FI" | "GR" | "HU" | "IE" | "LV" | "LT" | "MT" | "PL" | "RO"
        | "SE" | "SI" | "SK" | "IS" | "NO" => &[EU_ASSISTANT, EU_RECORDED],
        "GB" | "CA" | "CH" | "AU" | "NZ" => &[NOTICE, FAIR],
        _ => &[FAIR, NOTICE],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_something_to_choose_from() {
        for country in ["US", "DE", "FR", "GB", "IE", "JP", "BR", ""] {
            let found = suggestions(country);
            assert!(found.len() >= 2, "{country}");
            assert!(found.iter().all(|suggestion| suggestion.text.ends_with('.') && suggestion.text.len() < 120));
        }
        assert!(suggestions("DE")[0].text.starts_with("Sie sprechen"));
    }
}
