//! Names and words of people who do not exist, by dice that fall the same way for the same seed.

use deskbell::domain::{booking::CustomerName, phone::PhoneNumber};

const GIVEN: &[&str] = &[
    "Anna", "Ben", "Carla", "David", "Elena", "Frank", "Grace", "Hannah", "Ivan", "Julia", "Kofi", "Laura", "Miguel",
    "Nora", "Oscar", "Priya", "Quinn", "Rosa", "Samuel", "Tara", "Umar", "Vera", "Walter", "Ximena", "Yusuf", "Zoë",
    "Chloe", "Daniel", "Émile", "Fatima", "George", "Ines", "Jamal", "Karin", "Liam", "Mei", "Noah", "Olivia", "Pedro",
    "Ruth",
];
const FAMILY: &[&str] = &[
    "Adams",
    "Baker",
    "Castillo",
    "Dubois",
    "Edwards",
    "Fischer",
    "Garcia",
    "Hughes",
    "Ivanova",
    "Jones",
    "Kovács",
    "Lopez",
    "Müller",
    "Nguyen",
    "O'Brien",
    "Patel",
    "Quist",
    "Rossi",
    "Smith",
    "Taylor",
    "Ueda",
    "Vogel",
    "Williams",
    "Xu",
    "Young",
    "Zimmermann",
    "Brown",
    "Chen",
    "Diaz",
    "Evans",
    "Foster",
    "Green",
    "Hall",
    "Iqbal",
    "Jackson",
    "Kim",
    "Lewis",
    "Martin",
    "Novak",
    "Okafor",
];
const CALLER: &[&str] = &[
    "Hi, I'd like to book an appointment.",
    "Tuesday afternoon, if you can.",
    "Around half past three would be good.",
    "With Maria, please.",
    "What does that cost?",
    "Could I come a little later?",
    "Yes, that works.",
    "Is there parking?",
    "Thank you, goodbye.",
    "Do you have anything on Saturday?",
];
const AGENT: &[&str] = &[
    "Willow and Sage Salon, how can I help you?",
    "Certainly. Which day would suit you?",
    "I have Tuesday, December 1st at 3:30 p.m. with Maria. Shall I take that one?",
    "That's a haircut with Maria, Tuesday, December 1st at 3:30 p.m. Shall I book it?",
    "You're booked. I'll send you a text with the details.",
    "There is free parking behind the house.",
    "A haircut is 45 dollars.",
    "May I have your name, please?",
    "Thank you for calling. Goodbye!",
    "I have nine, ten thirty, or two in the afternoon.",
];
const NOTES: &[&str] = &[
    "Left a blue scarf on Tuesday. Please keep it, I will pick it up on Friday.",
    "Could somebody call me back about the color? I am allergic to ammonia.",
    "I would like to bring my two children as well, is that possible on a Saturday?",
    "Running ten minutes late today, sorry!",
    "Do you sell gift cards? My sister has her birthday next week.",
];

/// Splitmix64 (Steele, Lea, Flood, 2014): enough for a town of people, and the same everywhere.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `below` - 1.
    pub(crate) fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(below.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    /// So often of a hundred times.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// An id of that moment (RFC 9562, version 7), always the same.
    pub(crate) fn id(&mut self, at: jiff::Timestamp) -> uuid::Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.next().to_be_bytes());
        let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// Somebody who calls and comes.
pub(crate) struct Person {
    pub(crate) name: CustomerName,
    pub(crate) phone: PhoneNumber,
}

/// A town of them, no two with one number.
pub(crate) fn town(dice: &mut Dice, size: usize) -> anyhow::Result<Vec<Person>> {
    (0..size)
        .map(|n| {
            let name = format!("{} {}", dice.pick(GIVEN), dice.pick(FAMILY));
            let phone = format!("+1{}555{:04}", [212, 347, 646, 718, 917][n / 10_000 % 5], n * 7_919 % 10_000);
            Ok(Person { name: CustomerName::new(&name), phone: phone.parse()? })
        })
        .collect()
}

/// What the n-th sentence of a call is.
pub(crate) fn sentence(dice: &mut Dice, n: usize) -> &'static str {
    match n {
        0 => AGENT[0],
        n if n.is_multiple_of(2) => dice.pick::<&str>(AGENT),
        _ => dice.pick::<&str>(CALLER),
    }
}

pub(crate) fn note(dice: &mut Dice) -> &'static str {
    dice.pick::<&str>(NOTES)
}
