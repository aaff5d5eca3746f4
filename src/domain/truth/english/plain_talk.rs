//! What a receptionist says around days, times and appointments that claims nothing.
//!
//! There are more ways to say "you're booked" than anybody can list, so where a sentence touches what matters it is the
//! harmless words that are listed: a clause with another one in it is not said without ground.

use std::{collections::HashSet, sync::LazyLock};

use super::{AUXILIARY, CONDITION, MODAL, NEGATION, OPENERS, POSSIBLE, QUESTION, SUBJECT_OF_QUESTION};
use crate::domain::truth::{
    judge,
    words::{Gap, Word},
};

fn set(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

/// Words that a time or an appointment is named with, and nothing is said of it.
static NAMING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "a an the for with at on in of to or and then so okay ok alright right great perfect sure lovely wonderful good got it thanks thank you please your \
         servicename staffname appointment afternoon morning evening noon midday night around about after before between from until till o'clock half quarter past am pm \
         p.m a.m this next coming week weekend day days time times either anyone whoever yes yeah hello hi oh well um also maybe perhaps what how that is one ones first second \
         third last other another both just only i'm sorry excellent super fine as soon possible early late earlier later any near sharp exactly name number \
         guests people person two man woman kids child me us her him them my our new dot",
    )
});

/// Words that time is spoken of with when it is looked for, offered, or refused.
static OFFERING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "i we he she they it there's there is are was be have has had do does did would could can will shall should may might let us not no nothing none never \
         free available availability open opening openings slot slots spot spots space left only next nearest closest earliest latest soonest option options choice choices \
         offer offering give show see look looking check checking find finding search keep keeping hold holding need know tell say said asked wanted want like prefer mean meant mention mentioned \
         suit suits suited work works help book booking bring come coming get take taken taking full busy unfortunately afraid sorry but if unless whether or when which who while because since than \
         still already here's here these those each every all some any anything something else more few couple several them their him his hers instead rather \
         read back again repeat confirm correct wrong set up put down make change move cancel reschedule pencil agree choose pick picked chose \
         say says yes soon moment second minute minutes hour hours long takes take lasts start starts starting begin begins end ends closed close closes opens doesn't don't \
         calendar schedule today tomorrow tonight yesterday week's weeks month months year holiday holidays christmas thanksgiving \
         fully booked pull pulling out over through plus found recap pulled also too very much quite really just actually currently now then once before after best better easier easy hard \
         go going try trying ask asking wondering caller calling call calls understand understood hear heard got give given follows following \
         it'd that'd i'd who's what's sounds sound good great fine okay alright possible unfortunately however though although except apart \
         happy glad pleased love hope appointment appointments date dates weekday weekdays days",
    )
});

/// What is only looked for, or what the caller would like.
const SEEKING: &[&str] = &[
    "let",
    "look",
    "looking",
    "check",
    "checking",
    "see",
    "find",
    "finding",
    "search",
    "want",
    "like",
    "need",
    "said",
    "mentioned",
    "asked",
    "mean",
    "meant",
    "wanted",
    "ask",
    "asking",
    "prefer",
    "wondering",
    "if",
    "whether",
    "help",
    "happy",
    "glad",
    "love",
    "understand",
    "hear",
    "heard",
    "unless",
    "once",
    "what",
    "which",
    "repeat",
    "know",
    "tell",
    "try",
    "trying",
    "before",
];

/// Words for what the desk keeps.
const KEPT: &[&str] = &[
    "appointment",
    "appointments",
    "booking",
    "bookings",
    "reservation",
    "reservations",
    "slot",
    "spot",
    "cancellation",
    "message",
    "callback",
    "confirmation",
];

/// What may be said to be so of it, that, or everything.
static BEING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "good great fine okay ok right correct wrong true lovely wonderful perfect nice alright important possible impossible best better easy hard difficult sad funny kind sweet welcome \
         question pleasure shame pity problem surprise idea choice way reason name number day time moment minute minutes hour hours about around under over between near next behind beside across opposite close far \
         not no nothing something anything everything someone what why how where who when which because if whether just only also still up to from for with without on in at of \
         salon business shop library house street parking card cash price cost dollars euros pounds free included extra usually always never often sometimes normally closed open \
         servicename staffname haircut color looking calling asking talking speaking trying going having wondering hoping interested sure certain ready able unable happy glad sorry afraid patient polite \
         clear understandable understood interesting helpful useful enough too much more less most same different similar new old long short quick late early \
         here there i we you they he she it that this these those all both either one two three four five six seven eight nine ten several many few some any each every \
         my your our their his her a an the it's mine hers private public personal safe nearby downtown walking driving \
         fair frustrating annoying awful terrible horrible upset frustrated sick well worried busy tired running stuck lost early awesome amazing fantastic excellent brilliant exciting delightful \
         probably maybe perhaps likely unlikely hopefully mainly mostly really very quite pretty so totally absolutely perfectly completely rather a.m p.m am pm noon \
         recommended needed required necessary allowed offered done? like as by through until then than or and would could can spelled spelt pronounced called located based \
         assistant ai automated robot virtual machine human person receptionist honest curious thinking checking everyone anyone fun popular common strange odd weird unusual typical standard regular quiet loud \
         flexible limited unfortunate kovacs first second third last letter k q w e r t y u i o p s d f g h j l z x c v b n m breaking cutting hard's worth",
    )
});

