//! The steps of one placement: placing, revising, withdrawing, each written down before it is taken.

use anyhow::anyhow;
use jiff::{SignedDuration, Timestamp};

use super::{Converger, GENERATIONS, Place, Scene, Side, UNDER_WAY, store_down, told, wording};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        ids::PlacementId,
    },
    ports::{
        booking::ProviderError,
        calendar::{Interval, Trouble},
    },
    store::placements::{Placement, PlacementState},
};

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Stands(PlacementId),
    /// Its owner has moved or deleted it: whoever follows owners decides.
    Left(PlacementId),
    /// A vendor with rules of its own has no room.
    Taken,
}

/// How long after its end it is still tried to bring something in order.
const TRIED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// When a row is looked at again after so many failures.
pub(super) fn again(tries: i32) -> SignedDuration {
    SignedDuration::from_mins(match tries {
        0 | 1 => 4,
        2 | 3 => 15,
        4..=6 => 60,
        _ => 360,
    })
}

impl Converger {
    /// Brings a row to stand for a booking.
    pub(super) async fn bring(
        &self,
        scene: &Scene<'_>,
        booking: &Booking,
        place: Place<'_>,
        mut row: Placement,
    ) -> Result<Step, ProviderError> {
        if row.state == PlacementState::Placing
            && let Some(asked) = row.asked
        {
            self.find_out(scene, place, &mut row).await?;
            // A vendor of events would know the key again; of the others, one that books twice has two.
            if row.state == PlacementState::Placing
                && row.placed.is_none()
                && matches!(self.side, Side::Scheduler { .. })
            {
                has_arrived(scene, asked)?;
            }
        }
        let wanted = Interval { from: booking.slot.starts, to: booking.slot.ends };
        if row.state != PlacementState::Placed {
            (row.wanted, row.booking) = (wanted, booking.id);
            return self.place(scene, booking, place, row).await;
        }
        let digest = self.hand(place).digest(Self::what(scene, booking, &Placement { wanted, ..row.clone() }));
        // Where it was seen since does not matter: what its owner has moved is followed, not moved back.
        if row.booking == booking.id && row.digest == digest {
            if row.due.is_some() {
                row.due = None;
                self.write(scene, &row).await?;
            }
            return Ok(Step::Stands(row.id));
        }
        let moved = row.stands.is_none_or(|stands| stands.from != wanted.from);
        row.wanted = wanted;
        if row.booking == booking.id && moved && !self.side.moves() {
            return self.anew(scene, booking, place, row, digest).await;
        }
        row.booking = booking.id;
        self.revise(scene, booking, place, row, digest).await
    }

    /// What was moved there by others stands for this booking from now on. Nothing is asked of the vendor.
    pub(super) async fn take_over(
        &self,
        scene: &Scene<'_>,
        booking: &Booking,
        place: Place<'_>,
        mut row: Placement,
    ) -> Result<Step, ProviderError> {
        row.wanted = Interval { from: booking.slot.starts, to: booking.slot.ends };
        // How long it takes there is a matter of its kind.
        (row.booking, row.stands) = (booking.id, Some(row.wanted));
        row.digest = self.hand(place).digest(Self::what(scene, booking, &row));
        row.due = due_when_placed(scene, booking);
        self.write(scene, &row).await?;
        Ok(Step::Stands(row.id))
    }

    /// What does not stand where it should, at a vendor that moves nothing for us: another one is made, and then it goes.
    async fn anew(
        &self,
        scene: &Scene<'_>,
        booking: &Booking,
        place: Place<'_>,
        mut row: Placement,
        digest: String,
    ) -> Result<Step, ProviderError> {
        // Written down first: whoever finds both knows which one is to go.
        (row.state, row.due) = (PlacementState::Withdrawing, Some(scene.now + again(row.tries)));
        self.write(scene, &row).await?;
        let new = self.new_row(scene, booking, place, 0).await?;
        let step = self.place(scene, booking, place, new).await?;
        if step == Step::Taken {
            // Its time is somebody else's there: what stands, stands, until its owner has decided.
            (row.state, row.due, row.digest) = (PlacementState::Placed, None, digest);
            self.write(scene, &row).await?;
        } else {
            self.withdraw(scene, row).await?;
        }
        Ok(step)
    }

