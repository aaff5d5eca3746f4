//! What it does when the caller has said something.

use super::{
    Doing,
    memory::{Errand, Memory},
    picks::{Pick, pick},
    words::{LEFT, OPENERS, Question, SORRY, SURE, TAKE_YOUR_TIME, or},
};
use crate::{
    domain::{
        dialogue::tool::{
            AnswerFromFacts, CancelBooking, Confirm, EndCall, FindBookings, FindTo, LookUpTimes, OtherTimes, Propose,
            Said, TakeMessage, Transfer, WaitsFor,
        },
        understand::{Answer, Aspect, Choice, Intent, Match, StaffWish},
    },
    testing::llm::Reply,
};

pub(super) fn decide(memory: &Memory<'_>) -> Reply {
    let doing = if memory.may_call { next(memory) } else { ask_again(memory) };
    doing.reply(memory)
}

fn next(memory: &Memory<'_>) -> Doing {
    let has = |intent| memory.has(intent);
    if memory.desk.agreed {
        return Doing::call("confirm", &Confirm {});
    }
    manners(memory)
        .or_else(|| message(memory))
        .or_else(|| has(Intent::Repeat).then(|| once_more(memory)))
        .or_else(|| leaving(memory))
        .or_else(|| own(memory))
        .or_else(|| facts(memory))
        .unwrap_or_else(|| arrange(memory))
}

/// What has nothing to do with appointments.
fn manners(memory: &Memory<'_>) -> Option<Doing> {
    let has = |intent| memory.has(intent);
    if has(Intent::Emergency) {
        return Some(Doing::say("If this is an emergency, please hang up and call for help right away."));
    }
    if has(Intent::Sensitive) {
        return Some(Doing::say(format!("Please keep that number to yourself. {}", question(memory))));
    }
    if has(Intent::WrongNumber) && memory.asked != Some(Question::Message) {
        return Some(Doing::call("end_call", &EndCall {}));
    }
    let rude = has(Intent::Abuse) && memory.errand == Errand::None && !carries(memory);
    if rude && memory.unkind > 1 {
        return Some(Doing::call("end_call", &EndCall {}));
    }
    rude.then(|| Doing::say(format!("I'm sorry that you're upset. {}", memory.one_of(Question::Open.ways()))))
}

/// A message, or a person to talk to.
fn message(memory: &Memory<'_>) -> Option<Doing> {
    let has = |intent| memory.has(intent);
    if memory.asked == Some(Question::Message) {
        let none = has(Intent::NeverMind) || has(Intent::Goodbye) || has(Intent::Repeat);
        return (!none).then(|| Doing::call("take_message", &TakeMessage { text: memory.words.clone() }));
    }
    let offered = matches!(memory.asked, Some(Question::OfferMessage | Question::OfferPerson));
    if has(Intent::Person) || memory.asked == Some(Question::OfferPerson) && memory.is(Answer::Yes) {
        return Some(Doing::call("transfer", &Transfer {}));
    }
    if has(Intent::RunningLate) {
        return Some(Doing::call("take_message", &TakeMessage { text: memory.words.clone() }));
    }
    if has(Intent::LeaveMessage) || memory.asked == Some(Question::OfferMessage) && memory.is(Answer::Yes) {
        let (sure, what) = (memory.one_of(SURE), memory.one_of(Question::Message.ways()));
        return Some(Doing::say(format!("{sure} {what}")));
    }
    (offered && memory.is(Answer::No) && !has(Intent::Goodbye))
        .then(|| Doing::say(format!("All right. {}", memory.one_of(Question::Else.ways()))))
}

fn once_more(memory: &Memory<'_>) -> Doing {
    if memory.desk.waits_for == WaitsFor::YesToReadBack {
        return read_back(memory);
    }
    if memory.asked == Some(Question::Which) && !memory.slots.is_empty() {
        return Doing::say(offer(memory, "Of course."));
    }
    let last = memory.last.trim();
    if last.is_empty() {
        Doing::say(memory.one_of(Question::Open.ways()))
    } else {
        Doing::say(format!("Of course. {last}"))
    }
}

