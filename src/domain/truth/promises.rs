//! What a receptionist has not to give: money back, something for nothing, a diagnosis, a legal opinion.

use super::{
    Ground,
    words::{self, Word},
};

const GIFTS: &[&str] = &[
    "discount",
    "discounts",
    "discounted",
    "voucher",
    "vouchers",
    "coupon",
    "coupons",
    "complimentary",
    "freebie",
    "freebies",
    "refund",
    "refunds",
    "refunded",
    "reimburse",
    "reimbursed",
    "reimbursement",
    "waive",
    "waived",
    "waiving",
    "compensate",
    "compensation",
    "promo",
    "promotion",
    "guarantee",
    "guaranteed",
    "guarantees",
    "rebate",
    "cashback",
    "bonus",
    "gift",
    "gifts",
    "credit",
    "credited",
    "gratis",
];
const GIFT_PHRASES: &[&[&str]] = &[
    &["percent", "off"],
    &["off", "your"],
    &["off", "the", "price"],
    &["half", "price"],
    &["half", "off"],
    &["on", "the", "house"],
    &["on", "us"],
    &["free", "of", "charge"],
    &["no", "charge"],
    &["no", "cost"],
    &["for", "free"],
    &["without", "charge"],
    &["not", "charge"],
    &["money", "back"],
    &["throw", "in"],
    &["special", "offer"],
    &["special", "price"],
    &["special", "deal"],
    &["price", "match"],
    &["knock"],
    &["cheaper"],
    &["for", "nothing"],
    &["free", "haircut"],
    &["free", "consultation"],
    &["free", "gift"],
    &["free", "treatment"],
    &["free", "product"],
    &["free", "color"],
    &["free", "session"],
    &["free", "visit"],
    &["free", "upgrade"],
    &["free", "trial"],
    &["free", "service"],
    &["free", "second"],
    &["free", "first"],
    &["a", "free"],
    &["get", "free"],
    &["costs", "nothing"],
    &["cost", "nothing"],
    &["pay", "nothing"],
    &["is", "free", "for"],
    &["two", "for", "one"],
    &["buy", "one"],
    &["not", "have", "to", "pay"],
    &["not", "need", "to", "pay"],
    &["we", "will", "pay"],
    &["not", "pay", "a"],
    &["not", "cost", "you"],
    &["not", "cost", "anything"],
    &["never", "fails"],
    &["i", "promise"],
    &["we", "promise"],
    &["reduced", "price"],
    &["lower", "price"],
    &["price", "reduction"],
    &["loyalty", "points"],
    &["free", "extra"],
    &["not", "be", "charged"],
    &["skip", "the", "fee"],
    &["no", "fee"],
    &["cover", "the", "cost"],
];
const ADVICE: &[&str] = &[
    "antibiotic",
    "antibiotics",
    "ibuprofen",
    "aspirin",
    "paracetamol",
    "acetaminophen",
    "tylenol",
    "advil",
    "medication",
    "medications",
    "medicine",
    "dose",
    "dosage",
    "mg",
    "milligrams",
    "infection",
    "infected",
    "diagnosis",
    "diagnose",
    "cancer",
    "fracture",
    "fractured",
    "sprain",
    "sprained",
    "prescription",
    "prescribe",
    "antihistamine",
    "antihistamines",
    "painkiller",
    "painkillers",
    "contagious",
    "tumor",
    "tumour",
    "benign",
    "malignant",
    "inflammation",
    "allergic",
    "eczema",
    "dermatitis",
    "concussion",
    "diabetes",
    "abscess",
    "cavity",
    "ointment",
    "cortisone",
    "lawsuit",
    "sue",
    "liable",
    "liability",
    "entitled",
    "statute",
    "damages",
    "negligence",
    "unlawful",
    "illegal",
    "plaintiff",
    "settlement",
    "tax",
    "deductible",
    "legally",
    "rash",
];
const ADVICE_PHRASES: &[&[&str]] = &[
    &["probably", "just", "a"],
    &["cream", "on", "it"],
    &["have", "to", "pay", "you"],
    &["have", "a", "case"],
    &["strong", "case"],
    &["legal", "right"],
    &["legal", "advice"],
    &["medical", "advice"],
    &["stop", "taking"],
    &["take", "two"],
    &["put", "ice"],
    &["apply", "ice"],
    &["side", "effects"],
    &["nothing", "serious"],
    &["will", "heal"],
    &["press", "charges"],
    &["your", "rights"],
    &["win", "your"],
    &["blood", "pressure"],
    &["perfectly", "safe"],
    &["safe", "to", "take"],
    &["not", "serious"],
    &["sounds", "like", "a"],
    &["sounds", "like", "an"],
    &["no", "side"],
    &["go", "away", "by"],
    &["have", "the", "flu"],
    &["cure"],
    &["safe", "during"],
    &["rinse", "with"],
    &["salt", "water"],
    &["broken", "bone"],
    &["is", "broken"],
    &["probably", "broken"],
];
const DENIAL: &[&str] = &["not", "no", "never", "unable", "cannot", "nothing", "nobody", "without"];