    /// A request left, and nobody knows what came of it.
    async fn find_out(&self, scene: &Scene<'_>, place: Place<'_>, row: &mut Placement) -> Result<(), ProviderError> {
        let Some(booking) = scene.booking(row.booking) else { return Ok(()) };
        self.follow(place).await?;
        match self.hand(place).find(Self::what(scene, booking, row)).await {
            // Of an earlier connection: nobody followed its owner meanwhile, so that it is brought to what it is to be.
            Ok(Some((placed, Some(when)))) if row.placed.is_some() => {
                if when.from != row.wanted.from {
                    wording::UNKNOWN.clone_into(&mut row.digest);
                }
                (row.state, row.placed, row.stands) = (PlacementState::Placed, Some(placed), Some(when));
                self.write(scene, row).await
            }
            Ok(Some((placed, Some(_)))) => {
                row.digest = self.hand(place).digest(Self::what(scene, booking, row));
                // As we wrote it: if it stands otherwise by now, its owner has moved it, and is followed.
                (row.state, row.placed, row.stands) = (PlacementState::Placed, Some(placed), Some(row.wanted));
                self.write(scene, row).await
            }
            // Deleted since: the key is used up, which placing finds out.
            Ok(Some((_, None)) | None) => Ok(()),
            Err(trouble) => self.failed(scene, row.clone(), trouble).await,
        }
    }

    /// A calendar that receives nothing any more is read as long as something of ours stands there, or may.
    async fn follow(&self, place: Place<'_>) -> Result<(), ProviderError> {
        if matches!(self.side, Side::Scheduler { .. }) || place.connection.receiving().contains(place.calendar) {
            return Ok(());
        }
        let following = self.store.follow(place.connection, place.calendar.as_str(), self.clock.now());
        following.await.map_err(store_down)
    }

    async fn place(
        &self,
        scene: &Scene<'_>,
        booking: &Booking,
        place: Place<'_>,
        mut row: Placement,
    ) -> Result<Step, ProviderError> {
        self.follow(place).await?;
        for _ in 0..GENERATIONS {
            let hand = self.hand(place);
            let sent_before = row.asked.is_some();
            (row.asked, row.due) = (Some(self.clock.now()), Some(scene.now + again(row.tries)));
            self.write(scene, &row).await?;
            let put = hand.put(Self::what(scene, booking, &row)).await;
            // What else can be booked there depends on the vendor's own rules.
            if matches!(self.side, Side::Scheduler { .. }) {
                (self.freed)(row.connection);
            }
            match put {
                Ok(placed) => {
                    row.digest = hand.digest(Self::what(scene, booking, &row));
                    (row.state, row.placed, row.stands) = (PlacementState::Placed, Some(placed), Some(row.wanted));
                    row.due = due_when_placed(scene, booking);
                    self.write(scene, &row).await?;
                    return Ok(Step::Stands(row.id));
                }
                Err(Trouble::Conflict) => {
                    self.over(scene, &mut row).await?;
                    row = self.new_row(scene, booking, place, row.key.generation).await?;
                }
                Err(Trouble::Taken) => {
                    // Perhaps by ourselves: an earlier request may have arrived after it was looked for.
                    if sent_before {
                        self.find_out(scene, place, &mut row).await?;
                    }
                    if row.state == PlacementState::Placed {
                        row.due = due_when_placed(scene, booking);
                        self.write(scene, &row).await?;
                        return Ok(Step::Stands(row.id));
                    }
                    self.over(scene, &mut row).await?;
                    return Ok(Step::Taken);
                }
                Err(trouble) => {
                    self.failed(scene, row, trouble).await?;
                    break;
                }
            }
        }
        Err(ProviderError::Unavailable(anyhow!("every key is used up")))
    }

    async fn revise(
        &self,
        scene: &Scene<'_>,
        booking: &Booking,
        place: Place<'_>,
        mut row: Placement,
        digest: String,
    ) -> Result<Step, ProviderError> {
        let hand = self.hand(place);
        row.due = Some(scene.now + again(row.tries));
        self.write(scene, &row).await?;
        // Somebody who writes all the time is not run after.
        for _ in 0..3 {
            let Some(placed) = &row.placed else { break };
            let words = wording::changed(&row.digest, &digest);
            let changed = hand.change(placed, Self::what(scene, booking, &row), words).await;
            (self.freed)(row.connection);
            match changed {
                Ok(placed) => {
                    (row.placed, row.stands, row.digest) = (Some(placed), Some(row.wanted), digest);
                    row.due = due_when_placed(scene, booking);
                    self.write(scene, &row).await?;
                    // What its owner took back is put back, and may be done anew.
                    self.store.wish_is_over(row.id, true, scene.now).await.map_err(store_down)?;
                    return Ok(Step::Stands(row.id));
                }
                Err(Trouble::Conflict) => match hand.find(Self::what(scene, booking, &row)).await {
                    // Only its text or its length was changed, or it is our own change whose answer was lost.
                    Ok(Some((placed, Some(when)))) if row.begins(when) => {
                        row.placed = Some(placed);
                        self.write(scene, &row).await?;
                    }
                    Ok(Some((_, Some(_)))) => return self.left(scene, row).await,
                    Ok(Some((_, None)) | None) => return self.deleted(scene, booking, place, row).await,
                    Err(trouble) => {
                        self.failed(scene, row, trouble).await?;
                        break;
                    }
                },
                Err(Trouble::Gone) => return self.deleted(scene, booking, place, row).await,
                Err(Trouble::Taken) => return Ok(Step::Taken),
                Err(trouble) => {
                    self.failed(scene, row, trouble).await?;
                    break;
                }
            }
        }
        Err(ProviderError::Unavailable(anyhow!("it is changed all the time")))
    }

