//! The stream: clauses, limits, splits.

use proptest::prelude::*;

use super::{Call, Claim, Speech, Spoken, told};

/// What comes out of each of these pieces, and at the end.
fn pieces(call: &Call, pieces: &[&str]) -> Vec<Vec<Spoken>> {
    let ground = call.ground();
    let mut speech = Speech::new();
    let mut out: Vec<Vec<Spoken>> = pieces.iter().map(|piece| speech.hear(piece, &ground)).collect();
    out.push(speech.finish(&ground));
    out
}

fn say(text: &str) -> Vec<Spoken> {
    vec![Spoken::Say(text.to_owned())]
}

#[test]
fn a_clause_is_said_as_soon_as_it_is_one() {
    let out = pieces(&Call::on("start"), &["Sure", ", ", "let me", " look. ", "What's your", " name?"]);
    assert_eq!(out, [vec![], say("Sure,"), vec![], say(" let me look."), vec![], vec![], say(" What's your name?")]);
}

#[test]
fn a_date_is_held_until_it_is_complete() {
    let out = pieces(
        &Call::on("held"),
        &["So that's Tuesday, ", "November 24th, ", "at 3:30 p.m. ", "with Maria. ", "Shall I", " book it?"],
    );
    let last = " Shall I book it?";
    assert_eq!(out[..3], [vec![], vec![], vec![]]);
    assert_eq!(
        out[3..],
        [say("So that's Tuesday, November 24th, at 3:30 p.m. with Maria."), vec![], vec![], say(last)]
    );
}

#[test]
fn what_ends_no_sentence_cuts_none() {
    let call = Call::on("start");
    for text in [
        "A haircut is $45.00 and takes 45 minutes.",
        "Dr. Lee does color, e.g. highlights.",
        "It's J. R. Smith, right?",
    ] {
        assert_eq!(call.says(text), (text.to_owned(), None), "{text}");
    }
}

#[test]
fn nothing_is_said_after_what_was_withheld() {
    let out = pieces(&Call::on("start"), &["Great, ", "you're booked. ", "Anything else?"]);
    assert_eq!(out, [say("Great,"), vec![Spoken::Withheld(Claim::Booked)], vec![], vec![]]);
}

#[test]
fn a_full_stop_that_is_not_heard_ends_nothing() {
    assert_eq!(Call::on("start").says("You are , . . ! booked").1, Some(Claim::Booked));
}

#[test]
fn only_the_first_question_is_asked() {
    let (said, claim) = Call::on("start").says("Sure. What's your name? And your number? Thanks.");
    assert_eq!((said.as_str(), claim), ("Sure. What's your name?", None));
}

#[test]
fn nobody_hears_more_than_a_hundred_and_twenty_words() {
    let call = Call::on("start");
    let (said, claim) = call.says(&"I can help you with your hair. ".repeat(100));
    assert!(said.ends_with('.') && (90..=120).contains(&said.split(' ').count()), "{said}");
    assert_eq!(claim, None);
    let (said, _) = call.says(&"well ".repeat(20_000));
    assert_eq!(said.split(' ').count(), 120);
}

#[test]
fn what_was_written_is_made_to_be_spoken() {
    for (written, spoken) in [
        ("**Sure**, *let me* look.", "Sure, let me look."),
        ("# Welcome\n\nHow can I help?", "Welcome. How can I help?"),
        (
            "We offer:\n- haircuts\n- color\n- beard trims\n\nWhich one?",
            "We offer: haircuts, color, beard trims. Which one?",
        ),
        ("1. Haircuts\n2. Color\n", "Haircuts, Color"),
        ("(pauses) Sure, *smiles warmly* let me look.", "Sure, let me look."),
        ("<speak>Sure, <break time=\"1s\"/>let me look.</speak>", "Sure, let me look."),
        ("<thinking>The caller wants Tuesday.</thinking>Sure, let me look.", "Sure, let me look."),
        ("```json\n{\"tool\": 1}\n``` Sure.", "Sure."),
        ("{\"name\": \"look\"} Sure.", "Sure."),
        ("Sure 😀, let me look. 👍", "Sure, let me look."),
        ("See [our address](https://evil.example/x) here.", "See our address here."),
        ("| Haircut | Color |\n|---|---|\n", "Haircut, Color"),
        ("We can &amp; will.", "We can & will."),
        ("Sure\u{0}\u{200b}, let me look.", "Sure, let me look."),
        ("[laughs] Of course!", "Of course!"),
        ("\n\n  \n", ""),
        ("***", ""),
        ("{}", ""),
        ("🙂🙂", ""),
        ("<break/>", ""),
        ("```\nlet x = 1;\n```", ""),
    ] {
        assert_eq!(Call::on("start").says(written), (spoken.to_owned(), None), "{written}");
    }
}