/// Words that a promise may be made with.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let phrases = GIFT_PHRASES.iter().chain(ADVICE_PHRASES).filter_map(|phrase| phrase.first());
    GIFTS.iter().chain(ADVICE).chain(phrases).copied()
}

/// Whether the sentence gives or advises what neither the business's facts nor its services speak of.
pub(super) fn is_made(words: &[Word<'_>], ground: &Ground<'_>) -> bool {
    let asked = words.iter().find(|word| !word.any(&["so", "okay", "and", "sure", "well", "sorry", "oh"]));
    let asks = asked.is_some_and(|first| {
        first.any(&[
            "do", "does", "did", "is", "are", "would", "can", "could", "have", "what", "which", "who", "will", "shall",
            "should",
        ])
    }) && !words.iter().any(|word| word.any(&["yes", "because"]));
    if asks {
        return false;
    }
    (0..words.len()).any(|at| {
        let phrase = |phrase: &&[&str]| {
            phrase.iter().enumerate().all(|(nth, text)| words.get(at + nth).is_some_and(|word| word.is(text)))
        };
        let at_word = |at: usize| &*words[at].text;
        let told = |phrases: &[&'static [&'static str]], words: &[&'static str]| {
            let single = words.iter().find(|word| **word == at_word(at)).map(|word| (*word).to_owned());
            phrases.iter().find(|found| phrase(found)).map(|phrase| phrase.join(" ")).or(single)
        };
        let Some(found) = told(GIFT_PHRASES, GIFTS).or_else(|| told(ADVICE_PHRASES, ADVICE)) else { return false };
        let known = |text: &str| {
            let text = words::fold(text);
            let text: Vec<Word<'_>> = words::split(&text);
            let text = text.iter().map(|word| &*word.text).collect::<Vec<_>>().join(" ");
            format!(" {text} ").contains(&format!(" {found} "))
        };
        // "There is free parking": then parking may be for free in other words, too.
        let free = |text: &str| {
            let text = words::fold(text);
            let text = words::split(&text);
            let same = |word: &Word<'_>| {
                word.text.len() > 3
                    && !word.is("free")
                    && words.iter().any(|own| own.text.get(..4) == word.text.get(..4))
            };
            found.contains("free") && text.iter().any(|word| word.is("free")) && text.iter().any(same)
        };
        let business = ground.business;
        if business.facts.iter().any(|fact| free(&fact.answer)) {
            return false;
        }
        let facts = business.facts.iter().map(|fact| fact.answer.as_str()).chain(ground.told.iter().copied());
        let own =
            facts.chain(business.services.iter().flat_map(|service| {
                std::iter::once(service.name.as_str()).chain(service.also.iter().map(String::as_str))
            }));
        if own.into_iter().any(known) {
            return false;
        }
        // "I can't give a discount", "about a refund I'd have to ask".
        let clause = (0..at).rev().take_while(|before| words[before + 1].before == words::Gap::Space).take(8);
        let mut before = clause.map(|before| &words[before]);
        let own_denial = words[at].any(&["no", "not"]);
        let denied = !own_denial && before.clone().filter(|word| word.any(DENIAL)).count() == 1;
        let topic = before.any(|word| word.any(&["about", "regarding", "whether", "if", "ask", "question"]));
        !denied && !topic
    })
}