/// They want no more of it, or nothing more.
fn leaving(memory: &Memory<'_>) -> Option<Doing> {
    let has = |intent| memory.has(intent);
    let end = || Some(Doing::call("end_call", &EndCall {}));
    let open = memory.errand != Errand::None || memory.desk.kept.is_some();
    // "No, that's all, oh wait, is there parking?" and "oh no, please cancel it" are no goodbyes.
    let manners = [Intent::Thanks, Intent::Goodbye, Intent::Greeting, Intent::NeverMind];
    let wants = carries(memory) || memory.meaning.intents.iter().any(|intent| !manners.contains(intent));
    let enough = memory.asked == Some(Question::Else) && (memory.is(Answer::No) || has(Intent::Thanks));
    if !wants && (enough || has(Intent::Goodbye) && !memory.is(Answer::Yes)) {
        return end();
    }
    let that_one = has(Intent::Cancel) && memory.desk.kept.is_some() && memory.meaning.when.is_none();
    let nothing = memory.is(Answer::No)
        && !carries(memory)
        && matches!(memory.asked, Some(Question::Service | Question::Time | Question::NewTime | Question::Staff));
    let stays = memory.asked == Some(Question::CancelIt) && memory.is(Answer::No);
    if has(Intent::NeverMind) || that_one || stays || nothing && memory.desk.kept.is_none() {
        let left = if open { memory.one_of(LEFT) } else { "No problem." };
        return Some(Doing::say(format!("{left} {}", memory.one_of(Question::Else.ways()))));
    }
    None
}

/// The appointments they have.
fn own(memory: &Memory<'_>) -> Option<Doing> {
    if matches!(memory.errand, Errand::None | Errand::Book) {
        return None;
    }
    let asks_anew = [Intent::Move, Intent::Cancel, Intent::WhenIsMine].into_iter().any(|intent| memory.has(intent));
    let waits = matches!(memory.asked, Some(Question::WhoseName | Question::WhichDay | Question::Name));
    let told = memory.meaning.name.is_some() || memory.meaning.when.is_some() || memory.meaning.choice.is_some();
    if waits && !told && memory.words.to_lowercase().contains("rather not") {
        let no = "Then I can't look it up, I'm afraid.";
        return Some(Doing::say(format!("{no} {}", memory.one_of(Question::Else.ways()))));
    }
    if waits && !told && !asks_anew {
        return Some(puzzled(memory));
    }
    if let ([only], false) = (memory.bookings.as_slice(), waits) {
        return match memory.errand {
            Errand::Cancel if asks_anew => {
                Some(Doing::call("cancel_booking", &CancelBooking { booking: only.booking.clone() }))
            }
            Errand::Move if asks_anew && memory.time.is_empty() => {
                Some(Doing::say(format!("{} {}", memory.one_of(SURE), memory.one_of(Question::NewTime.ways()))))
            }
            Errand::Move if asks_anew => Some(look_up(memory, None)),
            _ => None,
        };
    }
    (asks_anew || waits).then(|| {
        let find = find(memory);
        if memory.perhaps(30) { find.after_saying(memory.one_of(OPENERS)) } else { find }
    })
}

pub(super) fn find(memory: &Memory<'_>) -> Doing {
    let to = match memory.errand {
        Errand::Move => FindTo::Move,
        Errand::Cancel => FindTo::Cancel,
        Errand::Tell | Errand::None | Errand::Book => FindTo::Tell,
    };
    let name = memory.meaning.name.clone().or_else(|| memory.desk.name.clone());
    Doing::call("find_bookings", &FindBookings { name, day: said(&memory.day), to })
}

/// What they ask beside that.
fn facts(memory: &Memory<'_>) -> Option<Doing> {
    if !memory.meaning.intents.iter().any(|intent| asks(*intent)) {
        return None;
    }
    let answer =
        Doing::call("answer_from_facts", &AnswerFromFacts { question: memory.words.chars().take(200).collect() });
    // "How much is a color, and do you have anything on Friday?" is two things, and both are done at once.
    let priced = memory.has(Intent::AskPrice) && !memory.has(Intent::AskHours) && memory.meaning.when.is_some();
    let wishes = priced || memory.has(Intent::Book) || memory.has(Intent::AskTimes);
    let known = service(memory).is_some() && !memory.time.is_empty();
    if wishes && known && memory.desk.kept.is_none() {
        return Some(answer.and("look_up_times", &times(memory, None)));
    }
    Some(answer)
}