#[test]
fn a_second_message_of_a_turn_goes_on_with_the_first() {
    let call = Call::on("start");
    let ground = call.ground();
    let mut speech = Speech::new();
    let mut out = speech.hear("Let me look.", &ground);
    out.extend(speech.finish(&ground));
    out.extend(speech.hear("Which day", &ground));
    out.extend(speech.hear(" suits you?", &ground));
    out.extend(speech.finish(&ground));
    assert_eq!(told(out), ("Let me look. Which day suits you?".to_owned(), None));
}

/// Clauses, some of which claim something.
fn sentences() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "Sure, ",
        "let me look. ",
        "You're ",
        "booked",
        "it's ",
        "all ",
        "yours",
        ". ",
        ", ",
        " - ",
        "as of now, ",
        "Shall I ",
        "once ",
        "not ",
        "cancelled ",
        "for Tuesday ",
        "at three ",
        "and ",
        "we have ",
        "an opening ",
        "45 dollars ",
        "40 dollars ",
        "a haircut ",
        "I've ",
        "put you down ",
        "you ",
        "see you ",
        "then ",
        "! ",
        "yes, ",
    ]);
    prop::collection::vec(bits, 0..24).prop_map(|bits| bits.concat())
}

/// Sentences and signs that a model may write, mixed.
fn written() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "Sure, ",
        "let me look. ",
        "You're ",
        "booked",
        "**",
        "*",
        "(",
        ")",
        "<b>",
        "</b>",
        "<",
        ">",
        "{",
        "}",
        "[",
        "](",
        "`",
        "```",
        "\n",
        "- ",
        "1. ",
        "3 p.m. ",
        "Tuesday, ",
        "November 24th, ",
        "at 3:30 ",
        "$45.50 ",
        "Dr. Lee ",
        "? ",
        "! ",
        "— ",
        "… ",
        ", ",
        ". ",
        " ",
        "é",
        "😀",
        "\u{200b}",
        "Shall I book it",
        "cancelled ",
        "24. ",
        "we're open ",
        "free ",
        "&amp;",
        "https://a.b ",
        "b-o-o-k-e-d ",
        "see you ",
        "\u{301}",
        "İ",
        "ß",
        "一",
        "。",
        "5",
        "x",
    ]);
    prop::collection::vec(
        prop_oneof![4 => bits.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)],
        0..40,
    )
    .prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_does_not_matter_where_a_stream_is_cut(text in written(), cuts in prop::collection::vec(0.0..1.0_f64, 0..8), ground in 0..3_usize) {
        let call = Call::on(["start", "offered", "booked"][ground]);
        let whole: Vec<Spoken> = pieces(&call, &[&text]).concat();
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
        let mut places: Vec<usize> = cuts.iter().filter_map(|cut| chars.get((cut * chars.len() as f64) as usize)).map(|(at, _)| *at).collect();
        places.sort_unstable();
        places.push(text.len());
        let mut from = 0;
        let parts: Vec<&str> = places.iter().map(|&to| { let part = &text[from..to]; from = to; part }).collect();
        prop_assert_eq!(whole, pieces(&call, &parts).concat());
    }

    #[test]
    fn no_words_make_it_panic(text in any::<String>(), language in prop::sample::select(vec!["en", "es", "de", "fr", "it", "pt", "nl", "pl", "ja"])) {
        let call = Call { language, ..Call::on("held") };
        let _ = call.says(&text);
    }

    #[test]
    fn what_is_said_alone_is_not_withheld(text in sentences()) {
        // What came out before something was withheld claims nothing by itself.
        let call = Call::on("start");
        let (said, _) = call.says(&text);
        let (again, claim) = call.says(&said);
        prop_assert_eq!(claim, None, "{}", again);
    }
}