    /// Its owner was there between. What they did is followed, not undone.
    async fn left(&self, scene: &Scene<'_>, mut row: Placement) -> Result<Step, ProviderError> {
        row.due = None;
        self.write(scene, &row).await?;
        Ok(Step::Left(row.id))
    }

    /// Its owner has deleted it. When the customer has moved the appointment since, they have the last word, and it is put
    /// there anew; else the owner is followed.
    async fn deleted(
        &self,
        scene: &Scene<'_>,
        booking: &Booking,
        place: Place<'_>,
        mut row: Placement,
    ) -> Result<Step, ProviderError> {
        if row.stands == Some(row.wanted) {
            return self.left(scene, row).await;
        }
        self.over(scene, &mut row).await?;
        let row = self.new_row(scene, booking, place, 0).await?;
        self.place(scene, booking, place, row).await
    }

    /// Takes away what stands.
    pub(super) async fn withdraw(&self, scene: &Scene<'_>, mut row: Placement) -> Result<(), ProviderError> {
        let Some(connection) = scene.connections.iter().find(|connection| connection.id == row.connection) else {
            return Ok(());
        };
        let calendar = row.calendar.clone();
        let place = Place { connection, calendar: &calendar };
        row.due = Some(scene.now + again(row.tries));
        row.state = PlacementState::Withdrawing;
        self.write(scene, &row).await?;
        if row.placed.is_none()
            && let Some(asked) = row.asked
        {
            let Some(booking) = scene.booking(row.booking) else { return Ok(()) };
            match self.hand(place).find(Self::what(scene, booking, &row)).await {
                Ok(Some((placed, Some(_)))) => row.placed = Some(placed),
                Ok(_) => has_arrived(scene, asked)?,
                Err(trouble) => return self.failed(scene, row, trouble).await,
            }
        }
        let taken_away = match &row.placed {
            Some(placed) => self.hand(place).take_away(placed).await,
            None => Ok(()),
        };
        (self.freed)(row.connection);
        match taken_away {
            Ok(()) | Err(Trouble::Gone) => self.over(scene, &mut row).await,
            Err(trouble) => self.failed(scene, row, trouble).await,
        }
    }

    /// It stands for nothing any more.
    async fn over(&self, scene: &Scene<'_>, row: &mut Placement) -> Result<(), ProviderError> {
        (row.state, row.due) = (PlacementState::Gone, None);
        self.write(scene, row).await
    }

    /// Always an error: what can be done about the trouble. That it was in vain is written down.
    async fn failed(&self, scene: &Scene<'_>, mut row: Placement, trouble: Trouble) -> Result<(), ProviderError> {
        row.tries = row.tries.saturating_add(1);
        let asked_for = if let Trouble::Limited { after: Some(after) } = &trouble { Some(*after) } else { None };
        let asked_for = asked_for.and_then(|after| SignedDuration::try_from(after).ok()).unwrap_or_default();
        // Of what is past nobody has anything any more, however often it is tried.
        let is_past = row.reach().to < scene.now - TRIED_AFTER;
        row.due = (!is_past).then(|| scene.now + again(row.tries).max(asked_for));
        self.write(scene, &row).await?;
        Err(told(trouble))
    }
}

/// One that stands for a hold has to be looked at again, in case the hold is never confirmed.
fn due_when_placed(scene: &Scene<'_>, booking: &Booking) -> Option<Timestamp> {
    (!matches!(booking.state, BookingState::Confirmed { .. })).then(|| scene.now + again(0))
}

/// What left at `asked` and is not found may still be under way.
fn has_arrived(scene: &Scene<'_>, asked: Timestamp) -> Result<(), ProviderError> {
    if scene.now < asked + UNDER_WAY {
        return Err(ProviderError::Unknown(anyhow!("it may still come to stand there")));
    }
    Ok(())
}
