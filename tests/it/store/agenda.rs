//! What the calendar reads.

use deskbell::{
    domain::booking::BookingState,
    store::{audit::Deed, bookings::Ending},
};

use super::samples::{confirmed, fresh, held, hold, minutes, nine_plus, now, opened};
use crate::support::database::each_engine;

#[tokio::test]
async fn the_agenda_is_what_keeps_the_staff_busy() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let mut with_buffers = hold(&salon, nine_plus(60));
        with_buffers.busy = (nine_plus(50), nine_plus(105));
        let booked = confirmed(&store, &with_buffers).await;
        let waiting = held(&store, &hold(&salon, nine_plus(120))).await;
        let gone = confirmed(&store, &hold(&salon, nine_plus(180))).await;
        let why = Ending { by: Some("business".to_owned()), reason: Some("Ill".to_owned()) };
        store.cancel(salon.id, gone.id, &why, &[], now()).await.unwrap();
        let day = (nine_plus(0), nine_plus(600));
        let agenda = store.agenda(salon.id, day, now()).await.unwrap();
        assert_eq!(agenda.iter().map(|kept| kept.booking.id).collect::<Vec<_>>(), [booked.id, waiting.id]);
        assert_eq!((agenda[0].busy, agenda[0].capacity), ((nine_plus(50), nine_plus(105)), 1));
        assert!(matches!(agenda[1].booking.state, BookingState::Held { .. }));
        assert_eq!(store.agenda(salon.id, day, now() + minutes(4)).await.unwrap().len(), 1, "the hold ran out");
        assert_eq!(store.agenda(salon.id, (nine_plus(0), nine_plus(50)), now()).await.unwrap().len(), 0);
        assert_eq!(store.agenda(salon.id, (nine_plus(100), nine_plus(110)), now()).await.unwrap().len(), 1);
        assert_eq!(store.ending(salon.id, gone.id).await.unwrap(), why);
        assert_eq!(store.ending(salon.id, booked.id).await.unwrap(), Ending::default());
    })
    .await;
}

#[tokio::test]
async fn what_was_done_to_one_booking_is_told_in_order() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        for (deed, subject) in [("booking.added", "a"), ("booking.added", "b"), ("booking.cancelled", "a")] {
            let deed = Deed {
                id: deskbell::domain::ids::DeedId(fresh()),
                business: Some(salon.id),
                user: None,
                actor: "Maria".to_owned(),
                deed: deed.to_owned(),
                subject: subject.to_owned(),
                detail: String::new(),
                at: now(),
            };
            store.note_deed(&deed).await.unwrap();
        }
        let about = store.deeds_about(salon.id, "a").await.unwrap();
        assert_eq!(
            about.iter().map(|deed| deed.deed.as_str()).collect::<Vec<_>>(),
            ["booking.added", "booking.cancelled"]
        );
    })
    .await;
}
