//! Which one of several, or none of them in particular.

use std::sync::LazyLock;

use crate::domain::understand::{Choice, pattern::Phrases};

/// Which of the offered times is taken.
pub(in crate::domain::understand) static CHOICES: LazyLock<Phrases<Choice>> =
    LazyLock::new(|| Phrases::new(CHOICE_LINES));

const CHOICE_LINES: &[(Choice, &[&str])] = {
    use Choice::{Any, Described, Earlier, Last, Later, Neither, Nth};
    &[
        (
            Nth(0),
            &[
                "first one/option/time/slot/choice/appointment",
                "the first $",
                "the first please",
                "^ first $",
                "first please $",
                "the former",
                "number/option one/1",
                "the? earlier/earliest/sooner/soonest one/option/slot",
                "the earlier/earliest/sooner/soonest time/appointment $",
                "the earlier/earliest/sooner/soonest please? $",
                "whichever is earlier/earliest/sooner/soonest/first",
            ],
        ),
        (
            Nth(1),
            &[
                "second one/option/time/slot/choice/appointment",
                "the second $",
                "the second please",
                "^ second $",
                "second please $",
                "the other one",
                "number/option two/2",
            ],
        ),
        (
            Nth(2),
            &[
                "third one/option/time/slot/choice/appointment",
                "the third $",
                "the third please",
                "^ third $",
                "third please $",
                "number/option three/3",
            ],
        ),
        (Nth(3), &["fourth one/option/time/slot/choice", "the fourth $", "^ fourth $", "number/option four/4"]),
        (
            Last,
            &[
                "the? last one/option/time/slot/choice/appointment",
                "last one/option/slot",
                "the last $",
                "the last please",
                "^ last $",
                "the latter",
                "the final one",
                "the? later/latest one/option/slot",
                "the later/latest time/appointment $",
                "the later/latest please? $",
                "whichever is later/latest",
            ],
        ),
        (
            Earlier,
            &[
                "but/maybe/perhaps/just a? bit/little? earlier/sooner",
                "something/anything/nothing/somewhat/bit/little earlier/sooner",
                "any earlier/sooner",
                "^ earlier/sooner please? $",
            ],
        ),
        (
            Later,
            &[
                "but/maybe/perhaps/just a? bit/little? later",
                "something/anything/nothing/somewhat/bit/little later",
                "any later",
                "^ later please? $",
            ],
        ),
        (
            Described,
            &[
                "the/that/this one with/at/on/in/by/from/for/around/after/before",
                "the/that/this slot/option/time/appointment with",
            ],
        ),
        (
            Any,
            &[
                "either of? those/them/these/one/time/the/is/works/would/will/way/both?",
                "^ either",
                "either $",
                "whichever",
                "any of those/them/these/the",
                "any one of",
                "both work/are/is/fine/good/sound",
                "you choose/pick/decide",
                "up to you",
                "does not matter which",
                "do not mind which",
                "all of them work",
                "do not mind/care",
                "does not matter",
                "whatever",
                "all the same to me",
                "they all work",
            ],
        ),
        (
            Neither,
            &[
                "none of those/them/these/the/that",
                "neither",
                "neither of those/them/these/the",
                "not any of those/them/these",
                "none $",
                "^ none",
                "none work/works",
                "something else",
                "anything else $",
                "those/these/they do not work/suit",
                "can not do any/either of",
                "not either of",
            ],
        ),
    ]
};

/// "Anyone": the caller leaves it to us who does it. `true` counts at any time, `false` only after "With whom?".
pub(in crate::domain::understand) static NO_PREFERENCE: LazyLock<Phrases<bool>> = LazyLock::new(|| {
    Phrases::new(&[
        (
            true,
            &[
                "no preference/preferences",
                "do not have a/any preference",
                "have no preference",
                "no one/body in particular/particularly/special/specific",
                "nobody in particular/special/specific",
                "with/by/see anyone/anybody/whoever/whomever",
                "^ anyone/anybody $",
                "^ anyone/anybody will/would/is/please/who/works/can/at/that",
                "whoever is/has/you/can",
                "^ whoever",
                "do not mind/care/matter who/whom",
                "does not matter who/whom/to",
                "not fussy/picky/bothered * who",
                "any stylist/barber/therapist/dentist/doctor/staff/person/hairdresser/member/one",
                "anyone/anybody is fine/good/okay",
                "first available stylist/person/barber",
                "whoever",
            ],
        ),
        (
            false,
            &[
                "anyone",
                "anybody",
                "any",
                "either",
                "either one/of",
                "both",
                "whichever",
                "whatever",
                "do not mind",
                "do not care",
                "not care",
                "does not matter",
                "not fussy/picky/bothered",
                "you choose/pick/decide",
                "up to you",
                "surprise me",
                "^ no $",
                "^ no not? really? $",
                "^ not really $",
                "not particularly",
                "first available",
                "all the same to me",
                "nobody",
            ],
        ),
    ])
});