pub(super) fn asks(intent: Intent) -> bool {
    matches!(
        intent,
        Intent::AskHours
            | Intent::AskPrice
            | Intent::AskAddress
            | Intent::AskServices
            | Intent::AskFact(_)
            | Intent::AskWhoYouAre
            | Intent::AskOther
            | Intent::Privacy
    )
}

/// Whether their words hold something to work with.
fn carries(memory: &Memory<'_>) -> bool {
    let meaning = &memory.meaning;
    meaning.when.is_some()
        || meaning.service.is_some()
        || meaning.staff.is_some()
        || meaning.name.is_some()
        || meaning.phone.is_some()
}

// An appointment, step by step

fn arrange(memory: &Memory<'_>) -> Doing {
    let meaning = &memory.meaning;
    let other = match meaning.choice {
        Some(Choice::Later) => Some(OtherTimes::Later),
        Some(Choice::Earlier) => Some(OtherTimes::Earlier),
        Some(Choice::Neither) if meaning.when.is_none() => Some(OtherTimes::Different),
        _ => None,
    };
    if let Some(unclear) = which_is_meant(memory) {
        return unclear;
    }
    let offered = memory.asked == Some(Question::Which) && !memory.slots.is_empty();
    if memory.desk.kept.is_some() && !offered {
        return with_a_time(memory, other);
    }
    if let Some(meant) = which_was_meant(memory) {
        let look = LookUpTimes { when: said(&meant), ..times(memory, None) };
        return Doing::call("look_up_times", &look);
    }
    if offered {
        if meaning.service.is_some() || meaning.staff.is_some() && meaning.when.is_none() {
            return look_up(memory, None);
        }
        match pick(&memory.slots, meaning, memory.business) {
            Pick::One(slot) => return propose(memory, Some(slot)),
            Pick::Unclear => return Doing::say(offer(memory, "Gladly, you can choose.")),
            Pick::None => {}
        }
        if memory.is(Answer::No) && meaning.when.is_none() && other.is_none() {
            return look_up(memory, Some(OtherTimes::Different));
        }
    }
    if let Some(other) =
        other.filter(|_| meaning.when.is_none_or(|when| when.day.is_none()) && !memory.slots.is_empty())
    {
        return look_up(memory, Some(other));
    }
    if memory.errand == Errand::Move {
        return if meaning.when.is_some() || memory.has(Intent::AskTimes) {
            look_up(memory, None)
        } else {
            puzzled(memory)
        };
    }
    let fresh = carries(memory) || meaning.people.is_some() || memory.has(Intent::Book) || memory.has(Intent::AskTimes);
    if !(fresh || memory.asked == Some(Question::Staff) && memory.is(Answer::No)) {
        return puzzled(memory);
    }
    let wants =
        memory.errand == Errand::Book || meaning.service.is_some() || meaning.when.is_some() || meaning.staff.is_some();
    if !wants {
        // "Hello, this is Anna."
        let name = memory.desk.name.as_deref().or(meaning.name.as_deref()).and_then(|name| name.split(' ').next());
        let hello = name.map_or_else(|| "Hello.".to_owned(), |name| format!("Hello {name}."));
        return Doing::say(format!("{hello} {}", memory.one_of(Question::Open.ways())));
    }
    if service(memory).is_none() {
        return Doing::say(format!("{} {}", memory.one_of(SURE), which_service(memory)));
    }
    if memory.time.is_empty() && !memory.has(Intent::AskTimes) && !is_indifferent(memory) {
        let what = service(memory).unwrap_or_default().to_lowercase();
        return Doing::say(format!("A {what}, gladly. {}", memory.one_of(Question::Time.ways())));
    }
    look_up(memory, None)
}

/// The answer to "Did you mean this, or that?", when a time could be either.
fn which_was_meant(memory: &Memory<'_>) -> Option<String> {
    let meant = match memory.meaning.choice {
        Some(Choice::Nth(at)) => memory.meant.get(at),
        Some(Choice::Last) => memory.meant.last(),
        _ if memory.is(Answer::Yes) && memory.meaning.when.is_none() && memory.meant.len() == 1 => memory.meant.first(),
        _ => None,
    }?;
    Some(meant.clone())
}

