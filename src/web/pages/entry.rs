//! The way in: the first owner's setup, signing in and out, a forgotten password, an invitation, Google.

use super::doors::Doors;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
}
