//! The words by which a party is known: people, groups, and what goes on after them.

use std::{collections::HashSet, sync::LazyLock};

type Words = LazyLock<HashSet<&'static str>>;

fn words(text: &'static str) -> HashSet<&'static str> {
    text.split_whitespace().collect()
}

/// Whoever comes in a party.
pub(in crate::domain::understand) static PERSONS: Words = LazyLock::new(|| {
    words(
        "people persons person person's peoples adults adult guests guest kids kid children child toddler toddlers \
         baby babies infant infants friends friend pax diners diner heads ladies lady men man women woman girls \
         girl guys guy boys boy customers attendees members member folks individuals individual visitors colleagues \
         colleague coworkers participants students seniors teenagers teens grownups grandparents seater top persona \
         humans mates wife husband partner son daughter sons daughters mother father mom mum dad sister brother \
         sisters brothers girlfriend boyfriend fiance fiancee cousin cousins parents boss roommate neighbor \
         neighbour aunt uncle grandmother grandfather grandma grandpa niece nephew others seats seat ups workers \
         siblings sibling granddaughter grandson grandad granddad passenger passengers neighbors neighbours beings \
         teenager girlfriends boyfriends coworker relatives clients souls",
    )
});

/// What may stand between a number and the people.
pub(in crate::domain::understand) static KINDS: Words = LazyLock::new(|| {
    words(
        "small little young grown adult older other my our the best co hungry nice family year old total school \
         human married",
    )
});

/// Words around a number that is an answer.
pub(in crate::domain::understand) static AROUND_A_NUMBER: Words = LazyLock::new(|| {
    words(
        "please thanks thank you just only us of we are will be it is there for about around yes yeah no okay maybe \
         approximately roughly say i think would going to should like need want probably total party group \
         altogether wow hmm well now so",
    )
});

/// "A party of six".
pub(in crate::domain::understand) static GROUPS: Words = LazyLock::new(|| {
    words("party group family team table reservation booking total size number gang bunch crowd class band")
});

/// Words that go on after a party.
pub(in crate::domain::understand) static AFTER: Words = LazyLock::new(|| {
    words(
        "at on in please and tonight tomorrow today this next for with around by under is if from instead now but \
         of to i we thanks thank then though total altogether would my can could monday tuesday wednesday thursday \
         friday saturday sunday that who will so or the not no as about outside inside indoors outdoors together \
         seated it are only just later here there plus because when need seats",
    )
});

/// They come, and do not merely differ.
pub(in crate::domain::understand) static COMING: Words = LazyLock::new(|| {
    words(
        "coming attending joining going arriving dining eating visiting there expected booked like total now party \
         group at family be need want our my table place seat seated room sit will",
    )
});

/// A number before these is of time.
pub(in crate::domain::understand) static TIME_AFTER: Words = LazyLock::new(|| {
    words(
        "o'clock oclock thirty fifteen forty fifty twenty ten hundred past to minute minutes hour hours day days \
         night nights week weeks month months ish sharp second seconds year years star stars percent dollars pounds \
         euros times",
    )
});

/// "And I would like" is the next sentence.
pub(in crate::domain::understand) static VERBS: Words = LazyLock::new(|| {
    words(
        "would am want need will have can could think was do should also just prefer like had did might may wish \
         hope guess must",
    )
});

/// What may stand before "five for tomorrow".
pub(in crate::domain::understand) static LEADS: Words =
    LazyLock::new(|| words("book i think was may can confirm calling to am reserve table yes need want"));

/// "A table for four".
pub(in crate::domain::understand) static TABLES: Words = LazyLock::new(|| {
    words("table tables reservation dinner lunch brunch breakfast supper party seats seating meal drinks booth")
});

/// "Two more people" is no party.
pub(in crate::domain::understand) static MORE: Words =
    LazyLock::new(|| words("more extra additional another other fewer less add adding first"));