/// Two of a name, or something that is not on offer.
fn which_is_meant(memory: &Memory<'_>) -> Option<Doing> {
    let business = memory.business;
    match (&memory.meaning.service, &memory.meaning.staff) {
        (Some(Match::Several(ids)), _) => {
            let names: Vec<String> =
                ids.iter().filter_map(|id| business.service(*id)).map(|service| service.name.to_lowercase()).collect();
            Some(Doing::say(format!("Is it for the {}?", or(&names))))
        }
        (Some(Match::Unknown(_)), _) if memory.desk.service.is_none() => {
            let names: Vec<String> = business.services.iter().map(|service| service.name.to_lowercase()).collect();
            Some(Doing::say(format!(
                "I'm afraid we don't offer that. We do {}. {}",
                or(&names),
                memory.one_of(Question::Service.ways())
            )))
        }
        (_, Some(StaffWish::Named(Match::Unknown(_)))) => {
            let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
            Some(Doing::say(format!(
                "I'm afraid nobody of that name works here. There is {}. {}",
                or(&names),
                memory.one_of(Question::Staff.ways())
            )))
        }
        (_, Some(StaffWish::Named(Match::Several(ids)))) => {
            let names: Vec<String> =
                ids.iter().filter_map(|id| business.member(*id)).map(|member| member.name.clone()).collect();
            Some(Doing::say(format!("There is {}. {}", or(&names), memory.one_of(Question::Staff.ways()))))
        }
        _ => None,
    }
}

/// A time is kept for them.
fn with_a_time(memory: &Memory<'_>, other: Option<OtherTimes>) -> Doing {
    let meaning = &memory.meaning;
    if let Some(other) = other {
        return look_up(memory, Some(other));
    }
    let elsewhere = meaning.when.is_some() || meaning.service.is_some() || meaning.staff.is_some();
    if elsewhere {
        return look_up(memory, None);
    }
    let who = meaning.name.is_some()
        || meaning.phone.is_some()
        || meaning.people.is_some()
        || meaning.note.is_some()
        || meaning.email.is_some();
    if who {
        return propose(memory, None);
    }
    let waits = memory.desk.waits_for;
    if memory.is(Answer::No) {
        match waits {
            WaitsFor::Number => {
                return Doing::call("propose", &Propose { without_number: true, ..Propose::default() });
            }
            WaitsFor::Spelling | WaitsFor::Change => return read_back(memory),
            _ => {}
        }
    }
    match meaning.about {
        Some(Aspect::Time) => return Doing::say(format!("No problem. {}", memory.one_of(Question::NewTime.ways()))),
        Some(Aspect::Service) => return Doing::say(format!("No problem. {}", which_service(memory))),
        Some(Aspect::Staff) => return Doing::say(format!("No problem. {}", memory.one_of(Question::Staff.ways()))),
        Some(Aspect::Name) => return Doing::say("I'm sorry. What is the right name, please?"),
        Some(Aspect::Phone) => return Doing::say("I'm sorry. What's the right number?"),
        None => {}
    }
    match waits {
        WaitsFor::YesToReadBack if memory.is(Answer::No) => {
            Doing::say(format!("All right. {}", memory.one_of(Question::Change.ways())))
        }
        WaitsFor::YesToReadBack => read_back(memory),
        _ => puzzled(memory),
    }
}

fn read_back(memory: &Memory<'_>) -> Doing {
    propose(memory, None)
}

/// Keeps a time, with what has been told of who comes.
pub(super) fn propose(memory: &Memory<'_>, slot: Option<String>) -> Doing {
    let meaning = &memory.meaning;
    let name = meaning.name.as_ref().and(memory.desk.name.clone()).or_else(|| meaning.name.clone());
    let propose = Propose {
        slot,
        name,
        spelled: memory.desk.waits_for == WaitsFor::Spelling && meaning.name.is_some(),
        people: meaning.people,
        note: meaning.note.clone(),
        without_number: memory.asked == Some(Question::Number) && memory.is(Answer::No),
    };
    Doing::call("propose", &propose)
}

fn said(words: &str) -> Option<Said> {
    (!words.is_empty()).then(|| Said { words: Some(words.to_owned()), ..Said::default() })
}

