//! The tables in `fixtures/truth`.

use super::Call;

const HONEST: &str = include_str!("../../../../fixtures/truth/honest.txt");
const CLAIMS: &str = include_str!("../../../../fixtures/truth/claims.txt");

/// The lines of a table with the ground that they stand on.
fn lines(table: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut ground = "start";
    let mut found = Vec::new();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => ground = name,
            None => found.push((ground, line)),
        }
    }
    found
}

/// Withheld without ground, and those with a plus said on theirs.
fn withheld(table: &'static str) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let lines = lines(table);
    for (ground, line) in &lines {
        let (claim, sentence) = line.split_once(" | ").expect("a claim and a sentence");
        let (is_true, sentence) = sentence.strip_prefix("+ ").map_or((false, sentence), |sentence| (true, sentence));
        match Call::on("start").says(sentence) {
            (said, None) => wrong.push(format!("got through: {claim} | {said}")),
            (_, Some(found)) if format!("{found:?}") != claim => {
                wrong.push(format!("withheld as {found:?}, not {claim} | {sentence}"));
            }
            _ => {}
        }
        if is_true && let (said, Some(claim)) = Call::on(ground).says(sentence) {
            wrong.push(format!("true and withheld as {claim:?} on {ground} | {sentence} ({said})"));
        }
    }
    (lines.len(), wrong)
}

#[test]
fn what_a_receptionist_may_say_is_said() {
    let lines = [lines(HONEST), lines(include_str!("../../../../fixtures/truth/honest_more.txt"))].concat();
    let wrong: Vec<String> = lines
        .iter()
        .filter_map(|(ground, sentence)| {
            let (said, claim) = Call::on(ground).says(sentence);
            claim.map(|claim| format!("{claim:?} on {ground} | {sentence} ({said})"))
        })
        .collect();
    assert!(lines.len() >= 200, "{}", lines.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

#[test]
fn what_nothing_supports_is_withheld() {
    let (count, wrong) = withheld(CLAIMS);
    assert!(count >= 250, "{count}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn other_languages_are_held_to_the_same() {
    let mut wrong = Vec::new();
    for (ground, line) in lines(include_str!("../../../../fixtures/truth/foreign.txt")) {
        let (language, ground) = ground.split_once(' ').expect("a language and a ground");
        let on = |ground| Call { language, heard: vec![wish(language)], ..Call::on(ground) };
        let (claim, sentence) = line.split_once(" | ").expect("a claim and a sentence");
        let (is_true, sentence) = sentence.strip_prefix("+ ").map_or((false, sentence), |sentence| (true, sentence));
        if (claim == "ok" || is_true)
            && let (_, Some(found)) = on(ground).says(sentence)
        {
            wrong.push(format!("withheld as {found:?} | {language} {ground} | {sentence}"));
        }
        let found = on("start").says(sentence).1.map_or("ok".to_owned(), |found| format!("{found:?}"));
        if claim != "ok" && found != claim {
            wrong.push(format!("{found}, not {claim} | {language} | {sentence}"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A haircut on Tuesday afternoon, in a few languages.
fn wish(language: &str) -> &'static str {
    match language {
        "es" => "Quisiera un corte el martes por la tarde.",
        "de" => "Ich hätte gern einen Haarschnitt am Dienstag Nachmittag.",
        "fr" => "Je voudrais une coupe mardi après-midi.",
        "it" => "Vorrei un taglio martedì pomeriggio.",
        "pt" => "Queria um corte na terça à tarde.",
        "nl" => "Ik wil graag dinsdagmiddag naar de kapper, dinsdag.",
        _ => "Tuesday.",
    }
}

#[test]
fn tricky_claims_are_withheld_too() {
    let first = lines(include_str!("../../../../fixtures/truth/tricky.txt"));
    let lines = [first, lines(include_str!("../../../../fixtures/truth/tricky_more.txt"))].concat();
    let through: Vec<String> = lines
        .iter()
        .filter_map(|(_, line)| {
            let (claim, sentence) = line.split_once(" | ").expect("a claim and a sentence");
            let (said, withheld) = Call::on("start").says(&sentence.replace("\\u{200d}", "\u{200d}"));
            withheld.is_none().then(|| format!("{claim} | {said}"))
        })
        .collect();
    assert!(through.is_empty(), "{} of {} got through:\n{}", through.len(), lines.len(), through.join("\n"));
}
