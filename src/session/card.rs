//! The card that a caller with a screen sees filling up.

use crate::{
    domain::{
        dialogue::{Asked, Dialogue, State, Task},
        time::speak,
        turn::{Known, short},
    },
    ports::line::Understood,
};

/// What has been understood so far, in words.
pub(super) fn card(dialogue: &Dialogue, now: jiff::Timestamp) -> Understood {
    let (business, state) = (dialogue.business(), dialogue.state());
    let held = state.held.map(|held| held.slot);
    let service = held.map(|slot| slot.service).or(state.service);
    let staff = held.map(|slot| slot.staff).or(state.staff);
    let zone = business.zone.tz();
    let time = held.map(|slot| speak::in_full(&slot.starts.to_zoned(zone.clone()), &now.to_zoned(zone.clone())));
    Understood {
        service: service.and_then(|id| business.service(id)).map(|service| service.name.clone()),
        staff: staff.and_then(|id| business.member(id)).map(|member| member.name.clone()),
        time,
        name: state.name.clone(),
        phone: state.number().map(|number| number.spoken(&business.country)),
        stage: stage(state).to_owned(),
    }
}

/// The same for the record of a turn: without anybody's name or number.
pub(super) fn known(dialogue: &Dialogue) -> Known {
    let (business, state) = (dialogue.business(), dialogue.state());
    let held = state.held.map(|held| held.slot);
    let service = held.map(|slot| slot.service).or(state.service);
    let staff = held.map(|slot| slot.staff).or(state.staff);
    Known {
        service: service.and_then(|id| business.service(id)).map(|service| short(&service.name)),
        staff: staff.and_then(|id| business.member(id)).map(|member| short(&member.name)),
        time: held.map(|slot| slot.starts),
        name: state.name.is_some(),
        phone: state.number().is_some(),
        stage: stage(state).to_owned(),
    }
}

fn stage(state: &State) -> &'static str {
    use crate::domain::call::Outcome;
    match (state.task, state.asked) {
        (_, Asked::ReadBack) => "confirming",
        (Task::None, _) => match state.outcome {
            Outcome::Booked => "booked",
            Outcome::Moved => "moved",
            Outcome::Cancelled => "cancelled",
            Outcome::Message => "message",
            _ => "listening",
        },
        _ if state.held.is_some() => "holding",
        _ => "collecting",
    }
}