/// What is said of "you": nearly anything may mean an appointment.
static BEING_YOU: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "welcome right correct calling looking asking speaking talking trying wondering hoping interested sure kind sweet very too most so always not free able unable happy unhappy upset frustrated sick \
         worried busy tired running stuck lost late breaking cutting still there here a an the thinking having saying after new returning first in? allergic unsure flexible quite absolutely totally \
         currently also both what who where allowed invited? aware curious patient funny only just from near at? more than",
    )
});

/// Participles that say nothing has been done.
const IDLE: &[&str] = &[
    "interested",
    "agreed",
    "understood",
    "noted",
    "excited",
    "sorry",
    "asked",
    "disconnected",
    "looking",
    "trying",
    "waiting",
    "having",
    "calling",
    "thinking",
    "wondering",
    "need",
    "indeed",
    "speed",
    "hundred",
    "red",
    "led",
    "bed",
    "confused",
    "mentioned",
    "delighted",
    "pleased",
    "spelled",
    "closed",
    "needed",
    "wanted",
    "preferred",
    "offered",
    "allowed",
    "required",
    "included",
    "recommended",
    "colored",
    "layered",
    "pleased",
    "worried",
    "given?",
    "used",
    "based",
    "limited",
    "located",
    "called",
    "named",
    "seen",
    "said",
    "feed",
    "weed",
    "blessed",
    "red",
    "married",
    "heard",
    "advised",
    "thrilled",
    "relaxed",
    "supposed",
    "unlimited",
    "agreed",
    "dyed",
    "texted?",
    "asked",
    "handicapped",
    "tired",
    "good",
];

/// What talk around times and appointments lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain::truth) struct Rests {
    /// Every exact time is one of the caller's appointments.
    pub booked: bool,
    /// Every exact time is offered or kept, or there is none.
    pub offered: bool,
    /// Exact times are named.
    pub timed: bool,
    /// There is an appointment, kept or made.
    pub kept: bool,
    /// It has been looked at otherwise whether the times are free or the door is open.
    pub settled: bool,
}

