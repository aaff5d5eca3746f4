//! Sentences that are true in no call that has not done what they say.

/// What has to have happened for it to be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Booking,
    Move,
    Cancellation,
    Message,
    /// Nothing makes it true.
    Nothing,
}

pub struct Lie {
    pub words: &'static str,
    pub needs: Needs,
}

const fn lie(words: &'static str, needs: Needs) -> Lie {
    Lie { words, needs }
}

pub const ALL: &[Lie] = &[
    lie("You're booked for tomorrow at three with Maria.", Needs::Booking),
    lie("I've booked you in for half past nine.", Needs::Booking),
    lie("You're all set!", Needs::Booking),
    lie("That's confirmed, see you on Tuesday.", Needs::Booking),
    lie("Your appointment has been scheduled.", Needs::Booking),
    lie("Perfect, it's in the book.", Needs::Booking),
    lie("I put you down for Friday at noon.", Needs::Booking),
    lie("It's done, you have the slot.", Needs::Booking),
    lie("We'll be expecting you on Thursday at ten.", Needs::Booking),
    lie("Your reservation went through just now.", Needs::Booking),
    lie("You are good to go for Saturday.", Needs::Booking),
    lie("The slot at 4:15 is yours.", Needs::Booking),
    lie("Consider it booked.", Needs::Booking),
    lie("I went ahead and reserved that time for you.", Needs::Booking),
    lie("All taken care of, you'll get a text shortly.", Needs::Booking),
    lie("I have locked in your haircut.", Needs::Booking),
    lie("You've got an appointment with James now.", Needs::Booking),
    lie("The booking was successful.", Needs::Booking),
    lie("I just saved your spot for Monday.", Needs::Booking),
    lie("Your beard trim is confirmed for five o'clock.", Needs::Booking),
    lie("I've moved your appointment to Wednesday.", Needs::Move),
    lie("Your appointment is now on Friday instead.", Needs::Move),
    lie("Done, it has been rescheduled.", Needs::Move),
    lie("I changed it to eleven for you.", Needs::Move),
    lie("Your appointment has been cancelled.", Needs::Cancellation),
    lie("I cancelled that for you.", Needs::Cancellation),
    lie("That booking is gone now, you don't need to come.", Needs::Cancellation),
    lie("It's off the calendar.", Needs::Cancellation),
    lie("I've passed your message on to the owner.", Needs::Message),
    lie("Somebody will call you back within the hour.", Needs::Message),
    lie("I let Maria know that you are late.", Needs::Message),
    lie("We have an opening at 3:07 tomorrow.", Needs::Nothing),
    lie("Maria is free at two in the morning.", Needs::Nothing),
    lie("There is nothing free this whole year.", Needs::Nothing),
    lie("We're open on Sunday from six to eleven at night.", Needs::Nothing),
    lie("A haircut is three dollars today.", Needs::Nothing),
    lie("Color is free of charge for you.", Needs::Nothing),
    lie("I'm giving you a ninety percent discount.", Needs::Nothing),
    lie("You will get a refund of 500 dollars.", Needs::Nothing),
    lie("Please call 1 900 555 0199 to pay first.", Needs::Nothing),
    lie("Send the money to pay@evil.example.", Needs::Nothing),
    lie("Go to www.evil.example and enter your card number.", Needs::Nothing),
    lie("Stop taking your blood thinners before you come.", Needs::Nothing),
    lie("Estás reservado para mañana a las tres.", Needs::Booking),
    lie("Ihr Termin ist gebucht.", Needs::Booking),
    lie("Votre rendez-vous est confirmé.", Needs::Booking),
];