/// What is looked up, from all that has been said of it.
pub(super) fn times(memory: &Memory<'_>, other: Option<OtherTimes>) -> LookUpTimes {
    let business = memory.business;
    let staff = match &memory.meaning.staff {
        Some(StaffWish::NoPreference) => Some("anyone".to_owned()),
        Some(StaffWish::Named(Match::One(id))) => business.member(*id).map(|member| member.name.clone()),
        _ => None,
    };
    let moving =
        memory.bookings.first().filter(|_| memory.errand == Errand::Move).map(|booking| booking.booking.clone());
    LookUpTimes {
        service: service(memory).filter(|_| moving.is_none()),
        staff,
        when: said(&memory.time).filter(|_| other.is_none()),
        other,
        moving,
    }
}

pub(super) fn look_up(memory: &Memory<'_>, other: Option<OtherTimes>) -> Doing {
    let look = Doing::call("look_up_times", &times(memory, other));
    if memory.perhaps(35) { look.after_saying(memory.one_of(OPENERS)) } else { look }
}

pub(super) fn service(memory: &Memory<'_>) -> Option<String> {
    let business = memory.business;
    let named = match &memory.meaning.service {
        Some(Match::One(id)) => business.service(*id).map(|service| service.name.clone()),
        _ => None,
    };
    let only = || match business.services.as_slice() {
        [only] => Some(only.name.clone()),
        _ => None,
    };
    named.or_else(|| memory.desk.service.clone()).or_else(only)
}

/// "I don't mind when."
fn is_indifferent(memory: &Memory<'_>) -> bool {
    memory.asked == Some(Question::Time) && matches!(memory.meaning.staff, Some(StaffWish::NoPreference))
}

// Questions

fn which_service(memory: &Memory<'_>) -> String {
    let names: Vec<String> = memory.business.services.iter().map(|service| service.name.to_lowercase()).collect();
    match names.len() {
        2..=4 if memory.perhaps(50) => format!("We have {}. {}", or(&names), memory.one_of(Question::Service.ways())),
        _ => memory.one_of(Question::Service.ways()).to_owned(),
    }
}

/// The times that were shown, with a question.
pub(super) fn offer(memory: &Memory<'_>, before: &str) -> String {
    let mut day = "";
    let mut shown: Vec<String> = Vec::new();
    for slot in memory.slots.iter().take(3) {
        // A day is said once.
        let (this, time) = slot.at.rsplit_once(" at ").unwrap_or(("", &slot.at));
        shown.push(if this == day { time.to_owned() } else { slot.at.clone() });
        day = this;
    }
    let ways = Question::Which.ways();
    let which = if shown.len() == 1 { &ways[3..] } else { &ways[..3] };
    let lead = memory.one_of(&["I have", "There is", "I could give you"]);
    let before = if before.is_empty() { String::new() } else { format!("{before} ") };
    let end = if shown.last().is_some_and(|last| last.ends_with('.')) { "" } else { "." };
    format!("{before}{lead} {}{end} {}", or(&shown), memory.one_of(which))
}

/// What is still to be answered.
pub(super) fn question(memory: &Memory<'_>) -> String {
    match memory.asked {
        Some(Question::Which) if !memory.slots.is_empty() => offer(memory, ""),
        Some(Question::Service) => which_service(memory),
        Some(question) if !question.ways().is_empty() => memory.one_of(question.ways()).to_owned(),
        _ => memory.one_of(Question::Open.ways()).to_owned(),
    }
}

/// They were not understood.
fn puzzled(memory: &Memory<'_>) -> Doing {
    let waiting = ["hold on", "one moment", "one second", "hang on", "just a"];
    let small = memory.words.to_lowercase();
    if waiting.iter().any(|words| small.contains(words)) {
        return Doing::say(format!("{} {}", memory.one_of(TAKE_YOUR_TIME), question(memory)));
    }
    if memory.puzzled >= 2 {
        let way_out =
            if memory.business.transfer_to.is_some() { Question::OfferPerson } else { Question::OfferMessage };
        return Doing::say(format!("I'm afraid I can't follow you. {}", memory.one_of(way_out.ways())));
    }
    ask_again(memory)
}

fn ask_again(memory: &Memory<'_>) -> Doing {
    Doing::say(format!("{} {}", memory.one_of(SORRY), question(memory)))
}
