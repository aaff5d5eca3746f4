//! Taking our own appointments out of what a calendar calls busy. The ledger counts them already, and knows which of them
//! may be joined (a class with room) or moved.

use crate::{domain::connection::CalendarId, ports::calendar::Interval, store::placements::OwnTime};

/// What is busy in a calendar because of others: sorted, merged, and cut to a range.
pub(super) fn without_own(
    busy: impl IntoIterator<Item = Interval>,
    calendar: &CalendarId,
    own: &[OwnTime],
    range: Interval,
) -> Vec<Interval> {
    let cut = |it: Interval| Interval { from: it.from.max(range.from), to: it.to.min(range.to) };
    let mut theirs: Vec<Interval> = busy.into_iter().map(cut).filter(|it| it.from < it.to).collect();
    theirs.sort_unstable();
    let mut left: Vec<Interval> = Vec::with_capacity(theirs.len());
    let mut ours: Vec<Interval> = own.iter().filter(|own| own.calendar == *calendar).map(|own| own.when).collect();
    ours.sort_unstable();
    for busy in theirs {
        let mut from = busy.from;
        for own in ours.iter().filter(|own| own.from < busy.to && own.to > busy.from) {
            push(&mut left, Interval { from, to: own.from.min(busy.to) });
            from = from.max(own.to);
        }
        push(&mut left, Interval { from, to: busy.to });
    }
    left
}

/// Intervals that touch become one.
fn push(left: &mut Vec<Interval>, it: Interval) {
    if it.from >= it.to {
        return;
    }
    match left.last_mut() {
        Some(last) if it.from <= last.to => last.to = last.to.max(it.to),
        _ => left.push(it),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::domain::ids::ConnectionId;

    fn it(from: i64, to: i64) -> Interval {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        Interval { from: at(from), to: at(to) }
    }

    fn own(calendar: &str, when: Interval) -> OwnTime {
        OwnTime { connection: ConnectionId(Uuid::nil()), calendar: CalendarId::new(calendar).unwrap(), when }
    }

    #[test]
    fn our_own_appointments_are_nobodys_in_the_way_and_others_stay() {
        let main = CalendarId::new("main").unwrap();
        let own = [own("main", it(10, 11)), own("main", it(13, 14)), own("other", it(15, 16)), own("main", it(10, 12))];
        let theirs = [it(15, 16), it(9, 14), it(8, 9), it(20, 20)];
        let left = without_own(theirs, &main, &own, it(0, 24));
        assert_eq!(left, [it(8, 10), it(12, 13), it(15, 16)]);
        assert_eq!(without_own([it(9, 14)], &main, &own, it(12, 13)), [it(12, 13)], "cut to the range");
        assert!(without_own([it(10, 11)], &main, &own, it(0, 24)).is_empty());
    }
}
