//! Setting the business up: one room for each place of the navigation beside it (`templates/pages/settings/frame.html`).

mod integrations;
mod messages;
mod numbers;
mod overview;
mod receptionist;

use super::doors::Doors;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .with(overview::doors)
        .with(receptionist::doors)
        .with(messages::doors)
        .with(numbers::doors)
        .with(integrations::doors)
}