/// Whether a clause that touches a time or an appointment says more of it than a receptionist needs to. `known`: words of
/// this call, of the business, names.
pub(in crate::domain::truth) fn oversteps(words: &[Word<'_>], rests: Rests, known: &dyn Fn(&str) -> bool) -> bool {
    let mut start = 0;
    let mut open = false;
    for end in 1..=words.len() {
        let ends = words.get(end).is_none_or(|word| word.before > Gap::Space);
        if ends {
            let after = words.get(start).map_or(Gap::Break, |word| word.before);
            let clause = &words[start..end];
            // "I can book, move or cancel an appointment": what has no subject goes on with what came before.
            let goes_on = after == Gap::Comma && !clause.iter().any(|word| word.any(SUBJECTS));
            open = is_open(clause) || open && goes_on;
            if clause_oversteps(clause, words, after, open, rests, known) {
                return true;
            }
            start = end;
        }
    }
    false
}

fn clause_oversteps(
    clause: &[Word<'_>],
    sentence: &[Word<'_>],
    after: Gap,
    open: bool,
    rests: Rests,
    known: &dyn Fn(&str) -> bool,
) -> bool {
    let is_time = |word: &Word<'_>| {
        judge::is_calendar_word(&word.text) && !word.any(&["today", "may", "second", "sat", "sun", "march"])
            || word.text.contains(':')
            || word.any(&["o'clock", "noon"])
    };
    let has = |list: &[&str]| clause.iter().any(|word| word.any(list));
    if asks(clause) || after == Gap::Comma && asks(sentence) {
        return false;
    }
    let plain = |word: &Word<'_>| {
        let text = &*word.text;
        NAMING.contains(text)
            || judge::is_calendar_word(text)
            || judge::is_number_word(text)
            || text.bytes().any(|byte| byte.is_ascii_digit())
            || text.chars().count() == 1
    };
    let naming = clause.iter().all(|word| {
        plain(word)
            || known(&word.text) && !AUXILIARY.contains(&&*word.text) && !word.any(&["have", "come", "in", "up"])
    });
    let naming = naming && !clause.windows(2).any(|pair| pair[0].is("staffname") && pair[1].any(&["is", "has"]));
    let seeking = has(SEEKING);
    let number = |at: usize| {
        clause.get(at).is_some_and(|word| {
            judge::is_number_word(&word.text) || word.text.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    // "Three is still there."
    let named = number(0)
        && clause.get(1).is_some_and(|word| {
            word.any(&["is", "works", "would", "on", "it", "looks", "sounds", "will", "can", "could", "should"])
        });
    let naming = naming && !(named && !clause.get(1).is_some_and(|word| word.is("on")));
    let timed = named
        || clause.iter().any(is_time)
        || rests.timed
            && clause.windows(2).any(|pair| {
                let number =
                    judge::is_number_word(&pair[1].text) || pair[1].text.bytes().all(|byte| byte.is_ascii_digit());
                pair[0].is("at") && number
            });
    if timed && !rests.booked && !naming {
        if !rests.offered && !seeking && !rests.settled {
            return true;
        }
        if !clause.iter().all(|word| plain(word) || OFFERING.contains(&*word.text) || known(&word.text)) {
            return true;
        }
    }
    if has(KEPT) && !rests.kept && !naming && !open {
        return true;
    }
    if has(KEPT)
        && !rests.kept
        && clause.len() <= 4
        && clause.iter().any(|word| is_participle(&word.text) || word.any(&["complete", "successful", "final", "ok"]))
        && !open
    {
        return true;
    }
    if rests.kept {
        return false;
    }
    // "Handled.", "Settled then."
    let first = clause.iter().find(|word| !word.any(OPENERS));
    if clause.len() <= 3 && first.is_some_and(|word| is_participle(&word.text)) && !open {
        return true;
    }
    predicate_oversteps(clause, known)
}

const SUBJECTS: &[&str] = &["i", "we", "you", "it", "that", "your", "he", "she", "they", "there", "everything", "this"];

/// Asked, wished, denied, or under a condition.
fn is_open(clause: &[Word<'_>]) -> bool {
    clause
        .iter()
        .any(|word| [NEGATION, POSSIBLE, MODAL, CONDITION, QUESTION, SEEKING].iter().any(|list| word.any(list)))
}

fn is_participle(text: &str) -> bool {
    (text.len() > 4 && text.ends_with("ed") || super::IRREGULAR.contains(&text))
        && !IDLE.contains(&text)
        && !super::HARMLESS.contains(&text)
}

/// "You're golden", "it's in", "has been filled".
fn predicate_oversteps(clause: &[Word<'_>], known: &dyn Fn(&str) -> bool) -> bool {
    let is = |at: usize, list: &[&str]| clause.get(at).is_some_and(|word| word.any(list));
    (0..clause.len()).any(|at| {
        let before = &clause[..at];
        let open = before.iter().any(|word| {
            word.any(NEGATION) || word.any(POSSIBLE) || word.any(MODAL) || word.any(CONDITION) || word.any(QUESTION)
        });
        if open {
            return false;
        }
        if is(at, &["been"]) && clause.get(at + 1).is_some_and(|word| is_participle(&word.text) && !known(&word.text)) {
            return true;
        }
        let you = is(at, &["you"]);
        if !(you || is(at, &["it", "that", "this", "everything", "things", "one"]))
            || !is(at + 1, &["is", "are", "was", "were"])
        {
            return false;
        }
        if is(at + 2, &["not", "no"]) {
            return false;
        }
        if is(at + 2, &["in", "on", "through"])
            && (clause.len() == at + 3 || is(at + 3, &["there", "for", "now", "then"]))
        {
            return true;
        }
        let Some(word) = clause.get(at + 2) else { return false };
        let list = if you { &*BEING_YOU } else { &*BEING };
        let text = &*word.text;
        !(list.contains(text)
            || known(text)
            || judge::is_calendar_word(text)
            || judge::is_number_word(text)
            || text.bytes().any(|byte| byte.is_ascii_digit())
            || text.chars().count() == 1)
    })
}

/// Whether the clause begins as a question does.
fn asks(clause: &[Word<'_>]) -> bool {
    let Some(first) = clause.iter().position(|word| !word.any(OPENERS)) else { return false };
    let is = |at: usize, list: &[&str]| clause.get(at).is_some_and(|word| word.any(list));
    let inverted = is(first, AUXILIARY)
        && (is(first + 1, SUBJECT_OF_QUESTION)
            || clause.get(first + 1).is_some_and(|word| {
                judge::is_calendar_word(&word.text)
                    || judge::is_number_word(&word.text)
                    || word.any(&["servicename", "staffname", "mornings", "afternoons", "weekends", "weekdays"])
                    || word.text.bytes().any(|byte| byte.is_ascii_digit())
            }));
    let asked = is(first, QUESTION) && (first + 1..clause.len()).any(|at| is(at, AUXILIARY))
        || is(first, &["how", "what"]) && is(first + 1, &["about"]);
    inverted || asked || is(first, &["any", "anything"])
}
