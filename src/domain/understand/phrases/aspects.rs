//! Which part of what was understood a caller speaks of: "the time", "the name is wrong", "change the day".

use std::sync::LazyLock;

use crate::domain::understand::{Aspect, pattern::Phrases};

pub(in crate::domain::understand) static ASPECTS: LazyLock<Phrases<Aspect>> = LazyLock::new(|| {
    Phrases::new(&[
        (
            Aspect::Time,
            &[
                "^ just/only? the/that? time/day/date/hour/when $",
                "the time/day/date/hour please $",
                "wrong/incorrect/different/another/other time/day/date/hour/month/week",
                "time/day/date/hour/month is/was/not wrong/incorrect/off/not/right",
                "change/fix/correct/adjust/alter the time/day/date/hour",
                "not that/the time/day/date/right",
                "it is/was the time/day/date",
            ],
        ),
        (
            Aspect::Service,
            &[
                "^ just/only? the/that? service/treatment/appointment $",
                "wrong/incorrect/different/another/other service/treatment/thing",
                "service/treatment is/was wrong/incorrect/not",
                "change/fix/correct the service/treatment",
                "it is/was the service/treatment",
                "what i am having done",
            ],
        ),
        (
            Aspect::Staff,
            &[
                "^ just/only? the stylist/barber/therapist/hairdresser/doctor/dentist/person/staff $",
                "wrong/different/another/other stylist/barber/therapist/hairdresser/doctor/dentist/person",
                "someone/somebody else",
                "change/fix/correct the stylist/barber/therapist/hairdresser/doctor/dentist/person",
                "stylist/barber/therapist/hairdresser/doctor/dentist/person is/was wrong",
                "who/whom it is with",
                "with a? different/another person/stylist/barber",
            ],
        ),
        (
            Aspect::Name,
            &[
                "^ just/only? the/my/your? first/last/family? name/spelling/surname $",
                "wrong/incorrect/different name/spelling/surname",
                "name/surname/spelling is/was * wrong/incorrect/not/off/misspelled/misspelt",
                "got my name wrong",
                "not my name",
                "change/fix/correct/spell the/my first/last? name/spelling/surname",
                "spelled/spelt wrong/differently/incorrectly",
                "it is/was the name/spelling",
                "my name is not",
            ],
        ),
        (
            Aspect::Phone,
            &[
                "^ just/only? the/my? phone? number/phone $",
                "wrong/incorrect/different/another/other phone/telephone/mobile/cell? number",
                "number/phone is/was * wrong/incorrect/not/off",
                "not my number",
                "change/fix/correct the/my phone/mobile/cell? number",
                "it is/was the number/phone",
            ],
        ),
    ])
});
